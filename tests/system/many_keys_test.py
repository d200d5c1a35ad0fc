#!/usr/bin/env python3
"""Keys that are pressed faster than anybody types: none is lost, and none comes twice or too early.

How fast that is depends on who else uses the machine; tests/boot/ps2.cpp has ten thousand a second by the guest's clock.
"""

import itertools
import re
import time
import unittest

from harness import Machine

LETTERS = "abcdefghijklmnopqrstuvwxyz"
# What QEMU's keyboard holds: 16 bytes, and a key is two.
AT_ONCE = 8
COUNT = 1000


class ManyKeysTest(unittest.TestCase):
    def test_thousands_of_keys_reach_a_program(self):
        with Machine() as machine:
            machine.until_text(r"\$$")
            machine.type("cat > /tmp/keys\n")
            machine.until("\n")
            text = "".join(itertools.islice(itertools.cycle(LETTERS), COUNT))
            start = time.monotonic()
            for at in range(0, COUNT, AT_ONCE):
                batch = text[at:at + AT_ONCE]
                machine.qmp.type_at_once(batch)
                # The echo says that they were taken; it is asked for as often as the machine can.
                machine.until(re.escape(batch))
            seconds = time.monotonic() - start
            machine.press("ret")
            machine.press("ctrl", "d")
            machine.prompt()
            print(f"{COUNT / seconds:.0f} keys a second")
            self.assertEqual(machine.run("cat /tmp/keys").replace("\n", ""), text)


if __name__ == "__main__":
    unittest.main()
