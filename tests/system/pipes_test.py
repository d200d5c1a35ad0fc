#!/usr/bin/env python3
"""Programs in pipelines: what one writes is what the next one reads. And what some do to others."""

import unittest

from harness import BUILD, Machine, tar_of
from programs_at_once_test import Program, endless
from wasm_writer import ADD, DROP, I32, LOAD, Module, branch, call, loop, number, when

WASI = "wasi_snapshot_preview1"
MIB = 32
CHUNK = 1 << 16
LOCAL_GET, LOCAL_SET = b"\x20", b"\x21"
I64_ADD, I64_MUL, I64_CONST, I64_LOAD, I64_STORE = b"\x7c", b"\x7e", b"\x42", b"\x29\0\0", b"\x37\0\0"
I32_SUB, I32_WRAP, I32_NOT_EQUAL, I32_ZERO = b"\x6b", b"\xa7", b"\x47", b"\x45"


def get(local):
    return LOCAL_GET + bytes([local])


def put(local):
    return LOCAL_SET + bytes([local])


def source(mib):
    """Writes so many MiB: each chunk is eight bytes of a count, and zeros."""
    module = Module()
    write = module.import_function(WASI, "fd_write", [I32] * 4, [I32])
    module.memory(3)
    module.data(0, CHUNK.to_bytes(4, "little") + CHUNK.to_bytes(4, "little"))
    # Local 0 counts chunks.
    module.entry(loop(
        get(0) + I64_CONST + b"\1" + I64_ADD + put(0)
        + number(CHUNK) + get(0) + I64_STORE
        + number(1) + number(0) + number(1) + number(16) + call(write) + DROP
        + get(0) + I32_WRAP + number(mib * (1 << 20) // CHUNK) + I32_NOT_EQUAL + b"\x0d\0"), locals_of_i64=1)
    return module.binary()


def sink(mib):
    """Reads to the end. Exits with 0 if the size, and the counts where they should stand, are right; else with 1."""
    module = Module()
    read = module.import_function(WASI, "fd_read", [I32] * 4, [I32])
    leave = module.import_function(WASI, "proc_exit", [I32], [])
    module.memory(3)
    wrong = number(1) + call(leave)
    # Local 0 counts chunks, local 1 the bytes of the one that is being read, as numbers of 64 bits.
    to_i64 = b"\xad"
    module.entry(
        loop(
            # The rest of the chunk: from CHUNK + local 1, CHUNK - local 1 bytes.
            number(0) + number(CHUNK) + get(1) + I32_WRAP + ADD + b"\x36\0\0"
            + number(4) + number(CHUNK) + get(1) + I32_WRAP + I32_SUB + b"\x36\0\0"
            + number(0) + number(0) + number(1) + number(16) + call(read) + when(wrong)
            + number(16) + LOAD + when(
                get(1) + number(16) + LOAD + to_i64 + I64_ADD + put(1)
                + get(1) + I32_WRAP + number(CHUNK) + I32_NOT_EQUAL + b"\x0d\1"
                + get(0) + I64_CONST + b"\1" + I64_ADD + put(0)
                + number(CHUNK) + I64_LOAD + get(0) + b"\x52" + when(wrong)
                + I64_CONST + b"\0" + put(1) + branch(1)))
        + get(0) + I32_WRAP + number(mib * (1 << 20) // CHUNK) + I32_NOT_EQUAL + when(wrong)
        + get(1) + I32_WRAP + when(wrong), locals_of_i64=2)
    return module.binary()


def recursion():
    made = Program()
    made.entry(made.says() + call(3))
    return made.binary()


FILES = {
    "try/source.wasm": source(MIB), "try/sink.wasm": sink(MIB), "try/less.wasm": sink(MIB - 1),
    "try/loop.wasm": endless(lambda made: b""),
    "try/flood.wasm": endless(Program.says),
    "try/bomb.wasm": endless(lambda made: number(100) + b"\x40\0" + DROP),
    "try/recursion.wasm": recursion(),
    "try/stream.wasm": (BUILD / "tests/system/stream.wasm").read_bytes(),
    "try/closes.wasm": (BUILD / "tests/system/closes.wasm").read_bytes(),
}


class PipesTest(unittest.TestCase):
    def setUp(self):
        self.machine = Machine(memory="256M", archive=tar_of(FILES))
        self.machine.__enter__()
        self.addCleanup(self.machine.__exit__)
        self.machine.prompt()

    def status_of(self, line):
        self.machine.run(line)
        return self.machine.run("echo $?")

    def test_a_long_stream_arrives_as_it_was_sent(self):
        self.assertEqual(self.status_of("/try/source.wasm | /try/sink.wasm"), "0\n")
        self.assertEqual(self.status_of("/try/source.wasm | /try/less.wasm"), "1\n")
        self.assertEqual(self.status_of("/try/source.wasm | cat | /try/sink.wasm"), "0\n")

    def test_every_byte_arrives(self):
        stream = "/try/stream.wasm"
        self.assertEqual(self.status_of(f"{stream} source 16 | {stream} sink 16"), "0\n")
        self.assertEqual(self.status_of(f"{stream} source 16 | cat | {stream} sink 16"), "0\n")
        self.assertEqual(self.status_of(f"{stream} source 2 | {stream} sink 1"), "6\n")
        self.assertEqual(self.status_of(f"/try/source.wasm | {stream} sink {MIB}"), "7\n", "other bytes")

    def test_a_pipe_ends_when_its_writer_closes_it(self):
        # The program ends when it finds the file, which is made when its output has come to its end.
        line = "/try/closes.wasm /tmp/seen | { cat; echo over; echo > /tmp/seen; }"
        self.assertEqual(self.machine.run(line), "before\nover\n")

    def test_a_program_is_stopped_and_goes_on(self):
        self.machine.send("/try/loop.wasm\r")
        self.machine.until("^running\n")
        self.machine.send("\x1a")
        self.machine.until(r"^\[1\] \+ Stopped +/try/loop\.wasm\n")
        self.machine.prompt()
        before = self.machine.run("ps")
        self.assertIn("stopped", before)
        self.assertEqual(self.machine.run("ps"), before)
        self.machine.run("bg")
        self.assertIn("running", self.machine.run("jobs").lower())
        self.machine.run("kill %1")
        self.assertNotIn("loop", self.machine.run("ps"))

    def test_each_hostile_program_ends_alone(self):
        self.machine.send("/try/loop.wasm &\r")
        self.machine.until("running\n")
        self.machine.send("echo started\r")
        self.machine.until("^started\n")
        self.machine.prompt()
        self.machine.run("ulimit memory 48M; ulimit cpu 2")
        for name, status in (("bomb", "137\n"), ("recursion", "134\n"), ("loop", "124\n")):
            with self.subTest(name):
                self.assertEqual(self.status_of(f"/try/{name}.wasm"), status)
                self.assertIn("here\n", self.machine.run("echo here"))
                self.assertIn("loop", self.machine.run("ps"))
        self.machine.send("/try/flood.wasm\r")
        self.machine.until("^running\nrunning\n")
        self.machine.send("\x03")
        self.machine.prompt()
        self.assertEqual(self.machine.run("echo $?"), "130\n")
        self.assertIn("loop", self.machine.run("ps"))


if __name__ == "__main__":
    unittest.main()
