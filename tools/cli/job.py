"""What a run brings into the guest: a second tar behind the ramdisk, with the program, folders and `run/job`.

`run/job` holds NUL-terminated records, `key=value`: `program` (a path in the guest), `arg` (argv, in order),
`env` (`KEY=VALUE`), `limit` (`NAME=VALUE`), `shell` (a line for the shell), `cwd`, `dir` (a folder that the program
gets) and `as` (its name for the program), `mirror` (a folder whose changes the host gets back, in order).
"""

from __future__ import annotations

import io
import os
import sys
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cli.errors import UserError

JOB_PATH = "run/job"
# Where the program is, whatever its name: in a folder of its own.
PROGRAM_FOLDER = "run/program"
DEFAULT_FOLDER = "/host"
# Where the folders of a program are, each below its number: its root need not be the machine's.
FOLDERS = "run/folders"


@dataclass(frozen=True)
class Folder:
    """A folder of the host and where the guest sees a copy of it."""

    host: Path
    guest: str = DEFAULT_FOLDER
    # Whether the host gets back what the guest does to its copy.
    mirrored: bool = False

    @classmethod
    def parse(cls, text: str, option: str = "--dir", mirrored: bool = False) -> Folder:
        """`HOST[:GUEST]`."""
        host, colon, guest = text.rpartition(":")
        if not colon:
            host, guest = text, DEFAULT_FOLDER
        if not host or not guest:
            raise UserError(f"{option} {text}: HOST or HOST:GUEST is needed")
        if not os.path.isdir(host):
            raise UserError(f"{option} {text}: {host} is no folder")
        # POSIX lets two slashes at the start stand for something else.
        guest = "/" + os.path.normpath("/" + guest).lstrip("/")
        if mirrored and guest == "/":
            raise UserError(f"{option} {text}: the guest's root cannot be written back")
        return cls(Path(host), guest, mirrored)

    @property
    def option(self) -> str:
        return "--dir-rw" if self.mirrored else "--dir"


@dataclass(frozen=True)
class Program:
    """A file of the host, read once, for it may be a pipe."""

    name: str
    binary: bytes

    @classmethod
    def read(cls, path: Path) -> Program:
        try:
            return cls(path.name, path.read_bytes())
        except OSError as error:
            raise UserError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None


@dataclass(frozen=True)
class Job:
    """What the guest is to run: a program, or a line for the shell; neither for an interactive machine."""

    program: Program | None = None
    arguments: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    shell: str | None = None
    folders: tuple[Folder, ...] = field(default=())
    # Further files of the machine: their places, relative to its root, and where the host has them.
    files: Mapping[str, Path] = field(default_factory=dict)

    @property
    def runs_something(self) -> bool:
        return self.program is not None or self.shell is not None

    @property
    def mirrored(self) -> list[Folder]:
        return [folder for folder in self.folders if folder.mirrored]

    def records(self) -> bytes:
        lines = []
        if self.program:
            name = self.program.name
            lines += [f"program=/{PROGRAM_FOLDER}/{name}"]
            lines += [f"arg={argument}" for argument in (name, *self.arguments)]
            for number, folder in enumerate(self.folders):
                lines += [f"dir={self.place(number)}", f"as={folder.guest}"]
        lines += [f"env={variable}" for variable in self.environment]
        lines += [f"limit={limit}" for limit in self.limits]
        if self.shell is not None:
            lines.append(f"shell={self.shell}")
        lines += [f"mirror={self.place(number)}" for number, folder in enumerate(self.folders) if folder.mirrored]
        lines.append("cwd=/")
        return b"".join(os.fsencode(line) + b"\0" for line in lines)

    def place(self, number: int) -> str:
        """Where a folder is in the machine."""
        return f"/{FOLDERS}/{number}" if self.program else self.folders[number].guest

    def archive(self) -> bytes:
        """The tar; empty when there is nothing to bring."""
        if not self.runs_something and not self.folders and not self.files:
            return b""
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for place, path in self.files.items():
                _add_bytes(tar, place, path.read_bytes(), 0o755 if os.access(path, os.X_OK) else 0o644)
            for number, folder in enumerate(self.folders):
                _add_tree(tar, folder, self.place(number))
            # Last, so that no folder stands in their way.
            if self.runs_something:
                _add_bytes(tar, JOB_PATH, self.records())
            if self.program:
                _add_bytes(tar, f"{PROGRAM_FOLDER}/{self.program.name}", self.program.binary)
        return buffer.getvalue()


def _add_bytes(tar: tarfile.TarFile, name: str, data: bytes, mode: int = 0o644) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    entry.mode = mode
    tar.addfile(entry, io.BytesIO(data))


def _add_tree(tar: tarfile.TarFile, folder: Folder, place: str) -> None:
    """Adds files, folders and symbolic links below `place`; anything else is named on stderr and left out."""
    try:
        for path in _walk(folder.host):
            name = os.path.normpath(os.path.join(place, os.path.relpath(path, folder.host))).lstrip("/")
            entry = tar.gettarinfo(path, arcname=name) if name else None
            if entry is None:
                continue
            if entry.islnk():
                # The second name of a file: the guest gets a file of its own and needs to know no inodes.
                entry.type, entry.linkname, entry.size = tarfile.REGTYPE, "", os.lstat(path).st_size
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = ""
            if entry.isreg():
                with open(path, "rb") as file:
                    tar.addfile(entry, file)
            elif entry.isdir() or entry.issym():
                tar.addfile(entry)
            else:
                print(f"nacre: {path}: neither file, folder nor link; left out", file=sys.stderr)
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise UserError(f"{folder.option} {folder.host}: {error.filename}: {reason}") from None


def _walk(top: Path) -> list[str]:
    """The folder itself and everything below it, in an order that does not depend on the file system."""
    found = [str(top)]
    for folder, folders, files in os.walk(top, onerror=_raise):
        folders.sort()
        found += [os.path.join(folder, name) for name in sorted([*files, *folders])]
    return found


def _raise(error: OSError) -> None:
    raise error
