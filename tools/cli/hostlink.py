"""The framed protocol between a run on the host and the guest, on a port of the guest's virtio console.

A frame is `type: u8, length: u16 little endian, payload`. The guest's first frame is Hello. The same protocol,
from the other side: lib/hostlink.
"""

from __future__ import annotations

import enum
import struct
from collections.abc import Iterator

VERSION = 2
MAX_STDIN = 16384
_HEADER = struct.Struct("<BH")


class FromGuest(enum.IntEnum):
    STDOUT = 1
    STDERR = 2
    EXIT = 3  # i32: the program's status
    CREDIT = 4  # u32: how many more bytes of stdin the guest accepts
    HELLO = 5  # u8: the version of the protocol
    CHANGED = 6  # a change of a folder that the guest gives back: mirror.py
    SYNC = 7  # u32: a number, u8: whether everything must be on the disk


class ToGuest(enum.IntEnum):
    STDIN = 0x81  # never more bytes than there is credit for
    STDIN_END = 0x82
    INTERRUPT = 0x83  # Ctrl-C
    WINDOW_SIZE = 0x84  # u16 columns, u16 rows
    SYNCED = 0x85  # u32: the number of a SYNC, u8: how the changes before it went


class ProtocolError(Exception):
    """What the guest sent is no frame, or not the one that must come."""


def encode(kind: ToGuest | FromGuest, payload: bytes = b"") -> bytes:
    return _HEADER.pack(kind, len(payload)) + payload


def window_size(columns: int, rows: int) -> bytes:
    return encode(ToGuest.WINDOW_SIZE, struct.pack("<HH", min(columns, 0xFFFF), min(rows, 0xFFFF)))


def synced(number: int, outcome: int) -> bytes:
    return encode(ToGuest.SYNCED, struct.pack("<IB", number, outcome))


class Decoder:
    """Bytes as they come to whole frames; checks what every frame of a guest must satisfy.

    What comes before Hello is passed over: some firmware uses every serial port as a console of its own.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._greeted = False

    def feed(self, data: bytes) -> Iterator[tuple[FromGuest, bytes]]:
        self._buffer += data
        if not self._greeted and not self._find_greeting():
            return
        start = 0
        try:
            while len(self._buffer) - start >= _HEADER.size:
                kind, length = _HEADER.unpack_from(self._buffer, start)
                end = start + _HEADER.size + length
                if kind not in _LENGTHS:
                    raise ProtocolError(f"a frame of type {kind:#04x}")
                if _LENGTHS[kind] not in (None, length):
                    raise ProtocolError(f"a frame of type {kind:#04x} with {length} bytes")
                if len(self._buffer) < end:
                    return
                payload = bytes(self._buffer[start + _HEADER.size:end])
                start = end
                yield FromGuest(kind), payload
        finally:
            del self._buffer[:start]

    def _find_greeting(self) -> bool:
        """Removes everything up to and with Hello; False while it has not come."""
        at = self._buffer.find(_GREETING)
        if at < 0 or len(self._buffer) <= at + len(_GREETING):
            return False
        version = self._buffer[at + len(_GREETING)]
        if version != VERSION:
            raise ProtocolError(f"the guest speaks version {version}, this command version {VERSION}")
        del self._buffer[:at + len(_GREETING) + 1]
        self._greeted = True
        return True


_GREETING = _HEADER.pack(FromGuest.HELLO, 1)

# The length that a payload must have, where it is fixed.
_LENGTHS: dict[int, int | None] = {
    FromGuest.STDOUT: None, FromGuest.STDERR: None, FromGuest.EXIT: 4, FromGuest.CREDIT: 4,
    FromGuest.CHANGED: None, FromGuest.SYNC: 5}


def exit_status(payload: bytes) -> int:
    """The payload of Exit to what a process can exit with: the low eight bits."""
    return struct.unpack("<i", payload)[0] & 0xFF


def credit(payload: bytes) -> int:
    return struct.unpack("<I", payload)[0]


def sync(payload: bytes) -> tuple[int, bool]:
    """The number of a SYNC, and whether everything must be on the disk."""
    return struct.unpack("<I?", payload)
