#!/usr/bin/env python3
"""A person at the keyboard, looking at the screen."""

import unittest

from harness import Machine
from screen import CELL_HEIGHT, CELL_WIDTH


def colors_of(screen, column, count):
    """The colours of the ink in cells of the first row."""
    paper = screen.pixel(0, 0)
    return {screen.pixel(x, y) for x in range(column * CELL_WIDTH, (column + count) * CELL_WIDTH)
            for y in range(CELL_HEIGHT)} - {paper}


class ShellKeysTest(unittest.TestCase):
    def test_a_command_is_typed_and_its_output_is_seen(self):
        with Machine() as machine:
            machine.until_text(r"\$$")
            machine.type("echo Hello, World; ls /share\n")
            machine.until_text(r"^Hello, World\nabout\.txt")

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

    def test_completion_history_search_and_colours(self):
        with Machine() as machine:
            machine.until_text(r"\$$")

            with self.subTest("Tab completes commands and paths, and twice shows what there is"):
                machine.type("hexd")
                machine.press("tab")
                machine.until_text(r"\$ hexdump$")
                machine.type("/share/ab")
                machine.press("tab")
                machine.until_text(r"\$ hexdump /share/about\.txt$")
                machine.press("ctrl", "u")
                machine.type("un")
                machine.press("tab")
                machine.press("tab")
                machine.until_text(r"^unalias .*uniq")
                machine.press("ctrl", "u")

            with self.subTest("history is looked through, and searched"):
                for line in ("echo first", "echo second", "seq 2"):
                    machine.type(line + "\n")
                    machine.until_text(rf"\$ {line}\n(.|\n)*\$$")
                machine.press("up")
                machine.press("up")
                machine.until_text(r"\$ echo second$")
                machine.press("down")
                machine.until_text(r"\$ seq 2$")
                machine.press("ctrl", "u")
                machine.press("ctrl", "r")
                machine.type("ech")
                machine.until_text(r"^search ech: echo second$")
                machine.press("ctrl", "r")
                machine.until_text(r"^search ech: echo first$")
                machine.press("end")
                machine.until_text(r"\$ echo first$")
                machine.press("ctrl", "u")

            with self.subTest("a line is coloured as it is typed"):
                machine.press("ctrl", "l")
                machine.until_screen(lambda screen: screen.lines[0].endswith("$") and not any(screen.lines[1:-1]))
                machine.type("ech")
                start = machine.until_text(r"\$ ech$").lines[0].index("ech")
                plain = colors_of(machine.screen(), start, 3)
                machine.type("o '$HOME' | if # x")
                screen = machine.until_text(r"\$ echo '\$HOME' \| if # x$")
                parts = {part: colors_of(screen, screen.lines[0].index(part), len(part))
                         for part in ("echo", "'$HOME'", "|", "if", "# x")}
                self.assertEqual([len(colors) for colors in parts.values()], [1] * 5, parts)
                self.assertEqual(len(set.union(plain, *parts.values())), 6, "each kind has its own")
                machine.press("home")
                machine.press("delete")
                machine.until_screen(lambda screen: colors_of(screen, start + 1, 2) == plain)


if __name__ == "__main__":
    unittest.main()
