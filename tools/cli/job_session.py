"""A job that is under way: a program or a shell line in the guest, with its streams on the host channel."""

from __future__ import annotations

import os

from cli import hostlink, terminal
from cli.emulator import Emulator
from cli.errors import GUEST_DIED, INTERRUPTED, NACRE_FAILED
from cli.hostlink import FromGuest, ToGuest
from cli.loop import CHUNK, Outlet
from cli.mirror import Mirror
from cli.session import Conditions, Session, receive

# How much of the kernel's log is kept, to be shown should the guest die.
LOG_KEPT = 65536
# Output that nobody reads yet, from which on the guest has to wait.
OUTPUT_AHEAD = 4 * CHUNK
# What a guest has to end a program after Ctrl-C, or to power off after its end.
GRACE_SECONDS = 2.0
# How a kernel begins that tells why it cannot go on, and how long it has to tell everything.
PANIC = b"\nkernel panic: "
PANIC_SECONDS = 1.0


class JobSession(Session):
    """A program or a shell line in the guest: its streams are ours, its exit status becomes ours."""

    def __init__(self, emulator: Emulator, conditions: Conditions, mirror: Mirror) -> None:
        super().__init__(emulator, conditions)
        assert emulator.channel is not None
        self._channel = emulator.channel
        self._to_guest = Outlet(self._loop, self._channel.fileno(), lambda: None)
        self._decoder = hostlink.Decoder()
        self._mirror = mirror
        self._credit = 0
        self._stdin_open = True
        self._interrupted = False
        self._exit: int | None = None
        self._log = bytearray()

    def _begin(self) -> None:
        self._loop.on_readable(self._channel.fileno(), self._on_frames)
        self._loop.on_readable(self._emulator.com1.fileno(), self._on_log)
        self._on_window_change()

    def _on_frames(self) -> None:
        data = receive(self._channel.recv)
        if not data:
            self._loop.forget(self._channel.fileno())
            self._guest_is_gone()
            return
        try:
            for kind, payload in self._decoder.feed(data):
                self._on_frame(kind, payload)
        except hostlink.ProtocolError as error:
            self._loop.forget(self._channel.fileno())
            self._died(f"the host channel is broken: {error}")
            return
        if self._stdout.pending + self._stderr.pending > OUTPUT_AHEAD:
            self._wait_for_readers()

    def _on_frame(self, kind: FromGuest, payload: bytes) -> None:
        if self._exit is not None:
            return
        match kind:
            case FromGuest.STDOUT:
                self._stdout.write(payload)
            case FromGuest.STDERR:
                self._stderr.write(payload)
            case FromGuest.CREDIT:
                self._credit += hostlink.credit(payload)
                self._watch_stdin()
            case FromGuest.CHANGED:
                self._mirror.apply(payload)
            case FromGuest.SYNC:
                number, durable = hostlink.sync(payload)
                self._to_guest.write(hostlink.synced(number, self._mirror.sync(durable)))
            case FromGuest.EXIT:
                self._on_exit(INTERRUPTED if self._interrupted else hostlink.exit_status(payload))

    def _wait_for_readers(self) -> None:
        descriptor = self._channel.fileno()
        self._loop.on_readable(descriptor, None)

        def resume() -> None:
            self._stderr.when_empty(lambda: self._loop.on_readable(descriptor, self._on_frames))

        self._stdout.when_empty(resume)

    def _on_exit(self, status: int) -> None:
        # What a program wrote and is not there must not look like a success.
        if self._mirror.problem:
            self._stderr.write(f"nacre: {self._mirror.problem}\n".encode(errors="surrogateescape"))
            status = status or NACRE_FAILED
        self._exit = status
        if self._conditions.verbose and not self._conditions.screenshot:
            # The rest of the log comes until the guest has powered off.
            self._loop.after(GRACE_SECONDS, lambda: self._end(status))
        else:
            self._end(status)

    def _guest_is_gone(self) -> None:
        if self._exit is not None:
            self._end(self._exit)
        elif self._interrupted:
            self._end(INTERRUPTED)
        else:
            while data := receive(self._emulator.com1.recv):
                self._keep_log(data)
            self._died("the machine stopped before the program ended")

    def _died(self, reason: str) -> None:
        """Tells what is known: the kernel's log, and what QEMU itself said."""
        if self._ending:
            return
        messages = self._emulator.messages()
        if not self._conditions.verbose:
            self._stderr.write(bytes(self._log))
        self._stderr.write(messages.encode() + f"nacre: {reason}\n".encode())
        # A QEMU that complains before the kernel has said anything was called wrongly.
        self._end(NACRE_FAILED if messages and not self._log else GUEST_DIED)

    def _on_log(self) -> None:
        data = receive(self._emulator.com1.recv)
        if not data:
            self._loop.forget(self._emulator.com1.fileno())
        self._keep_log(data)

    def _keep_log(self, data: bytes) -> None:
        data = data.replace(b"\r", b"")
        if self._conditions.verbose:
            self._stderr.write(data)
        knew_of_panic = PANIC in self._log
        self._log += data
        if PANIC in self._log and not knew_of_panic:
            self._loop.after(PANIC_SECONDS, lambda: self._died("the kernel panicked"))
        del self._log[:-LOG_KEPT]

    def _watch_stdin(self) -> None:
        wanted = self._stdin_open and self._credit > 0
        self._loop.on_readable(self._conditions.stdin, self._on_stdin if wanted else None)

    def _on_stdin(self) -> None:
        try:
            data = os.read(self._conditions.stdin, min(self._credit, hostlink.MAX_STDIN))
        except OSError:
            data = b""
        if data:
            self._to_guest.write(hostlink.encode(ToGuest.STDIN, data))
            self._credit -= len(data)
        else:
            self._to_guest.write(hostlink.encode(ToGuest.STDIN_END))
            self._stdin_open = False
        self._watch_stdin()

    def _on_window_change(self) -> None:
        if columns_and_rows := terminal.size(self._conditions.stdout):
            self._to_guest.write(hostlink.window_size(*columns_and_rows))

    def _on_interrupt(self) -> None:
        """The first Ctrl-C is the program's; who presses it again, or waits, is rid of the machine too."""
        if self._interrupted:
            self._loop.stop(INTERRUPTED)
        self._interrupted = True
        self._to_guest.write(hostlink.encode(ToGuest.INTERRUPT))
        self._loop.after(GRACE_SECONDS, lambda: self._end(INTERRUPTED))
