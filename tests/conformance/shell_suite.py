#!/usr/bin/env python3
"""Runs scripts in our shell and in dash, and compares what they write and end with.

    shell_suite.py FOLDER LEDGER RUNNER
    shell_suite.py --write-cases FOLDER INTO

A script of FOLDER holds cases, each begun by a line `#: NAME`. Where the two differ, and that is right so, the ledger
has a line `FILE: NAME: REASON`; a case that is in there and does not differ is as wrong as one that differs and is not.
The second form writes a file for each case, for the fuzzer to begin with.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77
SECONDS = 60


def cases_of(path):
    """Name and text of each case."""
    cases = {}
    name = None
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.startswith("#: "):
            name = line[3:].strip()
            assert name not in cases, f"{path.name}: {name}: there are two"
            cases[name] = ""
        elif name is not None:
            cases[name] += line
    return cases


def outcome(command, script, folder):
    """Output, status, and whether anything was told on the error stream."""
    done = subprocess.run(command, input=script.encode(), cwd=folder, capture_output=True, timeout=SECONDS, check=False,
                          env={"PATH": "/usr/bin:/bin", "HOME": "/", "LC_ALL": "C"})
    return done.stdout.decode(errors="replace"), done.returncode, "tells" if done.stderr else "silent"


def in_dash(script):
    with tempfile.TemporaryDirectory() as folder:
        return outcome(["dash", "-c", script], "", folder)


def write_cases(folder, into):
    into.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.glob("*.sh")):
        for number, script in enumerate(cases_of(path).values()):
            # The fuzzer takes the first byte for something else.
            (into / f"{path.stem}_{number}").write_text("\n" + script, encoding="utf-8")
    return 0


def main():
    if sys.argv[1] == "--write-cases":
        return write_cases(Path(sys.argv[2]), Path(sys.argv[3]))
    folder, ledger_path, runner = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    if shutil.which("dash") is None:
        print("skipped: there is no dash")
        return SKIPPED
    ledger = {}
    for line in ledger_path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            file, name, reason = line.split(": ", 2)
            assert reason, line
            ledger[file, name] = reason
    complaints, lines, count = [], 0, 0
    for path in sorted(folder.glob("*.sh")):
        for name, script in cases_of(path).items():
            count += 1
            lines += sum(1 for line in script.splitlines() if line.strip() and not line.lstrip().startswith("#"))
            ours, theirs = outcome([runner], script, folder), in_dash(script)
            known = ledger.pop((path.name, name), None)
            if ours != theirs and known is None:
                complaints.append(f"{path.name}: {name}:\n  ours {ours}\n  dash {theirs}")
            elif ours == theirs and known is not None:
                complaints.append(f"{path.name}: {name}: does not differ any more")
    complaints += [f"{file}: {name}: there is no such case" for file, name in ledger]
    print("\n".join(complaints))
    print(f"{count} cases of {lines} lines, {len(complaints)} complaints")
    return 1 if complaints or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
