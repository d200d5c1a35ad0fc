"""What is measured of the WebAssembly engine on the host.

Everything is a ratio to something that the same processor does in the same minutes: programs to their native builds,
loading to copying, memory to the size of the module. Times are processor time, and what is compared is interleaved, so
that other work on the machine falls on both sides.
"""

from __future__ import annotations

import json
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cli.bench_kernel import reported
from cli.errors import UserError
from cli.measurement import (Measurement, ProgramRun, geometric_mean, is_selected, measured, parse_program_run,
                             ratio_of_rounds)
from cli.paths import ENGINE_BUILD, ROOT

PROGRAMS = ENGINE_BUILD / "tests/bench/programs"
HOSTED = ENGINE_BUILD / "tests/bench/hosted"
TARGETS = ("wasmrun", "bench_programs", "bench_load", "bench_memory", "bench_heap")
SECONDS = 300.0
# Where compilers inline through recursion or a table, and so change what is compared.
DISTORTING = ("fib", "vtable")


@dataclass(frozen=True)
class Engine:
    """Something that runs a program of the benchmarks: `command` and the file behind it."""

    name: str
    command: tuple[str, ...]


NACRE = Engine("nacre", (str(ENGINE_BUILD / "tools/wasmrun/wasmrun"),))
# Engines that a machine may have. Debian's wasm-interp is built without WASI.
PEERS = (Engine("v8", ("node", "--no-warnings", str(ROOT / "tests/bench/programs/node.mjs"))),)


def peers() -> list[Engine]:
    """The other engines that this machine has; says which it has not."""
    there = [engine for engine in PEERS if shutil.which(engine.command[0])]
    for engine in PEERS:
        if engine not in there:
            print(f"nacre: not compared with {engine.name}: {engine.command[0]} is not installed", file=sys.stderr)
    return there


@dataclass
class Times:
    """What the rounds of one program took, natively and in each engine, in microseconds of processor time."""

    native: list[float] = field(default_factory=list)
    engines: dict[str, list[float]] = field(default_factory=dict)


def programs(folder: str, group: str, others: Sequence[Engine], rounds: int,
             wanted: Sequence[str]) -> Iterator[Measurement]:
    """The programs of a folder in the engine as `GROUP/NAME`, and in other engines as `GROUP/NAME@ENGINE`, in native
    times; then the geometric means."""
    ratios: dict[str, dict[str, float]] = {}
    refusals: dict[str, list[str]] = {}
    for module in sorted((PROGRAMS / folder).glob("*.wasm")):
        if not is_selected(f"{group}/{module.stem}", [one for one in wanted if not one.startswith(f"{group}/mean")]):
            continue
        times = _interleaved(module, (NACRE, *others), rounds, refusals)
        for engine, taken in times.engines.items():
            ratio = ratio_of_rounds(taken, times.native)
            ratios.setdefault(engine, {})[module.stem] = ratio
            yield measured(f"{group}/{module.stem}{_suffix(engine)}", ratio, "x native")
    for reason, refused in refusals.items():
        print(f"nacre: {group}: not counted, {reason}: {', '.join(refused)}", file=sys.stderr)
    for engine, of_programs in ratios.items():
        yield from _means(group, _suffix(engine), of_programs)


def _suffix(engine: str) -> str:
    return "" if engine == NACRE.name else f"@{engine}"


def _means(group: str, suffix: str, ratios: Mapping[str, float]) -> Iterator[Measurement]:
    yield measured(f"{group}/mean{suffix}", geometric_mean(ratios.values()), "x native")
    plain = [ratio for name, ratio in ratios.items() if name not in DISTORTING]
    if plain and len(plain) != len(ratios):
        yield measured(f"{group}/mean_but_{'_'.join(DISTORTING)}{suffix}", geometric_mean(plain), "x native")


def _interleaved(module: Path, engines: Sequence[Engine], rounds: int, refusals: dict[str, list[str]]) -> Times:
    """Runs everything once a round. An engine that refuses the program is left out and named in `refusals`."""
    times = Times()
    running = list(engines)
    for _ in range(rounds):
        native = _run((str(module.with_suffix("")),))
        if isinstance(native, str):
            raise UserError(f"{module.stem} does not run natively: {native}")
        times.native.append(native.time())
        for engine in list(running):
            run = _run((*engine.command, str(module)))
            if isinstance(run, str):
                running.remove(engine)
                refusals.setdefault(f"{engine.name} says `{run}`", []).append(module.stem)
            elif run.checksum != native.checksum:
                raise UserError(f"{module.stem} computes {run.checksum} in {engine.name}, {native.checksum} natively")
            else:
                times.engines.setdefault(engine.name, []).append(run.time())
    return times


def _run(command: Sequence[str]) -> ProgramRun | str:
    """What the program printed, or why there is nothing."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                              check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return f"nothing within {SECONDS:.0f} s"
    if run := parse_program_run(done.stdout):
        return run
    return refusal_of(done.stderr) or f"status {done.returncode}"


def refusal_of(complaint: str) -> str:
    """The last line without the file and the offset, so that programs that are refused for one reason share a line."""
    last = (complaint.strip().splitlines() or [""])[-1]
    return re.sub(r",? at byte \w+", "", last.rpartition(".wasm: ")[2])


def loading(rounds: int) -> Iterator[Measurement]:
    """Decoding and validating in times of a copy, and how much of a module is loaded in a second."""
    command = [str(HOSTED / "bench_load"), "--benchmark_format=json", "--benchmark_min_time=0.05",
               f"--benchmark_repetitions={rounds}", "--benchmark_enable_random_interleaving=true"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise UserError("bench_load failed", details=done.stderr)
    yield from loading_of(json.loads(done.stdout)["benchmarks"])


def loading_of(runs: Sequence[Mapping[str, object]]) -> Iterator[Measurement]:
    """The same of what Google Benchmark reported of its repetitions."""
    milliseconds: dict[str, dict[str, list[float]]] = {}
    sizes: dict[str, float] = {}
    refused = set()
    for run in runs:
        if run["run_type"] != "iteration":
            continue
        work, _, module = str(run["name"]).partition("/")
        if run.get("error_occurred"):
            refused.add(module)
            continue
        time = float(str(run["cpu_time"]))
        milliseconds.setdefault(module, {}).setdefault(work, []).append(time)
        sizes[module] = float(str(run["bytes_per_second"])) * time / 1000
    for module in sorted(refused):
        print(f"nacre: load/{module}: not measured, the engine refuses it", file=sys.stderr)
    for module in sorted(milliseconds.keys() - refused, key=sizes.__getitem__):
        works = milliseconds[module]
        copy, decode, validate = (statistics.median(works[work]) for work in ("copy", "decode", "validate"))
        yield measured(f"load/decode/{module}", decode / copy, "x a copy")
        yield measured(f"load/validate/{module}", validate / copy, "x a copy")
        yield measured(f"load/{module}", sizes[module] / (decode + validate) * 1000, "bytes/s")


def memory() -> Iterator[Measurement]:
    """What modules take in the engine, in multiples of their size."""
    yield from _reports_of("bench_memory")


def heap() -> Iterator[Measurement]:
    """The kernel's heap beside `malloc`, on the same calls."""
    yield from _reports_of("bench_heap")


def _reports_of(program: str) -> Iterator[Measurement]:
    done = subprocess.run([str(HOSTED / program)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          errors="replace", check=False)
    if done.returncode != 0:
        raise UserError(f"{program} failed", details=done.stderr)
    for line in done.stdout.splitlines():
        if line.startswith("nacre: "):
            print(line, file=sys.stderr)
    yield from reported(done.stdout)
