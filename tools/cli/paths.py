"""Where things are in the project and in what it builds."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
KERNEL_BUILD = BUILD / "kernel"
ENGINE_BUILD = BUILD / "host-release"
KERNEL = KERNEL_BUILD / "nacre.elf"
RAMDISK = KERNEL_BUILD / "ramdisk.tar"
ISO = BUILD / "nacre.iso"
