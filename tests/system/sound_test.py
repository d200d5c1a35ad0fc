#!/usr/bin/env python3
"""A beep is heard, at its frequency and no longer than it should be."""

import array
import tempfile
import unittest
import wave
from itertools import pairwise
from pathlib import Path
from statistics import median

from game_abi_test import archive_of, compile_text

from harness import Machine

PROGRAM = """
#include <nacre.h>
NACRE_EXPORT(_start) void start(void) {
  beep(440, 500);
  for (int64_t const begin = time_ns(); time_ns() - begin < 1000000000;) next_frame();
  beep(250, 60000);
  for (int i = 0; i < 6; ++i) next_frame();
}
"""


def tones(path):
    """Each tone of a recording: its frequency, and how long it sounds, in seconds. A tone that QEMU was late with has a
    gap, which counts for nothing."""
    with wave.open(str(path)) as recording:
        rate, channels = recording.getframerate(), recording.getnchannels()
        samples = array.array("h", recording.readframes(recording.getnframes()))[::channels]
    rises = [at for at, (before, now) in enumerate(pairwise(samples)) if before <= 0 < now]
    # Silence is not recorded: tones follow each other.
    runs: list[list[int]] = []
    for period in (now - before for before, now in pairwise(rises)):
        if not runs or abs(period - median(runs[-1])) > 0.2 * period:
            runs.append([])
        runs[-1].append(period)
    found: list[list[int]] = []
    for run in runs:
        if len(run) <= 3:
            continue  # What lies between two tones is some odd period.
        if found and abs(median(found[-1]) - median(run)) < 0.1 * median(run):
            found[-1] += run
        else:
            found.append(run)
    return [(rate / median(run), sum(run) / rate) for run in found]


class SoundTest(unittest.TestCase):
    def test_beeps_are_heard_and_end(self):
        with tempfile.TemporaryDirectory() as folder:
            recording = Path(folder) / "sound.wav"
            with Machine(archive=archive_of({"beeps": compile_text(PROGRAM)}),
                         qemu=f"-audiodev wav,id=sound,path={recording} -machine pcspk-audiodev=sound") as machine:
                machine.until_text(r"\$$")
                machine.type("/games/beeps.wasm\n")
                machine.until_text(r"beeps.wasm\n.*\$$")
                machine.send("poweroff\r")
                machine.until_end()
            (first, first_seconds), (second, second_seconds) = tones(recording)
        self.assertAlmostEqual(first, 440, delta=20)
        # Half a second, as long as the guest is not kept waiting; for ever would be the second before the next tone.
        self.assertGreater(first_seconds, 0.3)
        self.assertLess(first_seconds, 0.9)
        self.assertAlmostEqual(second, 250, delta=20)
        # The end of the program is the end of a tone that was to last for a minute.
        self.assertLess(second_seconds, 5)


if __name__ == "__main__":
    unittest.main()
