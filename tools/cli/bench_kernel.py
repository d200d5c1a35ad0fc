"""What is measured of the kernel: its size, what a user waits for, and instructions.

Instructions are counted by QEMU with `-icount shift=0`: there the guest's clock advances one nanosecond with every
instruction, so that two runs give the same numbers on any machine. A guest reports by lines of its log,
`bench: NAME VALUE UNIT`. Each tests/bench/*.cpp is such a guest; the kernel itself reports how long it took to its
prompt when it is told `bench`.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from cli.emulator import Emulator, ramdisk_with
from cli.errors import UserError
from cli.job import JOB_PATH, Job, Program
from cli.machine import Machine
from cli.measurement import Measurement, measured
from cli.paths import KERNEL, KERNEL_BUILD, RAMDISK, ROOT
from cli.session import receive

LINE = re.compile(r"^bench: (?P<name>\S+) (?P<value>\d+(?:\.\d+)?) (?P<unit>.+?)\r?$", re.MULTILINE)
TARGETS = ("nacre.elf", "ramdisk", "bench_images", "system_stream")
ICOUNT = "shift=0"
# The kernel does not end by itself.
SECONDS = 60.0
WALL_RUNS = 5


def reported(log: str) -> Iterator[Measurement]:
    """What the lines of a report say."""
    for match in LINE.finditer(log):
        yield measured(match["name"], float(match["value"]), match["unit"])


def kernel() -> Iterator[Measurement]:
    yield measured("kernel_size", KERNEL.stat().st_size, "bytes")
    yield measured("run_shell_true", _wall_time(), "s")
    yield from _counted(KERNEL, "bench")
    yield from _counted_program(KERNEL_BUILD / "apps/hello.wasm")
    for image in sorted((KERNEL_BUILD / "tests/bench").glob("*.elf")):
        yield from _counted(image, "")


def _wall_time() -> float:
    """The median of some runs, everything included that a user waits for."""
    return statistics.median(_seconds_of("--shell", "true") for _ in range(WALL_RUNS))


def _seconds_of(*arguments: str) -> float:
    """What a run takes that must end well."""
    started = time.monotonic()
    done = subprocess.run([str(ROOT / "nacre"), "run", "--accel", "tcg", *arguments], check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    seconds = time.monotonic() - started
    if done.returncode != 0:
        raise UserError(f"./nacre run {shlex.join(arguments)} ended with {done.returncode}", details=done.stderr)
    return seconds


def pipes() -> Iterator[Measurement]:
    """How long a GiB takes from one program to another, which compares every byte."""
    program = KERNEL_BUILD / "tests/system/stream.wasm"
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(program, folder)
        seconds = _seconds_of("--dir", f"{folder}:/try", "--shell",
                              f"/try/{program.name} source 1024 | /try/{program.name} sink 1024")
    yield measured("pipes/1GiB", seconds, "s")


def _counted(image: Path, append: str) -> Iterator[Measurement]:
    """What one image reports until it ends the machine."""
    machine = Machine(kind="pc", memory="64M", accel="tcg", kernel=str(image), initrd=str(RAMDISK), append=append,
                      icount=ICOUNT)
    log = b""
    with Emulator(machine) as emulator:
        emulator.com1.settimeout(SECONDS)
        while data := receive(emulator.com1.recv):
            log += data
    yield from _found(log, image)


def _counted_program(program: Path) -> Iterator[Measurement]:
    """What the kernel reports when a program has ended that it came up for, on the machine of `./nacre run`."""
    initrd, inherited = ramdisk_with(RAMDISK, Job(Program.read(program)).archive())
    machine = Machine(kind="microvm", memory="64M", accel="tcg", kernel=str(KERNEL), initrd=initrd,
                      append=f"job=/{JOB_PATH} bench", icount=ICOUNT)
    log = b""
    try:
        with Emulator(machine, channel=True, inherited=inherited) as emulator:
            emulator.com1.settimeout(SECONDS)
            # Afterwards it waits for its host to hear of the end.
            while not LINE.search(log.decode(errors="replace")) and (data := receive(emulator.com1.recv)):
                log += data
    finally:
        for descriptor in inherited:
            os.close(descriptor)
    yield from _found(log, KERNEL)


def _found(log: bytes, image: Path) -> Iterator[Measurement]:
    found = list(reported(log.decode(errors="replace")))
    if not found:
        print(f"nacre: {image.name} reported nothing", file=sys.stderr)
    yield from found
