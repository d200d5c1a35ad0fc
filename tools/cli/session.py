"""What runs of both kinds share: signals, the timeout, the picture of the screen at the end."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cli import terminal
from cli.emulator import Emulator
from cli.errors import INTERRUPTED, NACRE_FAILED, TIMED_OUT
from cli.loop import CHUNK, Loop, Outlet
from cli.qmp import QmpError
from cli.wakeup import signals

BROKEN_PIPE = 128 + signal.SIGPIPE


@dataclass(frozen=True)
class Conditions:
    """What holds for a run of either kind."""

    verbose: bool = False
    timeout: float | None = None
    screenshot: Path | None = None
    stdin: int = 0
    stdout: int = 1
    stderr: int = 2


def say(text: str) -> None:
    print(f"nacre: {text}", file=sys.stderr, flush=True)


def receive(recv: Callable[[int], bytes]) -> bytes:
    """What a socket has; nothing at its end, and when QEMU ended without reading everything."""
    try:
        return recv(CHUNK)
    except OSError:
        return b""


class Session:
    """A run that is under way: a loop that ends with the status for the command to exit with."""

    def __init__(self, emulator: Emulator, conditions: Conditions) -> None:
        self._emulator = emulator
        self._conditions = conditions
        self._loop = Loop()
        self._ending = False
        self._stdout = Outlet(self._loop, conditions.stdout, lambda: self._loop.stop(BROKEN_PIPE))
        self._stderr = Outlet(self._loop, conditions.stderr, lambda: None)

    def run(self) -> int:
        if self._conditions.timeout is not None:
            self._loop.after(self._conditions.timeout, self._time_is_up)
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGWINCH)
        with terminal.restored(self._conditions.stdin), signals(*numbers) as wakeup:
            self._loop.on_readable(wakeup, lambda: self._on_signals(os.read(wakeup, 64)))
            self._begin()
            return self._loop.run()

    def _begin(self) -> None:
        raise NotImplementedError

    def _on_window_change(self) -> None:
        pass

    def _on_interrupt(self) -> None:
        self._end(INTERRUPTED)

    def _on_signals(self, numbers: bytes) -> None:
        for number in numbers:
            if number == signal.SIGWINCH:
                self._on_window_change()
            elif number == signal.SIGINT:
                self._on_interrupt()
            else:
                self._loop.stop(128 + number)

    def _time_is_up(self) -> None:
        self._stderr.write(f"nacre: timed out after {self._conditions.timeout:g} s\n".encode())
        self._end(TIMED_OUT)
        # Should nobody read what is still to be written.
        self._loop.after(1, lambda: self._loop.stop(TIMED_OUT))

    def _end(self, status: int) -> None:
        """The orderly end: takes the picture of the screen, and lets everything out that was written."""
        if self._ending:
            return
        self._ending = True
        if self._conditions.screenshot and self._emulator.qmp:
            try:
                self._emulator.qmp.screenshot(self._conditions.screenshot)
            except QmpError as error:
                self._stderr.write(f"nacre: no screenshot: {error}\n".encode())
                status = status or NACRE_FAILED
        self._stdout.when_empty(lambda: self._stderr.when_empty(lambda: self._loop.stop(status)))
