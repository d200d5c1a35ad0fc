#!/usr/bin/env python3
"""Bricks: the paddle and the ball move, and a brick that is hit is gone."""

import unittest

from arcade import GOLD, TEXT, pauses_and_goes_on, pixel, playing, shows

PADDLE = (0xC8, 0xD2, 0xE0)
BALL = (0xFA, 0xFA, 0xF0)
PADDLE_ROW = 227
BRICK_COLORS = {(0x5A, 0x82, 0xF0), (0x4E, 0xCB, 0xD6), (0x5A, 0xC8, 0x78), (0xF4, 0xC9, 0x5D), (0xF0, 0x8C, 0x46)}


def paddle(screen):
    """Its left end, or None."""
    return next((x for x in range(320) if pixel(screen, x, PADDLE_ROW) == PADDLE), None)


def ball(screen):
    """The row of its topmost pixel, or None."""
    return next((y for y in range(24, 224) for x in range(6, 314) if pixel(screen, x, y) == BALL), None)


def bricks(screen):
    return sum(pixel(screen, 10 + column * 25 + 12, 42 + row * 10 + 4) in BRICK_COLORS
               for row in range(7) for column in range(12))


class BricksTest(unittest.TestCase):
    def test_paddle_and_ball_move_and_bricks_break(self):
        with playing("bricks", "BRICKS") as machine:
            # A picture may be taken while the frame is being shown.
            first = machine.until_screen(lambda screen: bricks(screen) == 60 and paddle(screen) and ball(screen)
                                         and shows(screen, "Space serves", GOLD))
            at = paddle(first)
            machine.hold("left")
            machine.until_screen(lambda screen: (paddle(screen) or at) < at - 20)
            machine.release("left")
            machine.hold("right")
            machine.until_screen(lambda screen: (paddle(screen) or 0) > at)
            machine.release("right")
            machine.press("spc")
            machine.until_screen(lambda screen: (ball(screen) or 224) < 200)
            machine.until_screen(lambda screen: 40 < bricks(screen) < 60 and not shows(screen, "Space serves", GOLD))
            machine.until_screen(lambda screen: not shows(screen, "Score 0", TEXT))
            pauses_and_goes_on(machine)
            machine.press("r")
            machine.until_screen(lambda screen: bricks(screen) == 60 and shows(screen, "Space serves", GOLD))


if __name__ == "__main__":
    unittest.main()
