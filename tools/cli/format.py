"""`./nacre format`: brings the C++ of the project into shape with clang-format, or tells what is not."""

from __future__ import annotations

import argparse
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cli import packages
from cli.errors import UserError
from cli.paths import ROOT

FOLDERS = ("apps", "kernel", "lib", "tests", "tools")
SUFFIXES = (".c", ".cpp", ".h", ".hpp")
BATCH = 16


def sources(root: Path = ROOT) -> list[str]:
    """Paths from the root."""
    found = []
    for folder in FOLDERS:
        for top, _, files in os.walk(root / folder):
            found += [os.path.relpath(os.path.join(top, name), root) for name in files if name.endswith(SUFFIXES)]
    return sorted(found)


def format(options: argparse.Namespace) -> int:
    packages.ensure(packages.FORMATTER)
    how = ["--dry-run", "-Werror"] if options.check else ["-i"]
    files = sources()
    batches = [files[at:at + BATCH] for at in range(0, len(files), BATCH)]

    def run(batch: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run([f"{packages.LLVM_PREFIX}/bin/clang-format", *how, *batch], cwd=ROOT, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        done = list(pool.map(run, batches))
    if any(batch.returncode != 0 for batch in done):
        raise UserError("some files are not in shape; ./nacre format mends that" if options.check
                        else "clang-format failed", details="".join(batch.stderr for batch in done))
    return 0
