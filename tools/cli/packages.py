"""What each verb needs of the distribution, and its installation.

A need is satisfied when one of its files exists: looking costs microseconds and starts nothing, so that every
call can look.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from cli.errors import UserError

LLVM = 19
LLVM_PREFIX = f"/usr/lib/llvm-{LLVM}"


@dataclass(frozen=True)
class Need:
    """A package, and the files that tell that it is there: absolute paths, or commands in PATH."""

    package: str
    any_of: tuple[str, ...]

    def satisfied(self) -> bool:
        return any(_exists(path) for path in self.any_of)


def _exists(path: str) -> bool:
    if path.startswith("/"):
        return os.path.exists(path)
    return any(os.access(os.path.join(folder, path), os.X_OK)
               for folder in os.environ.get("PATH", os.defpath).split(":"))


def _need(package: str, *any_of: str) -> Need:
    return Need(package, any_of)


COMPILER = (
    _need(f"clang-{LLVM}", f"{LLVM_PREFIX}/bin/clang++"),
    _need(f"lld-{LLVM}", f"{LLVM_PREFIX}/bin/ld.lld"),
    _need(f"llvm-{LLVM}", f"{LLVM_PREFIX}/bin/llvm-objcopy"),
    _need(f"libc++-{LLVM}-dev", f"{LLVM_PREFIX}/include/c++/v1/expected"),
    _need("cmake", "cmake"),
    _need("ninja-build", "ninja"),
)
WASI_LIBC = _need("wasi-libc", "/usr/include/wasm32-wasi/stdio.h")
KERNEL = COMPILER + (
    _need("console-setup-linux", "/usr/share/consolefonts/Uni2-Terminus16.psf.gz"),
    WASI_LIBC,
    _need(f"libclang-rt-{LLVM}-dev-wasm32",
          f"{LLVM_PREFIX}/lib/clang/{LLVM}/lib/wasi/libclang_rt.builtins-wasm32.a"),
    _need(f"libc++-{LLVM}-dev-wasm32", f"{LLVM_PREFIX}/lib/wasm32-wasi/libc++.a"),
)
EMULATOR = (_need("qemu-system-x86", "qemu-system-x86_64"),)
WINDOW = (_need("qemu-system-gui", "/usr/lib/x86_64-linux-gnu/qemu/ui-gtk.so",
                "/usr/lib/qemu/ui-gtk.so", "/usr/lib64/qemu/ui-gtk.so"),)
IMAGE = (
    _need("grub-common", "grub-mkrescue"),
    _need("grub-pc-bin", "/usr/lib/grub/i386-pc/multiboot2.mod"),
    _need("grub-efi-amd64-bin", "/usr/lib/grub/x86_64-efi/multiboot2.mod"),
    _need("xorriso", "xorriso"),
    _need("mtools", "mformat"),
)
UEFI = (_need("ovmf", "/usr/share/ovmf/OVMF.fd", "/usr/share/qemu/OVMF.fd"),)
HOSTED = COMPILER + (
    _need(f"libc++abi-{LLVM}-dev", f"{LLVM_PREFIX}/lib/libc++abi.a"),
    _need(f"libclang-rt-{LLVM}-dev",
          f"{LLVM_PREFIX}/lib/clang/{LLVM}/lib/linux/libclang_rt.asan-x86_64.a"),
    _need("googletest", "/usr/src/googletest/CMakeLists.txt"),
    _need("nlohmann-json3-dev", "/usr/include/nlohmann/json.hpp"),
    _need("wabt", "wast2json"),
)
BENCHMARKS = (
    WASI_LIBC,
    _need("libbenchmark-dev", "/usr/include/benchmark/benchmark.h"),
)
# Of source packages. Make and patch come with it.
UNPACKER = (_need("dpkg-dev", "dpkg-source"),)
DEBUGGER = (_need("gdb", "gdb"),)
FORMATTER = (_need(f"clang-format-{LLVM}", f"{LLVM_PREFIX}/bin/clang-format"),)


def ensure(*groups: Iterable[Need]) -> None:
    """Installs what is missing, saying so in one line. Raises UserError where that cannot be done."""
    missing = list(dict.fromkeys(need.package for group in groups for need in group if not need.satisfied()))
    if not missing:
        return
    names = " ".join(missing)
    if not _exists("apt-get"):
        raise UserError(f"these are needed (Debian's names): {names}")
    print(f"nacre: installing {names} with apt-get", file=sys.stderr, flush=True)
    install = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    # The lists of a machine are often absent or too old for what they name, so they come first.
    for command in (["apt-get", "update"], install):
        _as_root(command)


def _as_root(command: list[str]) -> None:
    if os.geteuid() != 0:
        command = ["sudo", "DEBIAN_FRONTEND=noninteractive", *command]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", check=False,
                          env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})
    if done.returncode != 0:
        raise UserError(f"`{' '.join(command)}` failed", details=done.stdout)
