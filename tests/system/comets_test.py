#!/usr/bin/env python3
"""Comets: the ship turns, flies and shoots, and rocks move."""

import unittest

from arcade import CYAN, GOLD, TEXT, pauses_and_goes_on, places_of, playing, shows

ROCK = (0x96, 0xA0, 0xB4)
BLINK = (0x46, 0x64, 0x8C)  # the other colour of a ship behind its shield
TOP = 20  # below the counts


def ship(screen):
    """The pixels of the ship."""
    return {place for color in (CYAN, BLINK) for place in places_of(screen, color) if place[1] > TOP}


def middle(pixels):
    return (sum(x for x, _ in pixels) / len(pixels), sum(y for _, y in pixels) / len(pixels)) if pixels else (0, 0)


def outline(pixels):
    left, top = min(x for x, _ in pixels), min(y for _, y in pixels)
    return {(x - left, y - top) for x, y in pixels}


class CometsTest(unittest.TestCase):
    def test_a_ship_among_rocks(self):
        with playing("comets", "COMETS") as machine:
            first = machine.until_screen(lambda screen: ship(screen) and any(places_of(screen, ROCK)))
            self.assertTrue(shows(first, "Score 0", TEXT) and shows(first, "Ships 3", TEXT))
            rocks = set(places_of(first, ROCK))
            machine.until_screen(lambda screen: rocks and set(places_of(screen, ROCK)) != rocks)
            at, shape = middle(ship(first)), outline(ship(first))
            self.assertLess(abs(at[0] - 160) + abs(at[1] - 120), 4)
            machine.hold("right")
            machine.until_screen(lambda screen: ship(screen) and outline(ship(screen)) != shape)
            machine.release("right")
            machine.press("spc")
            machine.until_screen(lambda screen: any(y > TOP for _, y in places_of(screen, GOLD)))
            pauses_and_goes_on(machine)
            machine.press("r")
            machine.until_screen(lambda screen: ship(screen) and abs(middle(ship(screen))[0] - 160) < 4)
            machine.hold("up")
            machine.until_screen(lambda screen: ship(screen) and middle(ship(screen))[1] < 110)
            machine.release("up")


if __name__ == "__main__":
    unittest.main()
