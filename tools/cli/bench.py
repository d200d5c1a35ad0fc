"""`./nacre bench`: what is measured, against what it must reach.

Instructions are counted by QEMU with `-icount shift=0`: there the guest's clock advances one nanosecond with every
instruction, so that two runs give the same numbers on any machine. A guest reports by lines of its log,
`bench: NAME VALUE UNIT`. Each tests/bench/*.cpp is such a guest; the kernel itself reports how long it took to its
prompt when it is told `bench`.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cli import packages
from cli.build import build
from cli.emulator import Emulator
from cli.errors import UserError
from cli.machine import Machine
from cli.paths import KERNEL, KERNEL_BUILD, RAMDISK, ROOT
from cli.session import receive

LINE = re.compile(r"^bench: (?P<name>\S+) (?P<value>\d+) (?P<unit>.+?)\r?$", re.MULTILINE)
# The kernel does not end by itself.
ICOUNT = "shift=0"
SECONDS = 60.0
WALL_RUNS = 5
MIB = 2**20


@dataclass(frozen=True)
class Limit:
    """What a measurement must stay below; `scale` turns the raw value into `unit`."""

    value: float
    unit: str
    scale: float = 1


LIMITS = {
    "boot_to_prompt": Limit(30, "million instructions", 1e-6),
    "run_shell_true": Limit(1, "s"),
    "kernel_size": Limit(2, "MiB", 1 / MIB),
    "key_to_shell": Limit(3000, "instructions"),
    "host_call": Limit(500, "instructions"),
}


@dataclass(frozen=True)
class Measurement:
    name: str
    value: float
    unit: str

    def passes(self) -> bool:
        return self.name not in LIMITS or self.value < LIMITS[self.name].value

    def row(self) -> str:
        limit = f"below {LIMITS[self.name].value:g}" if self.name in LIMITS else ""
        verdict = "" if self.passes() else "MISSED"
        return f"{self.name:24} {self.value:12.6g} {self.unit:22} {limit:12} {verdict}".rstrip()


def measured(name: str, raw: float, unit: str) -> Measurement:
    limit = LIMITS.get(name)
    return Measurement(name, raw * limit.scale, limit.unit) if limit else Measurement(name, raw, unit)


def bench(options: argparse.Namespace) -> int:
    packages.ensure(packages.KERNEL, packages.EMULATOR, packages.HOSTED)
    build("kernel")
    passed = True
    wanted = set(options.names)
    for measurement in _all():
        if not wanted or measurement.name in wanted:
            print(measurement.row(), flush=True)
            passed = passed and measurement.passes()
    return 0 if passed else 1


def _all() -> Iterator[Measurement]:
    yield measured("kernel_size", KERNEL.stat().st_size, "bytes")
    yield measured("run_shell_true", _wall_time(), "s")
    yield from _counted(KERNEL, "bench")
    for image in sorted((KERNEL_BUILD / "tests/bench").glob("*.elf")):
        yield from _counted(image, "")


def _wall_time() -> float:
    """The median of some runs, everything included that a user waits for."""
    seconds = []
    for _ in range(WALL_RUNS):
        started = time.monotonic()
        done = subprocess.run([str(ROOT / "nacre"), "run", "--accel", "tcg", "--shell", "true"], check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        seconds.append(time.monotonic() - started)
        if done.returncode != 0:
            raise UserError("./nacre run --shell true failed", details=done.stderr)
    return statistics.median(seconds)


def _counted(kernel: Path, append: str) -> Iterator[Measurement]:
    """What one image reports until it ends the machine."""
    machine = Machine(kind="pc", memory="64M", accel="tcg", kernel=str(kernel), initrd=str(RAMDISK), append=append,
                      icount=ICOUNT)
    log = b""
    with Emulator(machine) as emulator:
        emulator.com1.settimeout(SECONDS)
        while data := receive(emulator.com1.recv):
            log += data
    found = list(LINE.finditer(log.decode(errors="replace")))
    if not found:
        print(f"nacre: {kernel.name} reported nothing", file=sys.stderr)
    for match in found:
        yield measured(match["name"], float(match["value"]), match["unit"])
