#!/usr/bin/env python3
"""The pure parts of the command: the protocol, the machine's command line, keys, what a module imports."""

import errno
import json
import os
import socket
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

from cli import hostlink, machine, qmp, terminal, test_report, wasm_imports  # noqa: E402
from cli.errors import UserError  # noqa: E402
from cli.hostlink import Decoder, FromGuest, ProtocolError, ToGuest  # noqa: E402
from cli.job import Folder, Job  # noqa: E402

HELLO = hostlink.encode(FromGuest.HELLO, bytes([hostlink.VERSION]))


class JobTest(unittest.TestCase):
    def test_a_folder_that_cannot_be_read_is_named(self):
        with tempfile.TemporaryDirectory() as name:
            kept = Path(name) / "kept"
            kept.mkdir()
            (kept / "file").write_bytes(b"x")
            job = Job(shell="true", folders=(Folder.parse(name),))
            self.assertIn(b"kept/file", job.archive())
            # Modes keep nobody out who is root, so it is the calls that refuse.
            for function, path in (("builtins.open", kept / "file"), ("os.scandir", kept)):
                original = open if function == "builtins.open" else os.scandir

                def refuse(what, *arguments, original=original, path=path, **settings):
                    if os.fspath(what) == str(path):
                        raise PermissionError(errno.EACCES, "Permission denied", str(path))
                    return original(what, *arguments, **settings)

                with self.subTest(function), mock.patch(function, refuse), self.assertRaises(UserError) as caught:
                    job.archive()
                self.assertEqual(str(caught.exception), f"--dir {name}: {path}: permission denied")


class HostlinkTest(unittest.TestCase):
    def test_frames_have_a_header_of_three_bytes(self):
        self.assertEqual(hostlink.encode(ToGuest.STDIN, b"ab"), b"\x81\x02\x00ab")
        self.assertEqual(hostlink.encode(ToGuest.STDIN_END), b"\x82\x00\x00")
        self.assertEqual(hostlink.window_size(80, 25), b"\x84\x04\x00\x50\x00\x19\x00")

    def test_frames_come_whole_however_they_are_cut(self):
        stream = HELLO + hostlink.encode(FromGuest.STDOUT, b"x" * 300) + hostlink.encode(FromGuest.EXIT, bytes(4))
        for size in (1, 2, 3, 7, 1000):
            decoder = Decoder()
            frames = [frame for at in range(0, len(stream), size) for frame in decoder.feed(stream[at:at + size])]
            self.assertEqual(frames, [(FromGuest.STDOUT, b"x" * 300), (FromGuest.EXIT, bytes(4))])

    def test_what_is_no_frame_is_refused(self):
        for stream in (hostlink.encode(FromGuest.HELLO, b"\x01"), HELLO + b"\xff\0\0", HELLO + HELLO,
                       HELLO + b"\x03\x05\x00", HELLO + b"\x00\x00\x00"):
            with self.subTest(stream), self.assertRaises(ProtocolError):
                list(Decoder().feed(stream))

    def test_what_firmware_writes_before_hello_is_passed_over(self):
        stream = b"\x1b[2J\x05noise\x05\x01" + HELLO + hostlink.encode(FromGuest.STDOUT, b"x")
        for size in (1, 5, 1000):
            decoder = Decoder()
            frames = [frame for at in range(0, len(stream), size) for frame in decoder.feed(stream[at:at + size])]
            self.assertEqual(frames, [(FromGuest.STDOUT, b"x")])

    def test_a_status_is_eight_bits(self):
        for payload, status in ((b"\x07\0\0\0", 7), (b"\xff\xff\xff\xff", 255), (b"\x00\x01\0\0", 0)):
            self.assertEqual(hostlink.exit_status(payload), status)


class LeaveKeyTest(unittest.TestCase):
    def test_only_the_prefix_and_x_leave(self):
        for typed, passed, leaves in (
                (b"xyz", b"xyz", False), (b"a\x01x", b"a", True), (b"\x01\x01x", b"\x01x", False),
                (b"\x01b", b"\x01b", False), (b"\x01X more", b"", True)):
            self.assertEqual(terminal.LeaveKey().feed(typed), (passed, leaves))

    def test_the_prefix_is_remembered(self):
        key = terminal.LeaveKey()
        self.assertEqual(key.feed(b"\x01"), (b"", False))
        self.assertEqual(key.feed(b"x"), (b"", True))


class KeysTest(unittest.TestCase):
    def test_every_printable_character_has_keys(self):
        for code in range(0x20, 0x7F):
            self.assertTrue(qmp.keys_of(chr(code)))
        self.assertEqual(qmp.keys_of("A"), ["shift", "a"])
        self.assertEqual(qmp.keys_of("|"), ["shift", "backslash"])
        self.assertEqual(qmp.keys_of("7"), ["7"])

    def test_others_have_none(self):
        with self.assertRaises(ValueError):
            qmp.keys_of("ä")


class QmpTest(unittest.TestCase):
    def test_a_machine_that_is_gone_is_said_to_be(self):
        here, there = socket.socketpair()
        there.sendall(b'{"QMP": {}}\n{"return": {}}\n')
        client = qmp.Qmp(here)
        there.close()
        with here, self.assertRaises(qmp.QmpError):
            client.screenshot(Path("unused.png"))

    def client(self, *answers, timeout=30.0):
        """Of a machine that has answered already; and the other end of its socket."""
        here, there = socket.socketpair()
        self.addCleanup(here.close)
        self.addCleanup(there.close)
        there.sendall(b"".join(json.dumps(answer).encode() + b"\n" for answer in ({"QMP": {}}, {"return": {}}, *answers)))
        return qmp.Qmp(here, timeout), there

    @staticmethod
    def port(value):
        return {"return": f"portb[0x0064] = {value:#04x}\r\n"}

    def test_keys_are_sent_once_the_guest_has_read_those_before(self):
        client, there = self.client(self.port(0x1D), {"event": "RESET"}, self.port(0x3D), self.port(0x1C), {"return": {}})
        client.press("a")
        asked = [json.loads(line)["execute"] for line in there.recv(65536).splitlines()]
        self.assertEqual(asked, ["qmp_capabilities", *["human-monitor-command"] * 3, "input-send-event"])

    def test_a_machine_without_a_keyboard_is_not_waited_for(self):
        client, _ = self.client(self.port(0xFF), {"return": {}})
        client.press("a")

    def test_a_guest_that_does_not_read_its_keyboard_is_said_to(self):
        client, _ = self.client(self.port(0x1D), self.port(0x1D), timeout=0)
        with self.assertRaisesRegex(qmp.QmpError, "does not read its keyboard"):
            client.press("a")
        client, _ = self.client({"return": "unknown command: 'i'\r\n"})
        with self.assertRaisesRegex(qmp.QmpError, "unknown command"):
            client.press("a")


class AcceleratorTest(unittest.TestCase):
    def kvm(self, flags, device):
        with tempfile.NamedTemporaryFile("w") as cpuinfo:
            cpuinfo.write(f"processor : 0\nflags\t\t: {flags}\n")
            cpuinfo.flush()
            return machine.kvm_is_usable(cpuinfo.name, device)

    def test_kvm_needs_the_processor_and_the_device(self):
        self.assertTrue(self.kvm("fpu vmx sse", "/dev/null"))
        self.assertTrue(self.kvm("fpu svm", "/dev/null"))
        self.assertFalse(self.kvm("fpu sse vmxish", "/dev/null"))
        self.assertFalse(self.kvm("fpu vmx", "/no/such/device"))


def module(*imports):
    """A module with an import section and a section before it that must be skipped."""
    def name(text):
        return bytes([len(text)]) + text.encode()

    body = bytes([len(imports)]) + b"".join(name(where) + name(what) + rest for where, what, rest in imports)
    custom = b"\x00" + bytes([3]) + b"\x02ab"
    return wasm_imports.MAGIC + custom + b"\x02" + bytes([len(body)]) + body


class WasmImportsTest(unittest.TestCase):
    def test_all_kinds_of_imports(self):
        binary = module(("wasi_snapshot_preview1", "fd_write", b"\x00\x00"), ("t", "t", b"\x01\x70\x01\x01\x80\x01"),
                        ("m", "m", b"\x02\x00\x01"), ("g", "g", b"\x03\x7f\x01"), ("env", "put_pixel", b"\x00\x03"))
        self.assertEqual(wasm_imports.imported_modules(binary), {"wasi_snapshot_preview1", "t", "m", "g", "env"})
        self.assertTrue(wasm_imports.draws(binary))
        self.assertFalse(wasm_imports.draws(module(("wasi_snapshot_preview1", "fd_write", b"\x00\x00"))))

    def test_what_is_no_module_imports_nothing(self):
        whole = module(("env", "put_pixel", b"\x00\x03"))
        for binary in (b"", b"\x7fELF", whole[:8], *(whole[:end] for end in range(8, len(whole)))):
            self.assertEqual(wasm_imports.imported_modules(binary), set())


class TestReportTest(unittest.TestCase):
    REPORT = """<?xml version="1.0" encoding="UTF-8"?>
<testsuite tests="6" failures="2">
  <testcase name="unit/passes" status="run"><system-out>fine</system-out></testcase>
  <testcase name="unit/skips" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/><system-out/></testcase>
  <testcase name="unit/fails" status="fail"><failure message=""/><system-out>%s
[NON-XML-CHAR-0x1B][31mred[NON-XML-CHAR-0x1B][0m &lt;end&gt;

</system-out></testcase>
  <testcase name="unit/dies" status="fail"><failure message=""/><system-out/></testcase>
  <testcase name="unit/absent" status="notrun"><skipped message="Unable to find executable"/>
    <system-out>Unable to find executable: x</system-out></testcase>
</testsuite>"""

    def lines(self, text, **options):
        with tempfile.TemporaryDirectory() as name:
            report = Path(name) / "report.xml"
            report.write_text(text)
            return test_report.closing_lines(test_report.failures(report), **options)

    def test_what_failed_is_named_with_the_end_of_what_it_wrote(self):
        report = self.REPORT % "\n".join(["first", "long" * 100, *map(str, range(100))])
        self.assertEqual(self.lines(report, most=9),
                         ["unit/absent", "  | Unable to find executable: x", "unit/dies",
                          "unit/fails", "  | 98", "  | 99", "  | red <end>"])
        self.assertIn("  | " + ("long" * 100)[:157] + "...", self.lines(report, most=400))

    def test_a_report_that_is_not_there_or_broken_names_none(self):
        self.assertEqual(test_report.failures(Path("/nowhere/report.xml")), [])
        self.assertEqual(self.lines("<testsuite>"), [])


if __name__ == "__main__":
    unittest.main()
