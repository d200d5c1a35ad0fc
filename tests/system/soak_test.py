#!/usr/bin/env python3
"""Random work in a shell for long, and once more the same: after the second time there is as much memory as before it.

What is made once and kept, such as the room of a table, is as large after the same work. For some seconds, or for ten
minutes where NACRE_SLOW_TESTS is 1. What is done follows from a number that is printed; NACRE_SEED does the same again.
"""

import os
import random
import re
import time
import unittest

from harness import Machine, tar_of
from pipes_test import sink, source
from programs_at_once_test import endless

# Of the first time; the second is as long.
SECONDS = 300 if os.environ.get("NACRE_SLOW_TESTS") == "1" else 6
FILES = {"try/source.wasm": source(1), "try/sink.wasm": sink(1), "try/loop.wasm": endless(lambda made: b"")}
PROMPT, COLUMNS = "nacre:/tmp/work$ ", 80
LOOP, SOURCE, SINK = "/try/loop.wasm", "/try/source.wasm", "/try/sink.wasm"


class Work:
    """Kinds of work: each does something that leaves nothing, and looks whether it did."""

    def __init__(self, test, machine, chance):
        self.test, self.machine, self.chance = test, machine, chance

    def kinds(self):
        return [getattr(self, name) for name in sorted(dir(self)) if name.startswith("do_")]

    def any(self):
        self.chance.choice(self.kinds())()

    def expect(self, line, expected):
        # A line that fills its row goes on in the next one without a line feed to wait for.
        if (len(PROMPT) + len(line)) % COLUMNS == 0:
            line += " "
        self.test.assertEqual(self.machine.run(line), expected, f"{line}\n{self.machine.serial[-1000:]}")

    def word(self):
        return "".join(self.chance.choice("abcdefghij") for _ in range(self.chance.randint(1, 12)))

    def do_files(self):
        a, b, count = self.word(), self.word() + "_", self.chance.randint(1, 3000)
        self.expect(f"seq {count} >{a}; cp {a} {b}; wc -l <{b}; cmp {a} {b} && rm {a} {b}; ls", f"{count}\n")

    def do_directories(self):
        path = "/".join(self.word() for _ in range(self.chance.randint(1, 6)))
        top = path.split("/", maxsplit=1)[0]
        self.expect(f"mkdir -p {path}; echo x >{path}/f; ln -s f {path}/l; cat {path}/l; find {top} -type f | wc -l; "
                    f"rm -r {top}; ls", "x\n1\n")

    def do_full_directories(self):
        count = self.chance.randint(10, 150)
        self.expect(f"mkdir d; for i in $(seq {count}); do echo $i >d/$i; done; ls d | wc -l; cat d/* | sort -n | "
                    f"tail -n 1; rm -r d", f"{count}\n{count}\n")

    def do_pipes(self):
        numbers = [self.chance.randint(0, 999) for _ in range(self.chance.randint(1, 30))]
        expected = "".join(f"{number}\n" for number in sorted(set(numbers), reverse=True)[:5])
        self.expect(f"printf '%s\\n' {' '.join(map(str, numbers))} | sort -rnu | head -n 5", expected)

    def do_programs(self):
        self.expect(f"{SOURCE} | cat | {SINK}; echo $?", "0\n")

    def do_broken_pipes(self):
        self.expect(f"{SOURCE} | head -c 3 | wc -c; yes | head -n 2", "3\ny\ny\n")

    def do_substitutions(self):
        a, b = self.chance.randint(0, 9999), self.chance.randint(1, 99)
        self.expect(f"f() {{ local x=$(($1 / $2)); echo $(echo $x $(($1 % $2))); }}; f {a} {b}; unset -f f",
                    f"{a // b} {a % b}\n")

    def do_loops(self):
        count = self.chance.randint(1, 200)
        self.expect(f"i=0; while [ $i -lt {count} ]; do i=$((i+1)); done; echo $i; unset i", f"{count}\n")

    def do_documents(self):
        words = [self.word() for _ in range(self.chance.randint(1, 20))]
        for line in ["cat <<END | tr a-j A-J", *words]:
            self.machine.send(line + "\r")
            self.machine.until("\n")
        self.expect("END", "".join(f"{word.upper()}\n" for word in words))

    def do_jobs(self):
        # The line that is edited makes way for what it says.
        self.machine.send(f"{LOOP} &\r")
        self.machine.until("running\n")
        self.machine.send("echo started\r")
        self.machine.until("^started\n")
        self.machine.prompt()
        self.expect("kill $!; wait $!; echo $?", "143\n")

    def do_stopped_jobs(self):
        self.machine.send(f"{LOOP}\r")
        self.machine.until("^running\n")
        self.machine.send("\x1a")
        self.machine.until("Stopped")
        self.machine.prompt()
        self.machine.run("kill %1")
        self.expect("jobs", "")

    def do_interrupts(self):
        self.machine.send(self.chance.choice([f"{LOOP}\r", f"{LOOP} | cat\r"]))
        self.machine.until("running\n")
        self.machine.send("\x03")
        self.machine.prompt()
        self.expect("echo $?", "130\n")

    def do_traps(self):
        self.expect("trap 'echo caught' USR1; kill -USR1 $$; trap - USR1; sh -c 'kill $$'; echo $?", "caught\n143\n")

    def do_waiting(self):
        status = self.chance.randint(0, 100)
        self.expect(f"(sleep 0.01; exit {status}) & wait $!; echo $?", f"[1]\n{status}\n")

    def do_errors(self):
        lines = ["cat /nothing", "echo x >/nothing/x", "if", "echo )", "nothing_such", "cd /nothing", "ls -Q", "(exit 3)",
                 ": ${x?none}", "echo $((1/0))", "kill 99999", ". /nothing", "cat <&7", "/share", "grep '[' /dev/null"]
        line = self.chance.choice(lines)
        if line == "if":
            line = "if then"
        self.machine.run(line)
        self.test.assertNotEqual(self.machine.run("echo $?"), "0\n", line)

    def do_history(self):
        word = self.word()
        self.expect(f"echo {word}", f"{word}\n")
        # The line before, changed, and one that is given up.
        self.machine.send("\x1b[A\x01\x1b[C\x05x\r")
        self.machine.until("\n")
        self.test.assertEqual(self.machine.prompt(), f"{word}x\n")
        self.machine.send("\x12ech\x03")
        self.machine.until(r"\^C\n")
        self.machine.prompt()

    def do_completion(self):
        self.machine.send("ech\tab\t\x15\r")
        self.machine.until("\n")
        self.machine.prompt()

    def do_variables(self):
        value = self.word() * self.chance.randint(1, 300)
        self.expect(f"x={value}; echo ${{#x}}; unset x", f"{len(value)}\n")

    def do_consoles(self):
        self.machine.press("alt", "f2")
        self.machine.press("alt", "f1")

    def do_searches(self):
        count = self.chance.randint(20, 400)
        found = sum(1 for number in range(1, count + 1) if "7" in str(number))
        self.expect(f"seq {count} | grep -c 7", f"{found}\n")


class SoakTest(unittest.TestCase):
    def memory(self, machine):
        """In KiB: what is used of the heap, and what is free or the heap's, with nothing kept of what was entered."""
        told = machine.run("history -c; clear; mem")
        free = re.search(r"^memory +\d+ +\d+ +(\d+)$", told, re.MULTILINE)
        heap = re.search(r"^heap +(\d+) +(\d+) +\d+$", told, re.MULTILINE)
        assert free and heap, told
        return int(heap[2]), int(free[1]) + int(heap[1])

    def test_memory_is_where_it_was(self):
        seed = int(os.environ.get("NACRE_SEED", time.time_ns() % 1_000_000))
        print(f"NACRE_SEED={seed}", flush=True)
        with Machine(memory="256M", archive=tar_of(FILES)) as machine:
            machine.prompt()
            machine.run("mkdir /tmp/work; cd /tmp/work")
            work = Work(self, machine, random.Random(seed))
            end = time.monotonic() + SECONDS
            count = 0
            while time.monotonic() < end or count < len(work.kinds()):
                work.any()
                count += 1
            before = self.memory(machine)
            work.chance.seed(seed)
            for _ in range(count):
                work.any()
            after = self.memory(machine)
            print(f"{count} pieces of work, twice; used of the heap, and free or the heap's, in KiB: {before}, then {after}", flush=True)
            self.assertEqual(after, before)


if __name__ == "__main__":
    unittest.main()
