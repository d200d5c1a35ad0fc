"""A machine with the real kernel, for tests: its serial line, its keyboard, its screen.

Everything waits for what the guest does, with a deadline that only a broken guest reaches.
"""

from __future__ import annotations

import io
import os
import re
import select
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(Path(__file__).resolve().parent)]

from cli import image  # noqa: E402
from cli.emulator import Emulator, ramdisk_with  # noqa: E402
from cli.machine import Machine as Description  # noqa: E402
from cli.machine import split_extra  # noqa: E402
from cli.session import receive  # noqa: E402
from screen import Screen  # noqa: E402

BUILD = Path(os.environ.get("NACRE_KERNEL_BUILD", ROOT / "build/kernel"))
KERNEL = BUILD / "nacre.elf"
RAMDISK = BUILD / "ramdisk.tar"
# Long, because a deadline that passes is a failure: the machine may be shared and slow.
PATIENCE = 60.0
PROMPT = r"nacre:\S*\$ $"
# Control sequences and what may still become one.
ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|[=>78cDEHMNOZ])")
UNFINISHED_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?|[()])?$")


def tar_of(files: Mapping[str, bytes]) -> bytes:
    """An archive, for a machine to find behind its ramdisk."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


class Machine:
    """Boots when it is entered, and is gone when it is left.

    `boot` is `kernel` (QEMU loads it, PVH), `bios` or `uefi` (GRUB from an image, Multiboot2).
    """

    def __init__(self, kind: str = "pc", boot: str = "kernel", memory: str = "64M", append: str = "",
                 ramdisk: Path | None = RAMDISK, archive: bytes = b"", qemu: str = "") -> None:
        self._stack: list[Callable[[], object]] = []
        self._archive = archive
        self._description = Description(kind=kind, memory=memory, accel="tcg", append=append,
                                        kernel=str(KERNEL), uefi=boot == "uefi", extra=split_extra(qemu))
        self._boot = boot
        self._ramdisk = ramdisk
        self._raw = ""
        # Everything that came on the serial line, as text; `_seen` of it have been waited for.
        self.serial = ""
        self._seen = 0

    def __enter__(self) -> Machine:
        changes: dict[str, object] = {}
        inherited: Sequence[int] = ()
        initrd = None
        if self._ramdisk:
            initrd, inherited = ramdisk_with(self._ramdisk, self._archive)
        if self._boot == "kernel":
            changes["initrd"] = initrd
        else:
            assert initrd is not None
            medium = image.temporary(KERNEL, Path(initrd), self._description.append)
            inherited = [*inherited, medium]
            changes["iso"] = f"/proc/self/fd/{medium}"
        description = Description(**(vars(self._description) | changes))  # type: ignore[arg-type]
        self.emulator = Emulator(description, qmp=True, inherited=inherited).__enter__()
        for descriptor in inherited:
            os.close(descriptor)
        assert self.emulator.qmp is not None
        self.qmp = self.emulator.qmp
        return self

    def __exit__(self, *details: object) -> None:
        self.emulator.__exit__(None, None, None)

    # The serial line.

    def until(self, pattern: str, seconds: float = PATIENCE) -> re.Match[str]:
        """Waits until the serial line has brought what matches, after what was waited for before."""
        deadline = time.monotonic() + seconds
        while True:
            if match := re.compile(pattern, re.MULTILINE).search(self.serial, self._seen):
                self._seen = match.end()
                return match
            if not self._read_serial(deadline):
                raise AssertionError(f"{pattern!r} did not come on the serial line; this did:\n"
                                     f"{self.serial[self._seen:][-4000:]}\n{self.emulator.messages()}")

    def prompt(self) -> str:
        """Waits for the shell's prompt and returns what came before it."""
        start = self._seen
        end = self.until(PROMPT).start()
        return self.serial[start:end]

    def send(self, text: str) -> None:
        """Types on the serial terminal."""
        self.emulator.com1.sendall(text.encode())

    def run(self, line: str) -> str:
        """A line for the shell, on the serial terminal; what it wrote until the next prompt."""
        self.send(line + "\r")
        # The line editor's echo, which may be drawn more than once, ends with the line.
        self.until("\n")
        return self.prompt()

    def free_memory(self) -> int:
        """In KiB, as the shell tells it. What the shell keeps of its lines may take some from one time to the next."""
        found = re.search(r"^memory +\d+ +\d+ +(\d+)$", self.run("mem"), re.MULTILINE)
        assert found
        return int(found[1])

    def until_end(self, seconds: float = PATIENCE) -> int:
        """Waits until the machine is off and returns QEMU's exit status."""
        deadline = time.monotonic() + seconds
        while self._read_serial(deadline):
            pass
        return self.emulator.wait(max(0.1, deadline - time.monotonic()))

    def _read_serial(self, deadline: float) -> bool:
        """False when nothing came in time, or nothing can come any more."""
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([self.emulator.com1], [], [], left)[0]:
            return False
        data = receive(self.emulator.com1.recv)
        self._raw += data.decode(errors="replace").replace("\r", "")
        unfinished = UNFINISHED_ESCAPE.search(self._raw)
        whole = self._raw[:unfinished.start()] if unfinished else self._raw
        self._raw = self._raw[len(whole):]
        self.serial += ESCAPE.sub("", whole)
        return bool(data)

    # The keyboard.

    def type(self, text: str) -> None:
        """Types on the keyboard, and waits for the echo of each key that has one."""
        for character in text:
            self.qmp.type(character)
            if character.isprintable():
                self.until(re.escape(character))

    def press(self, *keys: str) -> None:
        """Presses keys together, such as `ctrl`, `c`."""
        self.qmp.press(*keys)

    def hold(self, key: str) -> None:
        self.qmp.set_key(key, True)

    def release(self, key: str) -> None:
        self.qmp.set_key(key, False)

    # The screen.

    def screen(self) -> Screen:
        with tempfile.NamedTemporaryFile(suffix=".ppm") as file:
            self.qmp.screenshot(Path(file.name), "ppm")
            return Screen.from_ppm(Path(file.name).read_bytes())

    def until_screen(self, condition: Callable[[Screen], object], seconds: float = PATIENCE) -> Screen:
        """Looks at the screen until `condition` holds: a screen tells nobody that it has changed."""
        deadline = time.monotonic() + seconds
        while True:
            screen = self.screen()
            if condition(screen):
                return screen
            if time.monotonic() > deadline:
                raise AssertionError(f"the screen never became what it should; its text:\n{screen.text}")
            # The guest gets the processor in between, and its serial line stays read.
            self._read_serial(time.monotonic() + 0.05)

    def until_text(self, pattern: str, seconds: float = PATIENCE) -> Screen:
        """Waits until the text on the screen matches, and all of the screen has been drawn: it may have been looked at
        while the guest wrote to it, and is whole when it is the same twice."""
        found = re.compile(pattern, re.MULTILINE)
        last: Screen | None = None

        def is_there(screen: Screen) -> bool:
            nonlocal last
            before, last = last, screen
            return screen == before and bool(found.search(screen.text))

        return self.until_screen(is_there, seconds)


def nacre(*arguments: str, stdin: bytes = b"", timeout: float = 2 * PATIENCE) -> subprocess.CompletedProcess[bytes]:
    """Calls the command as a user does, where there is no display."""
    environment = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    return subprocess.run([str(ROOT / "nacre"), *arguments], input=stdin, capture_output=True, timeout=timeout,
                          env=environment, check=False)
