"""The layer table of docs/ARCHITECTURE.md as data: who may include whom, besides itself."""

LIBRARIES = ("lib/base", "lib/text", "lib/exec", "lib/archive", "lib/compress", "lib/image", "lib/hostlink", "lib/shell",
             "lib/wasm", "lib/wasi")

LAYERS: dict[str, tuple[str, ...]] = {
    "lib/base": (),
    "lib/text": ("lib/base",),
    "lib/exec": ("lib/base",),
    "lib/archive": ("lib/base",),
    "lib/compress": ("lib/base",),
    "lib/image": ("lib/base", "lib/compress"),
    "lib/hostlink": ("lib/base",),
    "lib/shell": ("lib/base", "lib/exec"),
    "lib/wasm": ("lib/base",),
    "lib/wasi": ("lib/base", "lib/exec", "lib/wasm"),
    # For tests and tools alone: no other layer may include it.
    "lib/wasm_script": ("lib/base", "lib/wasm"),
    "kernel/hw": ("lib/base",),
    # What the language and libc++ ask of a C library; a failed assertion is a panic.
    "kernel/runtime": ("lib/base", "kernel/hw"),
    "kernel/arch": ("lib/base", "kernel/hw"),
    "kernel/memory": ("lib/base", "kernel/hw"),
    "kernel/drivers": ("lib/base", "lib/exec", "kernel/hw", "kernel/memory"),
    "kernel/console": ("lib/base", "lib/text", "lib/exec", "kernel/drivers"),
    "kernel/fs": ("lib/base", "lib/exec", "lib/archive"),
    "kernel/process": (*LIBRARIES, "kernel/hw", "kernel/memory", "kernel/fs", "kernel/console", "kernel/drivers"),
    "kernel/shell": (*LIBRARIES, "kernel/console", "kernel/fs", "kernel/process"),
    # Pure, so that it is tested and fuzzed on the host.
    "kernel/boot/protocol": ("lib/base", "kernel/hw"),
    # Guests see their own headers only.
    "apps": (),
}

# Where everything is put together.
EVERYTHING = ("kernel/boot", "tests", "tools")

# Inside the engine: the two ways to run code do not know each other.
ENGINE: dict[str, tuple[str, ...]] = {
    "lib/wasm/binary": (),
    "lib/wasm/validate": ("lib/wasm/binary",),
    "lib/wasm/runtime": ("lib/wasm/validate", "lib/wasm/binary"),
    "lib/wasm/interpret": ("lib/wasm/runtime", "lib/wasm/validate", "lib/wasm/binary"),
    "lib/wasm/compile": ("lib/wasm/runtime", "lib/wasm/validate", "lib/wasm/binary"),
}

# The only places that may hold assembly, raw `volatile` and `reinterpret_cast`.
DANGEROUS = ("kernel/arch", "kernel/memory", "kernel/process")

# Headers of the standard library that allocate where failure cannot be seen, or that need a hosted system.
FORBIDDEN_HEADERS = frozenset((
    "any", "chrono", "cmath", "condition_variable", "cstdio", "cstdlib", "deque", "filesystem", "format",
    "forward_list", "fstream", "future", "iostream", "list", "locale", "map", "mutex", "print",
    "queue", "regex", "set", "shared_mutex", "sstream", "stack", "stdexcept", "string", "thread",
    "unordered_map", "unordered_set", "valarray", "vector"))

# In headers that are needed for something else.
FORBIDDEN_NAMES = r"\bstd::(?:function|move_only_function|bind)\b"

MAX_LINES = 700
# Files that are longer and still one concept, each with the reason.
LONG_FILES: dict[str, str] = {}
