#!/usr/bin/env python3
"""A session on the serial line, until the machine is off."""

import io
import tarfile
import unittest

from harness import Machine
from run_status_test import LOOP


def archive_of(name: str, data: bytes) -> bytes:
    """A tar of one file, to be put behind the ramdisk."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return whole.getvalue()


class SerialTest(unittest.TestCase):
    def test_a_session(self):
        with Machine("microvm") as machine:
            machine.prompt()
            self.assertIn("about.txt", machine.run("ls /share"))
            self.assertEqual(machine.run("false; echo $?"), "1\n")
            self.assertEqual(machine.run("true && echo yes || echo no"), "yes\n")
            self.assertEqual(machine.run("cd /share; pwd"), "/share\n")
            self.assertIn("no-such-command", machine.run("no-such-command"))
            self.assertEqual(machine.run("echo $?"), "127\n")
            self.assertIn("no-such-file", machine.run("cat no-such-file"))
            self.assertEqual(machine.run("hello 3 x; echo $?"),
                             "Hello from WebAssembly.\nargument 1: 3\nargument 2: x\n3\n")

    def test_poweroff_ends_the_machine(self):
        for kind in ("pc", "q35", "microvm"):
            with self.subTest(kind), Machine(kind) as machine:
                machine.prompt()
                machine.send("poweroff\r")
                self.assertEqual(machine.until_end(), 0)
                self.assertEqual(machine.emulator.messages(), "")

    def test_ctrl_c_ends_a_program(self):
        with Machine("microvm") as machine:
            machine.prompt()
            machine.send("cat\r")
            machine.until("cat\n")
            machine.send("\x03")
            machine.prompt()
            self.assertEqual(machine.run("echo $?"), "130\n")

    def test_ctrl_c_ends_a_program_that_loops_for_ever(self):
        with Machine("microvm", archive=archive_of("bin/forever.wasm", LOOP)) as machine:
            machine.prompt()
            machine.send("forever\r")
            machine.until("forever\n")
            machine.send("\x03")
            machine.prompt()
            self.assertEqual(machine.run("echo $?"), "130\n")


if __name__ == "__main__":
    unittest.main()
