#!/usr/bin/env python3
"""That the harness reads what is on a screen, and does not read what is not."""

import unittest

from screen import CELL_HEIGHT, CELL_WIDTH, Screen, console_glyphs

WHITE, BLACK = b"\xff\xff\xff", b"\0\0\0"


def drawn(lines, columns, margin=(0, 0), colors=(WHITE, BLACK)):
    """A screen with text on it, as PPM."""
    ink, paper = colors
    glyphs = {character: glyph for glyph, character in console_glyphs().items()}
    width, height = columns * CELL_WIDTH + 2 * margin[0], len(lines) * CELL_HEIGHT + 2 * margin[1]
    rows = [bytearray(paper * width) for _ in range(height)]
    for line, text in enumerate(lines):
        for column, character in enumerate(text):
            for y, bits in enumerate(glyphs[character]):
                for x in range(CELL_WIDTH):
                    if bits << x & 0x80:
                        at = (margin[0] + column * CELL_WIDTH + x) * 3
                        rows[margin[1] + line * CELL_HEIGHT + y][at:at + 3] = ink
    return b"P6\n%d %d\n255\n" % (width, height) + b"".join(rows)


class ScreenTest(unittest.TestCase):
    LINES = ["nacre$ echo 'Hello, {World}!' | cat > /tmp/x_1", "0123456789 AaOo:;.,`^~@#%&*()[]<>?\\"]

    def test_text_is_found(self):
        for margin in ((0, 0), (3, 7)):
            for colors in ((WHITE, BLACK), (BLACK, WHITE), (b"\x10\x20\x30", b"\xf0\x20\x30")):
                screen = Screen.from_ppm(drawn(self.LINES, 60, margin, colors))
                self.assertEqual(screen.lines, self.LINES)

    def test_one_wrong_pixel_is_another_text(self):
        picture = bytearray(drawn(["x"], 1))
        picture[-3 * CELL_WIDTH * 6 - 1] ^= 0xFF
        self.assertNotEqual(Screen.from_ppm(bytes(picture)).text, "x")

    def test_an_empty_screen_has_no_text(self):
        self.assertEqual(Screen.from_ppm(b"P6\n16 32\n255\n" + bytes(16 * 32 * 3)).lines, ["", ""])

    def test_pixels(self):
        screen = Screen.from_ppm(b"P6\n2 1\n255\n\x01\x02\x03\x04\x05\x06")
        self.assertEqual(screen.pixel(1, 0), (4, 5, 6))
        self.assertEqual(len(screen.colors()), 2)
        with self.assertRaises(ValueError):
            Screen.from_ppm(b"P5\n2 1\n255\n12")


if __name__ == "__main__":
    unittest.main()
