"""`./nacre test`: builds what the suites need and runs them with CTest."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cli import packages, test_report
from cli.build import build
from cli.errors import UserError
from cli.packages import Need

# A suite is a CTest label; these are the presets that have tests of it.
SUITES: dict[str, tuple[str, ...]] = {
    "unit": ("host", "host-tsan"),
    "boot": ("kernel", "kernel-ubsan"),
    "system": ("kernel",),
    "structure": ("kernel",),
    "conformance": ("host", "host-release"),
    "wasi": ("host-release", "kernel"),
    "programs": ("host-release", "kernel"),
    "wasm4": ("host-release", "kernel"),
    "fuzz": ("host",),
}
# What to build of a preset: `FOLDER/all` is what is defined below that folder, with all that it needs.
TARGETS: dict[str, tuple[str, ...]] = {
    "kernel-ubsan": ("tests/boot/all",), "host": ("tests/unit/all", "tests/conformance/all", "tests/fuzz/all"), "host-tsan": ("tests/unit/all",),
    "host-release": ("tests/conformance/all", "tools/wasmrun/all")}
NEEDS: dict[str, Sequence[Need]] = {
    "kernel": packages.KERNEL + packages.EMULATOR + packages.IMAGE + packages.UEFI + packages.UNPACKER +
    packages.FORMATTER + packages.HOSTED,
    "kernel-ubsan": packages.KERNEL + packages.EMULATOR + packages.HOSTED,
    "host": packages.HOSTED, "host-tsan": packages.HOSTED, "host-release": packages.HOSTED,
}


@dataclass(frozen=True)
class Outcome:
    """How one preset's tests of some suites ended."""

    preset: str
    suites: tuple[str, ...]
    passed: bool
    build_seconds: float
    seconds: float
    failures: Sequence[test_report.Failure] = ()


def test(options: argparse.Namespace) -> int:
    suites = tuple(dict.fromkeys(options.suites)) or tuple(SUITES)
    if unknown := [suite for suite in suites if suite not in SUITES]:
        raise UserError(f"no suite is called {unknown[0]} (there are {', '.join(SUITES)})")
    presets = [preset for preset in ("kernel", "kernel-ubsan", "host", "host-tsan", "host-release")
               if any(preset in SUITES[suite] for suite in suites)]
    packages.ensure(*(NEEDS[preset] for preset in presets))
    outcomes = []
    found: set[str] = set()
    for preset in presets:
        here = tuple(suite for suite in suites if preset in SUITES[suite])
        started = time.monotonic()
        try:
            folder = build(preset, TARGETS.get(preset, ()))
        except UserError as error:
            # The other presets may still tell something.
            sys.stderr.write(f"{error.details}nacre: {error}\n")
            found.update(here)
            outcomes.append(Outcome(preset, here, False, time.monotonic() - started, 0))
            continue
        built = time.monotonic() - started
        present = tuple(suite for suite in here if suite in labels(folder))
        if present:
            found.update(present)
            outcomes.append(_run(preset, folder, present, built))
    for suite in suites:
        if suite not in found:
            print(f"nacre: {suite}: skipped, there are no such tests yet")
    return _summary(outcomes)


def labels(folder: Path) -> set[str]:
    """The labels of all tests in a build folder."""
    done = subprocess.run(["ctest", "--test-dir", str(folder), "--show-only=json-v1"], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise UserError("ctest cannot list its tests", details=done.stderr)
    properties = (entry for one in json.loads(done.stdout)["tests"] for entry in one.get("properties", ()))
    return {label for entry in properties if entry["name"] == "LABELS" for label in entry["value"]}


def _run(preset: str, folder: Path, suites: tuple[str, ...], build_seconds: float) -> Outcome:
    print(f"nacre: {', '.join(suites)} ({preset})", flush=True)
    started = time.monotonic()
    report = folder / "Testing/report.xml"
    report.unlink(missing_ok=True)
    command = ["ctest", "--test-dir", str(folder), "-L", f"^({'|'.join(suites)})$", "--output-on-failure",
               "--no-tests=error", "--output-junit", str(report), "-j", str(os.cpu_count() or 1)]
    if {"conformance", "wasi", "programs"}.intersection(suites):
        command.append("--verbose")  # A score is worth seeing when it is good, too, and so are its skips.
    status = subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode
    failures = test_report.failures(report) if status != 0 else ()
    return Outcome(preset, suites, status == 0, build_seconds, time.monotonic() - started, failures)


def _summary(outcomes: Sequence[Outcome]) -> int:
    print("\nnacre: summary")
    for outcome in outcomes:
        verdict = "passed" if outcome.passed else "FAILED"
        print(f"  {verdict}  {outcome.preset:13} {', '.join(outcome.suites)} ({outcome.seconds:.0f} s, after {outcome.build_seconds:.0f} s of building)")
        for line in test_report.closing_lines(outcome.failures):
            print(f"    {line}")
    sys.stdout.flush()
    failed = not outcomes or not all(outcome.passed for outcome in outcomes)
    print("nacre: " + ("nothing was tested" if not outcomes else "some tests failed" if failed else "all tests passed"))
    return 1 if failed else 0
