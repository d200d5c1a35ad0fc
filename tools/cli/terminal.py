"""The terminal that the command was started in."""

from __future__ import annotations

import os
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def restored(descriptor: int) -> Iterator[None]:
    """Whatever happens inside, the terminal's modes are afterwards what they were. No terminal: nothing."""
    try:
        before = termios.tcgetattr(descriptor)
    except termios.error:
        yield
        return
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def make_raw(descriptor: int) -> None:
    """Keys go to the guest one by one and unchanged, Ctrl-C too. Only inside `restored`."""
    if os.isatty(descriptor):
        tty.setraw(descriptor, termios.TCSADRAIN)


def size(descriptor: int) -> tuple[int, int] | None:
    """Columns and rows, or None where there is no terminal."""
    try:
        columns, rows = os.get_terminal_size(descriptor)
    except OSError:
        return None
    return columns, rows


class LeaveKey:
    """Finds Ctrl-A x in what is typed; Ctrl-A Ctrl-A stands for one Ctrl-A."""

    PREFIX = 0x01

    def __init__(self) -> None:
        self._prefixed = False

    def feed(self, data: bytes) -> tuple[bytes, bool]:
        """What goes to the guest, and whether the user leaves."""
        passed = bytearray()
        for byte in data:
            if not self._prefixed:
                self._prefixed = byte == self.PREFIX
                if self._prefixed:
                    continue
            elif byte in b"xX":
                return bytes(passed), True
            elif byte != self.PREFIX:
                passed.append(self.PREFIX)
            self._prefixed = False
            passed.append(byte)
        return bytes(passed), False
