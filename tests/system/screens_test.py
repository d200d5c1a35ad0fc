#!/usr/bin/env python3
"""What the terminal draws, pixel by pixel: screens/NAME.png is how it looked when somebody found it good.

A screen that looks otherwise is written to the build folder, beside what it should be. Once a new look is wanted and
was looked at, `tests/system/screens_test.py --renew [NAME...]` makes the pictures anew.
"""

from __future__ import annotations

import re
import sys
import unittest
from pathlib import Path

import png
from harness import BUILD, Machine, tar_of
from pointed import Pointed
from screen import CELL_HEIGHT, CELL_WIDTH, Screen

FOLDER = Path(__file__).resolve().parent / "screens"
ACTUAL = BUILD / "tests/system/screens"
THEMES = ("paper", "amber", "moss", "dusk", "contrast")
# A screen that is right looks so at once.
SECONDS = 15
renewed: list[str] | None = None  # Names; of all, if there are none.


def attributes_page() -> str:
    """What SGR can do."""
    names = ((0, "plain"), (1, "bold"), (2, "dim"), (3, "italic"), (4, "underlined"), (7, "reverse"), (8, "hidden"),
             (9, "struck"), ("1;3", "bold italic"), ("1;4", "bold underlined"), ("2;7", "dim reverse"))
    rows = [" ".join(f"\x1b[{code}m{name}\x1b[m" for code, name in names), ""]
    for first, last in ((30, 38), (90, 98), (40, 48), (100, 108)):
        rows.append("".join(f"\x1b[{code}m {code:3} \x1b[m" for code in range(first, last)) + " "
                    + "".join(f"\x1b[1;{code}m {code:3} \x1b[m" for code in range(first, last)))
    rows.append("")
    for top in range(16, 232, 36):
        rows.append("".join(f"\x1b[48;5;{color}m  " for color in range(top, top + 36)) + "\x1b[m")
    rows.append("".join(f"\x1b[48;5;{color}m   " for color in range(232, 256)) + "\x1b[m")
    rows.append("".join(f"\x1b[48;2;{level};{level // 2};{255 - level}m " for level in range(0, 256, 4)) + "\x1b[m")
    return "\n".join(rows) + "\n"


def boxes_page() -> str:
    """Box drawing and blocks, one by one and joined."""
    rows = [" ".join(chr(code) for code in range(first, first + 32)) for first in range(0x2500, 0x25A0, 32)]
    frames = ("┌─┬─┐ ╔═╦═╗ ╭───╮ ┏━┳━┓ ╓─╥─╖", "│ │ │ ║ ║ ║ │ ╳ │ ┃ ┃ ┃ ║ ║ ║", "├─┼─┤ ╠═╬═╣ │ ╳ │ ┣━╋━┫ ╟─╫─╢",
              "└─┴─┘ ╚═╩═╝ ╰───╯ ┗━┻━┛ ╙─╨─╜", "░░▒▒▓▓██▇▆▅▄▃▂▁ ▖▗▘▙▚▛▜▝▞▟ ▌▐▀▄")
    return "\n".join([*rows, "", *frames]) + "\n"


def theme_page() -> str:
    return "".join(f"\x1b[{code}m{code} \x1b[1m{code} \x1b[m" for code in (*range(31, 38), *range(91, 98))) + "\n" \
        + "".join(f"\x1b[{code}m {code} \x1b[m" for code in (7, *range(41, 48))) + "\n"


TEXT_PAGE = """The quick brown fox jumps over the lazy dog. 0123456789
    for file in *.txt; do grep -c "fox|dog" "$file"; done
Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich.
Voix ambiguë d'un cœur qui au zéphyr préfère les jattes de kiwis.
"""
BLINKING_PAGE = "\x1b[5mnow and then\x1b[m always\n"
REDRAWN_PAGE = "\x1b[?25l\x1b[H\x1b[2J" + TEXT_PAGE
# How often a screen is looked at that must not flicker.
LOOKS = 40
PAGES = {"attributes": attributes_page(), "boxes": boxes_page(), "text": TEXT_PAGE, "theme": theme_page(),
         "blinking": BLINKING_PAGE, "redrawn": REDRAWN_PAGE}


def first_difference(actual: Screen, wanted: Screen) -> str:
    if (actual.width, actual.height) != (wanted.width, wanted.height):
        return f"it has {actual.width} by {actual.height} pixels instead of {wanted.width} by {wanted.height}"
    for row in range(actual.height // CELL_HEIGHT):
        for column in range(actual.width // CELL_WIDTH):
            for y in range(row * CELL_HEIGHT, (row + 1) * CELL_HEIGHT):
                at = (y * actual.width + column * CELL_WIDTH) * 3
                if actual.pixels[at:at + CELL_WIDTH * 3] != wanted.pixels[at:at + CELL_WIDTH * 3]:
                    return f"it differs first in row {row}, column {column}, at pixel row {y % CELL_HEIGHT} of the cell"
    return "it differs below or beside all cells"


class ComparingTest(unittest.TestCase):
    def test_pictures_survive_being_written(self):
        for count in (2, 300):
            colors = [bytes((number % 256, number // 256, 7)) for number in range(count)]
            screen = Screen(count, 2, b"".join(colors + colors[::-1]))
            self.assertEqual(png.decode(png.encode(screen)), screen)
        with self.assertRaises(ValueError):
            png.decode(b"GIF")

    def test_the_first_cell_that_differs_is_named(self):
        screen = Screen(32, 32, bytes(32 * 32 * 3))
        for x, y, name in ((9, 3, "row 0, column 1, at pixel row 3"), (31, 31, "row 1, column 3, at pixel row 15")):
            pixels = bytearray(screen.pixels)
            pixels[(y * 32 + x) * 3] = 1
            self.assertIn(name, first_difference(Screen(32, 32, bytes(pixels)), screen))
        self.assertIn("16 by 64", first_difference(Screen(16, 64, bytes(16 * 64 * 3)), screen))


class ScreensTest(unittest.TestCase):
    def expect(self, machine: Machine, name: str) -> None:
        """The screen becomes what the picture shows."""
        file = FOLDER / f"{name}.png"
        if renewed is not None:
            if not renewed or name in renewed:
                file.write_bytes(png.encode(machine.screen()))
            return
        wanted = png.decode(file.read_bytes())
        with self.subTest(name):
            try:
                machine.until_screen(lambda screen: screen == wanted, SECONDS)
            except AssertionError:
                actual = machine.screen()
                ACTUAL.mkdir(parents=True, exist_ok=True)
                (ACTUAL / file.name).write_bytes(png.encode(actual))
                self.fail(f"the screen is not {file}: {first_difference(actual, wanted)}; it is in {ACTUAL / file.name}")

    def show(self, machine: Machine, page: str, before: str = "") -> None:
        machine.send(f"{before}clear; cat /{page}.txt\r")
        machine.until("\n")
        machine.prompt()
        machine.until_text(r"\$$")

    def test_screens(self):
        pages = tar_of({f"{name}.txt": page.encode() for name, page in PAGES.items()})
        with Machine(append="status=none", archive=pages) as machine:
            machine.prompt()
            machine.until_text(r"\$$")
            for page in ("attributes", "boxes", "text"):
                self.show(machine, page)
                self.expect(machine, page)
            with self.subTest("what blinks"):
                self.show(machine, "blinking")
                for text in ("now and then always", "             always", "now and then always"):
                    machine.until_screen(lambda screen, text=text: screen.lines[0] == text, SECONDS)
            self.show(machine, "text")
            mouse = Pointed(machine)
            mouse.drag((11, 1), (20, 3))
            mouse.to(60, 2)
            machine.until_screen(lambda screen: screen.pixel(60 * CELL_WIDTH, 2 * CELL_HEIGHT)
                                 != screen.pixel(61 * CELL_WIDTH, 2 * CELL_HEIGHT))
            self.expect(machine, "selection")
            # A key takes the pointer away.
            machine.type("x")
            machine.press("backspace")
            machine.until_text(r"\$$")
            self.check_that_nothing_flickers(machine)
            for theme in THEMES:
                self.show(machine, "theme", before=f"theme {theme}; ")
                self.expect(machine, f"theme-{theme}")

    def check_that_nothing_flickers(self, machine: Machine) -> None:
        """A screen that is cleared and written again, over and over, is never seen while it is empty or half there."""
        machine.send("while cat /redrawn.txt; do :; done\r")
        wanted = machine.until_text(rf"\A{re.escape(TEXT_PAGE)}\n*\Z")
        for look in range(LOOKS):
            screen = machine.screen()
            if screen != wanted:
                self.fail(f"look {look} at the screen saw it otherwise: {first_difference(screen, wanted)}")
        machine.press("ctrl", "c")
        machine.prompt()
        machine.send("printf '\\033[?25h'\r")
        machine.prompt()


if __name__ == "__main__":
    if "--renew" in sys.argv:
        at = sys.argv.index("--renew")
        renewed = sys.argv[at + 1:]
        del sys.argv[at:]
    unittest.main()
