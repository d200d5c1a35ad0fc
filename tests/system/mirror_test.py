#!/usr/bin/env python3
"""`--dir-rw` with the real kernel: what a program does to its folder is done to the host's."""

import os
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import BUILD, ROOT, nacre

PROGRAM = str(BUILD / "tests/system/changes.wasm")
LARGE = bytes((i * 7 + i // 256) % 256 for i in range(65536)) * 40


class DirRwTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.given = Path(folder.name)
        (self.given / "old").write_bytes(b"old")
        (self.given / "replaced").write_bytes(b"before")
        (self.given / "untouched").write_bytes(b"same")
        (self.given / "empty").mkdir()

    def options(self):
        return ["--dir-rw", f"{self.given}:/given"]

    def check_folder(self, synced):
        given = self.given
        self.assertEqual(sorted(os.listdir(given)), ["large", "made", "replaced", "synced", "untouched"])
        self.assertEqual(sorted(os.listdir(given / "made")), ["link", "second", "third"])
        self.assertEqual(os.readlink(given / "made/link"), "second")
        self.assertEqual((given / "made/second").read_bytes(), b"moved")
        self.assertEqual((given / "made/second").stat().st_ino, (given / "made/third").stat().st_ino)
        self.assertEqual((given / "replaced").read_bytes(), b"saved")
        self.assertEqual((given / "untouched").read_bytes(), b"same")
        self.assertEqual((given / "synced").read_bytes(), synced)
        self.assertTrue((given / "large").read_bytes() == LARGE[:2_500_000])

    def test_everything_is_there_at_the_end(self):
        for machine in ("microvm", "pc", "q35"):
            with self.subTest(machine):
                done = nacre("run", "--machine", machine, *self.options(), PROGRAM)
                self.assertEqual((done.returncode, done.stdout, done.stderr), (5, b"synced\n", b""))
                self.check_folder(b"kept and more")
            self.doCleanups()
            self.setUp()

    def test_a_trap_loses_nothing(self):
        done = nacre("run", *self.options(), PROGRAM, "--", "trap")
        self.assertEqual((done.returncode, done.stdout), (134, b"synced\n"))
        self.check_folder(b"kept and more")

    def test_what_was_synced_stays_when_all_is_killed(self):
        command = [str(ROOT / "nacre"), "run", "--accel", "tcg", *self.options(), PROGRAM, "--", "hang"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as process:
            self.assertEqual(process.stdout.readline(), b"synced\n")
            process.send_signal(signal.SIGKILL)
        self.check_folder(b"kept")

    def test_an_interrupt_loses_nothing(self):
        command = [str(ROOT / "nacre"), "run", "--accel", "tcg", *self.options(), PROGRAM, "--", "hang"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as process:
            self.assertEqual(process.stdout.readline(), b"synced\n")
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(60), 130)
        self.check_folder(b"kept")


if __name__ == "__main__":
    unittest.main()
