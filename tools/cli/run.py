"""`./nacre run`: boots a machine, for a person, a program or a line of the shell."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cli import packages, wasm_imports
from cli.build import build
from cli.console_session import ConsoleSession
from cli.emulator import Emulator, ramdisk_with
from cli.errors import UserError
from cli.job import Folder, Job, Program
from cli.job_session import JobSession
from cli.machine import Machine, split_extra
from cli.mirror import Mirror, check_writable
from cli.paths import KERNEL, RAMDISK
from cli.session import Conditions

# For the kernel and its caches; what is brought into the guest comes on top, unless --memory says otherwise.
DEFAULT_MEMORY_MIB = 256
KERNEL_TARGETS = ("nacre.elf", "ramdisk.tar")


@dataclass(frozen=True)
class Plan:
    """What a call of `run` asks for, decided before anything is built or started."""

    job: Job
    # What is brought along of `apps/ports`.
    ports: tuple[str, ...]
    machine: Machine
    conditions: Conditions
    window: bool
    from_iso: bool
    kernel_options: tuple[str, ...]
    memory_given: bool


def plan(options: argparse.Namespace, environment: Mapping[str, str]) -> Plan:
    """Raises UserError for what cannot be meant."""
    job = _job(options)
    ports = _ports(options)
    from_iso = options.iso or options.uefi
    draws = job.program is not None and wasm_imports.draws(job.program.binary)
    has_display = bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
    window = has_display and not options.headless and (draws or not job.runs_something)
    needs_screen = window or draws or bool(options.screenshot) or from_iso or not job.runs_something
    # Of a machine for a person, the picture is taken when somebody leaves it.
    if options.screenshot and not (job.runs_something or window or options.timeout or os.isatty(0)):
        raise UserError("--screenshot without a terminal needs --timeout, or --shell for a script on the input")
    kind = options.machine or ("pc" if needs_screen else "microvm")
    if kind == "microvm" and from_iso:
        raise UserError("--machine microvm has no firmware to boot an image with")
    machine = Machine(
        kind=kind, memory=options.memory or f"{DEFAULT_MEMORY_MIB}M", cpus=options.cpus, accel=options.accel,
        uefi=options.uefi, display="gtk" if window else "none",
        may_reset=not job.runs_something, extra=split_extra(options.qemu))
    conditions = Conditions(verbose=options.verbose, timeout=options.timeout,
                            screenshot=Path(options.screenshot) if options.screenshot else None)
    return Plan(job, ports, machine, conditions, window, from_iso, _kernel_options(options, job), bool(options.memory))


def run(options: argparse.Namespace) -> int:
    what = plan(options, os.environ)
    packages.ensure(packages.KERNEL, packages.EMULATOR, packages.WINDOW if what.window else (),
                    packages.IMAGE if what.from_iso else (), packages.UEFI if what.machine.uefi else ())
    build("kernel", KERNEL_TARGETS)
    if what.ports:
        from cli.ports import Builder  # Not above: most runs have no use for it, and start at once.

        what = replace(what, job=replace(what.job, files=Builder().build(what.ports)))
    return start(what)


def start(what: Plan, kernel: Path = KERNEL, base: Path = RAMDISK) -> int:
    """Boots what has been planned and returns the status to exit with."""
    archive = what.job.archive()
    initrd, inherited = ramdisk_with(base, archive)
    machine = what.machine
    if not what.memory_given:
        machine = replace(machine, memory=f"{DEFAULT_MEMORY_MIB + 2 * (len(archive) >> 20)}M")
    append = " ".join(what.kernel_options)
    if what.from_iso:
        from cli import image  # Not above, for the same reason.

        image_file = image.temporary(kernel, Path(initrd), append)
        inherited.append(image_file)
        machine = replace(machine, iso=f"/proc/self/fd/{image_file}")
    else:
        machine = replace(machine, kernel=str(kernel), initrd=initrd, append=append)
    mirror = Mirror([folder.host for folder in what.job.mirrored])
    with mirror, Emulator(machine, channel=what.job.runs_something, qmp=what.conditions.screenshot is not None,
                          inherited=inherited) as emulator:
        if what.job.runs_something:
            return JobSession(emulator, what.conditions, mirror).run()
        return ConsoleSession(emulator, what.conditions, attached=not what.window).run()


def _job(options: argparse.Namespace) -> Job:
    if options.file and options.shell is not None:
        raise UserError("either FILE or --shell, not both")
    if options.arguments and not options.file:
        raise UserError("arguments after -- are for a FILE, and there is none")
    if options.env and not (options.file or options.shell is not None):
        raise UserError("--env is for a FILE or --shell")
    for limit in options.limit:
        if not re.fullmatch(r"((memory|space)=\d{1,9}[KMG]?|(cpu|descriptors|depth|fuel)=\d{1,9})", limit):
            raise UserError(f"--limit {limit}: memory=64M, cpu=SECONDS, descriptors=COUNT, space=64M, depth=COUNT or fuel=COUNT "
                            "is needed")
    if options.dir_rw and not (options.file or options.shell is not None):
        raise UserError("--dir-rw is for a FILE or --shell")
    for variable in options.env:
        if not re.match(r"[^=]+=", variable):
            raise UserError(f"--env {variable}: KEY=VALUE is needed")
    mirrored = tuple(Folder.parse(text, "--dir-rw", mirrored=True) for text in options.dir_rw)
    for folder in mirrored:
        check_writable(folder.host)
    _check_apart(mirrored)
    program = Program.read(Path(options.file)) if options.file else None
    return Job(program=program, arguments=tuple(options.arguments), environment=tuple(options.env),
               limits=tuple(options.limit), shell=options.shell,
               folders=tuple(Folder.parse(text) for text in options.dir) + mirrored)


def _ports(options: argparse.Namespace) -> tuple[str, ...]:
    if not options.ports:
        return ()
    from cli.ports import parse

    if options.file:
        raise UserError("--with is for a machine with a shell, not for a FILE")
    return parse(options.ports)


def _check_apart(mirrored: tuple[Folder, ...]) -> None:
    """Two folders in one place, or one in the other, would be written back twice."""
    for number, folder in enumerate(mirrored):
        for other in mirrored[:number]:
            for one, two in ((folder, other), (other, folder)):
                if (two.guest + "/").startswith(one.guest + "/"):
                    raise UserError(f"--dir-rw: {one.guest} and {two.guest} are not apart in the guest")
                if two.host.resolve().is_relative_to(one.host.resolve()):
                    raise UserError(f"--dir-rw: {one.host} and {two.host} are not apart")


def _kernel_options(options: argparse.Namespace, job: Job) -> tuple[str, ...]:
    words = []
    if job.runs_something:
        words.append("job=/run/job")
        if options.screenshot:
            words.append("hold")
    if options.tier:
        words.append(f"tier={options.tier}")
    if options.verbose:
        words.append("verbose")
    return tuple(words)
