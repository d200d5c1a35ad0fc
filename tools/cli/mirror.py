"""Folders that the guest gives back: what it did to its copies is done to the folders themselves.

Nothing that a guest says leads out of a folder: paths are walked name by name from the folder's descriptor, and no
symbolic link is followed, wherever it came from. The changes' layout is in lib/hostlink/change.hpp.
"""

from __future__ import annotations

import enum
import errno
import os
import stat
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cli.errors import UserError
from cli.hostlink import ProtocolError

_HEADER = struct.Struct("<BBHHqq")
_MAX_PATH = 4096
_MAX_NAME = 255
_NO_TIME = -(2**63)
# With more files to be put on the disk than this, all of the disk's are.
_SINGLE_SYNCS = 64


class Kind(enum.IntEnum):
    MAKE_DIRECTORY = 1
    MAKE_FILE = 2
    MAKE_LINK = 3
    ADD_NAME = 4
    REMOVE_FILE = 5
    REMOVE_DIRECTORY = 6
    RENAME = 7
    WRITE = 8
    RESIZE = 9
    SET_TIMES = 10


class Outcome(enum.IntEnum):
    """What the guest is told of how changes went."""

    DONE = 0
    NO_SPACE = 1
    DENIED = 2
    FAILED = 3


_OUTCOMES = {errno.ENOSPC: Outcome.NO_SPACE, errno.EDQUOT: Outcome.NO_SPACE, errno.EFBIG: Outcome.NO_SPACE,
             errno.EACCES: Outcome.DENIED, errno.EPERM: Outcome.DENIED, errno.EROFS: Outcome.DENIED}


def _names(path: bytes) -> list[bytes]:
    """The names of a path that a guest may send."""
    names = path.split(b"/")
    if len(path) > _MAX_PATH or b"\0" in path or any(
            name in (b"", b".", b"..") or len(name) > _MAX_NAME for name in names):
        raise ProtocolError(f"a path that leads out of its folder: {path[:80]!r}")
    return names


class _Folder:
    """One folder, by its descriptor: it may be moved meanwhile."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        # The file that was written last: most writes come in rows.
        self._open: tuple[bytes, int] | None = None
        # Files and folders that are not on the disk yet.
        self._loose: set[bytes] = set()

    def close(self) -> None:
        self._close_file()
        os.close(self.descriptor)

    def apply(self, kind: int, path: bytes, other: bytes, first: int, second: int, data: memoryview) -> None:
        names = _names(path)
        match kind:
            case Kind.WRITE:
                self._write(path, names, first, data)
            case Kind.RESIZE:
                if first < 0:
                    raise ProtocolError("a file of a negative size")
                os.ftruncate(self._file(path, names), first)
                self._loose.add(path)
            case Kind.SET_TIMES:
                self._set_times(names, first, second)
            case _:
                self._close_file()
                self._change_names(kind, path, names, other)

    def _change_names(self, kind: int, path: bytes, names: list[bytes], other: bytes) -> None:
        with self._parent(names) as parent:
            match kind:
                case Kind.MAKE_DIRECTORY:
                    os.mkdir(names[-1], dir_fd=parent)
                case Kind.MAKE_FILE:
                    os.close(os.open(names[-1], os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666,
                                     dir_fd=parent))
                    self._loose.add(path)
                case Kind.MAKE_LINK:
                    if not other or b"\0" in other:
                        raise ProtocolError("a symbolic link without a text")
                    os.symlink(other, names[-1], dir_fd=parent)
                case Kind.REMOVE_FILE:
                    os.unlink(names[-1], dir_fd=parent)
                    self._loose.discard(path)
                case Kind.REMOVE_DIRECTORY:
                    os.rmdir(names[-1], dir_fd=parent)
                    self._loose.discard(path)
                case Kind.ADD_NAME | Kind.RENAME:
                    new_names = _names(other)
                    with self._parent(new_names) as new_parent:
                        if kind == Kind.ADD_NAME:
                            os.link(names[-1], new_names[-1], src_dir_fd=parent, dst_dir_fd=new_parent,
                                    follow_symlinks=False)
                        else:
                            os.rename(names[-1], new_names[-1], src_dir_fd=parent, dst_dir_fd=new_parent)
                            self._renamed(path, other)
                    self._loose.add(os.path.dirname(other))
                case _:
                    raise ProtocolError(f"a change of kind {kind}")
        self._loose.add(os.path.dirname(path))

    def _renamed(self, path: bytes, other: bytes) -> None:
        inside = path + b"/"
        moved = {old for old in self._loose if old == path or old.startswith(inside)}
        self._loose -= moved
        self._loose |= {other + old[len(path):] for old in moved}

    def _write(self, path: bytes, names: list[bytes], offset: int, data: memoryview) -> None:
        if offset < 0:
            raise ProtocolError("a write at a negative offset")
        file = self._file(path, names)
        while data:
            written = os.pwrite(file, data, offset)
            data, offset = data[written:], offset + written
        self._loose.add(path)

    def _set_times(self, names: list[bytes], accessed: int, modified: int) -> None:
        with self._parent(names) as parent:
            # utimensat(2) can leave one as it is, os.utime cannot.
            now = os.stat(names[-1], dir_fd=parent, follow_symlinks=False)
            os.utime(names[-1], ns=(now.st_atime_ns if accessed == _NO_TIME else accessed,
                                    now.st_mtime_ns if modified == _NO_TIME else modified),
                     dir_fd=parent, follow_symlinks=False)

    @contextmanager
    def _parent(self, names: Sequence[bytes]) -> Iterator[int]:
        """The folder that holds the last name."""
        current = self.descriptor
        try:
            for name in names[:-1]:
                inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=current)
                if current != self.descriptor:
                    os.close(current)
                current = inner
            yield current
        finally:
            if current != self.descriptor:
                os.close(current)

    def _file(self, path: bytes, names: list[bytes]) -> int:
        """A regular file, open for writing until another one is."""
        if self._open and self._open[0] == path:
            return self._open[1]
        self._close_file()
        with self._parent(names) as parent:
            file = os.open(names[-1], os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=parent)
        if not stat.S_ISREG(os.fstat(file).st_mode):
            os.close(file)
            raise OSError(errno.EPERM, "not a regular file")
        self._open = (path, file)
        return file

    def _close_file(self) -> None:
        if self._open:
            os.close(self._open[1])
            self._open = None

    def sync(self) -> None:
        """Returns when everything is on the disk."""
        loose, self._loose = self._loose, set()
        if len(loose) > _SINGLE_SYNCS:
            os.sync()
            return
        for path in loose:
            try:
                self._sync_one(path)
            except FileNotFoundError:
                pass  # It was removed, and its folder knows.

    def _sync_one(self, path: bytes) -> None:
        if not path:
            os.fsync(self.descriptor)
            return
        names = _names(path)
        with self._parent(names) as parent:
            file = os.open(names[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=parent)
        try:
            os.fsync(file)
        finally:
            os.close(file)


class Mirror:
    """All folders of a run. A change that fails is told with the next sync, and the others are made."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._folders: list[_Folder] = []
        # The first failure, in words, once there was one.
        self.problem: str | None = None
        self._outcome = Outcome.DONE
        try:
            for path in paths:
                self._folders.append(_Folder(path))
        except OSError as error:
            self.close()
            raise UserError(f"--dir-rw {path}: {_reason(error)}") from None

    def __enter__(self) -> Mirror:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        for folder in self._folders:
            folder.close()

    def apply(self, payload: bytes) -> None:
        """One change. Raises ProtocolError for what no guest in its right mind sends."""
        if len(payload) < _HEADER.size:
            raise ProtocolError("a change that is cut off")
        kind, number, path_size, other_size, first, second = _HEADER.unpack_from(payload)
        data = memoryview(payload)[_HEADER.size:]
        if len(data) < path_size + other_size:
            raise ProtocolError("a change that is cut off")
        if number >= len(self._folders):
            raise ProtocolError(f"a change of folder {number}, which was not given")
        path = bytes(data[:path_size])
        folder = self._folders[number]
        try:
            folder.apply(kind, path, bytes(data[path_size:path_size + other_size]), first, second,
                         data[path_size + other_size:])
        except OSError as error:
            self._failed(folder, path, error)

    def sync(self, durable: bool) -> Outcome:
        """How the changes since the last one went."""
        for folder in self._folders if durable else ():
            try:
                folder.sync()
            except OSError as error:
                self._failed(folder, b"", error)
        outcome, self._outcome = self._outcome, Outcome.DONE
        return outcome

    def _failed(self, folder: _Folder, path: bytes, error: OSError) -> None:
        self.problem = self.problem or f"--dir-rw {folder.path}: {os.fsdecode(path) or '.'}: {_reason(error)}"
        self._outcome = self._outcome or _OUTCOMES.get(error.errno or 0, Outcome.FAILED)


def check_writable(path: Path) -> None:
    """Raises UserError for a folder that nothing can be brought back to."""
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise UserError(f"--dir-rw {path}: cannot be written to")


def _reason(error: OSError) -> str:
    return (error.strerror or "failed").lower()
