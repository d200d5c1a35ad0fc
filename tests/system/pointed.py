"""The mouse over the cells of a screen."""

from __future__ import annotations

from harness import Machine
from screen import CELL_HEIGHT, CELL_WIDTH

Cell = tuple[int, int]  # A column and a row.
# A packet of the mouse tells of no more.
FARTHEST = 127


class Pointed:
    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._x = self._y = 0  # where it begins

    def to(self, column: int, row: int) -> None:
        """Moves to the middle of a cell."""
        right = column * CELL_WIDTH + CELL_WIDTH // 2 - self._x
        down = row * CELL_HEIGHT + CELL_HEIGHT // 2 - self._y
        while right or down:
            step = [max(-FARTHEST, min(FARTHEST, way)) for way in (right, down)]
            self._machine.qmp.move_mouse(*step)
            right, down = right - step[0], down - step[1]
            self._x, self._y = self._x + step[0], self._y + step[1]

    def drag(self, start: Cell, end: Cell) -> None:
        self.to(*start)
        self._machine.qmp.set_button("left", True)
        self.to(*end)
        self._machine.qmp.set_button("left", False)
