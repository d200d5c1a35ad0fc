"""An interactive machine that is under way: its first serial port on the terminal, or a window of its own."""

from __future__ import annotations

import os

from cli import terminal
from cli.emulator import Emulator
from cli.errors import GUEST_DIED, NACRE_FAILED
from cli.loop import Outlet
from cli.machine import STATUS_FAILED
from cli.session import Conditions, Session, receive, say

END_OF_INPUT = b"\x04"  # Ctrl-D
END_REPEATED_SECONDS = 1.0


class ConsoleSession(Session):
    """Runs until the guest powers off or the user leaves.

    With `attached`, the terminal is the guest's serial terminal. Without, the guest has a window, and only its
    log may be seen here.
    """

    def __init__(self, emulator: Emulator, conditions: Conditions, attached: bool) -> None:
        super().__init__(emulator, conditions)
        self._attached = attached
        self._to_guest = Outlet(self._loop, emulator.com1.fileno(), lambda: None)
        self._leave_key = terminal.LeaveKey()

    def _begin(self) -> None:
        self._loop.on_readable(self._emulator.com1.fileno(), self._on_output)
        if not self._attached:
            return
        if os.isatty(self._conditions.stdin):
            say("Ctrl-A x leaves")
            terminal.make_raw(self._conditions.stdin)
        self._loop.on_readable(self._conditions.stdin, self._on_input)

    def _on_output(self) -> None:
        data = receive(self._emulator.com1.recv)
        if not data:
            self._loop.forget(self._emulator.com1.fileno())
            self._powered_off()
        elif self._attached:
            self._stdout.write(data)
        elif self._conditions.verbose:
            self._stderr.write(data.replace(b"\r", b""))

    def _powered_off(self) -> None:
        status = self._emulator.wait()
        messages = self._emulator.messages()
        # A machine without ACPI switches off through the debug port, and then says with what status.
        if status == 0 or (status % 2 == 1 and status != STATUS_FAILED and not messages):
            self._end(status >> 1)
            return
        self._stderr.write(messages.encode() + f"nacre: the machine stopped (QEMU's status {status})\n".encode())
        self._end(NACRE_FAILED if messages else GUEST_DIED)

    def _on_input(self) -> None:
        try:
            data = os.read(self._conditions.stdin, 4096)
        except OSError:
            data = b""
        if not data:
            self._loop.forget(self._conditions.stdin)
            # Who wants a picture wants a machine that is there to be seen.
            if not self._conditions.screenshot:
                self._end_input()
            return
        passed, leaves = self._leave_key.feed(data) if os.isatty(self._conditions.stdin) else (data, False)
        self._to_guest.write(passed)
        if leaves:
            self._end(0)

    def _end_input(self) -> None:
        """The end of a script, say. Repeated, because what runs now may take it for the end of its own input."""
        self._to_guest.write(END_OF_INPUT)
        self._loop.after(END_REPEATED_SECONDS, self._end_input)
