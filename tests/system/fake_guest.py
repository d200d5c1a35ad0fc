#!/usr/bin/env python3
"""A stand-in for QEMU with a guest in it: what the run command is tested against where a kernel would only be slow.

Started by the name of QEMU, with its arguments, it reads `run/job` from the ramdisk that it is given and does what
the job's shell line says, in a language of its own (see `Guest`), speaking the real protocol on the real sockets.
"""

import os
import re
import socket
import struct
import sys
import tarfile
import time

STDOUT, STDERR, EXIT, CREDIT, HELLO, CHANGED, SYNC = 1, 2, 3, 4, 5, 6, 7
STDIN, STDIN_END, INTERRUPT, WINDOW_SIZE, SYNCED = 0x81, 0x82, 0x83, 0x84, 0x85


def port(name):
    """The socket that a character device was given on the command line."""
    for argument in sys.argv:
        if match := re.fullmatch(rf"socket,fd=(\d+),id={name}", argument):
            return socket.socket(fileno=int(match[1]))
    return None


class Guest:
    def __init__(self):
        self.console = port("com1")
        self.channel = port("channel")
        self.files = self.read_ramdisk()

    @staticmethod
    def read_ramdisk():
        name = sys.argv[sys.argv.index("-initrd") + 1]
        with tarfile.open(name, ignore_zeros=True) as tar:
            return {entry.name: tar.extractfile(entry).read() if entry.isreg() else entry.linkname for entry in tar}

    def send(self, kind, payload=b""):
        self.channel.sendall(struct.pack("<BH", kind, len(payload)) + payload)

    def receive(self):
        header = self.channel.recv(3, socket.MSG_WAITALL)
        if len(header) < 3:
            sys.exit(0)
        kind, length = struct.unpack("<BH", header)
        return kind, self.channel.recv(length, socket.MSG_WAITALL) if length else b""

    def run(self):
        records = [record.partition(b"=") for record in self.files["run/job"].split(b"\0")[:-1]]
        line = next((value.decode() for key, _, value in records if key == b"shell"), "job;exit 0")
        self.console.sendall(b"fake guest\r\n")
        if not line.startswith("firmware"):
            self.do_hello()
        for command in line.split(";"):
            word, *arguments = command.split()
            getattr(self, f"do_{word}")(*arguments)

    def converse(self):
        """Without a job: says which bytes are typed; Ctrl-D powers off, as digits do in another way, `!` panics."""
        self.console.sendall(b"fake console\r\n")
        if "-show-arguments" in sys.argv:
            self.console.sendall("\n".join([*sys.argv, ""]).encode())
            return
        while data := self.console.recv(4096):
            for byte in data:
                if byte == 0x04:
                    return
                if byte == ord("!"):
                    sys.exit(35)
                if byte in b"0123456789":
                    sys.exit(2 * (byte - ord("0")) + 1)
                self.console.sendall(b"<%02x>" % byte)

    # The commands.

    def do_exit(self, status):
        self.send(EXIT, struct.pack("<i", int(status)))

    def do_power_off(self):
        self.console.sendall(b"powering off\r\n")
        sys.exit(0)

    def do_out(self, text):
        self.send(STDOUT, text.encode())

    def do_err(self, text):
        self.send(STDERR, text.encode())

    def do_job(self):
        """The job as it arrived, escaped."""
        self.do_out(repr(self.files["run/job"]))

    def do_files(self):
        self.do_out(repr(sorted(self.files.items())))

    def do_all_bytes(self):
        self.send(STDOUT, bytes(range(256)))

    def do_much(self, count):
        for _ in range(int(count)):
            self.send(STDOUT, b"x" * 4096)

    def do_cat(self, credit="5000"):
        """stdin to stdout; checks that never more comes than was allowed."""
        left = int(credit)
        self.send(CREDIT, struct.pack("<I", left))
        while True:
            kind, payload = self.receive()
            if kind == STDIN_END:
                return
            if kind == STDIN:
                left -= len(payload)
                if left < 0 or len(payload) > 16384:
                    self.do_err("more stdin than allowed")
                    self.do_exit(99)
                self.send(STDOUT, payload)
                self.send(CREDIT, struct.pack("<I", len(payload)))
                left += len(payload)

    def do_change(self, kind, path, other="", first="0", second="0", data=""):
        path, other, data = path.encode(), other.encode(), data.encode()
        header = struct.pack("<BBHHqq", int(kind), 0, len(path), len(other), int(first), int(second))
        self.send(CHANGED, header + path + other + data)

    def do_write(self, path, data, offset="0"):
        self.do_change("8", path, "", offset, "0", data)

    def do_sync(self, number="1"):
        """Says how the changes before it went."""
        self.send(SYNC, struct.pack("<IB", int(number), 1))
        while True:
            kind, payload = self.receive()
            if kind == SYNCED:
                break
        answered, outcome = struct.unpack("<IB", payload)
        self.do_out(f"synced {answered} {outcome}\n")

    def do_wait(self, wanted):
        """For the frame of that type."""
        self.do_out("waiting")
        while self.receive()[0] != int(wanted, 0):
            pass

    def do_hang(self):
        self.do_out("hanging")
        time.sleep(1000)

    def do_die(self):
        self.console.sendall(b"the last words\r\n")
        sys.exit(35)

    def do_panic(self):
        self.console.sendall(b"kernel panic: for the test\r\nbacktrace:\r\n")
        time.sleep(1000)

    def do_garbage(self):
        self.channel.sendall(b"\xff\xff\xff\xff")
        time.sleep(1000)

    def do_firmware(self):
        self.channel.sendall(b"\x1b[2J\x1b[01;01H")
        self.do_hello()

    def do_hello(self):
        self.send(HELLO, b"\x02")

    def do_arguments(self):
        self.do_out("\n".join(sys.argv[1:]))


if __name__ == "__main__":
    if "-complain" in sys.argv:
        sys.exit("qemu: complaint")
    guest = Guest()
    if not guest.channel:
        guest.converse()
        sys.exit(0)
    guest.run()
    # Like a guest that halts: the host ends it.
    time.sleep(1000)
