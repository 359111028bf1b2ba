"""Hostile files of 10 MB through `crm import --dry-run`, in a process of its own that the operating system measures."""

import base64
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable

from tests.benchmarks.measure import CHILD, ROOT
from tests.trust.suite import Bench, Outcome, Suite

SIZE = 10_000_000
CPU, MEMORY = 5.0, 256
"""The most seconds of CPU and MB that such a file may take."""
STATUSES = (0, 1, 2, 5)
MAIL = (
    b"From a@x.example Thu Nov 19 09:00:00 2026\nFrom: a@x.example\nTo: b@x.example\n"
    b"Date: Thu, 19 Nov 2026 09:00:00 +0100\n"
)
EVENT = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260101T000000Z\r\n"
CARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\r\n"


def filled(before: bytes, piece: bytes, after: bytes = b"") -> Callable[[], bytes]:
    """Makes a file of one piece again and again."""
    return lambda: before + piece * ((SIZE - len(before) - len(after)) // len(piece)) + after


FILES: dict[str, Callable[[], bytes]] = {
    "field.csv": filled(b"Name,Email\n", b"x", b",a@x.example\nAda,b@x.example\n"),
    "quote.csv": filled(b'Name,Email\n"Ada', b"x," * 99 + b"\n"),
    "quotes.csv": filled(b'Name,Email\n', b'"'),
    "wide.csv": filled(b"Name,Email", b",a", b"\nAda,a@x.example\n"),
    "ragged.csv": filled(b"Name,Email\n", b"," * 199 + b"\n"),
    "delimiters.csv": filled(b"", b";,\t|"),
    "nul.csv": filled(b"Name,Email\n", b"a\0" * 99 + b",\n"),
    "deep.json": filled(b"", b"["),
    "keys.json": lambda: json.dumps([{f"k{n}": n for n in range(600_000)}]).encode()[:SIZE],
    "string.json": filled(b'[{"name": "', b"x", b'"}]'),
    "digits.json": filled(b'[{"name": ', b"9", b"}]"),
    "photo.vcf": lambda: CARD + b"PHOTO;ENCODING=b:" + base64.b64encode(b"x" * 7_400_000) + b"\r\nEND:VCARD\r\n",
    "folded.vcf": filled(CARD + b"NOTE:x\r\n", b" \r\n", b"END:VCARD\r\n"),
    "nested.vcf": filled(b"", b"BEGIN:VCARD\r\n"),
    "parameters.vcf": filled(CARD + b"TEL", b";TYPE=x", b":1\r\nEND:VCARD\r\n"),
    "addresses.mbox": filled(MAIL + b"Cc: ", b"a@x.example, ", b"\n\nx\n"),
    "parentheses.mbox": filled(MAIL + b"Cc: ", b"(", b"\n\nx\n"),
    "headers.mbox": filled(MAIL, b"X: y\n", b"\nx\n"),
    "encoded.mbox": filled(MAIL + b"Subject: ", b"=?utf-8?q?=C3=A4?= ", b"\n\nx\n"),
    "tags.mbox": filled(MAIL + b"Content-Type: text/html\n\n", b"<div>"),
    "quoted.mbox": filled(MAIL + b"\n", b"> " * 40 + b"x\n"),
    "parts.mbox": filled(MAIL + b'Content-Type: multipart/mixed; boundary="b"\n\n', b"--b\n\n\n", b"--b--\n"),
    "nested.ics": filled(b"", b"BEGIN:VEVENT\r\n"),
    "people.ics": filled(EVENT, b"ATTENDEE:mailto:a@x.example\r\n", b"END:VEVENT\r\nEND:VCALENDAR\r\n"),
    "rules.ics": filled(EVENT, b"RRULE:FREQ=SECONDLY\r\n", b"END:VEVENT\r\nEND:VCALENDAR\r\n"),
    "dates.ics": filled(EVENT + b"EXDATE:", b"20260101T000000Z,", b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"),
}  # fmt: skip


def run(bench: Bench) -> Outcome:
    """Import as many as are asked for, each in a process of its own."""
    names = list(FILES) if bench.count >= len(FILES) else bench.chance.sample(list(FILES), bench.count)
    environ = {"PATH": os.environ["PATH"], "HOME": str(bench.folder), "CRM_DB": bench.place(), "CRM_TIMEZONE": "UTC"}
    settings = bench.folder / "settings.toml"
    settings.write_text('team.addresses = "b@x.example"\n')  # without whom no mail is read
    environ["CRM_CONFIG"] = str(settings)
    faults = []
    worst: dict[str, tuple[float, str]] = {"cpu": (0, ""), "memory": (0, "")}
    for name in names:
        path = bench.folder / name
        path.write_bytes(FILES[name]())
        command = [sys.executable, "-m", "crmcli", "import", "--dry-run", str(path)]
        launcher = [sys.executable, "-S", "-E", str(CHILD), os.devnull, *command]
        told = subprocess.run(
            launcher, env=environ, stdout=subprocess.PIPE, text=True, cwd=ROOT, check=True, preexec_fn=_bound
        ).stdout
        cpu, memory, status = float(told.split()[0]), int(told.split()[1]) / 1024, int(told.split()[2])
        worst["cpu"], worst["memory"] = max(worst["cpu"], (cpu, name)), max(worst["memory"], (memory, name))
        if cpu > CPU or memory > MEMORY or status not in STATUSES:
            faults.append(f"{name}: {cpu:.1f} s of CPU, {memory:.0f} MB, exit status {status}")
        path.unlink()
    figure = (
        f"{len(names)} files of 10 MB: at most {worst['cpu'][0]:.1f} s of CPU ({worst['cpu'][1]}) and "
        f"{worst['memory'][0]:.0f} MB ({worst['memory'][1]}), {len(faults)} beyond the bounds"
    )
    return Outcome(figure, faults)


def _bound() -> None:
    """So that a file that is far beyond the bounds ends, and takes not the machine with it."""
    resource.setrlimit(resource.RLIMIT_CPU, (4 * int(CPU), 4 * int(CPU)))
    resource.setrlimit(resource.RLIMIT_AS, (8 * MEMORY << 20, 8 * MEMORY << 20))


SUITE = Suite(full=len(FILES), short=1, run=run, databases=("sqlite",))
