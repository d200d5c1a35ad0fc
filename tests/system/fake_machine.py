"""Tests of the command that run against fake_guest.py in the place of QEMU."""

import io
import os
import subprocess
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOOLS = HERE.parents[1] / "tools"

# The command without the build: the rest is what a user calls.
DRIVER = """
import sys
sys.path.insert(0, {tools!r})
from pathlib import Path
import cli.build, cli.packages, cli.run, cli.main
cli.packages.ensure = lambda *groups: None
cli.run.build = lambda *names: None
cli.run.start.__defaults__ = (Path({kernel!r}), Path({ramdisk!r}))
sys.exit(cli.main.main())
"""


class FakeMachineTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        path = Path(cls.folder.name)
        (path / "bin").mkdir()
        (path / "bin/qemu-system-x86_64").symlink_to(HERE / "fake_guest.py")
        with tarfile.open(path / "ramdisk.tar", "w") as tar:
            entry = tarfile.TarInfo("readme")
            entry.size = 5
            tar.addfile(entry, io.BytesIO(b"hello"))
        driver = DRIVER.format(tools=str(TOOLS), kernel=str(path / "nacre.elf"), ramdisk=str(path / "ramdisk.tar"))
        cls.command = [sys.executable, "-c", driver, "run"]
        cls.environment = {k: v for k, v in os.environ.items() if "DISPLAY" not in k}
        cls.environment["PATH"] = f"{path / 'bin'}:{os.environ['PATH']}"

    def start(self, *arguments, **settings):
        settings = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | settings
        process = subprocess.Popen([*self.command, *arguments], env=self.environment, **settings)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def run_cli(self, *arguments, stdin=b"", **settings):
        """Status, stdout, stderr."""
        process = self.start(*arguments, stdin=subprocess.PIPE, **settings)
        out, err = process.communicate(stdin, timeout=30)
        return process.returncode, out, err
