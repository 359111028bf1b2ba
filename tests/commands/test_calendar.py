"""`crm calendar publish`."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import icalendar
import pytest

from crmcli.kernel import files
from crmcli.services import calendars
from tests.conftest import Crm


@pytest.fixture
def office(crm: Crm) -> Crm:
    """Mine: overdue, open, done lately, done long ago, cancelled; and one of bob's."""
    crm.ok("user", "add", "bob")
    crm.ok("contact", "add", "Ada Lovelace", "--email", "ada@engines.example", "--birth-date", "1815-12-10")
    crm.ok("contact", "add", "Bob's Friend", "--owner", "bob", "--birth-date", "--05-12")
    crm.ok("followup", "add", "c1", "Late", "--due", "2026-01-02")
    crm.ok("followup", "add", "c1", "Soon", "--due", "2026-11-25 15:00", "--priority", "urgent")
    crm.ok("followup", "add", "c1", "Done", "--due", "2026-11-10")
    crm.ok("followup", "add", "c1", "Long done", "--due", "2026-10-10")
    crm.ok("followup", "add", "c1", "Cancelled", "--due", "2026-11-26")
    crm.ok("followup", "add", "c1", "Bob's", "--due", "2026-11-27", "--owner", "bob")
    crm.ok("followup", "done", "f3", "f4")
    crm.ok("followup", "cancel", "f5")
    return crm


def subjects(path: Path) -> list[str]:
    found = icalendar.Calendar.from_ical(path.read_bytes())
    return [str(part["SUMMARY"]).rpartition(": ")[2] for part in found.walk() if part.name in ("VEVENT", "VTODO")]


def publish(crm: Crm, path: Path, *args: str, slash: bool = False, **options: Any) -> dict[str, Any]:
    place = f"{path}/" if slash else str(path)
    item: dict[str, Any] = crm.json("calendar", "publish", place, *args, **options)["item"]
    return {name: item[name] for name in ("total", "new", "changed", "removed")}


# --- what is in it


def test_a_calendar_to_subscribe_to(office: Crm, tmp_path: Path) -> None:
    path = tmp_path / "crm.ics"
    assert office("calendar", "publish", str(path)) == (0, "", "")
    assert subjects(path) == ["Late", "Done", "Soon"]
    found = icalendar.Calendar.from_ical(path.read_bytes())
    assert not found.errors
    assert (found["X-WR-CALNAME"], found["X-PUBLISHED-TTL"]) == ("Follow-ups of ada", "PT1H")
    assert found["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert path.stat().st_mode & 0o777 == 0o600


def test_whose_and_which(office: Crm, tmp_path: Path) -> None:
    path = tmp_path / "crm.ics"
    publish(office, path, "--everyone")
    assert subjects(path) == ["Late", "Done", "Soon", "Bob's"]
    publish(office, path, "owner:bob")
    assert subjects(path) == ["Bob's"]
    publish(office, path, "priority:urgent", "--name", "Urgent")
    assert subjects(path) == ["Soon"]
    assert b"X-WR-CALNAME:Urgent\r\n" in path.read_bytes()
    publish(office, path, "--days-back", "60")
    assert subjects(path) == ["Late", "Long done", "Done", "Soon"]
    publish(office, path, "--days-back", "0")
    assert subjects(path) == ["Late", "Soon"]


def test_the_shapes(office: Crm, tmp_path: Path) -> None:
    path = tmp_path / "crm.ics"
    publish(office, path, "priority:urgent", "--as", "both")
    assert path.read_bytes().count(b"BEGIN:VTODO") == path.read_bytes().count(b"BEGIN:VEVENT") == 1
    publish(office, path, "--as", "todos", "--birthdays")
    assert b"VEVENT" not in path.read_bytes()
    wrong = office("calendar", "publish", str(path), "--as", "todo")
    assert (wrong.code, wrong.err) == (2, "crm: 'todo' is nothing that a calendar holds\ndid you mean todos?\n")
    text = office.ok("export", "followups", "priority:urgent", "-o", "ics", "--as", "events")
    assert "BEGIN:VEVENT" in text and "VTODO" not in text
    assert office("export", "contacts", "--as", "events").code == 2


def test_birthdays(office: Crm, tmp_path: Path) -> None:
    path = tmp_path / "crm.ics"
    publish(office, path, "--birthdays")
    assert subjects(path) == ["Late", "Done", "Soon", "Ada Lovelace (1815)"]
    publish(office, path, "--birthdays", "--everyone")
    assert "Bob's Friend" in subjects(path)
    office.ok("contact", "edit", "c1", "--do-not-contact")
    publish(office, path, "--birthdays")
    assert not any("Lovelace" in name for name in subjects(path))


# --- what is written


def times(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir() if path.suffix == ".ics"}


def test_a_second_run_touches_nothing(office: Crm, tmp_path: Path) -> None:
    for slash in (False, True):
        path = tmp_path / ("vdir" if slash else "crm.ics")
        assert publish(office, path, slash=slash) == {"total": 3, "new": 3, "changed": 0, "removed": 0}
        before = times(path if slash else tmp_path)
        assert publish(office, path, slash=slash) == {"total": 3, "new": 0, "changed": 0, "removed": 0}
        assert times(path if slash else tmp_path) == before


def test_what_changed_is_written_and_what_went_is_removed(office: Crm, tmp_path: Path) -> None:
    folder = tmp_path / "vdir"
    publish(office, folder, slash=True)
    publish(office, tmp_path / "crm.ics")
    before = times(folder)
    office.ok("followup", "snooze", "f2", "2026-11-28")
    office.ok("followup", "cancel", "f1")
    office.ok("followup", "add", "c1", "New", "--due", "2026-12-24")
    expected = {"total": 3, "new": 1, "changed": 1, "removed": 1}
    assert publish(office, folder) == expected
    assert publish(office, tmp_path / "crm.ics") == expected
    uid = office.json("followup", "show", "f3")["item"]["uid"]
    assert times(folder)[f"{uid}-event.ics"] == before[f"{uid}-event.ics"]
    uid = office.json("followup", "show", "f2")["item"]["uid"]
    assert times(folder)[f"{uid}-event.ics"] != before[f"{uid}-event.ics"]


def test_each_file_of_a_folder_is_a_calendar_of_one_entry(office: Crm, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "vdir"
    publish(office, folder, "--as", "both", slash=True)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert len(os.listdir(folder)) == 6
    for path in folder.iterdir():
        found = icalendar.Calendar.from_ical(path.read_bytes())
        (entry,) = [part for part in found.walk() if part.name in ("VEVENT", "VTODO")]
        assert path.name == f"{entry['UID']}.ics"
        assert path.stat().st_mode & 0o777 == 0o600
        assert b"METHOD" not in path.read_bytes()


def test_a_folder_is_called_as_its_file_displayname_says(office: Crm, tmp_path: Path) -> None:
    path = tmp_path / "crm"
    publish(office, path, slash=True)
    assert not (path / "displayname").exists()
    publish(office, path, "--name", "Zu tun é")
    assert (path / "displayname").read_text("utf-8") == "Zu tun é"
    before = (path / "displayname").stat()
    publish(office, path, "--name", "Zu tun é")
    assert (path / "displayname").stat() == before
    publish(office, path, "--public")
    assert (path / "displayname").read_text("utf-8") == "Zu tun é"


def test_in_a_folder_nothing_of_others_is_touched(office: Crm, tmp_path: Path) -> None:
    folder = tmp_path / "vdir"
    publish(office, folder, slash=True)
    ours = sorted(folder.iterdir())
    theirs = ours[0].read_bytes().replace(b"-//crmcli//", b"-//todo//").replace(b"UID:", b"UID:x")
    kept = {
        "x.ics": theirs,
        "note.txt": b"hello",
        ".hidden.ics": ours[0].read_bytes(),
        "whole.ics": office.ok("export", "followups", "-o", "ics").encode(),
        "empty.ics": b"",
        "bytes.ics": b"\xff\xfe",
        "copy of one.ics": ours[0].read_bytes(),
    }
    for name, data in kept.items():
        (folder / name).write_bytes(data)
    (folder / "link.ics").symlink_to(ours[0])
    (folder / "folder.ics").mkdir()
    for number in (1, 2):
        office.ok("followup", "cancel", f"f{number}")
    assert publish(office, folder, "--days-back", "0") == {"total": 0, "new": 0, "changed": 0, "removed": 3}
    assert {path.name for path in folder.iterdir()} == {*kept, "link.ics", "folder.ics"}
    assert all((folder / name).read_bytes() == data for name, data in kept.items())


def test_a_file_that_is_no_calendar_of_ours_stays(office: Crm, tmp_path: Path) -> None:
    path = tmp_path / "notes.ics"
    path.write_text("my notes")
    done = office("calendar", "publish", str(path))
    assert (done.code, done.err) == (1, f"crm: {path} is no calendar of ours\nname another file, or remove it first\n")
    assert path.read_text() == "my notes"
    done = office("calendar", "publish", str(tmp_path / "calendar"))
    assert done.code == 2
    assert "is neither a calendar nor a folder" in done.err


def test_public(office: Crm, tmp_path: Path) -> None:
    path, folder = tmp_path / "crm.ics", tmp_path / "vdir"
    old = os.umask(0o077)
    try:
        publish(office, path, "--public")
        publish(office, folder, "--public", slash=True)
        assert {one.stat().st_mode & 0o777 for one in (path, *folder.iterdir())} == {0o644}
    finally:
        os.umask(old)
    publish(office, path)
    publish(office, folder)
    assert {one.stat().st_mode & 0o777 for one in (path, *folder.iterdir())} == {0o600}


def test_it_speaks_on_terminals_alone(office: Crm, tmp_path: Path) -> None:
    path = tmp_path / "crm.ics"
    assert office("calendar", "publish", str(path), tty=True).err == f"Published 3 entries to {path}: 3 new\n"
    assert office("calendar", "publish", str(path), tty=True).err == f"Published 3 entries to {path}: nothing changed\n"
    empty, one = tmp_path / "empty.ics", tmp_path / "one.ics"
    said = office("calendar", "publish", str(empty), "subject:Nothing", tty=True).err
    assert said == f"Published an empty calendar to {empty}: nothing matches\n"
    said = office("calendar", "publish", str(one), "subject~Late", tty=True).err
    assert said == f"Published 1 entry to {one}: 1 new\n"
    assert office("calendar", "publish", str(path)) == (0, "", "")
    assert office("calendar", "publish", str(path), env={"TERM": None, "PATH": None}) == (0, "", "")


def test_the_same_data_give_the_same_bytes(office: Crm, tmp_path: Path) -> None:
    path, other = tmp_path / "a.ics", tmp_path / "b.ics"
    publish(office, path, "--everyone", "--birthdays")
    publish(office, other, "--everyone", "--birthdays", env={"CRM_NOW": "2026-11-20T18:00:00Z", "LC_ALL": "C"})
    assert path.read_bytes() == other.read_bytes()


def test_taken_in_again_it_adds_nothing(office: Crm, tmp_path: Path) -> None:
    path = tmp_path / "crm.ics"
    publish(office, path, "--as", "both", "--birthdays")
    before = office.json("followup", "list", "--all-states"), office.json("interaction", "list")
    done = office("import", str(path))
    assert done.err.startswith("4 events that we published ourselves of ")
    assert (office.json("followup", "list", "--all-states"), office.json("interaction", "list")) == before


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_killed_in_between_it_is_old_or_new(office: Crm, tmp_path: Path, step: str) -> None:
    path = tmp_path / "crm.ics"
    publish(office, path)
    old = path.read_bytes()
    office.ok("followup", "add", "c1", "New", "--due", "2026-12-24")
    killer = (
        "import os, signal, sys\n"
        "os.STEP = lambda *given: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from crmcli import cli\n"
        "sys.exit(cli.run(sys.argv[1:]))\n"
    ).replace("STEP", step)
    root = Path(calendars.__file__).parent.parent.parent
    words = [sys.executable, "-c", killer, "calendar", "publish", str(path)]
    done = subprocess.run(words, env=office.environ(), cwd=root, check=False, capture_output=True)
    assert done.returncode == -9
    assert path.read_bytes() == old
    publish(office, path)
    assert "New" in subjects(path)


def test_what_cannot_be_written_is_told(office: Crm, tmp_path: Path) -> None:
    done = office("calendar", "publish", str(tmp_path / "none" / "crm.ics"))
    assert done.code == 1
    assert "cannot" in done.err and "No such file" in done.err
    (tmp_path / "file").write_text("")
    assert office("calendar", "publish", f"{tmp_path / 'file'}/").code == 1
    with mock.patch.object(files.os, "fsync", side_effect=OSError(28, "No space left on device")):
        assert "No space left" in office("calendar", "publish", str(tmp_path / "crm.ics")).err
    assert not (tmp_path / "crm.ics").exists()


def test_many(app_sqlite: Any, crm_sqlite: Crm, tmp_path: Path) -> None:
    app_sqlite.contacts.add("Ada", {})
    lines = (json.dumps({"op": "followup.add", "who": "c1", "subject": f"N{n}", "due": "tomorrow"}) for n in range(450))
    app_sqlite.batch.run(lines)
    app_sqlite.close()
    assert publish(crm_sqlite, tmp_path / "crm.ics")["total"] == 450
    assert len(set(subjects(tmp_path / "crm.ics"))) == 450
