#!/usr/bin/env python3
"""Life: what the player sets evolves as the rules say."""

import unittest

from arcade import GOLD, GREEN, places_of, playing, shows

COLUMNS, ROWS = 128, 112
LEFT, TOP = 4, 8
LIVING = {(0x5A, 0xC8, 0x78), (0xF0, 0xF5, 0xB4)}  # from before, and just born


def cells(screen):
    """The living cells; the cursor hides at most three of a cell's four pixels."""
    inside = ((x - LEFT, y - TOP) for color in LIVING for x, y in places_of(screen, color))
    return {(x // 2, y // 2) for x, y in inside if 0 <= x < 2 * COLUMNS and 0 <= y < 2 * ROWS}


def next_of(living):
    """Two or three neighbours keep alive, three give birth; the edges meet."""
    neighbours = {}
    for x, y in living:
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                if (dx, dy) != (0, 0):
                    place = (x + dx) % COLUMNS, (y + dy) % ROWS
                    neighbours[place] = neighbours.get(place, 0) + 1
    return {place for place, count in neighbours.items() if count == 3 or (count == 2 and place in living)}


class LifeTest(unittest.TestCase):
    def step(self, machine, living):
        machine.press("n")
        expected = next_of(living)
        machine.until_screen(lambda screen: cells(screen) == expected)
        return expected

    def test_what_is_set_evolves(self):
        with playing("life", "LIFE") as machine:
            machine.until_screen(lambda screen: shows(screen, "Editing", GOLD))
            machine.press("spc")
            machine.until_screen(lambda screen: cells(screen) == {(64, 56)})
            machine.press("right")
            machine.press("spc")
            machine.until_screen(lambda screen: cells(screen) == {(64, 56), (65, 56)})
            machine.press("spc")
            machine.until_screen(lambda screen: cells(screen) == {(64, 56)})
            self.step(machine, {(64, 56)})
            # The R pentomino grows in all directions.
            machine.press("2")
            living = cells(machine.until_screen(lambda screen: len(cells(screen)) == 5))
            for _ in range(6):
                living = self.step(machine, living)
            machine.press("ret")
            machine.until_screen(lambda screen: shows(screen, "Running", GREEN) and cells(screen) != living)
            machine.press("ret")
            machine.until_screen(lambda screen: shows(screen, "Editing", GOLD))
            machine.press("c")
            machine.until_screen(lambda screen: not cells(screen))

    def test_what_settles_is_the_end(self):
        with playing("life", "LIFE") as machine:
            machine.press("spc")
            machine.until_screen(lambda screen: len(cells(screen)) == 1)
            machine.press("ret")
            machine.until_screen(lambda screen: shows(screen, "Nobody lives any more", (0xDC, 0xE1, 0xE6)))
            machine.until_screen(lambda screen: shows(screen, "Enter plays again", GOLD))
            machine.press("ret")
            machine.until_screen(lambda screen: shows(screen, "Editing", GOLD))


if __name__ == "__main__":
    unittest.main()
