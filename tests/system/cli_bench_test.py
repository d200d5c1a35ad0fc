#!/usr/bin/env python3
"""What `./nacre bench` computes of what it measured."""

import contextlib
import io
import sys
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

from cli import bench, bench_engine, bench_kernel, measurement  # noqa: E402
from cli.measurement import Limit, ProgramRun  # noqa: E402


def names(measurements):
    return [one.name for one in measurements]


class ProgramRunTest(unittest.TestCase):
    def test_a_line_is_a_name_a_checksum_and_times(self):
        run = measurement.parse_program_run("fib 24157817 90 80 10 30 20\n")
        self.assertEqual(run, ProgramRun("fib", "24157817", (90, 80, 10, 30, 20)))

    def test_other_lines_are_none(self):
        for line in ("", "fib", "fib 7", "fib 7 x", "trap: unreachable 1 2", "fib -7 1 2"):
            with self.subTest(line):
                self.assertIsNone(measurement.parse_program_run(line))

    def test_the_time_is_the_median_of_the_last_three(self):
        self.assertEqual(ProgramRun("fib", "1", (900, 800, 30, 10, 20)).time(), 20)
        self.assertEqual(ProgramRun("fib", "1", (5,)).time(), 5)


class MeansTest(unittest.TestCase):
    def test_a_ratio_is_one_of_medians(self):
        self.assertEqual(measurement.ratio_of_rounds([100, 900, 110], [10, 11, 5]), 11)

    def test_the_geometric_mean(self):
        self.assertAlmostEqual(measurement.geometric_mean([2, 8]), 4)
        self.assertAlmostEqual(measurement.geometric_mean(iter([3.0])), 3)


class LimitTest(unittest.TestCase):
    LIMITS = {"boot": Limit(30, "million instructions", 1e-6), "run/mean": Limit(25, "x", goal=12),
              "load/*": Limit(None, "MB/s", goal=100, above=True), "speed": Limit(10, "MB/s", above=True)}

    def rows(self, *values):
        with mock.patch.object(measurement, "LIMITS", self.LIMITS):
            made = [measurement.measured(name, value, "raw") for name, value in values]
            return [one.row().split(maxsplit=2) for one in made], [one.passes() for one in made]

    def test_below(self):
        rows, passed = self.rows(("boot", 29e6), ("boot", 30e6), ("other", 1e9))
        self.assertEqual(passed, [True, False, True])
        self.assertEqual(rows[0][:2], ["boot", "29"])
        self.assertIn("below 30", rows[0][2])
        self.assertNotIn("MISSED", rows[0][2])
        self.assertTrue(rows[1][2].endswith("MISSED"))
        self.assertEqual(rows[2], ["other", "1e+09", "raw"])

    def test_above(self):
        self.assertEqual(self.rows(("speed", 9), ("speed", 11))[1], [False, True])

    def test_a_goal_is_no_limit(self):
        rows, passed = self.rows(("run/mean", 11), ("run/mean", 13), ("run/mean", 26), ("load/x", 99), ("load/x", 101))
        self.assertEqual(passed, [True, True, False, True, True])
        self.assertTrue(rows[0][2].endswith("below 25, goal 12"))
        self.assertTrue(rows[1][2].endswith("short of the goal"))
        self.assertTrue(rows[2][2].endswith("MISSED"))
        self.assertTrue(rows[3][2].endswith("short of the goal"))
        self.assertTrue(rows[4][2].endswith("goal above 100"))

    def test_the_limits_of_a_group_are_for_what_is_directly_in_it(self):
        with mock.patch.object(measurement, "LIMITS", self.LIMITS):
            self.assertEqual(measurement.limit_of("load/python"), self.LIMITS["load/*"])
            self.assertIsNone(measurement.limit_of("load/decode/python"))
            self.assertIsNone(measurement.limit_of("load"))

    def test_every_limit_says_something(self):
        for name, limit in measurement.LIMITS.items():
            with self.subTest(name):
                self.assertTrue(limit.unit)
                self.assertFalse(limit.value is None and limit.goal is None)


class SelectionTest(unittest.TestCase):
    def test_names_and_groups(self):
        for name, wanted, selected in (
                ("boot", [], True), ("boot", ["boot"], True), ("boot", ["boo"], False),
                ("load/decode/x", ["load/decode"], True), ("load/decode/x", ["load/x"], False)):
            with self.subTest((name, wanted)):
                self.assertEqual(measurement.is_selected(name, wanted), selected)

    def test_only_what_may_hold_a_name_is_measured(self):
        every = ["kernel", "pipes", "interpreter", "simd", "load", "memory", "heap"]
        for wanted, groups in (
                ([], every), (["simd"], ["simd"]), (["interpreter/fib", "load"], ["interpreter", "load"]),
                (["kernel_size"], ["kernel"]), (["kernel", "memory/peak"], ["kernel", "memory"])):
            with self.subTest(wanted):
                self.assertEqual(names(bench._wanted_groups(wanted)), groups)


class ReportTest(unittest.TestCase):
    def test_lines_among_others(self):
        log = "boot\r\nbench: key 12 instructions\r\nnot bench: x 1 y\nbench: memory/ran/x 0.25 x the module\nbench: bad z"
        self.assertEqual([(one.name, one.value, one.unit) for one in bench_kernel.reported(log)],
                         [("key", 12, "instructions"), ("memory/ran/x", 0.25, "x the module")])

    def test_refusals_are_alike_whatever_the_file(self):
        self.assertEqual(bench_engine.refusal_of("note\nwasmrun: a/b.wasm: not supported yet, at byte 0xac: SIMD\n"),
                         "not supported yet: SIMD")
        self.assertEqual(bench_engine.refusal_of(""), "")


class ProgramsTest(unittest.TestCase):
    """The rounds of programs, with the processes replaced."""

    def measure(self, answers, rounds=2, wanted=()):
        """`answers` are by program and engine: what the process printed, or a refusal."""
        with contextlib.ExitStack() as stack:
            folder = stack.enter_context(mock.patch.object(bench_engine, "PROGRAMS"))
            modules = sorted({Path(f"/programs/{program}.wasm") for program, _ in answers})
            folder.__truediv__.return_value.glob.return_value = modules

            def run(command):
                path = Path(command[-1])
                return answers[path.stem, "nacre" if path.suffix else "native"]
            stack.enter_context(mock.patch.object(bench_engine, "_run", run))
            complaints = stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
            found = list(bench_engine.programs("", "set", (), rounds, wanted))
        return found, complaints.getvalue()

    def test_ratios_and_means(self):
        found, complaints = self.measure({
            ("a", "native"): ProgramRun("a", "1", (10,)), ("a", "nacre"): ProgramRun("a", "1", (20,)),
            ("b", "native"): ProgramRun("b", "2", (10,)), ("b", "nacre"): ProgramRun("b", "2", (80,)),
            ("fib", "native"): ProgramRun("fib", "3", (10,)), ("fib", "nacre"): ProgramRun("fib", "3", (40,))})
        self.assertEqual(complaints, "")
        self.assertEqual(names(found), ["set/a", "set/b", "set/fib", "set/mean", "set/mean_but_fib_vtable"])
        for one, value in zip(found, (2, 8, 4, 4, 4)):
            self.assertAlmostEqual(one.value, value)

    def test_a_refused_program_is_named_and_not_counted(self):
        found, complaints = self.measure({
            ("a", "native"): ProgramRun("a", "1", (10,)), ("a", "nacre"): ProgramRun("a", "1", (20,)),
            ("b", "native"): ProgramRun("b", "2", (10,)), ("b", "nacre"): "not supported yet: SIMD",
            ("c", "native"): ProgramRun("c", "2", (10,)), ("c", "nacre"): "not supported yet: SIMD"})
        self.assertEqual(names(found), ["set/a", "set/mean"])
        self.assertEqual(complaints, "nacre: set: not counted, nacre says `not supported yet: SIMD`: b, c\n")

    def test_a_wrong_checksum_is_an_error(self):
        with self.assertRaisesRegex(bench_engine.UserError, "a computes 2 in nacre, 1 natively"):
            self.measure({("a", "native"): ProgramRun("a", "1", (10,)), ("a", "nacre"): ProgramRun("a", "2", (20,))})


class LoadingTest(unittest.TestCase):
    def test_repetitions_become_ratios_and_a_speed(self):
        # Of a module of 1000 bytes, in milliseconds.
        times = {"copy/m": (1, 1, 9), "decode/m": (2, 2, 2), "validate/m": (8, 8, 8)}
        runs = [{"run_type": "iteration", "name": name, "cpu_time": time, "bytes_per_second": 1e6 / time}
                for name, all_times in times.items() for time in all_times]
        runs.append({"run_type": "aggregate", "name": "copy/m", "cpu_time": 1e9, "bytes_per_second": 1})
        found = {one.name: one.value for one in bench_engine.loading_of(runs)}
        self.assertEqual(found.keys(), {"load/decode/m", "load/validate/m", "load/m"})
        self.assertAlmostEqual(found["load/decode/m"], 2)
        self.assertAlmostEqual(found["load/validate/m"], 8)
        self.assertAlmostEqual(found["load/m"], 0.1)  # MB/s

    def test_a_refused_module_is_named(self):
        with contextlib.redirect_stderr(io.StringIO()) as complaints:
            found = list(bench_engine.loading_of(
                [{"run_type": "iteration", "name": "validate/m", "error_occurred": True}]))
        self.assertEqual(found, [])
        self.assertIn("load/m: not measured", complaints.getvalue())


if __name__ == "__main__":
    unittest.main()
