"""The command line of `./nacre`. A verb's module is loaded only when the verb is called."""

from __future__ import annotations

import argparse
import importlib
import os
import re
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from cli.errors import INTERRUPTED, NACRE_FAILED, UserError

EXAMPLES = """\
examples:
  ./nacre run                                    a shell: in a window, or here with --headless
  ./nacre run hello.wasm -- --name World         a program of yours in a machine of its own
  ./nacre run --dir data:/data --shell 'ls /data; cat /data/notes.txt'
  ./nacre test unit structure

exit status of run: the program's own; 124 timed out, 125 the command itself failed, 130 Ctrl-C,
134 the machine died
"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, and never takes an abbreviated option for the whole one."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        self.exit(NACRE_FAILED, f"nacre: {message} (see {self.prog} --help)\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="./nacre", description="Runs, tests and packs Nacre, an operating system whose programs are "
        "WebAssembly. Installs what is missing, builds what is stale, is quiet unless something is wrong.",
        epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    _add_run(verbs.add_parser("run", help="boot to the shell, or run one program or shell line",
                              usage="./nacre run [options] [FILE.wasm [-- ARGS...]]"))
    test = verbs.add_parser("test", help="run everything that can be tested here, or the named suites")
    test.add_argument("suites", nargs="*", metavar="SUITE",
                      help="unit, boot, system, structure, conformance, wasi, programs, wasm4, fuzz")
    image = verbs.add_parser("image", help="make build/nacre.iso, bootable from BIOS and UEFI, CD and USB stick")
    image.add_argument("--with", dest="ports", action="append", metavar="NAME,...",
                       help="the programs of apps/ports that it carries (lua,sqlite); '' for none")
    _add_machine_options(verbs.add_parser("debug", help="boot halted, waiting for gdb"))
    bench = verbs.add_parser("bench", help="measure, and compare with the limits")
    bench.add_argument("names", nargs="*", metavar="NAME",
                       help="measure these only; a group, too: kernel, pipes, interpreter, simd, load, memory, heap")
    bench.add_argument("--rounds", type=_count, default=4, metavar="N", help="of what is compared (4)")
    bench.add_argument("--peers", action="store_true", help="run the programs in other engines of this machine, too")
    form = verbs.add_parser("format", help="bring all C++ into shape with clang-format")
    form.add_argument("--check", action="store_true", help="change nothing; fail if something would change")
    return parser


def _add_run(run: argparse.ArgumentParser) -> None:
    run.add_argument("file", nargs="?", metavar="FILE.wasm", help="a file of the host, run as the only program")
    run.add_argument("--shell", metavar="SCRIPT", nargs="?", const="sh -s",
                     help="run lines of the shell instead: SCRIPT, or else those that stand on the input")
    run.add_argument("--dir", action="append", default=[], metavar="HOST[:GUEST]",
                     help="give the guest a copy of a folder of the host (at /host)")
    run.add_argument("--dir-rw", action="append", default=[], metavar="HOST[:GUEST]",
                     help="the same, and what the program changes there comes back to the folder")
    run.add_argument("--with", dest="ports", action="append", default=[], metavar="NAME,...",
                     help="with programs of apps/ports for the shell, such as lua,sqlite")
    run.add_argument("--env", action="append", default=[], metavar="K=V", help="an environment variable")
    run.add_argument("--limit", action="append", default=[], metavar="NAME=VALUE",
                     help="what the program may use: memory, cpu (seconds), descriptors, space, depth, fuel")
    run.add_argument("--headless", action="store_true", help="no window: the shell in this terminal")
    run.add_argument("--timeout", type=_seconds, metavar="SECONDS", help="stop then, with status 124")
    run.add_argument("--iso", action="store_true", help="boot an image with GRUB, as a PC does")
    run.add_argument("--uefi", action="store_true", help="the same with UEFI instead of BIOS")
    run.add_argument("--screenshot", metavar="FILE.png",
                     help="write the screen to a file: after the program's end, on timing out, on leaving")
    run.add_argument("--tier", choices=("interpreter", "compiler"), help="what runs the program")
    run.add_argument("--verbose", action="store_true", help="the kernel's log on stderr")
    _add_machine_options(run)


def _add_machine_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--memory", type=_memory, metavar="SIZE", help="such as 64M or 2G")
    parser.add_argument("--cpus", type=_count, default=1, metavar="N")
    parser.add_argument("--accel", choices=("auto", "kvm", "tcg"), default="auto",
                        help="auto: kvm where the processor has it")
    parser.add_argument("--machine", choices=("pc", "q35", "microvm"),
                        help="default: microvm where no screen is asked for, else pc")
    parser.add_argument("--qemu", metavar="'ARGS'", help="more arguments for QEMU")


def _seconds(text: str) -> float:
    if not re.fullmatch(r"\d{1,6}(\.\d+)?", text) or float(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")
    return float(text)


def _count(text: str) -> int:
    if not re.fullmatch(r"\d{1,3}", text) or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 999")
    return int(text)


def _memory(text: str) -> str:
    """A size as QEMU takes it, in MiB where no unit is given."""
    parts = re.fullmatch(r"(\d{1,9})([kKmMgG]?)", text)
    if not parts or int(parts[1]) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no size; 64M or 2G would be")
    return parts[1] + (parts[2] or "M")


def main(arguments: Sequence[str] | None = None) -> int:
    _open_standard_streams()
    words, rest = _split_at_dashes(list(sys.argv[1:] if arguments is None else arguments))
    parser = _parser()
    options = parser.parse_args(_join_dashed_values(words))
    if rest and options.verb != "run":
        parser.error(f"{options.verb} takes nothing after --")
    options.arguments = rest
    try:
        verb = getattr(importlib.import_module(f"cli.{options.verb}"), options.verb)
        return verb(options)
    except UserError as error:
        sys.stderr.write(error.details)
        print(f"nacre: {error}", file=sys.stderr)
        return NACRE_FAILED
    except KeyboardInterrupt:
        return INTERRUPTED


def _split_at_dashes(words: list[str]) -> tuple[list[str], list[str]]:
    """What stands after the first `--` belongs to the program, whatever it looks like."""
    if "--" not in words:
        return words, []
    at = words.index("--")
    return words[:at], words[at + 1:]


def _join_dashed_values(words: list[str]) -> list[str]:
    """`--qemu -S` to `--qemu=-S`, which argparse does not take for two options."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] == "--qemu":
            joined[-1] = f"--qemu={word}"
        else:
            joined.append(word)
    return joined


def _open_standard_streams() -> None:
    """A stream that was closed is an empty one; else the next file to be opened would take its place."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
