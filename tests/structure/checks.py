"""The checks. Each takes paths and texts and returns complaints, so that a test can feed it bad examples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from layers import (DANGEROUS, ENGINE, EVERYTHING, FORBIDDEN_HEADERS, FORBIDDEN_NAMES, LAYERS, LONG_FILES, MAX_LINES)

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
HEADER_SUFFIXES = (".hpp", ".h")
DANGER = re.compile(r"\b(asm|__asm__|__asm|volatile|reinterpret_cast)\b")
CITATION = re.compile(r'\[([a-z0-9][a-z0-9_./-]*): "')
NOISE = re.compile(
    r"""//[^\n]*                              # a comment
      | /\*.*?\*/
      | \b(?:u8|u|U|L)?R"([^\s()\\]{0,16})\(.*?\)\1"  # a raw string
      | "(?:\\.|[^"\\\n])*"
      | (?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'  # a character, not a digit separator
    """, re.VERBOSE | re.DOTALL)

Sources = Mapping[str, str]


def layer_of(path: str, layers: Mapping[str, object]) -> str | None:
    return next((layer for layer in layers if path == layer or path.startswith(layer + "/")), None)


def check_layers(sources: Sources) -> Iterator[str]:
    """Quoted includes are root paths of files that exist, and keep to the layer table."""
    for path, text in sources.items():
        for quoted, _ in INCLUDE.findall(text):
            if not quoted:
                continue
            if quoted not in sources:
                yield f'{path}: "{quoted}" is not the path of a source from the root'
                continue
            yield from _check_include(path, quoted)


def _check_include(path: str, quoted: str) -> Iterator[str]:
    layer, other = layer_of(path, LAYERS), layer_of(quoted, LAYERS)
    if layer is None:
        if not path.startswith(EVERYTHING):
            yield f"{path}: belongs to no layer"
    elif other != layer and other not in LAYERS[layer]:
        yield f'{path}: {layer} must not include "{quoted}"'
    part, other_part = layer_of(path, ENGINE), layer_of(quoted, ENGINE)
    if part and other_part and part != other_part and other_part not in ENGINE[part]:
        yield f'{path}: {part} must not include "{quoted}"'


def check_standard_library(sources: Sources) -> Iterator[str]:
    """Nothing in lib/ and kernel/ includes what allocates behind one's back or needs a hosted system."""
    for path, text in sources.items():
        if path.startswith(("lib/", "kernel/")) and not path.startswith("kernel/runtime/"):
            for _, header in INCLUDE.findall(text):
                if header in FORBIDDEN_HEADERS:
                    yield f"{path}: <{header}> must not be used in the kernel"
            for name in re.findall(FORBIDDEN_NAMES, without_noise(text)):
                yield f"{path}: {name} must not be used in the kernel"


# What is parsed once for all (cmake/layers.cmake), by names that only this header is the place for.
PRECOMPILED = {
    "algorithm": r"(min|max|clamp|copy_n|fill_n|ranges::(any_of|all_of|none_of|find|find_if|copy|fill|sort|equal|count|"
                 r"count_if|lower_bound|upper_bound|max_element|min_element|reverse|contains|is_sorted))\(",
    "array": r"(array|to_array)\b",
    "charconv": r"(from_chars|to_chars|chars_format)\b",
    "coroutine": r"(coroutine_handle|suspend_always|suspend_never)\b",
    "cstring": r"(memcpy|memmove|memset|memcmp|memchr|strlen)\b",
    "expected": r"(expected|unexpected)\b",
    "memory": r"(addressof|construct_at|destroy_at|destroy_n|uninitialized_\w+|unique_ptr|shared_ptr)\b",
    "optional": r"(optional|nullopt)\b",
    "span": r"span\b",
    "string_view": r"string_view\b",
    "utility": r"(exchange|pair|to_underlying|index_sequence\w*|as_const|unreachable)\b",
    "variant": r"(variant|visit|get_if|holds_alternative|monostate)\b",
}

# The same for headers that only tests and tools on the host have, for which more is parsed once (headers_test.py).
PRECOMPILED_FOR_TESTS = PRECOMPILED | {
    "filesystem": r"filesystem::",
    "fstream": r"[io]?fstream\b",
    "functional": r"(function|reference_wrapper|less|greater|hash)\b",
    "map": r"(multi)?map\b",
    "random": r"(mt19937\w*|uniform_int_distribution|random_device)\b",
    "set": r"(multi)?set\b",
    "string": r"(string|to_string|stoul?|stoi)\b",
    "vector": r"vector\b",
}


def check_precompiled(sources: Sources) -> Iterator[str]:
    """Sources of the layers, and headers elsewhere, include what they use of the headers that they get unasked."""
    included: dict[str, frozenset[str]] = {}

    def all_included(path: str) -> frozenset[str]:
        if path not in included:
            included[path] = frozenset()  # For who includes itself.
            found = INCLUDE.findall(sources.get(path, ""))
            included[path] = frozenset(angled for _, angled in found if angled).union(
                *(all_included(quoted) for quoted, _ in found if quoted))
        return included[path]

    for path, text in sources.items():
        is_layer = path.startswith(("lib/", "kernel/"))
        if not is_layer and not path.endswith(".hpp"):
            continue
        for header, names in (PRECOMPILED if is_layer else PRECOMPILED_FOR_TESTS).items():
            used = re.search(rf"\bstd::({names})", without_noise(text))
            if used and header not in all_included(path):
                yield f"{path}: std::{used[1].rstrip('(')} needs <{header}>"


def check_danger(sources: Sources) -> Iterator[str]:
    """Assembly, raw volatile and reinterpret_cast stand only where they are allowed."""
    for path, text in sources.items():
        if not path.startswith(("lib/", "kernel/")) or path.startswith(DANGEROUS):
            continue
        if path.endswith(".S"):
            yield f"{path}: assembly outside {', '.join(DANGEROUS)}"
            continue
        for number, line in enumerate(without_noise(text).splitlines(), 1):
            if match := DANGER.search(line):
                yield f"{path}:{number}: `{match[1]}` outside {', '.join(DANGEROUS)}"


def check_pragma_once(sources: Sources) -> Iterator[str]:
    for path, text in sources.items():
        if path.endswith(HEADER_SUFFIXES) and not re.search(r"^#pragma once$", text, re.MULTILINE):
            yield f"{path}: no `#pragma once`"


def check_length(sources: Sources) -> Iterator[str]:
    for path, text in sources.items():
        lines = text.count("\n")
        if lines > MAX_LINES and path not in LONG_FILES:
            yield f"{path}: {lines} lines; is it still one concept? (LONG_FILES holds exceptions with reasons)"


def check_citations(sources: Sources, references: str) -> Iterator[str]:
    """What is cited is named, with its edition, in docs/references.md."""
    known = set(re.findall(r"`([^`]+)`", "".join(line.split("|")[1] for line in references.splitlines()
                                               if line.startswith("| `"))))
    for path, text in sources.items():
        for key in CITATION.findall(text):
            if key not in known:
                yield f"{path}: [{key}] is not in docs/references.md"


def without_noise(text: str) -> str:
    """The code alone: comments, strings and characters are blanked, lines stay where they are."""
    return NOISE.sub(lambda match: "\n" * match[0].count("\n") + " ", text)
