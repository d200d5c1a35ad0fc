"""A running QEMU, connected by sockets that have no names: nothing to collide with, nothing to clean up."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from cli.machine import Machine
from cli.qmp import Qmp

# Ends QEMU when this process ends, however that comes about.
_DIE_WITH_PARENT = ("/usr/bin/setpriv", "--pdeathsig", "KILL")


class Emulator:
    """Starts QEMU and owns it: leaving the context kills it. Its serial port and the host channel are sockets."""

    def __init__(self, machine: Machine, *, channel: bool = False, qmp: bool = False,
                 inherited: Sequence[int] = ()) -> None:
        theirs: list[socket.socket] = []

        def connect() -> tuple[socket.socket, str]:
            ours, other = socket.socketpair()
            theirs.append(other)
            return ours, f"socket,fd={other.fileno()}"

        self.com1, com1_device = connect()
        self.channel, channel_device = connect() if channel else (None, None)
        self._monitor, qmp_device = connect() if qmp else (None, None)
        self._messages = os.memfd_create("qemu-messages")
        machine = replace(machine, com1=com1_device, channel=channel_device, qmp=qmp_device)
        line = machine.command_line()
        if os.access(_DIE_WITH_PARENT[0], os.X_OK):
            line = [*_DIE_WITH_PARENT, *line]
        descriptors = [*(end.fileno() for end in theirs), *inherited]
        # In a session of its own, so that the terminal's Ctrl-C comes to us alone.
        self._process = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=self._messages,
                                         stderr=self._messages, pass_fds=descriptors, start_new_session=True)
        for end in theirs:
            end.close()
        self.qmp = Qmp(self._monitor) if self._monitor else None

    def __enter__(self) -> Emulator:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 traceback: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        for end in (self.com1, self.channel, self._monitor):
            if end:
                end.close()
        os.close(self._messages)

    def wait(self, timeout: float | None = None) -> int:
        """QEMU's exit status, once it has ended by itself."""
        return self._process.wait(timeout)

    def messages(self) -> str:
        """What QEMU itself has said."""
        size = os.fstat(self._messages).st_size
        return os.pread(self._messages, size, 0).decode(errors="replace")


def ramdisk_with(base: Path, archive: bytes) -> tuple[str, list[int]]:
    """A name under which QEMU opens `base` followed by `archive`, and the descriptors that it must inherit."""
    if not archive:
        return str(base), []
    descriptor = os.memfd_create("ramdisk")
    with open(base, "rb") as source:
        left = os.fstat(source.fileno()).st_size
        while left > 0:
            left -= os.sendfile(descriptor, source.fileno(), None, left)
    with open(descriptor, "wb", closefd=False) as target:
        target.write(archive)
    return f"/proc/self/fd/{descriptor}", [descriptor]
