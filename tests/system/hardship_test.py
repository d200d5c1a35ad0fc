#!/usr/bin/env python3
"""Machines that lack something, and bad input: a clear message, and the rest works."""

import tempfile
import unittest
from pathlib import Path

from harness import RAMDISK, Machine


class HardshipTest(unittest.TestCase):
    def check(self, **settings):
        """Boots to a prompt that works; returns the log before it."""
        with Machine(**settings) as machine:
            log = machine.prompt()
            self.assertEqual(machine.run("echo alive"), "alive\n")
            return log

    def test_little_memory(self):
        self.check(memory="32M")
        self.check(memory="20M", kind="microvm")

    def test_much_memory(self):
        self.check(memory="8G")

    def test_no_screen(self):
        self.check(qemu="-vga none")

    def test_no_keyboard(self):
        self.check(kind="pc,i8042=off")

    def test_no_ramdisk(self):
        self.check(ramdisk=None)

    def test_an_unknown_option(self):
        self.assertIn("no-such-option", self.check(append="no-such-option=1"))

    def test_a_truncated_ramdisk(self):
        with tempfile.NamedTemporaryFile(suffix=".tar") as file:
            file.write(RAMDISK.read_bytes()[:30000])
            file.flush()
            self.check(ramdisk=Path(file.name))

    def test_a_ramdisk_of_noise(self):
        with tempfile.NamedTemporaryFile(suffix=".tar") as file:
            file.write(bytes(range(256)) * 100)
            file.flush()
            self.check(ramdisk=Path(file.name))


if __name__ == "__main__":
    unittest.main()
