#!/usr/bin/env python3
"""Four ways to boot, each to a prompt that works."""

import unittest

from harness import Machine


class ImagesTest(unittest.TestCase):
    def check(self, machine, screen=True):
        machine.prompt()
        self.assertEqual(machine.run("echo it runs"), "it runs\n")
        self.assertIn("about.txt", machine.run("ls /share"))
        if screen:
            machine.until_text(r"^it runs$")

    def test_kernel_on_a_pc(self):
        with Machine("pc") as machine:
            self.check(machine)

    def test_kernel_on_a_q35(self):
        with Machine("q35") as machine:
            self.check(machine)

    def test_kernel_on_a_microvm(self):
        with Machine("microvm") as machine:
            self.check(machine, screen=False)

    def test_image_with_bios(self):
        with Machine("pc", boot="bios") as machine:
            self.check(machine)

    def test_image_with_uefi(self):
        with Machine("q35", boot="uefi", memory="256M") as machine:
            self.check(machine)


if __name__ == "__main__":
    unittest.main()
