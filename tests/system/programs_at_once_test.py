#!/usr/bin/env python3
"""Several programs at once, and what Ctrl-C does to which of them."""

import re
import unittest

from harness import Machine, tar_of
from wasm_writer import (DROP, I32, I64, MEMORY_COPY, MEMORY_FILL, MEMORY_GROW, Module, branch, call, loop, number,
                         return_call, throw)

WASI = "wasi_snapshot_preview1"
PAGES = 600
SIZE = PAGES << 16
# What the shell itself keeps of the lines that it was given.
KEPT_KIB = 64


class Program(Module):
    """With a memory, and functions to write, to read and to wait."""

    def __init__(self):
        super().__init__()
        self._write = self.import_function(WASI, "fd_write", [I32] * 4, [I32])
        self._read = self.import_function(WASI, "fd_read", [I32] * 4, [I32])
        self._poll = self.import_function(WASI, "poll_oneoff", [I32] * 4, [I32])
        self.memory(PAGES)
        # One buffer of eight bytes; a subscription to the monotonic clock.
        self.data(0, (16).to_bytes(4, "little") + (8).to_bytes(4, "little"))
        self.data(16, b"running\n")
        self.data(64 + 16, b"\1")
        self.data(64 + 24, (10**15).to_bytes(8, "little"))

    def says(self):
        return number(1) + number(0) + number(1) + number(12) + call(self._write) + DROP

    def reads(self):
        return number(0) + number(0) + number(1) + number(12) + call(self._read) + DROP

    def sleeps(self):
        return number(64) + number(128) + number(1) + number(12) + call(self._poll) + DROP


def endless(body, before=b""):
    """Says that it runs, and does for ever what `body(program)` is."""
    made = Program()
    made.entry(made.says() + before + loop(body(made) + branch(0)))
    return made.binary()


def tail_calls():
    made = Program()
    forever = made.function(return_call(3), called="forever")
    assert forever == 3
    made.entry(made.says() + return_call(forever))
    return made.binary()


def trapping():
    made = Program()
    thrower = made.function(throw(made.tag()), called="thrower")
    made.entry(call(thrower))
    return made.binary()


PROGRAMS = {
    "loop": endless(lambda made: b""),
    "tail": tail_calls(),
    "fill": endless(lambda made: number(0) + number(1) + number(SIZE) + MEMORY_FILL),
    "copy": endless(lambda made: number(1) + number(0) + number(SIZE - 1) + MEMORY_COPY),
    "grow": endless(lambda made: number(500) + MEMORY_GROW + DROP),
    "read": endless(Program.reads),
    "sleep": endless(Program.sleeps),
    "speak": endless(Program.says),
    "trap": trapping(),
}


class ProgramsAtOnceTest(unittest.TestCase):
    def setUp(self):
        files = {f"try/{name}.wasm": binary for name, binary in PROGRAMS.items()}
        self.machine = Machine(memory="256M", archive=tar_of(files))
        self.machine.__enter__()
        self.addCleanup(self.machine.__exit__)
        self.machine.prompt()

    def start(self, *names):
        """In the background; they run when this returns."""
        for name in names:
            self.machine.send(f"/try/{name}.wasm &\r")
            self.machine.until("running\n")
        self.machine.send("echo started\r")
        self.machine.until("^started\n")
        self.machine.prompt()

    def resumed(self):
        """How often each program in the background has run."""
        lines = self.machine.run("ps -t")
        return {name: int(count) for count, name in re.findall(r"(\d+)  /try/(\w+)\.wasm$", lines, re.MULTILINE)}

    def test_the_shell_answers_while_programs_run(self):
        self.start("loop", "tail")
        self.assertIn("here\n", self.machine.run("echo here"))
        first = self.resumed()
        self.assertEqual(first.keys(), {"loop", "tail"})
        later = self.resumed()
        self.assertTrue(all(later[name] > first[name] for name in first), (first, later))

    def test_ctrl_c_ends_the_one_in_the_foreground(self):
        self.start("loop", "sleep")
        free = self.machine.free_memory()
        for name in ("loop", "tail", "fill", "copy", "grow", "read", "sleep", "speak"):
            with self.subTest(name):
                self.machine.send(f"/try/{name}.wasm\r")
                self.machine.until("^running\n")
                self.machine.send("\x03")
                self.machine.prompt()
                self.assertEqual(self.machine.run("echo $?"), "130\n")
                self.assertEqual(self.resumed().keys(), {"loop", "sleep"})
        self.assertGreaterEqual(self.machine.free_memory(), free - KEPT_KIB)

    def test_a_trap_in_the_background_is_reported(self):
        self.machine.send("/try/trap.wasm &\r")
        self.machine.until(r"/try/trap\.wasm: trap: uncaught exception\n"
                           r"  #0 thrower \(function 3\) at byte 0x[0-9a-f]+\n"
                           r"  #1 _start \(function 4\) at byte 0x[0-9a-f]+\n")
        self.machine.send("\r")
        self.machine.until(r"^\[1\] \+ Done\(134\) +/try/trap\.wasm\n")
        self.machine.prompt()
        self.assertEqual(self.machine.run("echo on"), "on\n")

    def test_a_program_by_its_name_and_by_its_path(self):
        said = "Hello from WebAssembly.\nargument 1: 7\nargument 2: a b\n"
        for line in ("hello", "hello.wasm", "/bin/hello.wasm", "bin/hello.wasm", "run /bin/hello.wasm",
                     "run bin/hello.wasm"):
            with self.subTest(line):
                self.assertEqual(self.machine.run(f"{line} 7 'a b'"), said)
                self.assertEqual(self.machine.run("echo $?"), "7\n")


if __name__ == "__main__":
    unittest.main()
