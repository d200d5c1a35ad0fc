#!/usr/bin/env python3
"""Maze: the view turns and moves, and a door opens."""

import unittest

from arcade import CYAN, RED, TEXT, pauses_and_goes_on, pixel, places_of, playing, shows

VIEW_HEIGHT = 204
MIDDLE = 160, 90
# The map at the top right: three pixels for each cell.
MAP_LEFT, MAP_TOP, MAP_SIDE, DOT = 254, 6, 60, 3


def view(screen):
    """Some pixels from all over the view."""
    return [pixel(screen, x, y) for x in range(0, 250, 7) for y in range(0, VIEW_HEIGHT, 9)]


def place(screen):
    """Where the player is on the map, in its pixels, or None: two rows of two red pixels."""
    inside = ((x - MAP_LEFT, y - MAP_TOP) for x, y in places_of(screen, RED))
    red = {(x, y) for x, y in inside if 0 <= x < MAP_SIDE and 0 <= y < MAP_SIDE}
    return next(((x + 1, y + 1) for x, y in sorted(red) if {(x + 1, y), (x, y + 1), (x + 1, y + 1)} <= red), None)


def is_wood(color):
    red, _, blue = color
    return red > blue + 16


class MazeTest(unittest.TestCase):
    def tap(self, machine, key, times):
        """Each for a frame of its own."""
        for _ in range(times):
            before = view(machine.screen())
            machine.press(key)
            machine.until_screen(lambda screen, old=before: view(screen) != old)

    def place(self, machine):
        return place(machine.until_screen(place))

    def test_turning_walking_and_a_door(self):
        with playing("maze", "MAZE") as machine:
            first = machine.until_screen(lambda screen: place(screen) and shows(screen, "Score 0", TEXT))
            self.assertEqual(place(first), (4, 4))
            # There and back again is the same view.
            self.tap(machine, "right", 3)
            self.tap(machine, "left", 3)
            machine.until_screen(lambda screen: view(screen) == view(first))
            pauses_and_goes_on(machine)
            # From south-east to south, to the third row of cells, and to the east: there is the door.
            self.tap(machine, "right", 16)
            machine.hold("up")
            machine.until_screen(lambda screen: (place(screen) or (0, 0))[1] >= 3 * DOT)
            machine.release("up")
            # The middle of the row is where one fits through the door.
            while (row := self.place(machine)[1]) != 3 * DOT + 1:
                self.tap(machine, "up" if row < 3 * DOT + 1 else "down", 1)
            self.tap(machine, "left", 32)
            machine.hold("up")
            # Until the wall or the door stops one.
            machine.until_screen(lambda screen: (place(screen) or (0, 0))[0] >= 4 * DOT - 1)
            machine.release("up")
            machine.until_screen(lambda screen: is_wood(pixel(screen, *MIDDLE)))
            machine.press("spc")
            machine.until_screen(lambda screen: not is_wood(pixel(screen, *MIDDLE)))
            machine.hold("up")
            machine.until_screen(lambda screen: (place(screen) or (0, 0))[0] >= 5 * DOT)
            machine.release("up")

    def test_a_gem_counts(self):
        with playing("maze", "MAZE") as machine:
            machine.until_screen(lambda screen: shows(screen, "Gems 0 of 10", CYAN))
            self.tap(machine, "right", 4)
            machine.hold("up")
            machine.until_screen(lambda screen: shows(screen, "Gems 1 of 10", CYAN) and shows(screen, "Score 100", TEXT))
            machine.release("up")


if __name__ == "__main__":
    unittest.main()
