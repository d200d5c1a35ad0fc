#!/usr/bin/env python3
"""Programs of `apps/ports` as the command handles them, with sources that come from here, and without a network."""

import contextlib
import io
import os
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

from cli import image, main, ports, sources  # noqa: E402
from cli.errors import UserError  # noqa: E402
from cli.ports import Builder  # noqa: E402
from cli.sources import AptSources, Unavailable  # noqa: E402

BUILD = Path(os.environ.get("NACRE_KERNEL_BUILD", ports.ROOT / "build/kernel"))
RECIPE = """\
summary = "answers"
source = "answer-source"
program = "answer"
compile = ["*.c"]
without = ["other.c"]
files = { "share/answer" = "*.txt" }
"""
PROGRAM = "#include <stdio.h>\nint main(void) { return puts(ANSWER) < 0; }\n"


class FakeSources:
    """Has one program, unless it is told a reason to have none."""

    def __init__(self, text=PROGRAM):
        self.text = text
        self.reason = ""
        self.fetched = []

    def fetch(self, package, target):
        self.fetched.append(package)
        if self.reason:
            raise Unavailable(self.reason, "what apt-get said\n")
        target.mkdir()
        (target / "answer.c").write_text(self.text)
        (target / "other.c").write_text("#error this is left out\n")
        (target / "note.txt").write_text("42\n")


def stderr_of(action):
    """What `action` returns, and what it said."""
    with contextlib.redirect_stderr(io.StringIO()) as said:
        return action(), said.getvalue()


class PortsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.recipes = self.folder / "recipes"
        self.recipes.mkdir()
        (self.recipes / "support").symlink_to(ports.RECIPES / "support")
        for name in ("answer", "second"):
            (self.recipes / name).mkdir()
        self.write_recipe('flags = [\'-DANSWER="it is 42"\']\n')
        (self.recipes / "second/port.toml").write_text(RECIPE.replace('"answer', '"second'))
        self.sources = FakeSources()

    def write_recipe(self, more):
        (self.recipes / "answer/port.toml").write_text(RECIPE + more)

    def builder(self):
        """As each call of the command has it."""
        return Builder(self.sources, self.recipes, self.folder / "output with space")

    def build(self, *names):
        return stderr_of(lambda: self.builder().build(names))

    def test_names(self):
        def parse(*lists):
            return ports.parse(lists, self.recipes)

        self.assertEqual(parse("answer,second", "answer"), ("answer", "second"))
        self.assertEqual(parse(""), ())
        for lists, wrong in ((["answer,other"], "'other'"), (["answer,"], "''"), (["support"], "'support'")):
            with self.subTest(lists), self.assertRaises(UserError) as caught:
                parse(*lists)
            self.assertEqual(str(caught.exception), f"--with {','.join(lists)}: no program is called {wrong} "
                                                    "(there are answer, second)")

    def test_a_port_brings_its_program_and_its_files(self):
        files, said = self.build("answer")
        self.assertEqual(list(files), ["bin/answer.wasm", "share/answer/note.txt"])
        self.assertEqual(files["bin/answer.wasm"].read_bytes()[:4], b"\0asm")
        self.assertIn(b"it is 42", files["bin/answer.wasm"].read_bytes())
        self.assertEqual(files["share/answer/note.txt"].read_text(), "42\n")
        self.assertTrue(said.startswith("nacre: fetching the source of answer\n"), said)

    def test_what_is_there_is_neither_fetched_nor_built_again(self):
        files, _ = self.build("answer")
        built = files["bin/answer.wasm"].stat().st_mtime_ns
        self.sources.reason = "there is no network"
        again, said = self.build("answer")
        self.assertEqual((again, said), (files, ""))
        self.assertEqual(files["bin/answer.wasm"].stat().st_mtime_ns, built)
        self.assertEqual(self.sources.fetched, ["answer-source"])

    def test_other_flags_build_again(self):
        self.build("answer")
        self.write_recipe('flags = [\'-DANSWER="it is 43"\']\n')
        files, _ = self.build("answer")
        self.assertIn(b"it is 43", files["bin/answer.wasm"].read_bytes())
        self.assertEqual(len(self.sources.fetched), 1)

    def test_other_preparations_begin_with_a_fresh_source(self):
        self.build("answer")
        self.write_recipe('prepare = [["sh", "-c", "echo \'#define ANSWER \\"made\\"\' > made.h"]]\n'
                          'flags = ["-I{source}", "-include", "made.h"]\n')
        files, _ = self.build("answer")
        self.assertIn(b"made\0", files["bin/answer.wasm"].read_bytes())
        self.assertEqual(len(self.sources.fetched), 2)

    def test_what_cannot_be_prepared_is_fetched_again(self):
        for _ in range(2):
            self.write_recipe('prepare = [["sh", "-c", "echo why; false"]]\n')
            with self.assertRaises(UserError) as caught:
                self.build("answer")
            self.assertRegex(str(caught.exception), "^preparing answer failed ")
            self.assertEqual(caught.exception.details, "why\n")
        self.assertEqual(len(self.sources.fetched), 2)

    def test_what_cannot_be_compiled_is_an_error_of_its_own(self):
        self.sources.text = "int main(void) { return nonsense; }\n"
        with self.assertRaises(UserError) as caught:
            self.build("answer")
        self.assertNotIsInstance(caught.exception, Unavailable)
        self.assertRegex(str(caught.exception), "^building answer failed ")
        self.assertIn("nonsense", caught.exception.details)

    def test_a_source_without_what_the_recipe_names(self):
        (self.recipes / "answer/port.toml").write_text(RECIPE.replace("*.c", "main/*.c"))
        with self.assertRaises(UserError) as caught:
            self.build("answer")
        self.assertEqual(str(caught.exception), "answer: the source package answer-source has no main/*.c")

    def test_a_named_port_that_cannot_be_had_is_an_error(self):
        self.sources.reason = "there is no network"
        with self.assertRaises(Unavailable) as caught:
            self.build("answer")
        self.assertEqual(str(caught.exception), "answer cannot be had: there is no network")
        self.assertEqual(caught.exception.details, "what apt-get said\n")

    def test_the_usual_image_goes_on_without(self):
        self.sources.reason = "there is no network"
        files, said = stderr_of(lambda: self.builder().build_what_can_be_had(["answer", "second"]))
        self.assertEqual(files, {})
        self.assertEqual([line for line in said.splitlines() if "fetching" not in line],
                         ["nacre: goes on without answer and second: there is no network"])

    def test_an_image_is_made_with_ports_and_without(self):
        machine = (BUILD / "nacre.elf", BUILD / "ramdisk.tar")
        usual, ports.DEFAULT = ports.DEFAULT, ("answer",)
        self.addCleanup(setattr, ports, "DEFAULT", usual)
        self.sources.reason = "there is no network"
        target = self.folder / "nacre.iso"
        for reason, names, carried in (("there is no network", None, False), ("", None, True), ("", (), False)):
            with self.subTest(reason=reason, names=names):
                self.sources.reason = reason
                stderr_of(lambda: image.make(target, names, self.builder(), *machine))
                content = target.read_bytes()
                self.assertIn(b"bin/hello.wasm", content)
                self.assertEqual(b"bin/answer.wasm" in content, carried)


class CommandTest(unittest.TestCase):
    def test_mistakes_are_one_line(self):
        for words, message in (
                (["run", "--with", "lua,luna"], r"--with lua,luna: no program is called 'luna' \(there are .*lua, .*\)"),
                (["image", "--with", "luna"], r"--with luna: no program is called 'luna' \(there are .*\)"),
                (["run", "--with", "lua", "x.wasm"], r"--with is for a machine with a shell, not for a FILE")):
            with self.subTest(words):
                if words[-1] == "x.wasm":
                    words[-1] = os.devnull
                status, said = stderr_of(lambda: main.main(words))
                self.assertEqual(status, 125)
                self.assertRegex(said, rf"^nacre: {message}\n$")

    def test_every_recipe_can_be_read(self):
        names = ports.known()
        self.assertLessEqual(set(ports.DEFAULT), set(names))
        for name in names:
            with self.subTest(name):
                self.assertTrue(ports.Port.read(ports.RECIPES / name).summary)


class AptTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "bin").mkdir()
        (self.folder / "etc/sources.list.d").mkdir(parents=True)
        (self.folder / "release").write_text("ID=debian\nVERSION_CODENAME=bookworm\n")
        path = os.environ["PATH"]
        self.addCleanup(os.environ.__setitem__, "PATH", path)
        os.environ["PATH"] = f"{self.folder / 'bin'}:{path}"
        self.script("dpkg-source", 'mkdir "$4"')

    def script(self, name, text):
        """A command for `apt-get` or `dpkg-source`, which notes that it was called."""
        path = self.folder / "bin" / name
        path.write_text(f'#!/bin/sh\necho "{name} $*" >> "{self.folder}/calls"\n{text}\n')
        path.chmod(0o755)

    def calls(self, word):
        return [line for line in (self.folder / "calls").read_text().splitlines() if word in line.split()]

    def configure(self):
        (self.folder / "etc/sources.list").write_text("deb http://mirror.example/debian bookworm main\n")

    def apt(self):
        return AptSources(self.folder / "apt", self.folder / "etc", self.folder / "release")

    def test_the_lists_are_brought_once(self):
        self.configure()
        self.script("apt-get", 'case "$*" in *source*--only-source*) eval "package=\\${$#}"; : > "$package.dsc";; esac')
        apt = self.apt()
        for name in ("one", "two"):
            apt.fetch(name, self.folder / name / "source")
            self.assertTrue((self.folder / name / "source").is_dir())
        self.assertEqual((len(self.calls("update")), len(self.calls("--only-source"))), (1, 2))
        self.assertEqual((self.folder / "apt/sources.list.d/sources.list").read_text(),
                         "deb-src http://mirror.example/debian bookworm main\n")

    def test_an_update_that_is_not_there_is_done_without(self):
        self.configure()
        self.script("apt-get", 'case "$*" in *update*|*one/bookworm) : > one.dsc;; *) echo "E: 404"; exit 100;; esac')
        self.apt().fetch("one", self.folder / "one/source")
        self.assertTrue((self.folder / "one/source").is_dir())
        with self.assertRaises(Unavailable) as caught:
            self.apt().fetch("two", self.folder / "two/source")
        self.assertEqual(str(caught.exception), "apt-get failed: 404")

    def test_a_failure_is_told_and_found_out_once(self):
        self.configure()
        self.script("apt-get", "echo 'E: Temporary failure'; exit 100")
        apt = self.apt()
        for _ in range(2):
            with self.assertRaises(Unavailable) as caught:
                apt.fetch("one", self.folder / "one")
            self.assertEqual(str(caught.exception), "apt-get failed: Temporary failure")
            self.assertEqual(caught.exception.details, "E: Temporary failure\n")
        self.assertEqual(len(self.calls("update")), 1)

    def test_a_machine_that_knows_other_packages_only(self):
        (self.folder / "etc/sources.list").write_text("deb http://example.org/ other main\n")
        with self.assertRaises(Unavailable) as caught:
            self.apt().fetch("one", self.folder / "one")
        self.assertEqual(str(caught.exception), "apt is not configured for the packages of bookworm")


class ConfigurationTest(unittest.TestCase):
    def test_lines(self):
        text = ("# deb http://a.org/debian bookworm main\n"
                "deb [signed-by=/k.gpg arch=amd64] http://a.org/debian bookworm main contrib # the first\n"
                "deb http://a.org/debian-security bookworm-security main\n"
                "deb-src http://a.org/debian bookworm main\n"
                "deb http://other.org bookworm-other main\n"
                "deb http://other.org ./\n"
                "nonsense\n")
        self.assertEqual(sources.configuration(text, "list", "bookworm"),
                         "deb-src [signed-by=/k.gpg arch=amd64] http://a.org/debian bookworm main contrib\n"
                         "deb-src http://a.org/debian-security bookworm-security main\n")

    def test_stanzas(self):
        text = ("Types: deb\n# A comment.\nURIs: http://a.org/debian\nSuites: bookworm bookworm-updates other\n"
                "Components: main\nArchitectures: amd64\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc\n"
                "\n\n"
                "Types: deb\nURIs: http://other.org\nSuites: other\nComponents: main\n\n"
                "Enabled: no\nTypes: deb\nURIs: http://b.org\nSuites: bookworm\nComponents: main\n\n"
                "Types: deb-src\nURIs: http://c.org\nSuites: bookworm\nComponents: main\n")
        self.assertEqual(sources.configuration(text, "sources", "bookworm"),
                         "Types: deb-src\nURIs: http://a.org/debian\nSuites: bookworm bookworm-updates\n"
                         "Components: main\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc\n\n")


if __name__ == "__main__":
    unittest.main()
