#!/usr/bin/env python3
"""`./nacre run` against a fake guest: streams, statuses, signals, what reaches the guest."""

import os
import pty
import signal
import subprocess
import tempfile
import termios
import unittest
from pathlib import Path

from fake_machine import FakeMachineTest


class RunTest(FakeMachineTest):
    def shell(self, line, *options, **settings):
        return self.run_cli("--shell", line, *options, **settings)

    def test_status_is_the_programs(self):
        for status in (0, 1, 7, 255):
            self.assertEqual(self.shell(f"exit {status}"), (status, b"", b""))

    def test_streams_stay_apart(self):
        self.assertEqual(self.shell("out one;err two;out three;exit 0"), (0, b"onethree", b"two"))

    def test_output_is_binary_clean(self):
        self.assertEqual(self.shell("all_bytes;exit 0")[1], bytes(range(256)))

    def test_input_is_binary_clean_and_keeps_to_the_credit(self):
        data = bytes(range(256)) * 400
        self.assertEqual(self.shell("cat;exit 0", stdin=data), (0, data, b""))
        self.assertEqual(self.shell("cat 1;exit 0", stdin=data[:100]), (0, data[:100], b""))

    def test_input_from_a_file(self):
        with tempfile.TemporaryFile() as file:
            file.write(b"from a file")
            file.seek(0)
            process = self.start("--shell", "cat;exit 0", stdin=file)
            self.assertEqual(process.communicate(timeout=30), (b"from a file", b""))

    def test_closed_standard_input_is_an_empty_one(self):
        process = self.start("--shell", "cat;exit 5", stdin=None, preexec_fn=lambda: os.close(0))
        self.assertEqual(process.communicate(timeout=30), (b"", b""))
        self.assertEqual(process.returncode, 5)

    def test_much_output_waits_for_a_slow_reader(self):
        process = self.start("--shell", "much 1000;exit 0")
        self.assertEqual(process.stdout.read(1), b"x")
        self.assertEqual(len(process.stdout.read()), 4096 * 1000 - 1)
        self.assertEqual(process.communicate(timeout=30), (b"", b""))
        self.assertEqual(process.returncode, 0)

    def test_an_exit_right_behind_much_output(self):
        for count in range(60, 75):
            with self.subTest(count):
                status, out, _ = self.shell(f"much {count};exit 9", "--timeout", "20")
                self.assertEqual((status, len(out)), (9, 4096 * count))

    def test_a_reader_that_leaves_ends_the_run(self):
        process = self.start("--shell", "much 1000;hang")
        process.stdout.read(1)
        process.stdout.close()
        self.assertEqual(process.wait(30), 128 + signal.SIGPIPE)
        process.stderr.close()

    def test_timeout(self):
        status, out, err = self.shell("out before;hang", "--timeout", "0.5")
        self.assertEqual((status, out), (124, b"beforehanging"))
        self.assertEqual(err, b"nacre: timed out after 0.5 s\n")

    def test_a_dead_guest_shows_its_log(self):
        status, out, err = self.shell("out before;die")
        self.assertEqual((status, out), (134, b"before"))
        self.assertIn(b"fake guest\nthe last words\n", err)
        self.assertEqual(err.splitlines()[-1], b"nacre: the machine stopped before the program ended")

    def test_a_panic_is_noticed_though_the_machine_goes_on(self):
        status, out, err = self.shell("out before;panic")
        self.assertEqual((status, out), (134, b"before"))
        self.assertEqual(err, b"fake guest\nkernel panic: for the test\nbacktrace:\nnacre: the kernel panicked\n")

    def test_a_guest_that_breaks_the_protocol(self):
        status, out, err = self.shell("out before;garbage")
        self.assertEqual((status, out), (134, b"before"))
        self.assertIn(b"nacre: the host channel is broken: ", err)

    def test_what_firmware_writes_is_passed_over(self):
        self.assertEqual(self.shell("firmware;out text;exit 0"), (0, b"text", b""))

    def test_verbose_adds_the_log_on_stderr_alone(self):
        status, out, err = self.shell("out text;exit 0;power_off", "--verbose")
        self.assertEqual((status, out, err), (0, b"text", b"fake guest\npowering off\n"))

    def test_qemus_own_complaint_is_shown(self):
        status, out, err = self.shell("exit 0", "--qemu", "-complain")
        self.assertEqual((status, out), (125, b""))
        self.assertIn(b"qemu: complaint", err)

    def test_interrupt_is_the_programs_first(self):
        process = self.start("--shell", "wait 0x83;out interrupted;exit 3")
        process.stdout.read(len("waiting"))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        self.assertEqual((process.returncode, out, err), (130, b"interrupted", b""))

    def test_a_second_interrupt_needs_no_guest(self):
        process = self.start("--shell", "hang")
        process.stdout.read(len("hanging"))
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130)

    def test_termination_takes_the_machine_along(self):
        process = self.start("--shell", "hang")
        process.stdout.read(len("hanging"))
        process.send_signal(signal.SIGTERM)
        # Everybody who could write is gone when the pipe ends, the guest too.
        self.assertEqual(process.communicate(timeout=30), (b"", b""))
        self.assertEqual(process.returncode, 128 + signal.SIGTERM)

    def test_runs_side_by_side(self):
        processes = [self.start("--shell", f"out {number};exit {number}") for number in range(5)]
        for number, process in enumerate(processes):
            out, _ = process.communicate(timeout=30)
            self.assertEqual((process.returncode, out), (number, str(number).encode()))

    def test_a_program_and_its_arguments(self):
        program = Path(self.folder.name) / "my program.wasm"
        program.write_bytes(b"\0asm\x01\0\0\0")
        status, out, _ = self.run_cli("--env", "A=b=c", str(program), "--", "--help", "", "ü", "--", "x")
        self.assertEqual(status, 0)
        self.assertEqual(eval(out), (
            "program=/run/program/my program.wasm\0arg=my program.wasm\0arg=--help\0arg=\0arg=ü\0arg=--\0arg=x\0"
            "env=A=b=c\0cwd=/\0").encode())

    def test_a_program_from_a_pipe(self):
        reader, writer = os.pipe()
        os.write(writer, b"\0asm\x01\0\0\0")
        os.close(writer)
        process = self.start(f"/dev/fd/{reader}", pass_fds=[reader])
        os.close(reader)
        self.assertIn(f"program=/run/program/{reader}\\x00".encode(), process.communicate(timeout=30)[0])
        self.assertEqual(process.returncode, 0)

    def test_folders_arrive_behind_the_ramdisk(self):
        with tempfile.TemporaryDirectory() as name:
            top = Path(name)
            (top / "sub").mkdir()
            (top / "sub" / ("n" * 120)).write_bytes(b"long")
            (top / "a").write_bytes(b"A")
            (top / "link").symlink_to("a")
            os.link(top / "a", top / "second")
            status, out, _ = self.shell("files;exit 0", "--dir", f"{name}:/data/in", "--dir", name)
        self.assertEqual(status, 0)
        files = dict(eval(out))
        self.assertEqual(files["readme"], b"hello")
        for where in ("data/in", "host"):
            self.assertEqual(files[f"{where}/a"], b"A")
            self.assertEqual(files[f"{where}/second"], b"A")
            self.assertEqual(files[f"{where}/link"], "a")
            self.assertEqual(files[f"{where}/sub/{'n' * 120}"], b"long")

    def test_the_machine(self):
        words = self.shell("arguments;exit 0")[1].decode().splitlines()
        self.assertEqual(words[words.index("-M") + 1], "microvm")
        self.assertEqual(words[words.index("-append") + 1], "job=/run/job")
        words = self.shell("arguments;exit 0", "--machine", "pc", "--memory", "64", "--qemu", "-name 'a b'",
                           "--cpus", "2")[1].decode().splitlines()
        self.assertEqual(words[words.index("-M") + 1], "pc")
        self.assertEqual(words[words.index("-m") + 1], "64M")
        self.assertEqual(words[words.index("-smp") + 1], "2")
        self.assertEqual(words[words.index("-name") + 1], "a b")

    def test_the_terminal_is_restored_and_its_size_is_told(self):
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        self.addCleanup(os.close, theirs)
        before = termios.tcgetattr(theirs)
        process = self.start("--shell", "wait 0x84;exit 0", stdin=theirs, stdout=theirs)
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(termios.tcgetattr(theirs), before)

    def test_what_cannot_be_meant_is_said_in_one_line(self):
        for arguments, text in (
                (("no-such.wasm",), b"nacre: no-such.wasm: no such file or directory"),
                (("--shell", "x", "y.wasm"), b"nacre: either FILE or --shell, not both"),
                (("--shell", "x", "--dir", "/no/such"), b"nacre: --dir /no/such: /no/such is no folder"),
                (("--shell", "x", "--env", "A"), b"nacre: --env A: KEY=VALUE is needed"),
                (("--memory", "lots"), b"nacre: argument --memory: 'lots' is no size; 64M or 2G would be"),
                (("--nonsense",), b"nacre: unrecognized arguments: --nonsense"),
                (("--shell", "x", "--iso", "--machine", "microvm"), b"nacre: --machine microvm has no firmware"),
                (("--headless", "--screenshot", "x.png"), b"nacre: --screenshot without a terminal needs --timeout"),
                (("--", "x"), b"nacre: arguments after -- are for a FILE")):
            with self.subTest(arguments):
                status, out, err = self.run_cli(*arguments)
                self.assertEqual((status, out, err.count(b"\n")), (125, b"", 1))
                self.assertTrue(err.startswith(text), err)


if __name__ == "__main__":
    unittest.main()
