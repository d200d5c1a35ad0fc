"""A measured value, and what it must reach: pure functions."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MIB = 2**20
# Of the repetitions in a process, those before are for caches, pages and compilers to warm up.
LAST_REPETITIONS = 3


@dataclass(frozen=True)
class Limit:
    """What a measurement must reach: stay below `value`, or above it. A `goal` is what it should reach, and missing
    that is no failure; a limit may be a goal only. `scale` turns the raw value into `unit`."""

    value: float | None = None
    unit: str = ""
    scale: float = 1
    goal: float | None = None
    above: bool = False

    def reached(self, value: float, bound: float | None) -> bool:
        return bound is None or (value > bound if self.above else value < bound)

    def text(self) -> str:
        side = "above" if self.above else "below"
        parts = [] if self.value is None else [f"{side} {self.value:g}"]
        if self.goal is not None:
            parts.append(f"goal {self.goal:g}" if parts else f"goal {side} {self.goal:g}")
        return ", ".join(parts)


# By name; `GROUP/*` stands for all of a group that have none of their own.
LIMITS = {
    "boot_to_prompt": Limit(30, "million instructions", 1e-6),
    "run_shell_true": Limit(1, "s"),
    "kernel_size": Limit(2, "MiB", 1 / MIB),
    "key_to_shell": Limit(3000, "instructions"),
    "terminal_scroll_full_screen": Limit(200, "% of memcpy"),
    "host_call": Limit(500, "instructions"),
    "clock_time_get": Limit(300, "instructions"),
    "boot_to_end_of_program": Limit(15, "million instructions", 1e-6),
    "instantiate_small": Limit(50_000, "instructions"),
    "tar_member": Limit(3000, "instructions"),
    "lookup_ratio": Limit(2, "x"),
    "interpreter/mean": Limit(25, "x native", goal=12),
    "load/*": Limit(None, "MB/s", 1e-6, goal=100, above=True),
    "memory/ran/*": Limit(None, "x the module", goal=3),
    "memory/peak/*": Limit(None, "x the module", goal=3),
}


def limit_of(name: str) -> Limit | None:
    return LIMITS.get(name) or LIMITS.get(name.rpartition("/")[0] + "/*")


@dataclass(frozen=True)
class Measurement:
    name: str
    value: float
    unit: str

    def passes(self) -> bool:
        limit = limit_of(self.name)
        return limit is None or limit.reached(self.value, limit.value)

    def row(self) -> str:
        limit = limit_of(self.name)
        verdict = ""
        if limit is not None and not self.passes():
            verdict = "MISSED"
        elif limit is not None and not limit.reached(self.value, limit.goal):
            verdict = "short of the goal"
        bound = limit.text() if limit else ""
        return f"{self.name:36} {self.value:12.6g} {self.unit:22} {bound:18} {verdict}".rstrip()


def measured(name: str, raw: float, unit: str) -> Measurement:
    limit = limit_of(name)
    return Measurement(name, raw * limit.scale, limit.unit) if limit else Measurement(name, raw, unit)


def is_selected(name: str, wanted: Iterable[str]) -> bool:
    """Nothing wanted is everything; else `name`, or a group that it is in, is wanted."""
    wanted = tuple(wanted)
    return not wanted or any(name == one or name.startswith(one + "/") for one in wanted)


def may_hold(group: str, wanted: Iterable[str]) -> bool:
    """Whether a wanted name can be in `group`, whose names begin with `GROUP/`."""
    wanted = tuple(wanted)
    return not wanted or any(one == group or one.startswith(group + "/") for one in wanted)


@dataclass(frozen=True)
class ProgramRun:
    """What a benchmark program said of itself."""

    name: str
    checksum: str
    microseconds: tuple[int, ...]

    def time(self) -> float:
        return statistics.median(self.microseconds[-LAST_REPETITIONS:])


def parse_program_run(line: str) -> ProgramRun | None:
    """`NAME CHECKSUM T1 T2 …`; None where that is not what the line is."""
    words = line.split()
    if len(words) < 3 or not all(word.isdecimal() for word in words[1:]):
        return None
    return ProgramRun(words[0], words[1], tuple(map(int, words[2:])))


def ratio_of_rounds(times: Sequence[float], native: Sequence[float]) -> float:
    """The median of some rounds' times in native times of the same rounds."""
    return statistics.median(times) / statistics.median(native)


def geometric_mean(values: Iterable[float]) -> float:
    return statistics.geometric_mean(values)
