#!/usr/bin/env python3
"""docs/game-abi.md: its examples are compiled by the commands that stand there, and do what it says."""

import io
import re
import shlex
import subprocess
import tarfile
import tempfile
import unittest
from pathlib import Path

from harness import ROOT, Machine, nacre

from cli.packages import LLVM_PREFIX

DOCUMENT = (ROOT / "docs/game-abi.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"^`(?P<name>[a-z]+\.(?:c|cpp))`: .*?^```\w+\n(?P<code>.*?)^```\n\n    (?P<command>clang .*?)\n",
                     re.MULTILINE | re.DOTALL)


def compiled(folder: Path, name: str, code: str, command: str) -> bytes:
    """The program that `command` makes of `code`, which it calls `name`."""
    (folder / name).write_text(code, encoding="utf-8")
    words = shlex.split(command)
    program = words[words.index("-o") + 1]
    places = {"clang": f"{LLVM_PREFIX}/bin/clang", name: str(folder / name), program: str(folder / program)}
    subprocess.run([places.get(word, word) for word in words], cwd=ROOT, check=True)
    return (folder / program).read_bytes()


def compile_text(code: str) -> bytes:
    """The program of a source in C, by the command for the first example."""
    example = next(EXAMPLE.finditer(DOCUMENT))
    with tempfile.TemporaryDirectory() as folder:
        return compiled(Path(folder), example["name"], code, example["command"])


def examples() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        return {Path(found["name"]).stem: compiled(Path(folder), found["name"], found["code"], found["command"])
                for found in EXAMPLE.finditer(DOCUMENT)}


def archive_of(programs: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, binary in programs.items():
            member = tarfile.TarInfo(f"games/{name}.wasm")
            member.size = len(binary)
            archive.addfile(member, io.BytesIO(binary))
    return buffer.getvalue()


WIDTH, HEIGHT = 1024, 768


class ExamplesTest(unittest.TestCase):
    def test_there_is_one_in_each_language(self):
        self.assertEqual([found["name"] for found in EXAMPLE.finditer(DOCUMENT)], ["square.c", "plasma.cpp"])

    def test_they_run(self):
        with Machine(archive=archive_of(examples())) as machine:
            machine.until_text(r"\$ ?$")
            machine.type("/games/square.wasm\n")
            yellow = (240, 200, 80)
            x, y = WIDTH // 2, HEIGHT // 2
            machine.until_screen(lambda screen: screen.pixel(x, y) == yellow and screen.pixel(x - 17, y) == (16, 24, 32))
            machine.press("right")
            machine.until_screen(lambda screen: screen.pixel(x - 16, y) != yellow)
            machine.press("esc")
            machine.until_text(r"\$ ?$")
            machine.type("/games/plasma.wasm\n")
            # 160 by 120 pixels, six times as large in the middle of the screen: the bottom left corner.
            machine.until_screen(lambda screen: screen.pixel(32, 743)[1:] == (2 * 119, 0x60) and
                                 screen.pixel(31, 743) == screen.pixel(32, 744) == (0, 0, 0))
            machine.press("spc")
            machine.press("esc")
            machine.until_text(r"\$ ?$")

    def test_a_trap_says_why(self):
        code = ("#include <nacre.h>\n"
                "uint32_t pixels[64];\n"
                "NACRE_EXPORT(_start) void start(void) { blit(0, 0, 8, 8, pixels, 7); }\n")
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder) / "wrong.wasm"
            program.write_bytes(compile_text(code))
            done = nacre("run", "--accel", "tcg", str(program))
        self.assertEqual((done.returncode, done.stdout), (134, b""))
        first, *calls = done.stderr.decode().splitlines()
        self.assertEqual(first, "wrong.wasm: trap: refused by the host: blit: the stride is smaller than the width")
        self.assertIn("start", calls[-1])


if __name__ == "__main__":
    unittest.main()
