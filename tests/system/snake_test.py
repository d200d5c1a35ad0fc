#!/usr/bin/env python3
"""Snake: it turns and moves, ends at the wall, and begins again."""

import unittest

from arcade import GOLD, TEXT, mask_of, pauses_and_goes_on, playing, shows

HEAD = (0xAA, 0xF0, 0x96)
APPLE = (0xEB, 0x50, 0x50)


def place_of(color, screen):
    """Where the first pixel of a colour is, or None."""
    at = mask_of(screen, color).find(1)
    return None if at < 0 else (at % screen.width, at // screen.width)


class SnakeTest(unittest.TestCase):
    def test_it_turns_and_moves_until_it_meets_the_wall(self):
        with playing("snake", "SNAKE") as machine:
            # A picture may be taken while the frame is being shown, of which the apple may be the later part.
            first = machine.until_screen(lambda screen: place_of(HEAD, screen) and place_of(APPLE, screen)
                                         and shows(screen, "Score 0", TEXT))
            _, y = place_of(HEAD, first)
            machine.press("down")
            down = machine.until_screen(lambda screen: (place_of(HEAD, screen) or (0, 0))[1] > y)
            x, _ = place_of(HEAD, down)
            machine.press("left")
            machine.until_screen(lambda screen: 0 < (place_of(HEAD, screen) or (0, 0))[0] < x)
            pauses_and_goes_on(machine)
            machine.press("up")
            machine.until_screen(lambda screen: shows(screen, "Game over", GOLD))
            machine.until_screen(lambda screen: shows(screen, "Enter plays again", GOLD))
            machine.until_screen(lambda screen: place_of(HEAD, screen) is None)
            machine.press("ret")
            machine.until_screen(lambda screen: place_of(HEAD, screen) and not shows(screen, "Game over", GOLD))


if __name__ == "__main__":
    unittest.main()
