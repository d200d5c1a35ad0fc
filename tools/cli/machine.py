"""QEMU command lines: what machine a guest runs on. Nothing is started here."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from functools import cache

QEMU = "qemu-system-x86_64"
KINDS = ("pc", "q35", "microvm")

# What the guest writes to the `isa-debug-exit` port becomes QEMU's exit status `2 * value + 1`.
DEBUG_EXIT_PORT = 0xF4
STATUS_PASSED = 2 * 0x10 + 1
STATUS_FAILED = 2 * 0x11 + 1

# The second serial port, which carries the host channel where there is no virtio console for it.
COM2_BASE = 0x2F8
COM2_INTERRUPT = 3

# The port of the host channel, where there is a virtio console. Not a `virtconsole`, which drops what the host does
# not read in time.
CHANNEL_NAME = "nacre.host"

# Debian's OVMF; the variables are a read-only template, which is enough for one boot from a CD.
OVMF_IMAGES = ("/usr/share/ovmf/OVMF.fd", "/usr/share/qemu/OVMF.fd")


@cache
def kvm_is_usable(cpuinfo: str = "/proc/cpuinfo", device: str = "/dev/kvm") -> bool:
    """Whether KVM runs guests on the processor itself: the device alone says nothing about speed."""
    try:
        with open(cpuinfo, encoding="ascii", errors="replace") as file:
            flags = next((line.split() for line in file if line.startswith("flags")), [])
        if "vmx" not in flags and "svm" not in flags:
            return False
        os.close(os.open(device, os.O_RDWR | os.O_CLOEXEC))
        return True
    except OSError:
        return False


def accelerator(choice: str) -> str:
    """`auto`, `kvm` or `tcg` to what QEMU is told."""
    return ("kvm" if kvm_is_usable() else "tcg") if choice == "auto" else choice


@dataclass(frozen=True)
class Machine:
    """One virtual machine. `command_line` is a pure function of the fields and of `accelerator`."""

    kind: str = "pc"
    memory: str = "256M"
    cpus: int = 1
    accel: str = "auto"
    cpu: str = "max"
    kernel: str | None = None
    initrd: str | None = None
    append: str = ""
    iso: str | None = None
    uefi: bool = False
    # Character devices of COM1 and COM2, as `-chardev` takes them without an id; None leaves a port out.
    com1: str | None = None
    com2: str | None = None
    # The character device of the host channel, behind a virtio console.
    channel: str | None = None
    # The character device that speaks QMP.
    qmp: str | None = None
    display: str = "none"
    # Whether the guest may restart the machine; otherwise a reset (or a triple fault) ends QEMU.
    may_reset: bool = False
    # Instructions are counted and time is made of them: `shift=N`, the same on every run.
    icount: str | None = None
    extra: tuple[str, ...] = ()

    def command_line(self) -> list[str]:
        accel = accelerator(self.accel)
        line = [QEMU, "-nodefaults", "-no-user-config", "-M", self.kind, "-accel", accel]
        line += ["-cpu", self.cpu, "-m", self.memory, "-smp", str(self.cpus), "-display", self.display]
        if self.kind != "microvm":
            line += ["-vga", "std"]
        if not self.may_reset:
            line.append("-no-reboot")
        line += ["-device", f"isa-debug-exit,iobase={DEBUG_EXIT_PORT:#x},iosize=0x04"]
        line += self._boot_medium() + self._serial_ports() + self._host_channel()
        if self.qmp:
            line += ["-chardev", f"{self.qmp},id=qmp", "-mon", "chardev=qmp,mode=control"]
        if self.icount:
            line += ["-icount", self.icount]
        return line + list(self.extra)

    def _boot_medium(self) -> list[str]:
        if self.iso:
            medium = ["-cdrom", self.iso, "-boot", "d"]
            return ["-bios", ovmf_image(), *medium] if self.uefi else medium
        line = ["-kernel", self.kernel] if self.kernel else []
        if self.initrd:
            line += ["-initrd", self.initrd]
        if self.append:
            line += ["-append", self.append]
        return line

    def _serial_ports(self) -> list[str]:
        line = []
        if self.com1:
            line += ["-chardev", f"{self.com1},id=com1", "-serial", "chardev:com1"]
        if self.com2:
            # Not `-serial`: that would be left out by microvm, which has one port on board.
            device = f"isa-serial,index=1,iobase={COM2_BASE:#x},irq={COM2_INTERRUPT},chardev=com2"
            line += ["-chardev", f"{self.com2},id=com2", "-device", device]
        return line

    def _host_channel(self) -> list[str]:
        if not self.channel:
            return []
        # microvm has no PCI, and its virtio windows show what was before version 1 unless told otherwise.
        windows = self.kind == "microvm"
        return [*(("-global", "virtio-mmio.force-legacy=false") if windows else ()),
                "-device", f"virtio-serial-{'device' if windows else 'pci'},max_ports=2",
                "-chardev", f"{self.channel},id=channel",
                "-device", f"virtserialport,chardev=channel,name={CHANNEL_NAME}"]


def ovmf_image() -> str:
    """The UEFI firmware. The first place is named when there is none, so that QEMU's message says it."""
    return next((path for path in OVMF_IMAGES if os.path.exists(path)), OVMF_IMAGES[0])


def split_extra(text: str | None) -> tuple[str, ...]:
    """The words of `--qemu 'ARGS'`, quoted as in a shell."""
    return tuple(shlex.split(text)) if text else ()
