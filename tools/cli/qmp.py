"""QEMU's machine protocol (QMP) on a connected socket: keys and pictures of the screen."""

from __future__ import annotations

import json
import re
import socket
import time
from pathlib import Path
from typing import Any

DEFAULT_TIMEOUT = 30.0

# Characters of a US keyboard that are not named by themselves. Capitals and the second row need shift.
_NAMED = {
    " ": "spc", "\n": "ret", "\t": "tab", "\b": "backspace", "\x1b": "esc", "-": "minus", "=": "equal",
    "[": "bracket_left", "]": "bracket_right", "\\": "backslash", ";": "semicolon", "'": "apostrophe",
    "`": "grave_accent", ",": "comma", ".": "dot", "/": "slash"}
_SHIFTED = dict(zip('!@#$%^&*()_+{}|:"~<>?', "1234567890-=[]\\;'`,./", strict=True))

# The port that tells the state of the keyboard's and mouse's controller, which reading it does not change, and what it
# tells: that a byte waits, or all bits where nothing answers.
_CONTROLLER_STATUS, _OUTPUT_FULL, _NOTHING_THERE = 0x64, 0x01, 0xFF
_PORT_VALUE = re.compile(r"= (0x[0-9a-f]+)")


class QmpError(Exception):
    """QEMU refused a command, or did not answer."""


class Qmp:
    """A client; every call returns when QEMU has answered."""

    def __init__(self, connection: socket.socket, timeout: float = DEFAULT_TIMEOUT) -> None:
        self._connection = connection
        self._timeout = timeout
        self._buffer = b""
        self._ready = False

    def execute(self, command: str, **arguments: Any) -> Any:
        deadline = time.monotonic() + self._timeout
        if not self._ready:
            self._ready = True
            self._receive(deadline)  # The greeting.
            self.execute("qmp_capabilities")
        request = {"execute": command, "arguments": arguments} if arguments else {"execute": command}
        try:
            self._connection.sendall(json.dumps(request).encode() + b"\n")
        except OSError as error:
            raise QmpError(f"{command}: the machine is gone") from error
        while True:
            answer = self._receive(deadline)
            if "error" in answer:
                raise QmpError(f"{command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]

    def screenshot(self, path: Path, form: str = "png") -> None:
        """Writes the screen as `png` or `ppm`."""
        self.execute("screendump", filename=str(path.absolute()), format=form)

    def press(self, *keys: str) -> None:
        """Presses keys together (QEMU's names: `ctrl`, `c`, `left`, `ret`) and releases them, all at once: nothing that
        the guest does comes in between."""
        self._send_keys(*((key, True) for key in keys), *((key, False) for key in reversed(keys)))

    def type(self, text: str) -> None:
        """Types text on a US keyboard, key by key."""
        for character in text:
            self.press(*keys_of(character))

    def type_at_once(self, text: str) -> None:
        """Types a few keys as if nothing took time. The controller has room for 16 bytes, two of them for a key."""
        self._send_keys(*((key, down) for character in text for keys in (keys_of(character),)
                          for down in (True, False) for key in (keys if down else reversed(keys))))

    def set_key(self, key: str, down: bool) -> None:
        """Presses or releases one key."""
        self._send_keys((key, down))

    def move_mouse(self, right: int, down: int) -> None:
        """Moves the mouse by so many counts, which may be negative."""
        self._send_events(*({"type": "rel", "data": {"axis": axis, "value": value}}
                            for axis, value in (("x", right), ("y", down))))

    def set_button(self, button: str, down: bool) -> None:
        """Presses or releases `left`, `middle` or `right`."""
        self._send_events({"type": "btn", "data": {"down": down, "button": button}})

    def click(self, button: str = "left", times: int = 1) -> None:
        for _ in range(times):
            self.set_button(button, True)
            self.set_button(button, False)

    def turn_wheel(self, steps: int) -> None:
        """Away from the hand, or towards it if that is negative."""
        button = "wheel-up" if steps > 0 else "wheel-down"
        for _ in range(abs(steps)):
            self.click(button)

    def _send_keys(self, *changes: tuple[str, bool]) -> None:
        # Not `send-key`: it releases keys later, and mixes up what is pressed meanwhile.
        self._send_events(*({"type": "key", "data": {"down": down, "key": {"type": "qcode", "data": key}}}
                            for key, down in changes))

    def _send_events(self, *events: dict[str, Any]) -> None:
        """Sends them once the guest has read all that was sent before: what the controller has no room for, it loses."""
        deadline = time.monotonic() + self._timeout
        while self._input_waits():
            if time.monotonic() > deadline:
                raise QmpError("the guest does not read its keyboard and mouse")
        self.execute("input-send-event", events=list(events))

    def _input_waits(self) -> bool:
        """Whether the keyboard's controller has a byte for the guest; never where there is no controller."""
        answer = self.execute("human-monitor-command", **{"command-line": f"i /b {_CONTROLLER_STATUS:#x}"})
        found = _PORT_VALUE.search(answer)
        if found is None:
            raise QmpError(f"QEMU does not tell the controller's state, but {answer!r}")
        status = int(found[1], 16)
        return status != _NOTHING_THERE and bool(status & _OUTPUT_FULL)

    def _receive(self, deadline: float) -> dict[str, Any]:
        while b"\n" not in self._buffer:
            self._connection.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                data = self._connection.recv(65536)
            except TimeoutError:
                raise QmpError("QEMU does not answer") from None
            except OSError as error:
                raise QmpError(f"QEMU does not answer: {error.strerror}") from None
            if not data:
                raise QmpError("QEMU has ended")
            self._buffer += data
        line, self._buffer = self._buffer.split(b"\n", 1)
        return json.loads(line)


def keys_of(character: str) -> list[str]:
    """The keys, in the order in which they go down, that type a character on a US keyboard."""
    if character in _SHIFTED:
        return ["shift", *keys_of(_SHIFTED[character])]
    if character.isascii() and character.isupper():
        return ["shift", character.lower()]
    if character in _NAMED:
        return [_NAMED[character]]
    if character.isascii() and character.isalnum():
        return [character]
    raise ValueError(f"no key types {character!r}")
