#!/usr/bin/env python3
"""Keys as programs that ask for them are told: what could be mistaken, what is held, and what is released."""

import re
import unittest

from harness import BUILD, Machine, tar_of

KEYS = BUILD / "tests/system/keys.wasm"
PROMPT = r"\$$"


def rows(*texts):
    """These rows at the end of the screen."""
    return "\n".join(re.escape(text) for text in texts) + r"$"


class KeyEventsTest(unittest.TestCase):
    def test_programs_that_ask_are_told_of_keys(self):
        with Machine(archive=tar_of({"keys.wasm": KEYS.read_bytes()})) as machine:
            machine.until_text(PROMPT)

            with self.subTest("keys that are held at once are told apart, and their releases, too"):
                machine.type("/keys.wasm '>11u'\n")
                machine.until_text("^ready")
                machine.hold("a")
                machine.hold("b")
                machine.hold("a")  # a keyboard repeats what is held
                machine.release("a")
                machine.hold("shift")
                machine.release("b")
                machine.release("shift")
                machine.until_text(rows("^[[97u", "^[[98u", "^[[97;1:2u", "^[[97;1:3u", "^[[57441;2u", "^[[98;2:3u",
                                        "^[[57441;1:3u"))

            with self.subTest("Ctrl-C still ends the program, and the shell has its keys"):
                machine.press("ctrl", "c")
                machine.until_text(r"\n.*" + PROMPT)
                machine.type("echo 'Well,' then\n")
                machine.until_text("^Well, then$")

            with self.subTest("what could be mistaken for another key is told in full"):
                machine.type("clear\n")
                machine.until_screen(lambda screen: "Well" not in screen.text)
                machine.type("/keys.wasm '>1u'\n")
                machine.until_text("^ready")
                machine.press("esc")
                machine.press("ctrl", "i")
                machine.press("tab")
                machine.press("up")
                machine.press("x")
                machine.until_text(rows("^[[27u", "^[[105;5u", "^I", "^[[Ax"))

            with self.subTest("who is stopped and continued has what it asked for, and the shell in between has not"):
                machine.press("ctrl", "z")
                machine.until_text("Stopped")
                machine.type("echo between\n")
                machine.until_text("^between$")
                machine.type("fg\n")
                machine.until("keys.wasm")
                # What it shows tells that the keys are its own again.
                machine.press("x")
                machine.until_text(rows("x"))
                machine.press("esc")
                machine.until_text(rows("^[[27u"))
                machine.press("ctrl", "c")
                machine.until_text(PROMPT)


if __name__ == "__main__":
    unittest.main()
