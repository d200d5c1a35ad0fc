#!/usr/bin/env python3
"""What the shell's own commands do with the real machine: its screen, its processor and its firmware; and archives that
GNU tar made, or reads."""

import io
import re
import subprocess
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path

from harness import ROOT, Machine, nacre

sys.path.insert(0, str(ROOT / "tests/support"))

from image_files import read_png  # noqa: E402


class ScreenTest(unittest.TestCase):
    def test_screenshot_and_view(self):
        """The file has every pixel of the screen, and shown it is the same screen again."""
        with Machine() as machine:
            machine.prompt()
            # So that nothing changes by itself. The bell tells that it is done, and is not seen.
            machine.run("status off; cd /tmp")
            machine.send("clear; ls -l /bin; theme; screenshot s.png >name; printf '\\a'; read line\r")
            machine.until("\a")
            wanted = machine.screen()
            machine.send("\r")
            machine.prompt()
            self.assertEqual(machine.run("cat name"), f"s.png: {wanted.width}x{wanted.height}\n")
            size = int(machine.run("wc -c <s.png"))
            self.assertLess(size, 100_000)
            machine.send("view s.png\r")
            machine.until_screen(lambda screen: screen == wanted)
            machine.press("q")
            machine.prompt()
            rows = re.findall(r"^[0-9a-f]{8}  ((?:[0-9a-f]{2} +)+)\|", machine.run("hexdump s.png"), re.MULTILINE)
            data = bytes.fromhex("".join(rows))
            self.assertEqual(len(data), size)
            self.assertEqual(read_png(data), [[(*wanted.pixel(x, y), 255) for x in range(wanted.width)]
                                              for y in range(wanted.height)])


class HardwareTest(unittest.TestCase):
    def test_processor_and_firmware(self):
        with Machine() as machine:
            machine.prompt()
            self.assertRegex(machine.run("cpuid"), r"vendor: +\w+\n(?s:.*)features: fpu\* (?s:.*)apic\*(?s:.*)nx\*")
            self.assertRegex(machine.run("cpuid -r"), r"(?m)^00000001 +0 ")
            acpi = machine.run("acpi")
            for name in ("RSDT", "FACP", "DSDT", "APIC", "HPET"):
                self.assertRegex(acpi, rf"(?m)^{name} .* good$")
            for line in ("PM timer: port 0x608, 24 bits", "processor: APIC 0", "power off: sleep type"):
                self.assertIn(line, acpi)
            self.assertRegex(machine.run("acpi APIC"), r"\|APIC")

    def test_no_firmware(self):
        with Machine(kind="pc,acpi=off", qemu="-vga none") as machine:
            machine.prompt()
            self.assertEqual(machine.run("acpi"), "acpi: this machine has no ACPI\n")
            self.assertRegex(machine.run("view /etc/motd"), "view: there is no screen to show it on\n")


class ArchiveTest(unittest.TestCase):
    """In one machine: the host's tar unpacks what Nacre's made, and the other way round."""

    LONG = "d/" + "long-name-" * 20 + "/" + "n" * 120

    def make_tree(self, top: Path) -> None:
        (top / self.LONG).parent.mkdir(parents=True)
        (top / self.LONG).write_bytes(bytes(range(256)) * 300)
        (top / "d/empty").write_bytes(b"")
        (top / "d/run.sh").write_text("echo\n")
        (top / "d/run.sh").chmod(0o751)
        (top / "d/again").hardlink_to(top / "d/run.sh")
        (top / "d/link").symlink_to("run.sh")
        (top / "d/ümlaut and blank").write_text("x" * 10_000)
        for path in sorted(top.rglob("*"), reverse=True):
            subprocess.run(["touch", "-h", "-d", "@1600000000", path], check=True)

    @staticmethod
    def facts(top: Path) -> list[tuple]:
        """All that is to survive. Links keep no times."""
        found = []
        for path in sorted(top.rglob("*")):
            stat = path.lstat()
            is_link = path.is_symlink()
            found.append((str(path.relative_to(top)), 0 if is_link else stat.st_mode, 0 if is_link else stat.st_mtime,
                          path.readlink() if is_link else path.read_bytes() if path.is_file() else None,
                          stat.st_nlink if path.is_file() else 0))
        return found

    def test_round_trips(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            self.make_tree(folder / "made")
            wanted = self.facts(folder / "made")
            (folder / "in").mkdir()
            for form in ("gnu", "pax"):
                subprocess.run(["tar", f"--format={form}", "-C", folder / "made", "-czf", folder / f"in/{form}.tgz", "d"],
                               check=True)
            for form in ("gnu", "pax"):
                line = f"cd /tmp && tar xf /in/{form}.tgz && tar c{'z' if form == 'gnu' else ''} d"
                done = nacre("run", "--accel", "tcg", "--dir", f"{folder / 'in'}:/in", "--shell", line)
                self.assertEqual((done.returncode, done.stderr), (0, b""), done.stderr)
                back = folder / f"back-{form}"
                back.mkdir()
                subprocess.run(["tar", "-C", back, "-xzf" if form == "gnu" else "-xf", "-"], input=done.stdout, check=True)
                self.assertEqual(self.facts(back), wanted)
                listed = subprocess.run(["tar", "-tf", "-"] if form == "pax" else ["tar", "-tzf", "-"],
                                        input=done.stdout, check=True, capture_output=True)
                self.assertEqual(len(listed.stdout.splitlines()), len(wanted))
            members = tarfile.open(fileobj=io.BytesIO(done.stdout)).getmembers()
            self.assertTrue(any(member.islnk() for member in members))


if __name__ == "__main__":
    unittest.main()
