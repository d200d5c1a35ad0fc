#!/usr/bin/env python3
"""Blocks: a piece moves, turns and drops; a full well is the end."""

import unittest

from arcade import GOLD, pauses_and_goes_on, pixel, playing, shows

COLUMNS, ROWS, CELL, LEFT, TOP = 10, 20, 11, 105, 10
SQUARE = (0xF4, 0xC9, 0x5D)
COLORS = {(0x4E, 0xCB, 0xD6), SQUARE, (0xA0, 0x78, 0xE6), (0x5A, 0xC8, 0x78), (0xEB, 0x50, 0x50), (0x5A, 0x82, 0xF0),
          (0xF0, 0x8C, 0x46)}


def blocks(screen):
    """Column and row of every block in the well, with its colour."""
    found = {}
    for row in range(ROWS):
        for column in range(COLUMNS):
            color = pixel(screen, LEFT + column * CELL + CELL // 2, TOP + row * CELL + CELL // 2)
            if color in COLORS:
                found[column, row] = color
    return found


def left_edge(cells):
    return min((column for column, _ in cells), default=COLUMNS)


def shape(cells):
    """The piece without its place."""
    left, top = left_edge(cells), min((row for _, row in cells), default=0)
    return {(column - left, row - top) for column, row in cells}


class BlocksTest(unittest.TestCase):
    def piece(self, machine):
        """Waits for all of a piece in an empty well."""
        return blocks(machine.until_screen(lambda screen: len(blocks(screen)) == 4))

    def restart_without_square(self, machine):
        """Begins anew until the piece is one that turns."""
        while SQUARE in (piece := self.piece(machine)).values() or max(row for _, row in piece) > 3:
            machine.press("r")
            machine.until_screen(lambda screen, old=piece: blocks(screen) != old)
        return piece

    def test_pieces_move_turn_and_drop(self):
        with playing("blocks", "BLOCKS") as machine:
            piece = self.restart_without_square(machine)
            machine.press("left")
            machine.until_screen(
                lambda screen: len(blocks(screen)) == 4 and left_edge(blocks(screen)) == left_edge(piece) - 1)
            before = shape(self.piece(machine))
            machine.until_screen(lambda screen: len(blocks(screen)) == 4 and max(r for _, r in blocks(screen)) >= 2)
            before = shape(self.piece(machine))
            machine.press("up")
            machine.until_screen(lambda screen: len(blocks(screen)) == 4 and shape(blocks(screen)) != before)
            machine.press("spc")
            machine.until_screen(lambda screen: any(row == ROWS - 1 for _, row in blocks(screen)))
            pauses_and_goes_on(machine)

    def test_a_full_well_is_the_end(self):
        with playing("blocks", "BLOCKS") as machine:
            lying = 0

            def has_ended_or_grown(screen):
                return shows(screen, "Game over", GOLD) or len(blocks(screen)) > lying

            while not shows(screen := machine.until_screen(has_ended_or_grown), "Game over", GOLD):
                lying = len(blocks(screen))
                machine.press("spc")
            machine.until_screen(lambda screen: shows(screen, "Enter plays again", GOLD))
            machine.press("ret")
            self.piece(machine)


if __name__ == "__main__":
    unittest.main()
