#!/usr/bin/env python3
"""The pager on the screen, by its keys."""

import unittest

from harness import Machine


class LessTest(unittest.TestCase):
    def test_a_person_reads_and_looks_for_something(self):
        with Machine() as machine:
            machine.until_text(r"\$$")
            machine.type("echo before\n")
            machine.until_text("^before$")
            machine.type("seq 1000 | less\n")
            machine.until_text(r"\A1\n2\n(.*\n)* standard input  1-\d+ +h help  q quit$")
            machine.press("pgdn")
            machine.until_screen(lambda screen: screen.lines[0].isdigit() and int(screen.lines[0]) > 20)
            machine.qmp.type("/77$\n")
            machine.until_text(r"\A77\n78\n")
            machine.qmp.type("n")
            machine.until_text(r"\A177\n178\n")
            machine.press("end")
            machine.until_text(r"^1000\n standard input .* of 1000  end")
            machine.press("home")
            machine.until_text(r"\A1\n2\n")
            machine.press("q")
            machine.until_text(r"^before\n(.*\n)*.*\$$")


if __name__ == "__main__":
    unittest.main()
