"""`./nacre bench`: what is measured, against what it must reach. docs/performance.md tells how, and what came out."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cli import bench_engine, bench_kernel, packages
from cli.build import build
from cli.measurement import Measurement, is_selected, may_hold


@dataclass(frozen=True)
class Group:
    """Measurements that are made together. Their names begin with `NAME/`, but for those of the kernel."""

    name: str
    prepare: Callable[[], object]
    measure: Callable[[argparse.Namespace], Iterator[Measurement]]


def bench(options: argparse.Namespace) -> int:
    passed = True
    for group in _wanted_groups(options.names):
        group.prepare()
        # The name of a group is all of it.
        wanted = [] if group.name in options.names else options.names
        for measurement in group.measure(options):
            if is_selected(measurement.name, wanted):
                print(measurement.row(), flush=True)
                passed = passed and measurement.passes()
    return 0 if passed else 1


def _wanted_groups(names: Sequence[str]) -> list[Group]:
    """A name that is no group's and in none of them is one of the kernel's."""
    if not names:
        return list(GROUPS)
    of_engine = [group for group in GROUPS[1:] if may_hold(group.name, names)]
    rest = [name for name in names if not any(may_hold(group.name, [name]) for group in GROUPS[1:])]
    return [*(GROUPS[:1] if rest else ()), *of_engine]


def _prepare_kernel() -> None:
    packages.ensure(packages.KERNEL, packages.EMULATOR, packages.HOSTED)
    build("kernel", bench_kernel.TARGETS)


def _prepare_engine() -> None:
    packages.ensure(packages.HOSTED, packages.BENCHMARKS)
    build("host-release", bench_engine.TARGETS)


def _programs(options: argparse.Namespace, folder: str, group: str) -> Iterator[Measurement]:
    others = bench_engine.peers() if options.peers else []
    wanted = [] if group in options.names else options.names
    return bench_engine.programs(folder, group, others, options.rounds, wanted)


GROUPS = (
    Group("kernel", _prepare_kernel, lambda options: bench_kernel.kernel()),
    Group("pipes", _prepare_kernel, lambda options: bench_kernel.pipes()),
    Group("interpreter", _prepare_engine, lambda options: _programs(options, "", "interpreter")),
    Group("simd", _prepare_engine, lambda options: _programs(options, "simd", "simd")),
    Group("load", _prepare_engine, lambda options: bench_engine.loading(options.rounds)),
    Group("memory", _prepare_engine, lambda options: bench_engine.memory()),
    Group("heap", _prepare_engine, lambda options: bench_engine.heap()),
)
