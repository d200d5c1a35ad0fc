#!/usr/bin/env python3
"""What the fuzzer of archives begins with: small ones of each form, and the small ones of the shared set.

    tar_corpus.py SHARED FOLDER
"""

import io
import shutil
import sys
import tarfile
from pathlib import Path

LARGEST = 16384
FORMS = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}
LONG = "a-name-that-is-long/" * 9


def members(form):
    """Each type, and what does not fit into a header where the form has a way for it."""
    types = {"file": tarfile.REGTYPE, "directory": tarfile.DIRTYPE, "symbolic": tarfile.SYMTYPE,
             "hard": tarfile.LNKTYPE, "pipe": tarfile.FIFOTYPE, "device": tarfile.CHRTYPE}
    for name, kind in types.items():
        member = tarfile.TarInfo(name)
        member.type, member.mode, member.mtime = kind, 0o4751, 1_000_000_000
        member.linkname = "file" if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
        yield member
    if form != "ustar":
        member = tarfile.TarInfo(LONG + "é")
        member.type, member.linkname = tarfile.SYMTYPE, LONG
        yield member


def main(shared, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for form, number in FORMS.items():
        with tarfile.open(folder / f"{form}.tar", "w", format=number) as archive:
            for member in members(form):
                data = b"content\n" if member.isreg() else b""
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
    given = sorted(path for path in shared.rglob("*.tar") if path.stat().st_size <= LARGEST)
    for path in given:
        shutil.copyfile(path, folder / "-".join(path.relative_to(shared).parts))
    print(f"{len(FORMS)} archives made, {len(given)} of the shared set" + ("" if given else ": there is none"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
