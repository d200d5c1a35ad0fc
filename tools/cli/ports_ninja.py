"""How a port is compiled, as a file for Ninja. Nothing is started here."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from cli.errors import UserError
from cli.packages import LLVM_PREFIX

if TYPE_CHECKING:
    from cli.ports import Port

HEADERS = "/usr/include/wasm32-wasi"
STACK = 8 << 20
EMULATED = {"signal": "SIGNAL", "process-clocks": "PROCESS_CLOCKS", "getpid": "GETPID", "mman": "MMAN"}
SETJMP = ("-mllvm", "-wasm-enable-sjlj")
RULES = """\
rule compile
  command = $compiler -MMD -MF $out.d $flags -c $in -o $out
  deps = gcc
  depfile = $out.d
rule archive
  command = rm -f $out && $archiver rcs $out $in
rule link
  command = $compiler $in $flags -o $out
"""


def ninja_file(port: Port, tree: Path, support: Path, folder: Path, program: Path) -> str:
    """The file for `folder`, which makes `program` of the port's source in `tree` and of `support`.

    Raises UserError when the source does not have what the recipe names.
    """
    common = ["--target=wasm32-wasi", "-O2", "-nostdlibinc", "-isystem", str(support / "include"),
              "-isystem", HEADERS, *(f"-D_WASI_EMULATED_{name}" for name in EMULATED.values())]
    ours = [*common, "-Wall", "-Wextra", "-Werror"]
    theirs = [*common, "-w", "-include", "posix.h", f"-I{port.folder}", *port.flags, *(SETJMP if port.setjmp else ())]
    theirs = [flag.replace("{source}", str(tree)) for flag in theirs]
    lines = [f"compiler = {LLVM_PREFIX}/bin/clang", f"archiver = {LLVM_PREFIX}/bin/llvm-ar", RULES]

    def compile_to(place: str, source: Path, flags: Iterable[str]) -> str:
        lines.append(f"build {_path(place)}: compile {_path(source)}\n  flags = {_words(flags)}\n")
        return place

    helpers = [compile_to(f"support/{path.stem}.o", path, [*ours, *(SETJMP if path.stem == "setjmp" else ())])
               for path in sorted(support.glob("*.c"))]
    lines.append(f"build support.a: archive {' '.join(map(_path, helpers))}\n")
    objects = [compile_to(f"own/{path.stem}.o", path, [*ours, *port.flags]) for path in sorted(port.folder.glob("*.c"))]
    objects += [compile_to(f"objects/{path.relative_to(tree)}.o", path, theirs) for path in _sources(port, tree)]
    link = ["--target=wasm32-wasi", f"-Wl,-z,stack-size={STACK}", "-Wl,--stack-first", "-Wl,--strip-debug",
            *(f"-lwasi-emulated-{name}" for name in EMULATED), "-lm"]
    lines.append(f"build {_path(program.relative_to(folder))}: link {' '.join(map(_path, [*objects, 'support.a']))}\n"
                 f"  flags = {_words(link)}\n")
    return "\n".join(lines)


def _sources(port: Port, tree: Path) -> list[Path]:
    left_out = {path for pattern in port.without for path in tree.glob(pattern)}
    found: list[Path] = []
    for pattern in port.compile:
        paths = sorted(set(tree.glob(pattern)) - left_out)
        if not paths:
            raise UserError(f"{port.name}: the source package {port.source} has no {pattern}")
        found += paths
    return found


def _path(path: str | Path) -> str:
    """As Ninja reads it in a `build` line."""
    return str(path).replace("$", "$$").replace(" ", "$ ").replace(":", "$:")


def _words(words: Iterable[str]) -> str:
    """As Ninja reads the value of a variable, and the shell after it."""
    return shlex.join(words).replace("$", "$$")
