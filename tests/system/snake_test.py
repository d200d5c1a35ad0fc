#!/usr/bin/env python3
"""A game: it takes the screen, is steered from the keyboard, and gives the screen back."""

import unittest

from harness import Machine

# Its colours, which nothing else on the screen has.
HEAD = bytes((170, 240, 150))
APPLE = bytes((235, 80, 80))


def place_of(color, screen):
    """Where the first pixel of a colour is, or None."""
    at = -1
    while (at := screen.pixels.find(color, at + 1)) >= 0:
        if at % 3 == 0:
            return at // 3 % screen.width, at // 3 // screen.width
    return None


class SnakeTest(unittest.TestCase):
    def test_it_moves_and_gives_the_screen_back(self):
        with Machine() as machine:
            machine.until_text(r"\$$")
            machine.type("echo before\n")
            machine.until_text("^before$")
            machine.type("snake\n")
            # A picture may be taken while the frame is being shown, of which the apple may be the later part.
            first = machine.until_screen(lambda screen: place_of(HEAD, screen) and place_of(APPLE, screen))
            x, y = place_of(HEAD, first)
            machine.press("down")
            down = machine.until_screen(lambda screen: (place_of(HEAD, screen) or (0, 0))[1] > y)
            x, y = place_of(HEAD, down)
            machine.press("left")
            machine.until_screen(lambda screen: 0 < (place_of(HEAD, screen) or (0, 0))[0] < x)
            machine.press("esc")
            after = machine.until_text("^before$")
            self.assertIsNone(place_of(HEAD, after))
            machine.type("echo after\n")
            machine.until_text("^after$")


if __name__ == "__main__":
    unittest.main()
