#!/usr/bin/env python3
"""A person at the keyboard, looking at the screen."""

import unittest

from harness import Machine


class ShellKeysTest(unittest.TestCase):
    def test_a_command_is_typed_and_its_output_is_seen(self):
        with Machine() as machine:
            machine.until_text(r"\$$")
            machine.type("echo Hello, World; ls /share\n")
            screen = machine.until_text(r"^about\.txt")
            self.assertIn("\nHello, World\n", screen.text)

    def test_the_line_is_edited(self):
        with Machine() as machine:
            machine.until_text(r"\$$")
            machine.type("echo ac")
            machine.press("left")
            machine.type("b")
            machine.press("home")
            machine.press("end")
            machine.type("d\n")
            machine.until_text(r"^abcd$")
            machine.press("up")
            machine.until_text(r"\$ echo abcd$(.|\n)*\$ echo abcd$")

    def test_capitals_and_signs(self):
        with Machine() as machine:
            machine.until_text(r"\$$")
            machine.type("echo 'A|b{C}~<D>_\"+?'\n")
            machine.until_text(r"^A\|b\{C\}~<D>_\"\+\?$")

    def test_ctrl_c_ends_a_program(self):
        with Machine() as machine:
            machine.until_text(r"\$$")
            machine.type("cat\n")
            machine.press("ctrl", "c")
            machine.until_text(r"\$ cat(.|\n)*\$$")
            machine.type("echo $?\n")
            machine.until_text(r"^130$")


if __name__ == "__main__":
    unittest.main()
