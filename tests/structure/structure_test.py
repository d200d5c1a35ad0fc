#!/usr/bin/env python3
"""What the sources must look like, and that each check can fail."""

import os
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).resolve().parent))

import checks  # noqa: E402

FOLDERS = ("lib", "kernel", "apps", "tests", "tools")
SUFFIXES = (".hpp", ".h", ".cpp", ".S", ".py")


def all_sources():
    """Path from the root to text, of everything that we have written."""
    found = {}
    for folder in FOLDERS:
        for top, folders, files in os.walk(ROOT / folder):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            for name in sorted(files):
                if name.endswith(SUFFIXES):
                    path = Path(top) / name
                    found[str(path.relative_to(ROOT))] = path.read_text(encoding="utf-8")
    return found


class StructureTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sources = all_sources()
        cls.code = {path: text for path, text in cls.sources.items() if not path.endswith(".py")}
        # libc's own header names cannot be ours to shape.
        cls.ours = {path: text for path, text in cls.code.items()
                    if not path.startswith(("kernel/runtime/libc", "kernel/runtime/libcxx"))}

    def accept(self, complaints):
        self.assertEqual("", "\n".join(complaints))

    def reject(self, check, path, text, **others):
        """The check must find exactly one fault in this source, and none in the others."""
        self.assertEqual(len(list(check({path: text} | others))), 1)

    def test_there_are_sources(self):
        self.assertIn("lib/base/try.hpp", self.code)
        self.assertGreater(len(self.code), 50)

    def test_layers(self):
        self.accept(checks.check_layers(self.ours))

    def test_layers_can_fail(self):
        known = {"lib/base/a.hpp": "", "lib/text/a.hpp": "", "kernel/hw/a.hpp": "", "lib/wasm/interpret/a.hpp": ""}
        for path, included in (("lib/base/x.cpp", "lib/text/a.hpp"), ("lib/text/x.cpp", "kernel/hw/a.hpp"),
                               ("lib/text/x.cpp", "a.hpp"), ("lib/nowhere/x.cpp", "lib/base/a.hpp"),
                               ("lib/wasm/compile/x.cpp", "lib/wasm/interpret/a.hpp"),
                               ("kernel/shell/x.cpp", "kernel/hw/a.hpp"), ("apps/x.cpp", "lib/base/a.hpp"),
                               ("kernel/boot/protocol/x.cpp", "lib/text/a.hpp")):
            with self.subTest(path=path, included=included):
                self.reject(checks.check_layers, path, f'#pragma once\n # include "{included}"\n', **known)
        good = {"kernel/boot/x.cpp": '#include "kernel/hw/a.hpp"', "lib/text/x.cpp": '#include "lib/base/a.hpp"'}
        self.accept(checks.check_layers(good | known))

    def test_no_forbidden_headers(self):
        self.accept(checks.check_standard_library(self.ours))

    def test_forbidden_headers_can_fail(self):
        self.reject(checks.check_standard_library, "lib/base/x.hpp", "#include <span>\n#include <vector>\n")
        self.reject(checks.check_standard_library, "kernel/fs/x.hpp", "#include <thread>\n")
        self.reject(checks.check_standard_library, "kernel/fs/x.hpp", "std::function<void()> f;\n")
        self.accept(checks.check_standard_library({"tests/x.cpp": "#include <vector>\n"}))

    def test_precompiled(self):
        self.accept(checks.check_precompiled(self.ours))

    def test_precompiled_can_fail(self):
        self.reject(checks.check_precompiled, "lib/base/x.hpp", "std::span<int> f();\n", **{"lib/base/a.hpp": ""})
        self.reject(checks.check_precompiled, "kernel/fs/x.cpp", '#include "lib/base/a.hpp"\nint x = std::min(1, 2);\n',
                    **{"lib/base/a.hpp": "#include <span>\n"})
        self.accept(checks.check_precompiled({
            "lib/base/a.hpp": "#include <span>\nstd::span<int> f();\n",
            "lib/base/x.cpp": '#include "lib/base/a.hpp"\nstd::span<int> g();\n'}))

    def test_danger_stands_only_where_allowed(self):
        self.accept(checks.check_danger(self.ours))

    def test_danger_can_fail(self):
        for text in ('asm("hlt");', "volatile int x;", "a = 1'000; b = reinterpret_cast<int*>(c); d = 2'000;",
                     '"a string"; __asm__("nop"); // comment'):
            with self.subTest(text):
                self.reject(checks.check_danger, "lib/base/x.cpp", text)
        self.reject(checks.check_danger, "kernel/drivers/x.S", "hlt")
        self.accept(checks.check_danger({
            "kernel/arch/x.cpp": 'asm("hlt");', "lib/base/x.cpp": '/* asm\n volatile */ "asm"; // volatile\n',
            "lib/base/y.cpp": 'R"(volatile)"; char c = \'"\'; f("\\"volatile");'}))

    def test_pragma_once(self):
        self.accept(checks.check_pragma_once(self.ours))

    def test_pragma_once_can_fail(self):
        self.reject(checks.check_pragma_once, "lib/base/x.hpp", "// #pragma once\n")

    def test_citations(self):
        self.accept(checks.check_citations(self.code, (ROOT / "docs/references.md").read_text(encoding="utf-8")))

    def test_citations_can_fail(self):
        references = "| key | document |\n|---|---|\n| `a/b`, `c` | `d` |\n"
        for key, faults in (("a/b", 0), ("c", 0), ("d", 1), ("e", 1)):
            self.assertEqual(len(list(checks.check_citations({"x.cpp": f'/// [{key}: "X"]'}, references))), faults)

    def test_length(self):
        self.accept(checks.check_length(self.sources))

    def test_length_can_fail(self):
        self.reject(checks.check_length, "lib/base/x.cpp", "\n" * 701)
        self.accept(checks.check_length({"lib/base/x.cpp": "\n" * 700}))


if __name__ == "__main__":
    unittest.main()
