#!/usr/bin/env python3
"""Programs that are none, ask for too much or go wrong: one clear message, a status, and the shell goes on."""

import unittest

from harness import KERNEL, Machine, tar_of
from wasm_writer import (ADD, DIVIDE, DROP, END, EQUAL, HEADER, I32, I64, MEMORY_GROW, UNREACHABLE, Module, branch,
                         call, call_indirect, loop, number, program, return_call, section, throw, when)

WASI = "wasi_snapshot_preview1"
NOT_EXECUTABLE, NOT_FOUND, TRAPPED, OUT_OF_MEMORY = 126, 127, 134, 137
# What the shell itself keeps of the lines that it was given.
KEPT_KIB = 64


def made(*steps, entry=b"", **more):
    """A module of what `steps` add to it, and an entry."""
    module = Module()
    for step in steps:
        step(module)
    module.entry(entry, **more)
    return module.binary()


def importing(*names, parameters=(I32,)):
    return lambda module: [module.import_function(*name.split("."), parameters) for name in names]


def starting(body):
    return lambda module: module.start(module.function(body, called="init"))


def exporting(item, *signature):
    module = Module()
    module.function(number(3) if signature[1:] else b"", *signature, export=item)
    return module.binary()


HELLO = program(b"")

# What is refused, with its status and all of the line behind the name.
REFUSED = {
    "text": (b"#!/bin/sh\n", NOT_EXECUTABLE, "not a WebAssembly module: magic header not detected at byte 0x0"),
    "empty": (b"", NOT_EXECUTABLE, "not a WebAssembly module: unexpected end at byte 0x0"),
    "cut in its header": (HELLO[:6], NOT_EXECUTABLE, "not a WebAssembly module: unexpected end at byte 0x4"),
    "cut in a section": (HELLO[:-3], NOT_EXECUTABLE,
                         "not a WebAssembly module: length out of bounds at byte 0x[0-9a-f]+"),
    "elf": (KERNEL.read_bytes()[:10000], NOT_EXECUTABLE,
            "not a WebAssembly module: magic header not detected at byte 0x0"),
    "ill typed": (program(ADD), NOT_EXECUTABLE, "not a valid WebAssembly module: type mismatch at byte 0x23"),
    "component": (b"\0asm\x0d\0\1\0", NOT_EXECUTABLE, "this is a component, preview 2 is not supported yet"),
    "garbage collection": (HEADER + section(1, b"\1\x5f\0"), NOT_EXECUTABLE,
                           "not supported yet, at byte 0xb: garbage collection"),
    "threads": (HEADER + section(5, b"\1\3\1\1"), NOT_EXECUTABLE, "not supported yet, at byte 0xb: threads"),
    "atomics": (program(b"\xfe\x03\0"), NOT_EXECUTABLE, "not supported yet, at byte 0x23: threads"),
    "memory64": (HEADER + section(5, b"\1\4\1"), NOT_EXECUTABLE,
                 "not supported yet, at byte 0xb: 64-bit memories and tables"),
    "no import": (made(importing("env.a", f"{WASI}.proc_exit", "env.b", "x.y")), NOT_EXECUTABLE,
                  "unknown imports env.a, env.b, x.y"),
    "another type": (made(importing(f"{WASI}.proc_exit", parameters=(I64,))), NOT_EXECUTABLE,
                     rf"import {WASI}\.proc_exit is wanted as a function \(i64\) -> \(\), and is a function "
                     r"\(i32\) -> \(\)"),
    "another kind": (made(lambda module: module.import_memory(WASI, "fd_close")), NOT_EXECUTABLE,
                     rf"import {WASI}\.fd_close is wanted as a memory, and is a function \(i32\) -> \(i32\)"),
    "no entry": (exporting("run"), NOT_EXECUTABLE,
                 "no program: it exports neither _start nor main without parameters"),
    "entry with parameters": (exporting("main", [I32, I32], [I32]), NOT_EXECUTABLE,
                              "no program: it exports neither _start nor main without parameters"),
    "two exports of a name": (made(lambda module: module.export("_start", 0)), NOT_EXECUTABLE,
                              "not a valid WebAssembly module: duplicate export name at byte 0x[0-9a-f]+"),
    "too many locals": (program(b"", locals_of_i64=50_001), NOT_EXECUTABLE,
                        "limit exceeded at byte 0x23: too many locals"),
    "all of memory": (made(lambda module: module.memory(65536)), OUT_OF_MEMORY,
                      "out of memory: it begins with 4194304 KiB of memory and 0 elements of tables"),
    "large table": (made(lambda module: module.table(10_000_000)), OUT_OF_MEMORY,
                    "out of memory: it begins with 0 KiB of memory and 10000000 elements of tables"),
    "largest table": (made(lambda module: module.table(2**32 - 1)), OUT_OF_MEMORY,
                      "table 0 is larger than the host allows: it begins with 0 KiB of memory and 4294967295 elements "
                      "of tables"),
    "data out of bounds": (made(lambda module: (module.memory(1), module.data(65530, b"0123456789"))), TRAPPED,
                           "trap while a segment was copied: out of bounds memory access"),
    "elements out of bounds": (made(lambda module: module.table(1, [0, 0])), TRAPPED,
                               "trap while a segment was copied: out of bounds table access"),
    "deepest blocks": (program(b"\x02\x40" * 1_700_000 + END * 1_700_000), OUT_OF_MEMORY,
                       "out of memory while the module was loaded"),
}


def two_functions(body, other):
    module = Module()
    module.entry(body)
    module.function(other, called="other")
    return module.binary()


def recursive_through_a_table():
    module = Module()
    module.entry(number(0) + call_indirect(0))
    module.table(1, [0])
    return module.binary()


def throwing():
    module = Module()
    tag = module.tag()
    thrower = module.function(throw(tag), called="thrower")
    module.entry(call(thrower))
    return module.binary()


START = r"#\d+ _start \(function 0\) at byte 0x[0-9a-f]+"
OTHER = r"#\d+ other \(function 1\) at byte 0x[0-9a-f]+"

# What traps, with the message and each line of the backtrace.
TRAPPING = {
    "start function": (made(starting(UNREACHABLE)), "unreachable", [r"#0 init \(function 0\) at byte 0x[0-9a-f]+"]),
    "division": (program(number(1) + number(0) + DIVIDE + DROP), "integer divide by zero", [START]),
    "exception": (throwing(), "uncaught exception",
                  [r"#0 thrower \(function 0\) at byte 0x[0-9a-f]+", r"#1 _start \(function 1\) at byte 0x[0-9a-f]+"]),
    "recursion": (program(call(0)), "call stack exhausted", [START] * 24 + [r"\.\.\. 16352 more"] + [START] * 8),
    "mutual recursion": (two_functions(call(1), call(0)), "call stack exhausted",
                         [OTHER, START] * 12 + [r"\.\.\. 16352 more"] + [OTHER, START] * 4),
    "recursion through a table": (recursive_through_a_table(), "call stack exhausted",
                                  [START] * 24 + [r"\.\.\. 16352 more"] + [START] * 8),
    "recursion with locals": (program(call(0), locals_of_i64=49_999), "call stack exhausted", [START] * 21),
}


def growing_beyond_the_machine():
    """Exits with 9 if growing fails as it should, and the program is there to see it."""
    module = Module()
    leave = module.import_function(WASI, "proc_exit", [I32])
    module.memory(1)
    module.entry(number(60_000) + MEMORY_GROW + number(-1) + EQUAL + when(number(9) + call(leave)))
    return module.binary()


# What is unusual, and runs.
RUNNING = {
    "growing": (growing_beyond_the_machine(), 9),
    "ten thousand locals": (program(b"", locals_of_i64=10_000), 0),
    "deep blocks": (program(b"\x02\x40" * 100_000 + END * 100_000), 0),
    "five megabytes": (program((number(1) + DROP) * 1_700_000), 0),
    "main": (exporting("main", [], [I32]), 3),
}

TAIL_CALLS = program(return_call(0))
LOOP = program(loop(branch(0)))


class BadProgramsTest(unittest.TestCase):
    def setUp(self):
        binaries = {name: case[0] for cases in (REFUSED, TRAPPING, RUNNING) for name, case in cases.items()}
        binaries |= {"tail calls": TAIL_CALLS, "loop": LOOP}
        self.machine = Machine(archive=tar_of({f"try/{name}.wasm": binary for name, binary in binaries.items()}))
        self.machine.__enter__()
        self.addCleanup(self.machine.__exit__)
        self.machine.prompt()

    def check(self, line, status, pattern):
        """All that a line of the shell says, and its status; the line to ask for that is the next command."""
        self.assertRegex(self.machine.run(line), rf"\A{pattern}\Z")
        self.assertEqual(self.machine.run("echo $?"), f"{status}\n")

    def test_all_of_them(self):
        before = self.machine.free_memory()
        for name, (_, status, message) in REFUSED.items():
            with self.subTest(name):
                path = f"/try/{name}.wasm"
                self.check(f"'{path}'", status, f"{path}: {message}\n")
        for name, (_, message, backtrace) in TRAPPING.items():
            with self.subTest(name):
                path = f"/try/{name}.wasm"
                calls = "".join(f"  {line}\n" for line in backtrace)
                self.check(f"'{path}'", TRAPPED, f"{path}: trap: {message}\n{calls}")
        for name, (_, status) in RUNNING.items():
            with self.subTest(name):
                self.check(f"'/try/{name}.wasm'", status, "")
        self.assertGreaterEqual(self.machine.free_memory(), before - KEPT_KIB)

    def test_what_is_no_file(self):
        self.check("/try", NOT_EXECUTABLE, "nacre: /try: is a directory\n")
        self.check("run /try", NOT_EXECUTABLE, "nacre: /try: is a directory\n")
        self.check("/no/such.wasm", NOT_FOUND, "nacre: /no/such.wasm: no such file or directory\n")
        self.check("run such.wasm", NOT_FOUND, "nacre: such.wasm: no such file or directory\n")
        self.check("such.wasm", NOT_FOUND, "nacre: such.wasm: command not found\n")
        self.check("/try/loop.wasm/x", NOT_FOUND, "nacre: /try/loop.wasm/x: not a directory\n")

    def test_what_never_ends_is_interrupted(self):
        before = self.machine.free_memory()
        for name in ("tail calls", "loop"):
            self.machine.send(f"'/try/{name}.wasm'\r")
            self.machine.until("\n")
            self.machine.send("\x03")
            self.assertEqual(self.machine.prompt(), "^C\n")
            self.assertEqual(self.machine.run("echo $?"), "130\n")
        self.assertGreaterEqual(self.machine.free_memory(), before - KEPT_KIB)


if __name__ == "__main__":
    unittest.main()
