#!/usr/bin/env python3
"""`./nacre run` with the real kernel: streams and statuses of programs and shell lines."""

import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from harness import BUILD, ROOT, nacre
from wasm_writer import DROP, MEMORY_GROW, UNREACHABLE, Module, branch, loop, number, program

HELLO = BUILD / "ramdisk/bin/hello.wasm"
LOOP = program(loop(branch(0)))
TRAPS = program(UNREACHABLE)


def growing():
    module = Module()
    module.memory(1)
    module.entry(loop(number(1) + MEMORY_GROW + DROP + branch(0)))
    return module.binary()


GROWS = growing()


@contextmanager
def wasm(binary, prefix="program", suffix=".wasm"):
    with tempfile.NamedTemporaryFile(prefix=prefix, suffix=suffix) as file:
        file.write(binary)
        file.flush()
        yield file.name


class RunStatusTest(unittest.TestCase):
    def check(self, arguments, status, out, err=b"", **settings):
        done = nacre("run", *arguments, **settings)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (status, out, err))

    def test_a_shell_line(self):
        self.check(["--shell", "true"], 0, b"")
        self.check(["--shell", "false"], 1, b"")
        self.check(["--shell", "echo one; echo two"], 0, b"one\ntwo\n")

    def test_a_script_on_the_input(self):
        script = b"f() {\n  echo $1\n}\nfor i in 1 2\ndo f $i; done\nread line\nfor the script\necho $line\nexit 3\n"
        self.check(["--shell"], 3, b"1\n2\nfor the script\n", stdin=script)

    def test_variables_of_the_host(self):
        self.check(["--env", "A=b c", "--shell", 'echo "$A"; env | grep A='], 0, b"b c\nA=b c\n")

    def test_limits(self):
        with wasm(LOOP) as file:
            name = Path(file).name.encode()
            self.check(["--limit", "cpu=1", file], 124, b"",
                       name + b": over its limit of 1 s of processor time\n")
        with wasm(GROWS) as file:
            name = Path(file).name.encode()
            self.check(["--limit", "memory=4M", file], 137, b"",
                       name + b": over its limit of 4096 KiB of memory\n")
        done = nacre("run", "--limit", "colour=3", "--shell", "true")
        self.assertEqual((done.returncode, done.stdout), (125, b""))

    def test_pipes_and_redirections(self):
        self.check(["--shell", "cat /etc/motd | cat | cat >&2"], 0, b"", (ROOT / "apps/ramdisk/etc/motd").read_bytes())
        self.check(["--shell", "hello a | cat; false | true"], 0, b"Hello from WebAssembly.\nargument 1: a\n")

    def test_an_unknown_command(self):
        done = nacre("run", "--shell", "no-such-command")
        self.assertEqual((done.returncode, done.stdout), (127, b""))
        self.assertEqual(done.stderr.count(b"\n"), 1)
        self.assertIn(b"no-such-command", done.stderr)

    def test_a_program_of_the_host(self):
        self.check([str(HELLO)], 0, b"Hello from WebAssembly.\n")
        self.check([str(HELLO), "--", "7", "a b"], 7,
                   b"Hello from WebAssembly.\nargument 1: 7\nargument 2: a b\n")

    def test_several_at_once(self):
        with ThreadPoolExecutor() as pool:
            runs = [pool.submit(nacre, "run", str(HELLO), "--", str(number)) for number in range(4)]
        for number, run in enumerate(runs):
            done = run.result()
            self.assertEqual((done.returncode, done.stdout, done.stderr),
                             (number, f"Hello from WebAssembly.\nargument 1: {number}\n".encode(), b""))

    def test_standard_input(self):
        data = bytes(range(256)) * 40
        self.check(["--shell", "cat"], 0, data, stdin=data)

    def test_much_through_a_pipe(self):
        # Each block another one, so that one that is lost, twice or elsewhere is seen; and all bytes are among them.
        block = bytes(range(256)) * 255
        data = b"".join(number.to_bytes(8, "little") + block for number in range(1600))
        self.assertGreater(len(data), 100_000_000)
        done = nacre("run", "--shell", "cat | cat; exit 9", stdin=data)
        self.assertEqual((done.returncode, done.stderr, len(done.stdout)), (9, b"", len(data)))
        self.assertTrue(done.stdout == data)

    def test_what_the_machine_tells_about_itself(self):
        done = nacre("run", "--shell", "cat /proc/meminfo; cat /proc/tasks | grep cat; echo x > /proc/uptime")
        self.assertRegex(done.stdout, rb"\AMemTotal: +\d{6} kB\nMemFree: +\d{6} kB\n")
        self.assertRegex(done.stdout, rb"\n +\d+  running .* cat\n\Z")
        self.assertEqual(done.stderr, b"nacre: /proc/uptime: read-only file system\n")

    def test_a_folder_of_the_host(self):
        with tempfile.TemporaryDirectory() as name:
            (Path(name) / "note").write_bytes(b"from the host\n")
            self.check(["--dir", f"{name}:/data", "--shell", "cat /data/note"], 0, b"from the host\n")

    def test_a_tree_of_the_host(self):
        with tempfile.TemporaryDirectory() as name:
            tree = Path(name)
            below = tree
            for depth in range(40):
                below = below / f"level {depth}"
                below.mkdir()
                (below / "ünï\nname").write_bytes(bytes([depth]) * (depth * 1000))
            (tree / "many").mkdir()
            for number in range(2000):
                (tree / "many" / str(number)).write_bytes(b"%d\n" % number)
            (tree / "link").symlink_to("many/1999")
            (tree / "empty").mkdir()
            script = ("cat /data/link; ls /data/many | wc -l; find /data -type f | grep -c .; cat /data/many/* | wc -c;"
                      "for i in $(seq 0 1999); do cat /data/many/$i; done | wc -l; ls /data/empty; rm -r /data/many; ls /data")
            done = nacre("run", "--dir", f"{name}:/data", "--shell", script)
            names = sum(len(str(number)) + 1 for number in range(2000))
            # A name with a line feed is two lines.
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, (
                f"1999\n2000\n{2000 + 40 * 2}\n{names}\n2000\nempty\nlevel 0\nlink\n").encode(), b""))
            self.assertEqual(len(list((tree / "many").iterdir())), 2000)

    def test_what_is_no_program(self):
        with wasm(b"#!/bin/sh\n") as path:
            done = nacre("run", path)
        self.assertEqual((done.returncode, done.stdout), (126, b""))
        self.assertEqual(done.stderr.count(b"\n"), 1)

    def test_a_program_for_another_machine(self):
        module = Module()
        module.import_function("env", "emscripten_resize_heap")
        module.import_function("env", "_tzset_js")
        module.entry(b"")
        with wasm(module.binary()) as path:
            message = f"{Path(path).name}: unknown imports env.emscripten_resize_heap, env._tzset_js\n"
            self.check([path], 126, b"", message.encode())

    def test_a_program_of_any_name(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("job", "-x.wasm", "a b", "\u00e4" * 100):
                with self.subTest(name):
                    path = Path(folder) / name
                    path.write_bytes(HELLO.read_bytes())
                    self.check([str(path), "--", "3"], 3, b"Hello from WebAssembly.\nargument 1: 3\n")

    def test_a_name_commands_no_terminal(self):
        with wasm(b"", prefix="\x1b[31m", suffix="\n") as path:
            shown = Path(path).name.replace("\x1b", "?").replace("\n", "?")
            self.check([path], 126, b"", f"{shown}: not a WebAssembly module: unexpected end at byte 0x0\n".encode())

    def test_more_than_the_machine_has(self):
        module = Module()
        module.memory(65536)
        module.entry(b"")
        with wasm(module.binary()) as path:
            self.check(["--memory", "64M", path], 137, b"",
                       f"{Path(path).name}: out of memory: it begins with 4194304 KiB of memory and 0 elements of "
                       "tables\n".encode())

    def test_a_program_without_end_is_stopped(self):
        with wasm(LOOP) as path:
            done = nacre("run", "--timeout", "3", path)
        self.assertEqual((done.returncode, done.stdout), (124, b""))

    def test_a_program_that_traps(self):
        with wasm(TRAPS) as path:
            done = nacre("run", path)
        self.assertEqual((done.returncode, done.stdout), (134, b""))
        self.assertIn(b"unreachable", done.stderr)

    def test_a_script_for_the_shell(self):
        done = nacre("run", "--headless", "--timeout", "60", stdin=b"echo $((6 * 7)) from a script\nls /share\n")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        # What is typed ahead may be echoed in between.
        self.assertIn(b"42 from a script\r\n", done.stdout)
        self.assertIn(b"about.txt", done.stdout)

    def test_a_screenshot(self):
        with tempfile.TemporaryDirectory() as name:
            picture = Path(name) / "screen.png"
            self.check(["--screenshot", str(picture), "--shell", "echo seen"], 0, b"seen\n")
            self.assertTrue(picture.read_bytes().startswith(b"\x89PNG"))

    def test_images(self):
        for option in ("--iso", "--uefi"):
            with self.subTest(option):
                self.check([option, "--shell", "echo from an image"], 0, b"from an image\n")


if __name__ == "__main__":
    unittest.main()
