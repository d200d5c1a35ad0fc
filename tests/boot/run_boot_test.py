#!/usr/bin/env python3
"""Runs one boot test: boots a kernel image headless, prints its serial port, exits 0 if the test passed.

The guest reports through the isa-debug-exit port: 0x10 passed, 0x11 failed. Everything else that ends the
machine (a triple fault, a power-off, a timeout) is a failure and is said in one line, unless
--expect-power-off asks for it. What a test needs can be made first; a command that ends with 77 says that it cannot
be, and then the test is skipped.
"""

from __future__ import annotations

import argparse
import os
import re
import select
import shlex
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

from cli.machine import KINDS, STATUS_FAILED, STATUS_PASSED, Machine, split_extra  # noqa: E402


# Without --may-reset also what a reset ends in.
STATUS_POWERED_OFF = 0
# As CTest and Automake have it.
SKIPPED = 77


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("image", help="the kernel image, an ELF file with a PVH note")
    parser.add_argument("--timeout", type=float, default=60, help="seconds until the test has failed (60)")
    parser.add_argument("--expect-fail", action="store_true", help="the guest must report a failure")
    parser.add_argument("--expect-power-off", action="store_true",
                        help="the guest must switch the machine off instead of giving a verdict")
    parser.add_argument("--may-reset", action="store_true",
                        help="a reset boots the image again instead of ending the machine")
    parser.add_argument("--expect", action="append", default=[], metavar="REGEX",
                        help="must be found in what the guest prints; may be given several times")
    parser.add_argument("--machine", choices=KINDS, default="pc")
    parser.add_argument("--memory", default="64M")
    parser.add_argument("--cpus", type=int, default=1)
    parser.add_argument("--cpu", default="max")
    parser.add_argument("--accel", choices=("auto", "kvm", "tcg"), default="tcg",
                        help="default tcg, so that every machine tests the same processor")
    parser.add_argument("--append", default="", help="the kernel's command line")
    parser.add_argument("--initrd", help="the ramdisk")
    parser.add_argument("--before", metavar="COMMAND", default="",
                        help="runs this first, quoted as in a shell; it may make the ramdisk")
    parser.add_argument("--icount", metavar="SHIFT", help="count instructions: QEMU's -icount shift=SHIFT")
    parser.add_argument("--qemu-args", default="", help="more arguments for QEMU, quoted as in a shell")
    return parser.parse_args(arguments)


def boot(options: argparse.Namespace) -> tuple[int | None, bytes]:
    """QEMU's exit status (None after the timeout) and what the guest wrote; prints it as it comes."""
    machine = Machine(
        kind=options.machine, memory=options.memory, cpus=options.cpus, cpu=options.cpu, accel=options.accel,
        kernel=options.image, initrd=options.initrd, append=options.append, com1="stdio,signal=off",
        icount=f"shift={options.icount}" if options.icount else None, may_reset=options.may_reset,
        extra=split_extra(options.qemu_args))
    deadline = time.monotonic() + options.timeout
    output = bytearray()
    with subprocess.Popen(machine.command_line(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as qemu:
        assert qemu.stdout is not None
        try:
            while (left := deadline - time.monotonic()) > 0:
                if not select.select([qemu.stdout], [], [], left)[0]:
                    break
                data = os.read(qemu.stdout.fileno(), 65536)
                if not data:
                    return qemu.wait(), bytes(output)
                output += data
                sys.stdout.buffer.write(data)
                sys.stdout.buffer.flush()
            return None, bytes(output)
        finally:
            qemu.kill()


def verdict(options: argparse.Namespace, status: int | None, output: str) -> str | None:
    """Why the test failed, or None."""
    if status is None:
        return f"no verdict after {options.timeout:g} s"
    if options.expect_power_off:
        if status != STATUS_POWERED_OFF:
            return f"the guest did not switch the machine off (exit status {status})"
    elif status not in (STATUS_PASSED, STATUS_FAILED):
        reason = {0: "the machine was reset (a triple fault?) or powered off", 1: "QEMU reported an error"}
        return f"no verdict: {reason.get(status, 'QEMU ended')} (exit status {status})"
    if options.expect_fail and status == STATUS_PASSED:
        return "the guest reported success, but this test must fail"
    if not options.expect_fail and status == STATUS_FAILED:
        return "the guest reported a failure"
    missing = next((pattern for pattern in options.expect if not re.search(pattern, output, re.MULTILINE)), None)
    return None if missing is None else f"not found in the output: {missing}"


def main() -> int:
    options = parse()
    if options.before:
        made = subprocess.run(shlex.split(options.before), stdin=subprocess.DEVNULL, check=False).returncode
        if made == SKIPPED:
            return SKIPPED
        if made:
            print(f"{Path(options.image).name}: {options.before} ended with {made}", flush=True)
            return 1
    status, output = boot(options)
    failure = verdict(options, status, output.decode(errors="replace").replace("\r\n", "\n"))
    if failure:
        print(f"\n{Path(options.image).name}: {failure}", flush=True)
    return 1 if failure else 0


if __name__ == "__main__":
    sys.exit(main())
