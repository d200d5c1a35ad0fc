"""`./nacre image`: one ISO file that boots from BIOS and UEFI, from a CD and from a USB stick."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cli import packages, ports
from cli.build import build
from cli.emulator import ramdisk_with
from cli.errors import UserError
from cli.job import Job
from cli.paths import ISO, KERNEL, RAMDISK, ROOT

# All video drivers: BIOS has VBE, UEFI has GOP. What the kernel's Multiboot2 header asks for decides the mode.
CONFIGURATION = """\
set timeout=0
insmod all_video
menuentry "Nacre" {{
  multiboot2 /boot/nacre.elf {append}
  module2 /boot/ramdisk.tar
}}
"""


def image(options: argparse.Namespace) -> int:
    names = ports.parse(options.ports) if options.ports is not None else None
    packages.ensure(packages.KERNEL, packages.IMAGE)
    build("kernel", ("nacre.elf", "ramdisk.tar"))
    make(ISO, names, ports.Builder())
    print(f"{os.path.relpath(ISO)}: {ISO.stat().st_size / 2**20:.1f} MiB, for a CD or a USB stick, BIOS or UEFI")
    return 0


def make(target: Path, names: Sequence[str] | None, builder: ports.Builder, kernel: Path = KERNEL,
         base: Path = RAMDISK) -> None:
    """The image with the named ports; None is for the usual ones, as far as they can be had."""
    files = builder.build_what_can_be_had(ports.DEFAULT) if names is None else builder.build(names)
    ramdisk, inherited = ramdisk_with(base, Job(files=files).archive())
    try:
        write(target, kernel, Path(ramdisk))
    finally:
        for descriptor in inherited:
            os.close(descriptor)


def write(target: Path, kernel: Path, ramdisk: Path, append: str = "") -> None:
    """Puts `target` in place only when it is whole. Raises UserError with grub-mkrescue's words."""
    with tempfile.TemporaryDirectory(prefix="nacre-image-") as name:
        tree = Path(name) / "tree"
        (tree / "boot/grub").mkdir(parents=True)
        (tree / "boot/grub/grub.cfg").write_text(CONFIGURATION.format(append=append), encoding="utf-8")
        shutil.copyfile(kernel, tree / "boot/nacre.elf")
        shutil.copyfile(ramdisk, tree / "boot/ramdisk.tar")
        unfinished = Path(name) / "unfinished.iso"
        # Neither fonts, themes nor translations: GRUB shows no menu.
        command = ["grub-mkrescue", "--fonts=", "--locales=", "--themes=", "-o", str(unfinished), str(tree)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, cwd=ROOT,
                              stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
        if done.returncode != 0:
            raise UserError("grub-mkrescue failed", details=done.stdout)
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.copyfile(unfinished, beside)
        os.replace(beside, target)


def temporary(kernel: Path, ramdisk: Path, append: str) -> int:
    """An image for one run: a descriptor of a file that has no name."""
    with tempfile.TemporaryDirectory(prefix="nacre-image-") as name:
        path = Path(name) / "nacre.iso"
        write(path, kernel, ramdisk, append)
        return os.open(path, os.O_RDONLY)
