#!/usr/bin/env python3
"""A person with the mouse: selecting, copying, pasting, looking back, and a program that wants it for itself."""

import unittest

from harness import BUILD, Machine, tar_of
from pointed import Pointed
from screen import CELL_HEIGHT, CELL_WIDTH

KEYS = BUILD / "tests/system/keys.wasm"
PAPER, INK = (0x10, 0x15, 0x1C), (0xD8, 0xDE, 0xE6)


def row_of(screen, text):
    return next(row for row, line in enumerate(screen.lines) if line == text)


def corner(screen, column, row):
    return screen.pixel(column * CELL_WIDTH, row * CELL_HEIGHT)


def counts_to_100(screen):
    """All of it, from some number on: a screen may be looked at while the guest writes to it."""
    return "100" in screen.lines and (at := screen.lines.index("100")) > 6 and \
        screen.lines[:at + 2] == [*map(str, range(100 - at, 101)), "nacre:/$"]


class MouseTest(unittest.TestCase):
    def test_a_person_selects_copies_and_pastes(self):
        with Machine(archive=tar_of({"keys.wasm": KEYS.read_bytes()})) as machine:
            machine.until_text(r"\$$")
            machine.type("echo one-word other\n")
            screen = machine.until_text("^one-word other$")
            row = row_of(screen, "one-word other")
            self.assertEqual(corner(screen, 12, row), PAPER)
            mouse = Pointed(machine)
            mouse.drag((9, row), (13, row))
            machine.until_screen(lambda screen: all(corner(screen, column, row) == INK for column in range(9, 13)))

            with self.subTest("the middle button pastes, and a key takes the pointer away"):
                machine.qmp.click("middle")
                machine.until_text(r"\$ other$")
                machine.type("x")
                machine.until_screen(lambda screen: corner(screen, 13, row) == INK and corner(screen, 14, row) == PAPER)
                machine.press("ctrl", "u")

            with self.subTest("a double click copies a word, a triple click the line"):
                mouse.to(2, row)
                machine.qmp.click(times=2)
                machine.press("shift", "insert")
                machine.until_text(r"\$ one-word$")
                machine.press("ctrl", "u")
                mouse.to(3, row)
                machine.qmp.click(times=3)
                machine.press("shift", "insert")
                machine.until_text(r"\$ one-word other$")
                machine.press("ctrl", "u")

            with self.subTest("lines that are pasted do not run before Enter is pressed"):
                machine.type("printf 'echo %s\\n' first second\n")
                screen = machine.until_text("^echo second$")
                row = row_of(screen, "echo first")
                mouse.drag((0, row), (11, row + 1))
                machine.qmp.click("middle")
                machine.until_text(r"\$ echo first\necho second$")
                machine.press("ret")
                machine.until_text(r"\$ echo first\necho second\nfirst\nsecond$")

            with self.subTest("the selection goes when its text changes"):
                mouse.to(1, row)
                machine.qmp.click(times=2)
                machine.until_screen(lambda screen: corner(screen, 0, row) == INK)
                machine.press("ctrl", "l")
                machine.until_screen(lambda screen: "first" not in screen.text and corner(screen, 0, row) == PAPER)

            with self.subTest("the wheel looks back three rows at a time, and what is there can be copied"):
                machine.type("seq 100\n")
                first = int(machine.until_screen(counts_to_100).lines[0])
                machine.qmp.turn_wheel(2)
                machine.until_screen(lambda screen: screen.lines[0] == str(first - 6))
                mouse.to(0, 0)
                machine.qmp.click(times=2)
                machine.qmp.click("middle")
                machine.until_text(rf"\$ {first - 6}$")
                machine.press("ctrl", "u")

            with self.subTest("a program that asks for the mouse gets it, unless Shift is held"):
                machine.type("/keys.wasm '?1000h' '?1006h'\n")
                machine.until_text("^ready")
                mouse.to(4, 2)
                machine.qmp.click("right")
                machine.until_text(r"^\^\[\[<2;5;3M\n\^\[\[<2;5;3m$")
                machine.hold("shift")
                mouse.drag((0, 0), (2, 0))
                machine.until_screen(lambda screen: corner(screen, 1, 0) == INK)
                machine.release("shift")
                machine.press("ctrl", "c")
                machine.until_text(r"\$$")

            with self.subTest("the next program has a mouse of its own"):
                mouse.to(1, 0)
                machine.qmp.click()
                machine.type("echo over\n")
                machine.until_text(r"\$ echo over\nover$")


if __name__ == "__main__":
    unittest.main()
