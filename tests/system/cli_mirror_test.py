#!/usr/bin/env python3
"""`--dir-rw` on the host: what a guest says of its folder is done to the folder, and to nothing else."""

import os
import signal
import stat
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from fake_machine import TOOLS, FakeMachineTest

sys.path.insert(0, str(TOOLS))

from cli.errors import UserError  # noqa: E402
from cli.hostlink import ProtocolError  # noqa: E402
from cli.mirror import Kind, Mirror, Outcome, check_writable  # noqa: E402

NO_TIME = -(2**63)


def change(kind, path, other=b"", first=0, second=0, data=b"", folder=0):
    return struct.pack("<BBHHqq", kind, folder, len(path), len(other), first, second) + path + other + data


class MirrorTest(unittest.TestCase):
    def setUp(self):
        outer = tempfile.TemporaryDirectory()
        self.addCleanup(outer.cleanup)
        self.outside = Path(outer.name)
        self.folder = self.outside / "folder"
        self.folder.mkdir()
        self.mirror = Mirror([self.folder])
        self.addCleanup(self.mirror.close)

    def apply(self, *arguments, **named):
        self.mirror.apply(change(*arguments, **named))

    def assert_refused(self, *arguments, **named):
        with self.assertRaises(ProtocolError):
            self.apply(*arguments, **named)

    def tree(self):
        found = {}
        for folder, folders, files in os.walk(self.folder):
            for name in folders + files:
                path = Path(folder, name)
                at = str(path.relative_to(self.folder))
                found[at] = ("-> " + os.readlink(path) if path.is_symlink() else
                             None if path.is_dir() else path.read_bytes())
        return found

    def test_each_change_is_made(self):
        self.apply(Kind.MAKE_DIRECTORY, b"d")
        self.apply(Kind.MAKE_FILE, b"d/f")
        self.apply(Kind.WRITE, b"d/f", first=3, data=b"text")
        self.apply(Kind.WRITE, b"d/f", first=7, data=bytes(range(256)))
        self.apply(Kind.RESIZE, b"d/f", first=9)
        self.apply(Kind.MAKE_LINK, b"l", b"d/f")
        self.apply(Kind.ADD_NAME, b"d/f", b"second")
        self.assertEqual(self.tree(), {"d": None, "d/f": b"\0\0\0text\0\x01", "l": "-> d/f",
                                       "second": b"\0\0\0text\0\x01"})
        self.apply(Kind.RENAME, b"d", b"e")
        self.apply(Kind.WRITE, b"e/f", first=0, data=b"abc")
        self.apply(Kind.REMOVE_FILE, b"l")
        self.apply(Kind.REMOVE_FILE, b"second")
        self.assertEqual(self.mirror.sync(durable=True), Outcome.DONE)
        self.assertEqual(self.tree(), {"e": None, "e/f": b"abctext\0\x01"})
        self.apply(Kind.MAKE_FILE, b"n")
        self.apply(Kind.WRITE, b"n", data=b"new")
        self.apply(Kind.RENAME, b"n", b"e/f")
        self.assertEqual(self.tree(), {"e": None, "e/f": b"new"})
        self.apply(Kind.REMOVE_FILE, b"e/f")
        self.apply(Kind.REMOVE_DIRECTORY, b"e")
        self.assertEqual(self.tree(), {})
        self.assertEqual(self.mirror.sync(durable=True), Outcome.DONE)
        self.assertIsNone(self.mirror.problem)

    def test_times(self):
        file = self.folder / "f"
        file.write_bytes(b"")
        os.utime(file, ns=(1, 2))
        self.apply(Kind.SET_TIMES, b"f", first=1_000_000_007_000_000_009, second=NO_TIME)
        self.assertEqual((file.stat().st_atime_ns, file.stat().st_mtime_ns), (1_000_000_007_000_000_009, 2))
        self.apply(Kind.SET_TIMES, b"f", first=NO_TIME, second=3_000_000_004)
        self.assertEqual((file.stat().st_atime_ns, file.stat().st_mtime_ns),
                         (1_000_000_007_000_000_009, 3_000_000_004))

    def test_modes_stay(self):
        file = self.folder / "tool"
        file.write_bytes(b"old")
        file.chmod(0o751)
        self.apply(Kind.WRITE, b"tool", data=b"new")
        self.assertEqual((file.read_bytes(), stat.S_IMODE(file.stat().st_mode)), (b"new", 0o751))

    def test_paths_that_lead_out_are_refused(self):
        (self.outside / "victim").write_bytes(b"safe")
        for path in (b"../victim", b"/etc/passwd", b"a/../../victim", b"..", b".", b"", b"a//b", b"a/", b"a\0b",
                     b"n" * 256, b"a/" * 2049 + b"a"):
            for kind in Kind:
                self.assert_refused(kind, path, b"other")
            for kind in (Kind.RENAME, Kind.ADD_NAME):
                self.assert_refused(kind, b"a", path)
        self.assertEqual(sorted(os.listdir(self.outside)), ["folder", "victim"])

    def test_no_link_is_followed_out(self):
        victim = self.outside / "victim"
        victim.write_bytes(b"safe")
        victim_folder = self.outside / "elsewhere"
        victim_folder.mkdir()
        self.apply(Kind.MAKE_LINK, b"file", b"../victim")
        self.apply(Kind.MAKE_LINK, b"folder", str(victim_folder).encode())
        for arguments in ((Kind.WRITE, b"file"), (Kind.RESIZE, b"file"), (Kind.MAKE_FILE, b"file"),
                          (Kind.WRITE, b"folder/f"), (Kind.MAKE_FILE, b"folder/f"),
                          (Kind.MAKE_DIRECTORY, b"folder/d"), (Kind.RENAME, b"file", b"folder/f"),
                          (Kind.MAKE_LINK, b"folder/l", b"x"), (Kind.ADD_NAME, b"file", b"folder/f"),
                          (Kind.SET_TIMES, b"folder/f")):
            data = b"evil" if arguments[0] == Kind.WRITE else b""
            self.apply(*arguments, data=data)
            self.assertNotEqual(self.mirror.sync(durable=False), Outcome.DONE, arguments)
        before = victim.stat().st_mtime_ns
        self.apply(Kind.SET_TIMES, b"file", first=5, second=5)  # of the link itself
        self.assertEqual((victim.read_bytes(), victim.stat().st_mtime_ns), (b"safe", before))
        self.assertEqual(os.listdir(victim_folder), [])

    def test_what_is_no_file_is_not_written(self):
        os.mkfifo(self.folder / "pipe")
        (self.folder / "folder").mkdir()
        for path in (b"pipe", b"folder"):
            self.apply(Kind.WRITE, path, data=b"x")
            self.assertNotEqual(self.mirror.sync(durable=False), Outcome.DONE)

    def test_nonsense_is_refused(self):
        whole = change(Kind.RENAME, b"path", b"other")
        for size in range(len(whole)):
            with self.assertRaises(ProtocolError):
                self.mirror.apply(whole[:size])
        self.assert_refused(0, b"a")
        self.assert_refused(11, b"a")
        self.assert_refused(Kind.MAKE_FILE, b"a", folder=1)
        self.assert_refused(Kind.MAKE_LINK, b"a", b"")
        self.apply(Kind.MAKE_FILE, b"a")
        self.assert_refused(Kind.RESIZE, b"a", first=-1)
        self.assert_refused(Kind.WRITE, b"a", first=-1, data=b"x")

    def test_a_failure_is_told_once_and_kept_in_words(self):
        self.apply(Kind.WRITE, b"missing/file", data=b"x")
        self.apply(Kind.MAKE_FILE, b"good")
        self.assertEqual(self.mirror.sync(durable=True), Outcome.FAILED)
        self.assertEqual(self.mirror.sync(durable=True), Outcome.DONE)
        self.assertEqual(self.mirror.problem, f"--dir-rw {self.folder}: missing/file: no such file or directory")
        self.assertEqual(self.tree(), {"good": b""})

    def test_a_full_disk_is_no_space(self):
        # A limit on the size of files stands for a full disk; it holds for a process of its own.
        script = f"""
import resource, signal, sys
sys.path.insert(0, {str(TOOLS)!r})
from pathlib import Path
from cli.mirror import Mirror
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
mirror = Mirror([Path({str(self.folder)!r})])
mirror.apply({change(Kind.MAKE_FILE, b"f")!r})
mirror.apply({change(Kind.WRITE, b"f", data=b"x" * 101)!r})
sys.exit(mirror.sync(False))
"""
        self.assertEqual(subprocess.run([sys.executable, "-c", script], check=False).returncode, Outcome.NO_SPACE)

    def test_a_folder_that_is_gone_is_one_error(self):
        with self.assertRaisesRegex(UserError, "^--dir-rw .*nowhere: no such file or directory$"):
            Mirror([self.folder, self.outside / "nowhere"])

    def test_many_loose_files_are_put_on_the_disk(self):
        for number in range(100):
            self.apply(Kind.MAKE_FILE, b"f%d" % number)
        self.assertEqual(self.mirror.sync(durable=True), Outcome.DONE)


class RunTest(FakeMachineTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.given = Path(folder.name)

    def shell(self, line, *options):
        return self.run_cli("--dir-rw", f"{self.given}:/given", "--shell", line, *options)

    def test_the_guest_is_told_which_folders(self):
        (self.given / "inner").mkdir()
        status, out, err = self.run_cli("--dir-rw", f"{self.given}:work/", "--dir", str(self.given),
                                        "--shell", "job;files;exit 0")
        self.assertEqual((status, err), (0, b""))
        self.assertIn(rb"mirror=/work\x00cwd", out)
        self.assertIn(b"'work/inner'", out)
        self.assertIn(b"'host/inner'", out)

    def test_changes_arrive_and_are_acknowledged(self):
        status, out, err = self.shell("change 1 d;change 2 d/f;write d/f hello;sync 7;exit 3")
        self.assertEqual((status, out, err), (3, b"synced 7 0\n", b""))
        self.assertEqual((self.given / "d/f").read_bytes(), b"hello")

    def test_what_is_not_synced_before_the_end_arrives_too(self):
        self.assertEqual(self.shell("change 2 f;write f end;exit 0"), (0, b"", b""))
        self.assertEqual((self.given / "f").read_bytes(), b"end")

    def test_what_was_synced_stays_when_all_is_killed(self):
        process = self.start("--dir-rw", f"{self.given}:/given", "--shell", "change 2 f;write f kept;sync;hang")
        self.assertEqual(process.stdout.readline(), b"synced 1 0\n")
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        self.assertEqual((self.given / "f").read_bytes(), b"kept")
        process.stdout.close()
        process.stderr.close()

    def test_a_change_that_fails_is_no_success(self):
        status, out, err = self.shell("write missing text;sync 1;exit 0")
        self.assertEqual((status, out), (125, b"synced 1 3\n"))
        self.assertEqual(err, f"nacre: --dir-rw {self.given}: missing: no such file or directory\n".encode())
        self.assertEqual(self.shell("write missing text;sync 1;exit 9")[0], 9)

    def test_a_hostile_path_ends_the_run(self):
        victim = self.given.parent / "nacre-victim"
        status, _, err = self.shell("change 2 ../nacre-victim;hang")
        self.assertEqual(status, 134)
        self.assertTrue(err.endswith(b"nacre: the host channel is broken: a path that leads out of its folder: "
                                     b"b'../nacre-victim'\n"), err)
        self.assertFalse(victim.exists())

    def assert_refused(self, message, *options):
        self.assertEqual(self.run_cli(*options, "--shell", "exit 0"), (125, b"", f"nacre: {message}\n".encode()))

    def test_bad_folders_are_one_error_before_anything_starts(self):
        given = self.given
        file = given / "file"
        file.write_bytes(b"")
        self.assert_refused(f"--dir-rw {given}/none: {given}/none is no folder", "--dir-rw", f"{given}/none")
        self.assert_refused(f"--dir-rw {file}: {file} is no folder", "--dir-rw", str(file))
        self.assert_refused(f"--dir-rw {given}:/: the guest's root cannot be written back", "--dir-rw", f"{given}:/")
        self.assert_refused(f"--dir-rw: {given} and {given} are not apart",
                            "--dir-rw", f"{given}:/a", "--dir-rw", f"{given}:/b")
        (given / "inner").mkdir()
        self.assert_refused(f"--dir-rw: {given} and {given}/inner are not apart",
                            "--dir-rw", f"{given}/inner:/a", "--dir-rw", f"{given}:/b")
        with tempfile.TemporaryDirectory() as other:
            self.assert_refused("--dir-rw: /a and /a/b are not apart in the guest",
                                "--dir-rw", f"{given}:/a", "--dir-rw", f"{other}:/a/b")
        self.assertEqual(self.run_cli("--dir-rw", str(given))[0], 125)

    def test_a_folder_that_cannot_be_written_is_one_error(self):
        self.given.chmod(0o555)
        reader, writer = os.pipe()
        if os.fork() == 0:
            # To root no mode means anything.
            if os.geteuid() == 0:
                os.setuid(65534)
            try:
                check_writable(self.given)
            except UserError as error:
                os.write(writer, str(error).encode())
            os._exit(0)
        os.close(writer)
        with open(reader, "rb") as told:
            self.assertEqual(told.read(), f"--dir-rw {self.given}: cannot be written to".encode())
        os.wait()


if __name__ == "__main__":
    unittest.main()
