#!/usr/bin/env python3
"""The official WASI tests and the real programs: each is run, and its exit status and output are compared.

    wasi_suite.py [--seconds N] [--only PART] (wasi|programs) FOLDER LEDGER RUNNER...

RUNNER runs one program as `wasmrun` and `./nacre run` do: `RUNNER [--env K=V] [--dir HOST(::|:)GUEST] FILE -- ARGS`.
The ledger has a line `NAME pass` or `NAME fail: WHY` for each test; what it says passes must pass, and what passes
and is not said to is named, too, so that it only improves. `NAME skip: WHY` is not run, and counted; `NAME unordered`
passes if its lines are right in any order, for programs that list a directory, which has none. `NAME slow` passes, and
is run where NACRE_SLOW_TESTS is set, with more time; elsewhere it is skipped, and counted.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

# As CTest is told.
SKIPPED = 77
# How much longer a test may take that is known to take long.
SLOW_FACTOR = 5


@dataclass(frozen=True)
class Test:
    """One run of one program, and what it must come to."""

    name: str
    program: Path
    arguments: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    root: Path | None = None
    stdin: bytes = b""
    status: int | None = 0
    # None where nothing is said about it.
    stdout: bytes | None = None
    digest: str | None = None
    hash: str = "sha256"

    def complaint(self, status: int, stdout: bytes, unordered: bool) -> str | None:
        """What is wrong with how it ended, in a line."""
        if self.status is not None and status != self.status:
            return f"exit status {status} and not {self.status}"
        if unordered and self.stdout is not None and sorted(stdout.split(b"\n")) == sorted(self.stdout.split(b"\n")):
            return None
        if self.stdout is not None and stdout != self.stdout:
            at = next((i for i, (a, b) in enumerate(zip(stdout, self.stdout)) if a != b),
                      min(len(stdout), len(self.stdout)))
            return f"stdout is otherwise from byte {at} on: {stdout[at:at + 60]!r}"
        if self.digest is not None and hashlib.new(self.hash, stdout).hexdigest() != self.digest:
            return f"stdout is otherwise ({len(stdout)} bytes)"
        return None


def wasi_tests(folder: Path) -> Iterator[Test]:
    """Those of the official suite, by the form of its specification.md."""
    for program in sorted(folder.glob("*/*.wasm")):
        description = program.with_suffix(".json")
        what = json.loads(description.read_text()) if description.exists() else {}
        if "operations" in what:
            raise SystemExit(f"{description}: the form with operations is not known here")
        stdout = what.get("stdout")
        yield Test(name=str(program.relative_to(folder).with_suffix("")), program=program,
                   arguments=tuple(what.get("args", ())), environment=what.get("env", {}),
                   root=program.parent / what["root"] if what.get("root") else None,
                   status=what.get("exit_code", 0), stdout=None if stdout is None else stdout.encode())


def program_tests(folder: Path) -> Iterator[Test]:
    """Each test of each program, in both encodings of exceptions where there are two."""
    for description in sorted(folder.glob("*/program.json")):
        what = json.loads(description.read_text())
        for binary in ("prog.wasm", "prog.exnref.wasm"):
            program = description.parent / binary
            if not program.exists():
                continue
            for number, test in enumerate(what["tests"]):
                suffix = "" if binary == "prog.wasm" else ".exnref"
                stdin = test.get("stdin", "").encode("utf-8", "surrogateescape")
                if test.get("stdin_file"):
                    stdin = (description.parent / test["stdin_file"]).read_bytes()
                stdout = test.get("stdout")
                # What refuses the older interface says nothing about programs that want it; their own tests do.
                unstable = "wasi_unstable" in what["language"]
                if unstable:
                    stdout = None
                yield Test(name=f"{what['id']}{suffix}/{number}", program=program,
                           arguments=tuple(test.get("args", ())), environment=test.get("env", {}),
                           root=description.parent / test["root"] if test.get("root") else None, stdin=stdin,
                           status=None if unstable or test.get("anyrc") else test["exit_code"],
                           stdout=None if stdout is None or test.get("nondet") else
                           stdout.encode("utf-8", "surrogateescape"),
                           digest=test.get("sha1") if unstable else
                           None if test.get("nondet") else test.get("stdout_sha256"),
                           hash="sha1" if unstable else "sha256")


def command_of(test: Test, runner: list[str], empty: str) -> list[str]:
    # `./nacre run` separates with one colon, `wasmrun` as other engines do with two.
    colon = ":" if "run" in runner[1:] else "::"
    command = list(runner)
    for name, value in test.environment.items():
        command += ["--env", f"{name}={value}"]
    if test.root:
        # A folder with nothing in it may not have come along.
        command += ["--dir", f"{test.root if test.root.is_dir() else empty}{colon}/"]
    return [*command, str(test.program), "--", *test.arguments]


def run(test: Test, runner: list[str], seconds: float, unordered: bool) -> str | None:
    try:
        with tempfile.TemporaryDirectory() as empty:
            done = subprocess.run(command_of(test, runner, empty), input=test.stdin, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return f"took more than {seconds:.0f} s"
    complaint = test.complaint(done.returncode, done.stdout, unordered)
    if complaint and done.stderr:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        complaint += "; " + " | ".join(line.strip() for line in lines[:3])
    return complaint


def read_ledger(path: Path) -> dict[str, str]:
    lines = (line.strip() for line in path.read_text().splitlines())
    return dict(line.split(" ", 1) for line in lines if line and not line.startswith("#"))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("suite", choices=("wasi", "programs"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("ledger", type=Path)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--only", default="")
    parser.add_argument("runner", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    if not options.folder.is_dir():
        print(f"{options.suite}: skipped, there is no {options.folder}")
        return SKIPPED
    ledger = read_ledger(options.ledger)
    tests = wasi_tests(options.folder) if options.suite == "wasi" else program_tests(options.folder)
    passed = skipped = slow = 0
    known: list[str] = []
    worse: list[str] = []
    better: list[str] = []
    for test in tests:
        if options.only and options.only not in test.name:
            continue
        expected = ledger.pop(test.name, "missing")
        if expected == "slow" and not os.environ.get("NACRE_SLOW_TESTS"):
            skipped += 1
            slow += 1
            continue
        if expected.startswith("skip"):
            skipped += 1
            print(f"skipped {test.name}: {expected.partition(': ')[2]}")
            continue
        seconds = SLOW_FACTOR * options.seconds if expected == "slow" else options.seconds
        complaint = run(test, options.runner, seconds, expected == "unordered")
        passed += complaint is None
        if complaint is None and expected not in ("pass", "unordered", "slow"):
            better.append(test.name)
        elif complaint is not None:
            (known if expected.startswith("fail") else worse).append(test.name)
            print(f"{'fails, as is known:' if expected.startswith('fail') else 'FAILED'} {test.name}: {complaint}",
                  flush=True)
    for name in better:
        print(f"{name} passes, and the ledger does not say so")
    gone = [] if options.only else list(ledger)
    for name in gone:
        print(f"{name} is in the ledger and nowhere else")
    if slow:
        print(f"skipped {slow} that take long: NACRE_SLOW_TESTS=1 runs them")
    print(f"{options.suite}: {passed} passed, {len(known) + len(worse)} failed, {skipped} skipped")
    return 1 if worse or better or gone else 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
