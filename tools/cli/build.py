"""Builds what is stale: CMake configures a preset when that is needed, Ninja does the rest.

Ninja is called directly: when nothing changed, that is most of what a build costs.
"""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cli.errors import UserError
from cli.paths import BUILD, ROOT

# Until then nobody needs to be told that something is being built.
QUIET_SECONDS = 1.5
PROGRESS = re.compile(r"\[(\d+)/(\d+)\] ")


def build(preset: str, targets: Sequence[str] = ()) -> Path:
    """Brings `targets` (everything, if empty) of a preset up to date and returns the build folder.

    Raises UserError with the compiler's output. Calls that run at the same time wait for each other.
    """
    folder = BUILD / preset
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        if _needs_configuring(folder):
            _configure(preset)
        run_step(preset, ["ninja", "-C", str(folder), *targets])
    return folder


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    with open(folder / ".nacre-lock", "w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _needs_configuring(folder: Path) -> bool:
    """Ninja itself notices changed CMake lists, but not changed presets."""
    try:
        configured = (folder / "build.ninja").stat().st_mtime
    except FileNotFoundError:
        return True
    return (ROOT / "CMakePresets.json").stat().st_mtime > configured


def _configure(preset: str) -> None:
    run_step(preset, ["cmake", "--preset", preset])
    os.utime(BUILD / preset / "build.ninja")


def run_step(name: str, command: list[str]) -> None:
    """Runs a step of the build; shows how far it is when it takes long, and its output when it fails."""
    started = time.monotonic()
    output: list[str] = []
    progress = _Progress(name, started)
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace") as process:
        assert process.stdout is not None
        for line in process.stdout:
            if step := PROGRESS.match(line):
                progress.show(step[1], step[2])
            else:
                output.append(line)
    progress.clear()
    if process.returncode != 0:
        raise UserError(f"building {name} failed (`{' '.join(command)}`)", details="".join(output))


class _Progress:
    """A line that is overwritten on a terminal; elsewhere one line when a build begins to take long."""

    def __init__(self, name: str, started: float) -> None:
        self._name = name
        self._quiet_until = started + QUIET_SECONDS
        self._on_terminal = sys.stderr.isatty()
        self._shown = False

    def show(self, done: str, total: str) -> None:
        if time.monotonic() < self._quiet_until:
            return
        if self._on_terminal:
            print(f"\r\x1b[Knacre: building {self._name} {done}/{total}", end="", file=sys.stderr, flush=True)
        elif not self._shown:
            print(f"nacre: building {self._name}", file=sys.stderr, flush=True)
        self._shown = True

    def clear(self) -> None:
        if self._shown and self._on_terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
