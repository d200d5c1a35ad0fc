"""Image files for the unit tests of lib/image, each beside its pixels; and the check that what those wrote can be read.

    image_files.py write FOLDER    makes NAME.png, NAME.bmp and NAME.qoi, and NAME.pixels for each
    image_files.py check FOLDER    reads FOLDER/written/NAME.png, and compares
"""

from __future__ import annotations

import random
import struct
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

Pixel = tuple[int, int, int, int]  # red, green, blue, alpha
Rows = list[list[Pixel]]

ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}


# ---- PNG


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def paeth(left: int, up: int, corner: int) -> int:
    estimate = left + up - corner
    return min((left, up, corner), key=lambda value: abs(estimate - value))


def predicted(filter_type: int, row: bytes, up: bytes, distance: int, at: int) -> int:
    left = row[at - distance] if at >= distance else 0
    corner = up[at - distance] if at >= distance else 0
    return (0, left, up[at], (left + up[at]) // 2, paeth(left, up[at], corner))[filter_type]


def packed(samples: list[int], depth: int) -> bytes:
    if depth == 16:
        return b"".join(struct.pack(">H", sample) for sample in samples)
    bits = "".join(format(sample, f"0{depth}b") for sample in samples)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))


def passes(width: int, height: int, interlaced: bool) -> Iterator[tuple[list[int], list[int]]]:
    for x, y, x_step, y_step in ADAM7 if interlaced else ((0, 0, 1, 1),):
        columns, rows = list(range(x, width, x_step)), list(range(y, height, y_step))
        if columns:
            yield columns, rows


class Png:
    """Samples at random, and the file with every filter in turn."""

    def __init__(self, kind: int, depth: int, width: int, height: int, interlaced: bool, seed: int,
                 transparent: bool = False) -> None:
        chance = random.Random(seed)
        self.kind, self.depth, self.width, self.height, self.interlaced = kind, depth, width, height, interlaced
        most = (1 << depth) - 1
        self.palette = [tuple(chance.randrange(256) for _ in range(3)) for _ in range(min(1 << depth, 200))]
        if kind == 3:
            most = len(self.palette) - 1
        # Few different values, so that there is something to compress and a colour comes more than once.
        values = [chance.randint(0, most) for _ in range(6)]
        self.samples = [[[chance.choice(values) for _ in range(CHANNELS[kind])] for _ in range(width)]
                        for _ in range(height)]
        self.alphas = [chance.randrange(256) for _ in range(len(self.palette) // 2)] if transparent else []
        self.clear = self.samples[0][0] if transparent and kind in (0, 2) else None

    def pixel(self, samples: list[int]) -> Pixel:
        if self.kind == 3:
            index = samples[0]
            alpha = self.alphas[index] if index < len(self.alphas) else 255
            return (*self.palette[index], alpha)
        most = (1 << self.depth) - 1
        eight = [(sample * 255 + most // 2) // most for sample in samples]
        alpha = eight[-1] if self.kind in (4, 6) else 0 if samples == self.clear else 255
        return (*eight[:3], alpha) if self.kind in (2, 6) else (eight[0], eight[0], eight[0], alpha)

    def rows(self) -> Rows:
        return [[self.pixel(samples) for samples in row] for row in self.samples]

    def filtered(self) -> bytes:
        distance = max(CHANNELS[self.kind] * self.depth // 8, 1)
        out = bytearray()
        number = 0
        for columns, rows in passes(self.width, self.height, self.interlaced):
            up = b""
            for y in rows:
                row = packed([sample for x in columns for sample in self.samples[y][x]], self.depth)
                up = up or bytes(len(row))
                kind = number % 5
                out.append(kind)
                out += bytes((row[i] - predicted(kind, row, up, distance, i)) & 255 for i in range(len(row)))
                up = row
                number += 1
        return bytes(out)

    def file(self, level: int = 9, strategy: int = zlib.Z_DEFAULT_STRATEGY, parts: int = 1) -> bytes:
        header = struct.pack(">IIBBBBB", self.width, self.height, self.depth, self.kind, 0, 0, int(self.interlaced))
        out = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"gAMA", struct.pack(">I", 45455))
        if self.kind == 3:
            out += chunk(b"PLTE", bytes(value for color in self.palette for value in color))
            if self.alphas:
                out += chunk(b"tRNS", bytes(self.alphas))
        elif self.clear is not None:
            out += chunk(b"tRNS", b"".join(struct.pack(">H", sample) for sample in self.clear))
        compressor = zlib.compressobj(level, zlib.DEFLATED, 15, 9, strategy)
        data = compressor.compress(self.filtered()) + compressor.flush()
        size = -(-len(data) // parts)
        for at in range(0, len(data), size):
            out += chunk(b"IDAT", data[at:at + size])
        return out + chunk(b"tEXt", b"Comment\0none") + chunk(b"IEND", b"")


def read_png(data: bytes) -> Rows:
    """Eight bits, three or four channels, not interlaced: what is written here."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n", "no PNG"
    at, compressed, header = 8, b"", b""
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        body = data[at + 8:at + 8 + size]
        assert struct.unpack_from(">I", data, at + 8 + size)[0] == zlib.crc32(name + body), f"checksum of {name!r}"
        header = body if name == b"IHDR" else header
        compressed += body if name == b"IDAT" else b""
        at += 12 + size
    assert name == b"IEND", "no end"
    width, height, depth, kind, *rest = struct.unpack(">IIBBBBB", header)
    assert depth == 8 and kind in (2, 6) and rest == [0, 0, 0], header
    channels = CHANNELS[kind]
    raw = zlib.decompress(compressed)
    size = width * channels
    assert len(raw) == (size + 1) * height, "size of the data"
    rows, up = [], bytearray(size)
    for y in range(height):
        kind_of_filter, row = raw[y * (size + 1)], bytearray(raw[y * (size + 1) + 1:(y + 1) * (size + 1)])
        if kind_of_filter == 2:
            row = bytearray((a + b) & 255 for a, b in zip(row, up))
        elif kind_of_filter:
            for i in range(size):
                row[i] = (row[i] + predicted(kind_of_filter, row, up, channels, i)) & 255
        rows.append([(*row[i:i + 3], row[i + 3] if channels == 4 else 255) for i in range(0, size, channels)])
        up = row
    return rows


# ---- BMP


def random_rows(width: int, height: int, colors: list[Pixel], seed: int) -> Rows:
    """With runs."""
    chance = random.Random(seed)
    rows = []
    for _ in range(height):
        row: list[Pixel] = []
        while len(row) < width:
            row += [chance.choice(colors)] * chance.choice((1, 1, 2, 5, 9))
        rows.append(row[:width])
    return rows


def padded(row: bytes) -> bytes:
    return row + bytes(-len(row) % 4)


def bmp(info: bytes, between: bytes, pixels: bytes) -> bytes:
    offset = 14 + len(info) + len(between)
    return b"BM" + struct.pack("<IHHI", offset + len(pixels), 0, 0, offset) + info + between + pixels


def info_header(width: int, height: int, bits: int, compression: int = 0, size: int = 40, more: bytes = b"",
                colors: int = 0) -> bytes:
    header = struct.pack("<IiiHHIIiiII", size, width, height, 1, bits, compression, 0, 2835, 2835, colors, 0)
    return (header + more).ljust(size, b"\0")


def palette_bytes(colors: list[Pixel], entry: int) -> bytes:
    return b"".join(bytes((blue, green, red, 0)[:entry]) for red, green, blue, _ in colors)


def indexed(rows: Rows, colors: list[Pixel], bits: int) -> bytes:
    return b"".join(padded(packed([colors.index(pixel) for pixel in row], bits)) for row in reversed(rows))


def runs8(rows: Rows, colors: list[Pixel]) -> bytes:
    out = bytearray()
    for number, row in enumerate(reversed(rows)):
        indices = [colors.index(pixel) for pixel in row]
        at = 0
        while at < len(indices):
            run = 1
            while at + run < len(indices) and run < 255 and indices[at + run] == indices[at]:
                run += 1
            literal = indices[at:at + 5]
            if run == 1 and len(literal) >= 3:
                out += bytes((0, len(literal), *literal)) + bytes(len(literal) % 2)
                at += len(literal)
            else:
                out += bytes((run, indices[at]))
                at += run
        out += b"\0\0" if number + 1 < len(rows) else b"\0\1"
    return bytes(out)


def runs4(rows: Rows, colors: list[Pixel]) -> bytes:
    out = bytearray()
    for row in reversed(rows):
        indices = [colors.index(pixel) for pixel in row]
        for at in range(0, len(indices), 7):
            part = indices[at:at + 7]
            if len(set(part)) == 1:
                out += bytes((len(part), part[0] << 4 | part[0]))
            elif len(part) < 3:
                for index in part:
                    out += bytes((1, index << 4))
            else:
                halves = packed(part, 4)
                out += bytes((0, len(part))) + halves + bytes(len(halves) % 2)
        out += b"\0\0"
    return bytes(out) + b"\0\1"


def bitmaps() -> Iterator[tuple[str, bytes, Rows]]:
    chance = random.Random(5)
    colors: list[Pixel] = [(chance.randrange(256), chance.randrange(256), chance.randrange(256), 255)
                           for _ in range(256)]
    for bits in (1, 2, 4, 8):
        few = colors[:1 << bits]
        rows = random_rows(37, 11, few, bits)
        pixels = indexed(rows, few, bits)
        yield f"bmp-{bits}", bmp(info_header(37, 11, bits), palette_bytes(few, 4), pixels), rows
        core = struct.pack("<IHHHH", 12, 37, 11, 1, bits)
        yield f"bmp-core-{bits}", bmp(core, palette_bytes(few, 3), pixels), rows
    few = colors[:100]
    rows = random_rows(41, 9, few, 50)
    yield "bmp-rle8", bmp(info_header(41, 9, 8, 1, colors=100), palette_bytes(few, 4), runs8(rows, few)), rows
    few = colors[:16]
    rows = random_rows(41, 9, few, 51)
    yield "bmp-rle4", bmp(info_header(41, 9, 4, 2), palette_bytes(few, 4), runs4(rows, few)), rows
    # Two rows up and three to the right, one pixel, and the end.
    hole = [[(0, 0, 0, 0)] * 5 for _ in range(4)]
    hole[1][3] = few[7]
    yield "bmp-rle8-holes", bmp(info_header(5, 4, 8, 1, colors=16), palette_bytes(few, 4),
                                bytes((0, 2, 3, 2, 1, 7, 0, 1))), hole

    rows = random_rows(13, 6, colors, 52)
    bottom_up = list(reversed(rows))
    full = b"".join(padded(b"".join(bytes((b, g, r)) for r, g, b, _ in row)) for row in bottom_up)
    yield "bmp-24", bmp(info_header(13, 6, 24), b"", full), rows
    top = b"".join(padded(b"".join(bytes((b, g, r)) for r, g, b, _ in row)) for row in rows)
    yield "bmp-24-top-down", bmp(info_header(13, -6, 24), b"", top), rows
    yield "bmp-24-core", bmp(struct.pack("<IHHHH", 12, 13, 6, 1, 24), b"", full), rows
    yield "bmp-24-os2", bmp(info_header(13, 6, 24, size=64), b"", full), rows
    wide = b"".join(bytes((b, g, r, 77)) for row in bottom_up for r, g, b, _ in row)
    yield "bmp-32", bmp(info_header(13, 6, 32), b"", wide), rows

    def scaled(value: int, most: int) -> int:
        return (value * 255 + most // 2) // most

    words = [[chance.randrange(65536) for _ in range(7)] for _ in range(5)]
    stored = b"".join(padded(b"".join(struct.pack("<H", word) for word in row)) for row in reversed(words))
    fives = [[(scaled(w >> 10 & 31, 31), scaled(w >> 5 & 31, 31), scaled(w & 31, 31), 255) for w in row] for row in words]
    yield "bmp-16", bmp(info_header(7, 5, 16), b"", stored), fives
    masks = struct.pack("<III", 31 << 11, 63 << 5, 31)
    six = [[(scaled(w >> 11, 31), scaled(w >> 5 & 63, 63), scaled(w & 31, 31), 255) for w in row] for row in words]
    yield "bmp-16-565", bmp(info_header(7, 5, 16, 3), masks, stored), six
    fours = [[(scaled(w >> 8 & 15, 15), scaled(w >> 4 & 15, 15), scaled(w & 15, 15), scaled(w >> 12, 15)) for w in row]
             for row in words]
    masks = struct.pack("<IIII", 15 << 8, 15 << 4, 15, 15 << 12)
    yield "bmp-16-alpha", bmp(info_header(7, 5, 16, 3, 108, masks), b"", stored), fours
    longs = [[chance.randrange(1 << 32) for _ in range(6)] for _ in range(4)]
    stored = b"".join(struct.pack("<I", word) for row in reversed(longs) for word in row)
    masks = struct.pack("<IIII", 1023 << 20, 1023 << 10, 1023, 3 << 30)
    tens = [[(scaled(w >> 20 & 1023, 1023), scaled(w >> 10 & 1023, 1023), scaled(w & 1023, 1023), scaled(w >> 30, 3))
             for w in row] for row in longs]
    for size in (56, 124):
        yield f"bmp-32-tens-{size}", bmp(info_header(6, 4, 32, 3, size, masks), b"", stored), tens


# ---- QOI


def qoi(rows: Rows) -> bytes:
    out = bytearray(b"qoif" + struct.pack(">IIBB", len(rows[0]), len(rows), 4, 0))
    last: Pixel = (0, 0, 0, 255)
    seen: list[Pixel] = [(0, 0, 0, 0)] * 64
    pixels = [pixel for row in rows for pixel in row]
    at = 0
    while at < len(pixels):
        pixel = pixels[at]
        run = 0
        while run < 62 and at + run < len(pixels) and pixels[at + run] == last:
            run += 1
        if run:
            out.append(0xc0 | (run - 1))
            # What a run says is remembered as well.
            place = (last[0] * 3 + last[1] * 5 + last[2] * 7 + last[3] * 11) % 64
            seen[place] = last
            at += run
            continue
        place = (pixel[0] * 3 + pixel[1] * 5 + pixel[2] * 7 + pixel[3] * 11) % 64
        red, green, blue = (((pixel[i] - last[i] + 128) & 255) - 128 for i in range(3))
        if seen[place] == pixel:
            out.append(place)
        elif pixel[3] != last[3]:
            out += bytes((0xff, *pixel))
        elif all(-2 <= value <= 1 for value in (red, green, blue)):
            out.append(0x40 | (red + 2) << 4 | (green + 2) << 2 | (blue + 2))
        elif -32 <= green < 32 and -8 <= red - green < 8 and -8 <= blue - green < 8:
            out += bytes((0x80 | (green + 32), (red - green + 8) << 4 | (blue - green + 8)))
        else:
            out += bytes((0xfe, *pixel[:3]))
        seen[place] = pixel
        last = pixel
        at += 1
    return bytes(out) + bytes(7) + b"\1"


def smooth(width: int, height: int, seed: int) -> Rows:
    chance = random.Random(seed)
    rows: Rows = []
    red, green, blue, alpha = 250, 3, 90, 255
    for _ in range(height):
        row: list[Pixel] = []
        while len(row) < width:
            kind = chance.randrange(6)
            if kind == 0:
                red, green, blue = (chance.randrange(256) for _ in range(3))
            elif kind == 1:
                red, green, blue = (value + chance.randint(-2, 1) & 255 for value in (red, green, blue))
            elif kind == 2:
                step = chance.randint(-32, 31)
                red, green, blue = red + step + 3 & 255, green + step & 255, blue + step - 4 & 255
            elif kind == 3:
                alpha = chance.choice((255, 128, 0))
            elif kind == 4 and row:
                red, green, blue, alpha = chance.choice(row)
            row += [(red, green, blue, alpha)] * chance.choice((1, 1, 1, 70))
        rows.append(row[:width])
    return rows


# ---- Both ways


def write_pixels(path: Path, rows: Rows) -> None:
    out = struct.pack("<II", len(rows[0]), len(rows))
    out += b"".join(bytes((blue, green, red, alpha)) for row in rows for red, green, blue, alpha in row)
    path.write_bytes(out)


def read_pixels(path: Path) -> Rows:
    data = path.read_bytes()
    width, height = struct.unpack_from("<II", data)
    pixels = [(data[at + 2], data[at + 1], data[at], data[at + 3]) for at in range(8, len(data), 4)]
    return [pixels[y * width:(y + 1) * width] for y in range(height)]


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "written").mkdir(exist_ok=True)

    def add(name: str, end: str, data: bytes, rows: Rows) -> None:
        (folder / f"{name}.{end}").write_bytes(data)
        write_pixels(folder / f"{name}.pixels", rows)

    seed = 0
    for kind, depths in DEPTHS.items():
        for depth in depths:
            for interlaced in (False, True):
                for transparent in ((False, True) if kind in (0, 2, 3) else (False,)):
                    for width, height in ((1, 1), (3, 2), (33, 19)):
                        seed += 1
                        png = Png(kind, depth, width, height, interlaced, seed, transparent)
                        name = f"png-{kind}-{depth}-{width}x{height}{'i' * interlaced}{'t' * transparent}"
                        add(name, "png", png.file(parts=1 + seed % 3), png.rows())
    for level, strategy in ((0, zlib.Z_DEFAULT_STRATEGY), (9, zlib.Z_FIXED), (1, zlib.Z_HUFFMAN_ONLY), (6, zlib.Z_RLE)):
        png = Png(2, 8, 60, 40, False, 77)
        add(f"png-level-{level}-{strategy}", "png", png.file(level, strategy), png.rows())
    for name, data, rows in bitmaps():
        add(name, "bmp", data, rows)
    for width, height in ((1, 1), (200, 31)):
        rows = smooth(width, height, width)
        add(f"qoi-{width}x{height}", "qoi", qoi(rows), rows)


def check(folder: Path) -> None:
    """What was written is what it should be, for this reader."""
    written = sorted((folder / "written").glob("*.png"))
    for path in written:
        if read_png(path.read_bytes()) != read_pixels(folder / f"{path.stem}.pixels"):
            sys.exit(f"{path.name}: other pixels")
    if not written:
        sys.exit("nothing was written")


if __name__ == "__main__":
    {"write": write, "check": check}[sys.argv[1]](Path(sys.argv[2]))
