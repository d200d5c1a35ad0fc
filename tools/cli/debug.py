"""`./nacre debug`: boots a machine that waits for gdb before its first instruction, with the shell in this terminal."""

from __future__ import annotations

import argparse

from cli import packages
from cli.build import build
from cli.console_session import ConsoleSession
from cli.emulator import Emulator
from cli.machine import Machine, split_extra
from cli.run import DEFAULT_MEMORY_MIB, KERNEL_TARGETS
from cli.session import Conditions, say

PORT = 1234


def debug(options: argparse.Namespace) -> int:
    packages.ensure(packages.KERNEL, packages.EMULATOR, packages.DEBUGGER)
    folder = build("kernel-debug", KERNEL_TARGETS)
    machine = Machine(
        kind=options.machine or "pc", memory=options.memory or f"{DEFAULT_MEMORY_MIB}M", cpus=options.cpus,
        accel=options.accel, kernel=str(folder / "nacre.elf"), initrd=str(folder / "ramdisk.tar"), append="verbose",
        extra=("-S", "-gdb", f"tcp:127.0.0.1:{PORT}", *split_extra(options.qemu)))
    say(f"waiting; in another terminal: gdb {folder / 'nacre.debug'} -ex 'target remote :{PORT}' -ex 'hbreak kernel_main'")
    with Emulator(machine) as emulator:
        return ConsoleSession(emulator, Conditions(verbose=True), attached=True).run()
