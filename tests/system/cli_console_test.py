#!/usr/bin/env python3
"""`./nacre run` without a job: the terminal is the guest's, until one leaves."""

import os
import pty
import select
import signal
import termios
import unittest

from fake_machine import FakeMachineTest


class ConsoleTest(FakeMachineTest):
    def start_on_terminal(self, *arguments):
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        self.addCleanup(os.close, theirs)
        self.before = termios.tcgetattr(theirs)
        process = self.start("--headless", *arguments, stdin=theirs, stdout=theirs)
        return process, ours, theirs

    def until(self, descriptor, wanted):
        seen = b""
        while wanted not in seen:
            self.assertTrue(select.select([descriptor], [], [], 30)[0], f"{wanted} did not come, but {seen}")
            seen += os.read(descriptor, 4096)
        return seen

    def test_keys_and_output_pass_unchanged(self):
        process, ours, _ = self.start_on_terminal()
        self.until(ours, b"fake console\r\n")
        os.write(ours, b"\x03\x1b[A\x01\x01q")
        self.until(ours, b"<03><1b><5b><41><01><71>")
        os.write(ours, b"\x04")
        _, err = process.communicate(timeout=30)
        self.assertEqual((process.returncode, err), (0, b"nacre: Ctrl-A x leaves\n"))

    def test_leaving_restores_the_terminal(self):
        process, ours, theirs = self.start_on_terminal()
        self.until(ours, b"fake console")
        self.assertNotEqual(termios.tcgetattr(theirs), self.before)
        os.write(ours, b"\x01x")
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(termios.tcgetattr(theirs), self.before)

    def test_being_ended_restores_the_terminal(self):
        for arguments, ending in ((("--timeout", "1"), None), ((), signal.SIGTERM), ((), signal.SIGHUP)):
            with self.subTest(ending):
                process, ours, theirs = self.start_on_terminal(*arguments)
                self.until(ours, b"fake console")
                if ending:
                    process.send_signal(ending)
                process.communicate(timeout=30)
                self.assertEqual(process.returncode, 128 + ending if ending else 124)
                self.assertEqual(termios.tcgetattr(theirs), self.before)

    def test_a_script_on_standard_input(self):
        """Its end arrives as Ctrl-D."""
        status, out, err = self.run_cli("--headless", stdin=b"ab")
        self.assertEqual((status, out, err), (0, b"fake console\r\n<61><62>", b""))

    def test_switching_off_through_the_debug_port(self):
        for typed, status in ((b"0", 0), (b"3", 3)):
            self.assertEqual(self.run_cli("--headless", stdin=typed)[0], status)

    def test_a_guest_that_dies(self):
        process, ours, theirs = self.start_on_terminal()
        self.until(ours, b"fake console")
        os.write(ours, b"!")
        _, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 134)
        self.assertTrue(err.endswith(b"nacre: the machine stopped (QEMU's status 35)\n"))
        self.assertEqual(termios.tcgetattr(theirs), self.before)

    def test_a_machine_for_a_person(self):
        out = self.run_cli("--headless", "--qemu", "-show-arguments")[1].decode().splitlines()
        self.assertEqual(out[out.index("-M") + 1], "pc")
        self.assertEqual(out[out.index("-display") + 1], "none")
        self.assertNotIn("-no-reboot", out)
        self.environment["DISPLAY"] = ":7"
        self.addCleanup(self.environment.pop, "DISPLAY")
        out = self.run_cli("--verbose", "--qemu", "-show-arguments")[2].decode().splitlines()
        self.assertEqual(out[out.index("-display") + 1], "gtk")


if __name__ == "__main__":
    unittest.main()
