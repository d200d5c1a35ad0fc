#!/usr/bin/env python3
"""Hostile programs: what each does harms nobody but itself, while the shell and another program go on."""

import os
import tempfile
import unittest
from pathlib import Path

from harness import BUILD, Machine, nacre, tar_of

HOSTILE = "/try/hostile.wasm"
ESCAPES = BUILD / "tests/system/escapes.wasm"
# What the shell itself keeps of the lines that it was given, and the file system of its tables.
KEPT_KIB = 256


class HostileTest(unittest.TestCase):
    def setUp(self):
        binary = (BUILD / "tests/system/hostile.wasm").read_bytes()
        self.machine = Machine(memory="192M", archive=tar_of({HOSTILE[1:]: binary}))
        self.machine.__enter__()
        self.addCleanup(self.machine.__exit__)
        self.machine.prompt()
        self.machine.send(f"{HOSTILE} beat &\r")
        self.machine.prompt()
        # The first prompt comes before the file.
        self.beats = -1
        while self.beats < 1:
            text = self.machine.run("cat /tmp/beat")
            self.beats = int(text) if text.strip().isdigit() else -1

    def check(self, line, status, output=""):
        """All that a line says, and its status; afterwards the other program still works."""
        self.assertEqual(self.machine.run(line), output)
        self.assertEqual(self.machine.run("echo $?"), f"{status}\n")
        self.check_beats()

    def check_beats(self):
        before = self.beats
        while self.beats == before:
            self.beats = int(self.machine.run("cat /tmp/beat"))
        self.assertGreater(self.beats, before)
        # Beside it is the shell that waits for it.
        programs = [line for line in self.machine.run("ps").splitlines() if HOSTILE in line and " shell " not in line]
        self.assertEqual(len(programs), 1, programs)

    def test_floods(self):
        self.check(f"{HOSTILE} flood > /dev/null", 0)
        self.check(f"{HOSTILE} flood-for-ever | {HOSTILE} first", 0)
        self.machine.send(f"{HOSTILE} flood-for-ever | {HOSTILE} deaf\r")
        self.machine.until("^deaf\n")
        self.machine.send("\x03")
        self.assertEqual(self.machine.prompt(), "^C\n")
        self.check("true", 0)

    def test_descriptors(self):
        self.check(f"{HOSTILE} descriptors", 0, "1024 descriptors\n")
        self.machine.run("ulimit descriptors 40")
        self.check(f"{HOSTILE} descriptors", 0, "40 descriptors\n")

    def test_files(self):
        before = self.machine.free_memory()
        for what in ("space", "deep", "many"):
            with self.subTest(what):
                self.check(f"{HOSTILE} {what}", 0)
        self.assertGreaterEqual(self.machine.free_memory(), before - KEPT_KIB)


class EscapesTest(unittest.TestCase):
    def test_nothing_leads_out_of_a_directory(self):
        with tempfile.TemporaryDirectory() as name:
            box = Path(name, "box")
            (box / "inside/a/b").mkdir(parents=True)
            for file in (box / "file", box.with_name("x"), box.with_name("motd")):
                file.write_text("as it was")
            for link, target in {"absolute": "/etc", "upwards": "..", "inside/upwards": "../..", "first": "second",
                                 "second": "inside/../../run", "loop": "loop", "ping": "pong", "pong": "inside/../ping",
                                 "inside/back": "..", "back": "inside/back"}.items():
                os.symlink(target, box / link)
            for option in ("--dir={}:/box", "--dir={}:/", "--dir-rw={}:/box"):
                with self.subTest(option):
                    done = nacre("run", "--accel", "tcg", option.format(box), str(ESCAPES))
                    self.assertEqual((done.stdout, done.stderr, done.returncode), (b"nothing got out\n", b"", 0))
            self.assertTrue((box / "b").is_dir(), "the last one was written back")
            for file in (box / "file", box.with_name("x"), box.with_name("motd")):
                self.assertEqual(file.read_text(), "as it was")
            self.assertEqual(sorted(os.listdir(name)), ["box", "motd", "x"])


if __name__ == "__main__":
    unittest.main()
