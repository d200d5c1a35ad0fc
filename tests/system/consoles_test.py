#!/usr/bin/env python3
"""Consoles, what left their screens, colours, and what the keys write: a person at the keyboard again."""

import re
import unittest

from harness import Machine

PROMPT = r"\$$"


def type_on_screen(machine, text):
    """Types where nothing comes on the serial line: each character is waited for on the screen."""
    for character in text:
        before = machine.screen().pixels
        machine.qmp.type(character)
        machine.until_screen(lambda screen, before=before: screen.pixels != before)


class ConsolesTest(unittest.TestCase):
    def test_each_console_has_a_shell(self):
        with Machine() as machine:
            machine.until_text(PROMPT)
            machine.type("echo one\n")
            machine.until_text("^one$")
            machine.press("alt", "f2")
            machine.until_screen(
                lambda screen: "one" not in screen.lines and re.search(PROMPT, screen.text, re.MULTILINE)
                and re.search(r"^ +1 +2 .*MiB free +\d\d:\d\d$", screen.lines[-1]))
            type_on_screen(machine, "echo two\n")
            machine.until_text("^two$")
            machine.press("alt", "f1")
            first = machine.until_text("^one$")
            self.assertNotIn("two", first.lines)
            machine.press("alt", "f2")
            machine.until_text("^two$")
            # A shell that is left is followed by another one.
            type_on_screen(machine, "exit\n")
            machine.until_text(r"\$ exit(.|\n)*" + PROMPT)

    def test_shift_page_up_looks_back(self):
        with Machine() as machine:
            machine.until_text(PROMPT)
            machine.type("echo the beginning; seq 100\n")
            machine.until_screen(lambda screen: "the beginning" not in screen.text
                                 and re.search(PROMPT, screen.text, re.MULTILINE))
            for _ in range(8):
                machine.press("shift", "pgup")
            machine.until_text("^the beginning$")
            machine.type("x")
            machine.until_text(r"\$ x$")

    def test_themes_and_the_status_line(self):
        with Machine() as machine:
            machine.until_text(PROMPT)
            machine.until_screen(lambda screen: screen.pixel(0, 0) == (0x10, 0x15, 0x1C))
            machine.type("theme paper\n")
            machine.until_screen(lambda screen: screen.pixel(0, 0) == (0xF7, 0xF2, 0xE8))
            machine.type("theme nothing\n")
            machine.until_text("^theme: there is no theme nothing$")
            machine.type("status off\n")
            machine.until_screen(lambda screen: "MiB free" not in screen.text)
            machine.type("status on\n")
            machine.until_text("MiB free")

    def test_layouts(self):
        with Machine() as machine:
            machine.until_text(PROMPT)
            machine.type("keymap de\n")
            machine.until_text(r"\$ keymap de\n.*" + PROMPT)
            # By the names that the keys have in the United States.
            machine.qmp.type("echo ")
            machine.until("echo ")
            for key in ("z", "semicolon"):
                machine.press(key)
            machine.press("equal")
            machine.press("e")
            machine.press("alt_r", "q")
            machine.press("ret")
            machine.until_text("^yöé@$")
            machine.qmp.type("kezmap us\n")
            machine.until("keymap us\n")
            machine.prompt()
            machine.run("echo layout mine > /tmp/bad; echo 'A @@' >> /tmp/bad")
            machine.type("keymap /tmp/bad\n")
            machine.until_text("^keymap: /tmp/bad: line 2: neither a character nor none")


if __name__ == "__main__":
    unittest.main()
