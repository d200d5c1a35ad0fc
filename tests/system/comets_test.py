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


def is_in_the_middle(pixels):
    x, y = middle(pixels)
    return abs(x - 160) + abs(y - 120) < 4


def outline(pixels):
    left, top = min(x for x, _ in pixels), min(y for _, y in pixels)
    return {(x - left, y - top) for x, y in pixels}


class CometsTest(unittest.TestCase):
    def test_a_ship_among_rocks(self):
        with playing("comets", "COMETS") as machine:
            # A picture may be taken while the frame is being shown.
            first = machine.until_screen(
                lambda screen: shows(screen, "Score 0", TEXT) and shows(screen, "Ships 3", TEXT) and is_in_the_middle(ship(screen))
                and any(places_of(screen, ROCK)))
            rocks, shape = set(places_of(first, ROCK)), outline(ship(first))
            machine.until_screen(lambda screen: set(places_of(screen, ROCK)) != rocks)
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
