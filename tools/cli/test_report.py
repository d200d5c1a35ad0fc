"""What CTest's report says of the tests that failed.

CTest writes it in JUnit's XML (`ctest --output-junit`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

# A line of a summary that is longer is shortened.
WIDTH = 160
# As CTest names what XML cannot hold, and the colours that begin so.
CONTROL = re.compile(r"\[NON-XML-CHAR-0x1B\](?:\[[0-9;]*[A-Za-z])?|\[NON-XML-CHAR-0x[0-9A-F]+\]")


@dataclass(frozen=True)
class Failure:
    """A test that failed, and all that it wrote."""

    name: str
    output: str

    def closing_lines(self, count: int) -> list[str]:
        """The last `count` lines that have text: they tell most."""
        lines = [line.rstrip() for line in CONTROL.sub("", self.output).splitlines() if line.strip()]
        return [line if len(line) <= WIDTH else line[:WIDTH - 3] + "..." for line in lines[-count:]]


def failures(report: Path) -> list[Failure]:
    """Those of a report, by name; none where there is no report, for CTest has said by its status that it failed."""
    try:
        root = ElementTree.parse(report).getroot()
    except (OSError, ElementTree.ParseError):
        return []
    return sorted((Failure(case.get("name", "?"), case.findtext("system-out") or "")
                   for case in root.iter("testcase") if _has_failed(case)), key=lambda one: one.name)


def _has_failed(case: ElementTree.Element) -> bool:
    if case.get("status") != "notrun":
        return case.get("status") == "fail"
    # Skipped, or without its program.
    skipped = case.find("skipped")
    return skipped is None or not (skipped.get("message") or "").startswith("SKIP_")


def closing_lines(found: Sequence[Failure], most: int = 24) -> list[str]:
    """For a summary: each test that failed, and the end of what it wrote, in about `most` lines."""
    each = max(3, most // max(1, len(found)))
    return [line for one in found for line in (one.name, *(f"  | {line}" for line in one.closing_lines(each)))]
