#!/usr/bin/env python3
"""`./nacre run` with the real kernel: streams and statuses of programs and shell lines."""

import tempfile
import unittest
from contextlib import contextmanager
from pathlib import Path

from harness import BUILD, nacre

HELLO = BUILD / "ramdisk/bin/hello.wasm"




def module(code):
    """A WebAssembly module whose `_start` is this code."""
    body = bytes([len(code) + 2, 0]) + code + b"\x0b"
    return (b"\0asm\x01\0\0\0" b"\x01\x04\x01\x60\x00\x00" b"\x03\x02\x01\x00" b"\x07\x0a\x01\x06_start\x00\x00"
            b"\x0a" + bytes([len(body) + 1]) + b"\x01" + body)


LOOP = module(b"\x03\x40\x0c\x00\x0b")
UNREACHABLE = module(b"\x00")


@contextmanager
def wasm(binary):
    with tempfile.NamedTemporaryFile(suffix=".wasm") as file:
        file.write(binary)
        file.flush()
        yield file.name


class RunStatusTest(unittest.TestCase):
    def check(self, arguments, status, out, err=b"", **settings):
        done = nacre("run", *arguments, **settings)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (status, out, err))

    def test_a_shell_line(self):
        self.check(["--shell", "true"], 0, b"")
        self.check(["--shell", "false"], 1, b"")
        self.check(["--shell", "echo one; echo two"], 0, b"one\ntwo\n")

    def test_an_unknown_command(self):
        done = nacre("run", "--shell", "no-such-command")
        self.assertEqual((done.returncode, done.stdout), (127, b""))
        self.assertEqual(done.stderr.count(b"\n"), 1)
        self.assertIn(b"no-such-command", done.stderr)

    def test_a_program_of_the_host(self):
        self.check([str(HELLO)], 0, b"Hello from WebAssembly.\n")
        self.check([str(HELLO), "--", "7", "a b"], 7,
                   b"Hello from WebAssembly.\nargument 1: 7\nargument 2: a b\n")

    def test_standard_input(self):
        data = bytes(range(256)) * 40
        self.check(["--shell", "cat"], 0, data, stdin=data)

    def test_a_folder_of_the_host(self):
        with tempfile.TemporaryDirectory() as name:
            (Path(name) / "note").write_bytes(b"from the host\n")
            self.check(["--dir", f"{name}:/data", "--shell", "cat /data/note"], 0, b"from the host\n")

    def test_what_is_no_program(self):
        with wasm(b"#!/bin/sh\n") as program:
            done = nacre("run", program)
        self.assertEqual((done.returncode, done.stdout), (126, b""))
        self.assertEqual(done.stderr.count(b"\n"), 1)

    def test_a_program_without_end_is_stopped(self):
        with wasm(LOOP) as program:
            done = nacre("run", "--timeout", "3", program)
        self.assertEqual((done.returncode, done.stdout), (124, b""))

    def test_a_program_that_traps(self):
        with wasm(UNREACHABLE) as program:
            done = nacre("run", program)
        self.assertEqual((done.returncode, done.stdout), (134, b""))
        self.assertIn(b"unreachable", done.stderr)

    def test_a_script_for_the_shell(self):
        done = nacre("run", "--headless", "--timeout", "60", stdin=b"echo from a script\nls /share\n")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertIn(b"\nfrom a script\r\n", done.stdout)
        self.assertIn(b"about.txt", done.stdout)

    def test_a_screenshot(self):
        with tempfile.TemporaryDirectory() as name:
            picture = Path(name) / "screen.png"
            self.check(["--screenshot", str(picture), "--shell", "echo seen"], 0, b"seen\n")
            self.assertTrue(picture.read_bytes().startswith(b"\x89PNG"))

    def test_images(self):
        for option in ("--iso", "--uefi"):
            with self.subTest(option):
                self.check([option, "--shell", "echo from an image"], 0, b"from an image\n")


if __name__ == "__main__":
    unittest.main()
