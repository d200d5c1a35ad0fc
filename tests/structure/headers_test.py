#!/usr/bin/env python3
"""Each header compiles alone, with the kernel's flags where it is part of the kernel, else with the host's.

Where a source of the same name includes it first, the build has shown that already; where a header that is looked at
does, it needs no look of its own. What all sources get unasked, checks.check_precompiled looks at.
"""

import json
import os
import re
import shlex
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from checks import PRECOMPILED_FOR_TESTS

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("NACRE_KERNEL_BUILD", ROOT / "build/kernel"))

IN_KERNEL = ("lib/", "kernel/", "tests/boot/", "tests/bench/", "tests/support/boot_test.hpp",
             "tests/support/program_machine.hpp")
HOSTED = "tests/bench/hosted/"
# Headers of the C library and of libc++'s configuration are not included on their own; guests have another compiler.
LEFT_OUT = ("kernel/runtime/libc/", "kernel/runtime/libcxx/", "apps/")
# A file that the kernel's flags are taken from.
SAMPLE = "lib/base/format.cpp"


def in_kernel(path):
    return path.startswith(IN_KERNEL) and not path.startswith(HOSTED)


def headers():
    paths = (str(path.relative_to(ROOT)) for folder in ("lib", "kernel", "tests", "tools")
             for path in sorted((ROOT / folder).rglob("*.hpp")))
    all_of_them = [path for path in paths if not path.startswith(LEFT_OUT)]
    # By those that have the same flags.
    shown = {(first_included(ROOT / path), in_kernel(path)) for path in all_of_them}
    return [path for path in all_of_them if (path, in_kernel(path)) not in shown and not is_first_in_its_source(path)]


def first_included(file):
    found = re.search(r'^#include ["<](.*)[">]', file.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else None


def is_first_in_its_source(header):
    """Whether the source of the same name begins with it: whoever compiles that has seen that the header does."""
    source = (ROOT / header).with_suffix(".cpp")
    return source.exists() and first_included(source) == header


def kernel_command():
    """How the kernel's sources are compiled, without source and output."""
    commands = json.loads((BUILD / "compile_commands.json").read_text(encoding="utf-8"))
    words = next(shlex.split(entry["command"]) for entry in commands if entry["file"].endswith(SAMPLE))
    return words[:words.index("-o")]


def host_command(folder):
    """How sources on the host are compiled; what all of them get unasked is parsed once, into a file in the folder."""
    compiler, *words = kernel_command()
    warnings = [word for word in words if word.startswith("-W") and word != "-Winvalid-pch"]
    command = [compiler, "-std=c++23", "-stdlib=libc++", "-fno-exceptions", "-fno-rtti", f"-I{ROOT}",
               "-DNACRE_HOSTED=1", "-DNACRE_SHARED_DIR=\"\"", "-DNACRE_SOURCE_DIR=\"\"",
               "-isystem/usr/src/googletest/googletest/include", *warnings]
    common = Path(folder) / "common.hpp"
    lines = ["#pragma once", *(f"#include <{name}>" for name in PRECOMPILED_FOR_TESTS)]
    common.write_text("\n".join(lines) + "\n", encoding="utf-8")
    subprocess.run([*command, "-x", "c++-header", common, "-o", f"{common}.pch"], cwd=BUILD, check=True)
    return [*command, "-include-pch", f"{common}.pch"]


def complaints_about(header, command):
    """Compiles a source that includes the header twice and nothing else."""
    with tempfile.NamedTemporaryFile("w", suffix=".cpp") as source:
        source.write(f'#include "{header}"\n' * 2)
        source.flush()
        done = subprocess.run([*command, "-fsyntax-only", source.name], stdin=subprocess.DEVNULL, cwd=BUILD,
                              capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else ""


class HeadersTest(unittest.TestCase):
    def check(self, command, paths):
        self.assertTrue(paths)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            found = pool.map(lambda path: complaints_about(path, command), paths)
        self.assertEqual("", "".join(found))

    def test_on_the_host(self):
        with tempfile.TemporaryDirectory() as folder:
            self.check(host_command(folder), [path for path in headers() if not in_kernel(path)])

    def test_in_the_kernel(self):
        self.check(kernel_command(), [path for path in headers() if in_kernel(path)])

    def test_can_fail(self):
        with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile("w", suffix=".hpp") as header:
            header.write("#pragma once\nnacre::base::u8 needs_a_header();\n")
            header.flush()
            for command in (host_command(folder), kernel_command()):
                self.assertIn("needs_a_header", complaints_about(header.name, command))


if __name__ == "__main__":
    unittest.main()
