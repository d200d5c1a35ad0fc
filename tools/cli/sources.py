"""Source packages of the distribution, fetched by apt-get, which verifies them.

The machine's own configuration stays as it is: what it says of binary packages, said of source packages, is a
configuration of apt-get's own, with its own lists, in the build folder.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from cli import packages
from cli.errors import UserError
from cli.packages import UNPACKER

# Suites of other places' packages, for the distribution's, are called otherwise.
SUITES_OF_DEBIAN = ("stable", "testing", "unstable", "sid")
SECONDS_OF_SILENCE = 20


class Unavailable(UserError):
    """The sources of a program cannot be had on this machine, or not now."""


def configuration(text: str, style: str, codename: str) -> str:
    """A file of apt's sources, of `style` `list` or `sources`, with the distribution's sources in it alone.

    What is not a suite of the release `codename` is left out.
    """
    return "".join(_of_list(text, codename) if style == "list" else _of_stanzas(text, codename))


def _of_list(text: str, codename: str) -> list[str]:
    found = []
    for line in text.splitlines():
        entry = re.match(r"\s*deb\s+(\[[^]]*\]\s+)?(\S+)\s+(\S+)\s+([^#]+)", line)
        if entry and _is_of_release(entry[3], codename):
            found.append(f"deb-src {entry[1] or ''}{entry[2]} {entry[3]} {entry[4].strip()}\n")
    return found


def _of_stanzas(text: str, codename: str) -> list[str]:
    found = []
    for stanza in re.split(r"\n\s*\n", text):
        lines = [line for line in stanza.splitlines() if line.strip() and not line.startswith("#")]
        fields = {name.lower(): value.split() for name, _, value in (line.partition(":") for line in lines)}
        suites = [suite for suite in fields.get("suites", ()) if _is_of_release(suite, codename)]
        if "deb" not in fields.get("types", ()) or "no" in fields.get("enabled", ()) or not suites:
            continue
        replaced = {"types": "Types: deb-src", "suites": f"Suites: {' '.join(suites)}"}
        kept = [replaced.get(line.partition(":")[0].lower(), line) for line in lines
                if not line.lower().startswith("architectures:")]
        found.append("\n".join(kept) + "\n\n")
    return found


def _is_of_release(suite: str, codename: str) -> bool:
    release = re.sub(r"(-updates|-security|/updates)$", "", suite)
    return release == codename or release in SUITES_OF_DEBIAN


class AptSources:
    """Fetches by apt-get. `folder` is where it may keep what it has learnt; `etc` is apt's configuration."""

    def __init__(self, folder: Path, etc: Path = Path("/etc/apt"), release: Path = Path("/etc/os-release")) -> None:
        self._folder = folder
        self._etc = etc
        self._release = release
        self._updated = False
        # Why the lists could not be had: it takes long to find out, and does not change within a call.
        self._failure: Unavailable | None = None

    def fetch(self, package: str, target: Path) -> None:
        """Unpacks the distribution's newest source of `package`, patched as it says, as folder `target`.

        Raises Unavailable, with apt-get's words as its details.
        """
        try:
            packages.ensure(UNPACKER)
        except UserError as error:
            raise Unavailable(f"apt-get and dpkg-source are needed: {error}", error.details) from None
        self._update_once()
        target.parent.mkdir(parents=True, exist_ok=True)
        self._download(package, target.parent)
        descriptions = list(target.parent.glob("*.dsc"))
        if len(descriptions) != 1:
            raise Unavailable(f"apt-get brought no source of {package}")
        _call(["dpkg-source", "--no-check", "-x", descriptions[0].name, str(target)], target.parent)

    def _download(self, package: str, where: Path) -> None:
        try:
            self._apt_get("source", "--only-source", "--download-only", package, where=where)
        except Unavailable:
            # A mirror may know of an update that it does not have; the release itself is older than that.
            older = f"{package}/{self._codename()}"
            with suppress(Unavailable):
                self._apt_get("source", "--only-source", "--download-only", older, where=where)
                return
            raise

    def _update_once(self) -> None:
        if self._failure:
            raise self._failure
        if not self._updated:
            try:
                self._update()
            except Unavailable as error:
                self._failure = error
                raise
            self._updated = True

    def _update(self) -> None:
        parts = self._folder / "sources.list.d"
        for folder in (parts, self._folder / "lists/partial", self._folder / "cache/archives/partial"):
            folder.mkdir(parents=True, exist_ok=True)
        for old in parts.iterdir():
            old.unlink()
        codename = self._codename()
        for path in (self._etc / "sources.list", *sorted((self._etc / "sources.list.d").glob("*.*"))):
            style = path.suffix[1:]
            if style in ("list", "sources") and path.is_file():
                text = configuration(path.read_text(encoding="utf-8", errors="replace"), style, codename)
                (parts / path.name).write_text(text, encoding="utf-8")
        if not any(path.stat().st_size for path in parts.iterdir()):
            raise Unavailable(f"apt is not configured for the packages of {codename or 'a release with a name'}")
        self._apt_get("update", "-o", "APT::Update::Error-Mode=any", where=self._folder)

    def _codename(self) -> str:
        try:
            text = self._release.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
        found = re.search(r'^VERSION_CODENAME="?([^"\n]*)', text, re.MULTILINE)
        return found[1] if found else ""

    def _apt_get(self, *words: str, where: Path) -> None:
        places = {"Dir::Etc::sourcelist": "/dev/null", "Dir::Etc::sourceparts": self._folder / "sources.list.d",
                  "Dir::State::lists": self._folder / "lists", "Dir::Cache": self._folder / "cache",
                  # Who fetches is who may write to the build folder.
                  "APT::Sandbox::User": "root",
                  "Acquire::http::Timeout": SECONDS_OF_SILENCE, "Acquire::https::Timeout": SECONDS_OF_SILENCE}
        options = [word for name, value in places.items() for word in ("-o", f"{name}={value}")]
        _call(["apt-get", "-q", *options, *words], where)


def _call(command: Sequence[str], where: Path) -> None:
    try:
        done = subprocess.run(command, cwd=where, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
                              env=os.environ | {"LC_ALL": "C"})
    except FileNotFoundError:
        raise Unavailable(f"{command[0]} is needed, which Debian and Ubuntu have") from None
    if done.returncode != 0:
        reason = next((line for line in done.stdout.splitlines() if line.startswith("E: ")), "")[3:]
        raise Unavailable(f"{command[0]} failed{': ' if reason else ''}{reason}", done.stdout)
