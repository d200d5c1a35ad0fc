"""Known programs, built from the distribution's sources as their recipes in `apps/ports` say."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cli import packages
from cli.build import locked, run_step
from cli.errors import UserError
from cli.packages import LLVM_PREFIX, Need
from cli.paths import BUILD, ROOT
from cli.ports_ninja import ninja_file
from cli.sources import AptSources, Unavailable

RECIPES = ROOT / "apps/ports"
OUTPUT = BUILD / "ports"
# What every image carries, where it can be had.
DEFAULT = ("lua", "sqlite")


class Sources(Protocol):
    """Where sources come from."""

    def fetch(self, package: str, target: Path) -> None:
        """Makes `target` the folder with the source of a package. Raises Unavailable."""


@dataclass(frozen=True)
class Port:
    """A recipe; `apps/ports/README.md` says what its fields mean."""

    name: str
    folder: Path
    summary: str
    source: str
    program: str
    compile: tuple[str, ...]
    without: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    setjmp: bool = False
    tools: dict[str, str] = field(default_factory=dict)
    prepare: tuple[tuple[str, ...], ...] = ()
    files: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Port:
        with open(folder / "port.toml", "rb") as file:
            recipe = tomllib.load(file)
        lists = {key: tuple(value) for key, value in recipe.items() if isinstance(value, list)}
        if "prepare" in lists:
            lists["prepare"] = tuple(tuple(command) for command in lists["prepare"])
        return cls(folder.name, folder, **(recipe | lists))

    def source_state(self) -> str:
        """Tells apart trees that were fetched and prepared differently."""
        return hashlib.sha256(json.dumps([self.source, self.prepare]).encode()).hexdigest()


def known(recipes: Path = RECIPES) -> list[str]:
    return sorted(path.parent.name for path in recipes.glob("*/port.toml"))


def parse(lists: Sequence[str], recipes: Path = RECIPES) -> tuple[str, ...]:
    """The names in `--with a,b --with c`, each once. Raises UserError for one that there is not."""
    names = dict.fromkeys(name.strip() for text in lists for name in text.split(",") if text)
    there_are = known(recipes)
    if unknown := [name for name in names if name not in there_are]:
        raise UserError(f"--with {','.join(lists)}: no program is called {unknown[0]!r} "
                        f"(there are {', '.join(there_are)})")
    return tuple(names)


class Builder:
    """Builds what is stale of ports, below `output`. The compiler and WASI's C library are there."""

    def __init__(self, sources: Sources | None = None, recipes: Path = RECIPES, output: Path = OUTPUT) -> None:
        self._sources = sources or AptSources(output / "apt")
        self._recipes = recipes
        self._output = output

    def build(self, names: Sequence[str]) -> dict[str, Path]:
        """What the ports bring: places in the guest, relative to its root, and the files for them.

        Raises Unavailable when the sources cannot be had, another UserError when they cannot be built.
        """
        found: dict[str, Path] = {}
        for name in names:
            try:
                found |= self._build(name)
            except Unavailable as error:
                raise Unavailable(f"{name} cannot be had: {error}", error.details) from None
        return found

    def build_what_can_be_had(self, names: Sequence[str]) -> dict[str, Path]:
        """The same, but a line on stderr instead of Unavailable; the other ports are there."""
        found: dict[str, Path] = {}
        missing: dict[str, list[str]] = {}
        for name in names:
            try:
                found |= self._build(name)
            except Unavailable as error:
                missing.setdefault(str(error), []).append(name)
        for reason, without in missing.items():
            print(f"nacre: goes on without {' and '.join(without)}: {reason}", file=sys.stderr, flush=True)
        return found

    def _build(self, name: str) -> dict[str, Path]:
        port = Port.read(self._recipes / name)
        folder = self._output / name
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder):
            tree = folder / "source"
            if not _is_fetched(port, folder):
                # One after the other, for they share what they know of the distribution.
                with locked(self._output):
                    self._fetch(port, tree)
                (folder / "fetched").write_text(port.source_state(), encoding="ascii")
            program = folder / f"{port.program}.wasm"
            plan = ninja_file(port, tree, self._recipes / "support", folder, program)
            if not (folder / "build.ninja").exists() or (folder / "build.ninja").read_text(encoding="utf-8") != plan:
                (folder / "build.ninja").write_text(plan, encoding="utf-8")
            run_step(port.name, ["ninja", "-C", str(folder)])
        found = {f"bin/{port.program}.wasm": program}
        for place, pattern in port.files.items():
            found |= {f"{place}/{path.name}": path for path in sorted(tree.glob(pattern))}
        return found

    def _fetch(self, port: Port, tree: Path) -> None:
        print(f"nacre: fetching the source of {port.name}", file=sys.stderr, flush=True)
        try:
            packages.ensure(Need(package, (tool,)) for package, tool in port.tools.items())
        except UserError as error:
            raise Unavailable(str(error), error.details) from None
        (tree.parent / "fetched").unlink(missing_ok=True)
        shutil.rmtree(tree, ignore_errors=True)
        # In place when it is whole: an interrupted call leaves nothing behind that looks so.
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=tree.parent) as name:
            unpacked = Path(name) / "source"
            self._sources.fetch(port.source, unpacked)
            for command in port.prepare:
                _prepare(port, command, unpacked)
            os.replace(unpacked, tree)


def _is_fetched(port: Port, folder: Path) -> bool:
    try:
        return (folder / "fetched").read_text(encoding="ascii") == port.source_state() and (folder / "source").is_dir()
    except FileNotFoundError:
        return False


def _prepare(port: Port, command: Sequence[str], where: Path) -> None:
    done = subprocess.run(command, cwd=where, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
                          env=os.environ | {"CC": f"{LLVM_PREFIX}/bin/clang"})
    if done.returncode != 0:
        raise UserError(f"preparing {port.name} failed (`{' '.join(command)}`)", details=done.stdout)
