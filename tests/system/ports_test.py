#!/usr/bin/env python3
"""Lua, built from the distribution's sources, in the machine; skipped, with the reason, where those cannot be had."""

import sys
import unittest

from harness import Machine, nacre  # Makes the command's modules known, too.

from cli.errors import UserError  # noqa: E402
from cli.job import Job  # noqa: E402
from cli.ports import Builder  # noqa: E402
from cli.sources import Unavailable  # noqa: E402

SKIPPED = 77


class LuaTest(unittest.TestCase):
    def test_a_line_of_the_shell(self):
        done = nacre("run", "--accel", "tcg", "--with", "lua", "--shell", "lua -e 'print(1+1)'")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"2\n", b""))

    def test_a_session(self):
        archive = Job(files=Builder().build(["lua"])).archive()
        with Machine("microvm", archive=archive) as machine:
            machine.prompt()
            # What setjmp and longjmp do: an error ends where it is caught, and else the program.
            self.assertEqual(machine.run("lua -e 'print(pcall(error, 5))'"), "false\t5\n")
            self.assertIn("lua: (command line):1: boom", machine.run("lua -e 'error(\"boom\")'"))
            self.assertEqual(machine.run("echo $?"), "1\n")
            nested = "function f() return (string.gsub(\"a\", \"a\", f)) end; print(pcall(f))"
            self.assertIn("C stack overflow", machine.run(f"lua -e '{nested}'"))
            temporary = 'f = io.tmpfile(); f:write(7); f:seek("set"); print(f:read("a"))'
            self.assertEqual(machine.run(f"lua -e '{temporary}'"), "7\n")
            self.assertEqual(machine.run("ls /tmp"), "")
            machine.send("lua\r")
            machine.until("^> $")
            machine.send("print(6*7)\r")
            machine.until("^42\n> $")
            machine.send("while true do end\r")
            machine.until("end\n")
            machine.send("\x03")
            machine.prompt()
            self.assertEqual(machine.run("echo $?"), "130\n")


if __name__ == "__main__":
    try:
        Builder().build(["lua"])
    except Unavailable as unavailable:
        print(f"ports: 1 skipped: {unavailable}")
        sys.exit(SKIPPED)
    except UserError as error:
        sys.exit(f"{error.details}{error}")
    unittest.main()
