"""`crm privacy`: erasing a person, and keeping them away."""

import base64
import json
from pathlib import Path

import pytest

from crmcli.app import App
from crmcli.store import chain, sqlite
from tests.conftest import Crm
from tests.everything import fill

MAIL = b"""From: Grace Hopper <grace@navy.example>
To: bob@team.example
Subject: The moth in relay seventy
Date: Mon, 2 Nov 2026 10:00:00 +0000
Message-ID: <moth@navy.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/plain

We taped a moth into the logbook of the Mark II.
--x
Content-Type: text/plain; name="moth.txt"
Content-Disposition: attachment; filename="moth.txt"
Content-Transfer-Encoding: base64

%s
--x--
""" % base64.b64encode(b"one actual case of a bug being found")

CARDS = (
    "name,email,phone,notes\n"
    "Grace Hopper,grace@navy.example,+44 20 7946 0321,Prefers to be called in the evening hours\n"
    "Ada Lovelace,ada@engines.example,+44 20 7946 0958,Wants the second engine\n"
)


@pytest.fixture
def office(crm: Crm, tmp_path: Path) -> Crm:
    """Ada and Grace, imported; Grace with mail, promises, and a meeting with Ada."""
    (tmp_path / "people.csv").write_text(CARDS)
    (tmp_path / "moth.eml").write_bytes(MAIL)
    crm.ok("user", "add", "bob", "--email", "bob@team.example")
    crm.ok("import", str(tmp_path / "people.csv"), "--yes")
    crm.ok("import", str(tmp_path / "moth.eml"), "--yes", "--attachments")
    crm.ok("followup", "add", "c1", "Send Grace the relay back", "--due", "+3d")
    crm.ok("cadence", "set", "c1", "6w")
    crm.ok("contact", "edit", "c1", "--email", "old@navy.example", "--tag", "admiral", "--set", "ship=USS Constitution")
    crm.ok("contact", "edit", "c1", "--remove-email", "old@navy.example")
    crm.ok("log", "in", "c1", "Grace asked about compilers today", "--channel", "call")
    crm.ok("log", "out", "c2", "Grace Hopper (grace@navy.example, 020 7946 0321) showed Ada the moth", "--channel",
           "meeting")  # fmt: skip
    crm.ok("interaction", "edit", "i3", "--add-participant", "c1")
    return crm


WORDS = ("Grace Hopper", "grace@navy.example", "old@navy.example", "+442079460321", "7946 0321", "evening hours",
         "relay seventy", "taped a moth", "asked about compilers", "relay back", "moth.txt", "USS Constitution",
         "admiral")  # fmt: skip


def everything(crm: Crm) -> str:
    """All that the database gives out, in one text."""
    return crm.ok("export", "all").encode().decode("unicode_escape")


def test_nothing_is_left_of_an_erased_person(office: Crm, app: App) -> None:
    before = everything(office)
    assert all(word in before for word in WORDS)
    others = [line for line in office.ok("export", "contacts", "-o", "jsonl").splitlines() if "Ada" in line]
    done = office("--yes", "privacy", "erase", "grace@navy.example", "--reason", "asked by letter")
    assert done.code == 0, done.err
    assert "none of" in done.err
    after = everything(office)
    assert [word for word in WORDS if word.lower() in after.lower()] == []
    assert [line for line in office.ok("export", "contacts", "-o", "jsonl").splitlines() if "Ada" in line] == others
    assert list(chain.breaks(app.store.connection)) == []
    assert office.ok("interaction", "show", "i3", "--json").count("[erased]") == 3
    assert office.json("find", "grace")["items"] == []
    if office.dialect == "sqlite":
        raw = b"".join(file.read_bytes() for file in Path(office.place).parent.glob("crm.db*")).lower()
        assert [word for word in WORDS if word.lower().encode() in raw] == []
        assert app.store.rows("SELECT word FROM search_word WHERE word = 'hopper'") == []


def test_an_import_does_not_bring_the_person_back(office: Crm, tmp_path: Path) -> None:
    office("--yes", "privacy", "erase", "c1")
    again = office.json("import", str(tmp_path / "people.csv"), "--yes")["item"]
    assert (again["created"], again["skipped"], again["unchanged"]) == (0, 1, 1)
    mail = office.json("import", str(tmp_path / "moth.eml"), "--yes", "--leads")["item"]
    assert (mail["created"], mail["skipped"]) == (0, 1)
    assert office.ok("contact", "list", "-o", "ids").split() == ["c2"]
    assert "taped a moth" not in everything(office)


def test_a_suppressed_address_is_refused_until_it_is_let_in_again(office: Crm) -> None:
    office("--yes", "privacy", "erase", "c1")
    refused = office("contact", "add", "Somebody", "--email", "Grace@Navy.example")
    assert refused.code == 6
    assert "crm privacy readmit" in refused.err
    assert office("contact", "edit", "c2", "--phone", "+44 20 7946 0321").code == 6
    office.ok("privacy", "readmit", "grace@navy.example")
    office.ok("contact", "add", "Somebody", "--email", "Grace@Navy.example")
    assert office("privacy", "readmit", "grace@navy.example").code == 3


@pytest.mark.parametrize(
    "number", ["020 7946 0321", "(0)20-7946-0321", "2079460321", "+44 20 7946 0321", "0044 20 7946 0321"]
)
def test_an_erased_number_is_known_without_its_country(office: Crm, tmp_path: Path, number: str) -> None:
    office("--yes", "privacy", "erase", "c1")
    refused = office("contact", "add", "Somebody", "--phone", number)
    assert refused.code == 6
    assert "crm privacy readmit" in refused.err
    (tmp_path / "again.csv").write_text(f"name,phone\nSomebody,{number}\n")
    assert office.json("import", str(tmp_path / "again.csv"), "--yes")["item"]["skipped"] == 1
    office.ok("privacy", "readmit", number)
    office.ok("contact", "add", "Somebody", "--phone", number)


def test_a_number_that_was_kept_without_a_country_is_known_with_one(office: Crm) -> None:
    office.ok("contact", "add", "Mary", "--phone", "020 7946 0777")
    office("--yes", "privacy", "erase", "mary")
    assert office("contact", "add", "Somebody", "--phone", "+44 20 7946 0777").code == 6


def test_numbers_of_different_countries_are_different(office: Crm) -> None:
    office("--yes", "privacy", "erase", "c1")
    office.ok("contact", "add", "Somebody", "--phone", "+1 207 946 0321")


def test_a_short_number_without_a_country_says_too_little(office: Crm) -> None:
    office.ok("contact", "add", "Mary", "--phone", "+354 555 1234")
    office("--yes", "privacy", "erase", "mary")
    office.ok("contact", "add", "Somebody", "--phone", "555 1234")


def test_what_others_have_at_the_end_of_their_number_is_not_kept_away(office: Crm) -> None:
    office.ok("contact", "add", "Mary", "--phone", "+1 207 946 0321")
    office("--yes", "privacy", "erase", "c1")
    office.ok("contact", "add", "Somebody", "--phone", "207 946 0321")


def test_a_dry_run_says_what_would_go_and_changes_nothing(office: Crm) -> None:
    before = everything(office)
    told = office("privacy", "erase", "c1", "--dry-run")
    assert told.code == 0
    assert "2 logged contacts" in told.err and "i3" in told.err
    assert everything(office) == before


def test_it_wants_a_yes(office: Crm) -> None:
    assert office("privacy", "erase", "c1").code == 2
    assert office.ok("contact", "list", "-o", "ids").split() == ["c2", "c1"]


def test_the_name_in_another_record_is_told_with_its_place(office: Crm) -> None:
    office.ok("company", "add", "Navy", "--notes", "Founded by Grace Hopper")
    done = office("--yes", "privacy", "erase", "c1")
    assert done.code == 1
    assert "Grace Hopper in notes of co1" in done.err


def test_a_list_of_erasures_is_replayed(office: Crm) -> None:
    archive = office.ok("export", "all")
    office("--yes", "privacy", "erase", "c1")
    listed = office.ok("privacy", "list", "-o", "jsonl")
    assert json.loads(listed)["id"] == "c1"
    place = office.home / "other.db"
    sqlite.create_file(str(place))
    other = Crm("sqlite", str(place), office.home)
    other.ok("import", "-", "--yes", stdin=archive)
    assert "Grace Hopper" in everything(other)
    other.ok("privacy", "replay", "-", stdin=listed)
    assert [word for word in WORDS if word.lower() in everything(other).lower()] == []
    assert other("contact", "add", "X", "--email", "grace@navy.example").code == 6
    other.ok("privacy", "replay", "-", stdin=listed)


def test_an_older_archive_restored_in_the_same_place_erases_again(office: Crm, tmp_path: Path) -> None:
    if office.dialect == "postgresql":
        pytest.skip("there the list is kept and replayed by hand")
    (tmp_path / "old.jsonl").write_text(office.ok("export", "all"))
    office("--yes", "privacy", "erase", "c1")
    listed = Path(office.place + ".erased")
    assert listed.stat().st_mode & 0o777 == 0o600
    assert "grace" not in listed.read_text().lower()
    Path(office.place).unlink()
    office.ok("import", str(tmp_path / "old.jsonl"), "--yes")
    assert [word for word in WORDS if word.lower() in everything(office).lower()] == []
    assert office.ok("contact", "list", "-o", "ids").split() == ["c2"]
    assert office("contact", "add", "X", "--email", "grace@navy.example").code == 6
    assert [word for word in WORDS if word.lower().encode() in Path(office.place).read_bytes().lower()] == []


def test_copies_that_still_hold_the_person_are_named(office: Crm) -> None:
    if office.dialect == "postgresql":
        pytest.skip("its dumps are the administrator's")
    folder = Path(office.place).parent / "backups"
    folder.mkdir()
    (folder / "old.db").write_bytes(
        Path(office.place).read_bytes() + Path(office.place + "-wal").read_bytes()
        if Path(office.place + "-wal").exists()
        else Path(office.place).read_bytes()
    )
    done = office("--yes", "privacy", "erase", "c1")
    assert f"this copy still holds the person: {folder / 'old.db'}" in done.err


@pytest.mark.parametrize("purged", [True, False])
def test_of_who_was_removed_it_is_told_how_to_erase_the_words(crm: Crm, purged: bool) -> None:
    crm.ok("contact", "add", "Grace Hopper", "--email", "grace@navy.example")
    if purged:
        crm.ok("contact", "rm", "c1", "--yes")
        crm.ok("db", "purge", "--older-than", "now", "--yes")
    else:
        crm.ok("undo")
    removed = "op3" if purged else "op2"
    refused = crm("--yes", "privacy", "erase", "c1")
    assert (refused.code, f"crm undo {removed}" in refused.err) == (3, True)
    crm.ok("undo", removed)
    assert crm("--yes", "privacy", "erase", "c1").code == 0
    assert [word for word in ("grace", "hopper") if word in everything(crm).lower()] == []
    assert "op" not in crm("--yes", "privacy", "erase", "c1").err


def test_the_last_backup_is_named_wherever_it_is(office: Crm, tmp_path: Path) -> None:
    if office.dialect == "postgresql":
        pytest.skip("its dumps are the administrator's")
    away = tmp_path / "stick"
    away.mkdir()
    office.ok("db", "backup", str(away / "all.db"))
    done = office("--yes", "privacy", "erase", "c1")
    assert f"this copy still holds the person: {away / 'all.db'}" in done.err


def test_who_was_merged_goes_with_the_person(crm: Crm, app: App) -> None:
    crm.ok("contact", "add", "Grace Hopper", "--email", "grace@navy.example")
    crm.ok("contact", "add", "Amazing Grace Murray", "--email", "amazing@vassar.example", "--notes", "Taught at Vassar")
    crm.ok("contact", "merge", "c1", "c2")
    assert crm("--yes", "privacy", "erase", "c1").code == 0
    after = everything(crm).lower()
    assert [word for word in ("grace", "hopper", "vassar", "amazing") if word in after] == []
    assert list(chain.breaks(app.store.connection)) == []


def test_what_was_undone_goes_too(crm: Crm, app: App) -> None:
    crm.ok("contact", "add", "Grace Hopper")
    crm.ok("log", "in", "c1", "Said that nanoseconds are eleven inches", "--channel", "call", "--followup", "+3d")
    crm.ok("undo")
    crm.ok("followup", "add", "c1", "Ask about microseconds next time", "--due", "+3d")
    crm.ok("undo")
    assert crm("--yes", "privacy", "erase", "c1").code == 0
    after = everything(crm).lower()
    assert [word for word in ("grace", "nanoseconds", "microseconds") if word in after] == []
    assert list(chain.breaks(app.store.connection)) == []


def test_who_has_only_a_name_is_not_imported_again(crm: Crm) -> None:
    table = "name,notes\nGrace Hopper,Nothing else\n"
    crm.ok("import", "-", "--yes", "--as", "csv", stdin=table)
    crm.ok("--yes", "privacy", "erase", "c1")
    assert crm.json("import", "-", "--yes", "--as", "csv", stdin=table)["item"]["skipped"] == 1
    crm.ok("contact", "add", "Grace Hopper", "--email", "another@navy.example")


def test_everything_is_given_out(office: Crm, tmp_path: Path) -> None:
    office.ok("consent", "grant", "c1", "marketing/email", "--source", "fair")
    office.ok("contact", "add", "Somebody Else", "--notes", "Knows Grace Hopper")
    office.ok("remind", "--channel", "stdout", env={"CRM_NOW": "2026-11-24T10:00:00Z"})
    before = everything(office)
    item = office.json("privacy", "export", "c1")["item"]
    assert item["contact"]["display_name"] == "Grace Hopper"
    assert {one["id"] for one in item["interactions"]} == {"i1", "i2", "i3"}
    assert item["interactions"][-1]["attachments"][0]["name"] == "moth.txt"
    assert [one["subject"] for one in item["followups"]] == ["Send Grace the relay back"]
    assert len(item["cadences"]) == 1 and item["consents"][0]["state"] == "granted"
    assert [one["followup"] for one in item["reminders"]] == ["f1"]
    assert item["mentions"] == ["c3"]
    assert any("people.csv" in one["source"] for one in item["origins"])
    assert any(one["after"] and one["after"].get("value") == "old@navy.example" for one in item["changes"])
    page = office.ok("privacy", "export", "c1")
    assert "## Named in the words of others\n\n- c3\n" in page
    for word in ("Grace Hopper", "grace@navy.example", "taped a moth", "relay back", "moth.txt", "old@navy.example"):
        assert word in page
    office.ok("privacy", "export", "c1", "--dir", str(tmp_path / "out"))
    files = {file.name: file for file in (tmp_path / "out").iterdir()}
    assert set(files) == {"c1.md", "c1.json", "i1-1-moth.txt"}
    assert files["i1-1-moth.txt"].read_bytes() == b"one actual case of a bug being found"
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in files.values())
    assert office("privacy", "export", "c1", "--dir", str(tmp_path / "out")).code == 1
    assert everything(office) == before


def test_what_is_given_out_is_escaped(crm: Crm) -> None:
    crm.ok("contact", "add", "Eve \x1b]0;x\x07", "--notes", "a\x1b[31m\n# b <img src=x>", "--set", "k=v\x1b")
    page = crm.ok("privacy", "export", "c1", tty=True)
    assert "\x1b" not in page and "\x07" not in page
    assert "\n# b" not in page and "\\<img" in page


@pytest.fixture
def erased(crm: Crm) -> Crm:
    """A database from which somebody was erased, of whom there was all sorts of things."""
    crm.ok("contact", "add", "Bob Builder", "--email", "bob@works.example")
    crm.ok("contact", "add", "Ada Lovelace", "--email", "ada@engines.example")
    crm.ok("log", "in", "c2", "Asked for a price", "--followup", "+3d")
    crm.ok("log", "in", "c2", "Both were there", "--with", "c1")
    crm.ok("privacy", "erase", "c2", "--yes")
    return crm


def test_an_erasure_is_not_taken_back(erased: Crm, tmp_path) -> None:
    """Its undo would let the person in again without a word."""
    for line in ("undo", "undo op5", "undo op5 --with-dependents --yes", "undo --dry-run"):
        result = erased(*line.split())
        assert (result.code, result.out) == (1, "")
        assert result.err.startswith("crm: op5 cannot be taken back: its data was erased\nwhat was erased stays gone;")
    file = tmp_path / "people.csv"
    file.write_text("name,email\nAda Lovelace,ada@engines.example\n")
    assert erased.json("import", str(file))["item"]["skipped"] == 1


def test_letting_in_again_can_be_taken_back_and_brought_back(erased: Crm) -> None:
    erased.ok("privacy", "readmit", "ada@engines.example")
    add = ("contact", "add", "Ada", "--email", "ada@engines.example")
    erased.ok("undo")
    assert erased(*add).code == 6
    erased.ok("redo")
    erased.ok("undo")
    assert erased(*add).code == 6
    erased.ok("redo")
    erased.ok(*add)


def test_the_history_of_an_erasure(erased: Crm) -> None:
    assert "you erased c2\n" in erased.ok("history", "op5", tty=True)
    counts = erased.json("history", "op5")["items"][0]["counts"]
    assert counts["erased"] > 0
    head, row = erased.ok("history", "op5").splitlines()
    assert dict(zip(head.split("\t"), row.split("\t"), strict=True))["erased"] == str(counts["erased"])
    assert [item["id"] for item in erased.json("history", "c2")["items"]] == ["op5", "op4", "op3", "op2"]
    assert [item["id"] for item in erased.json("history", "c1")["items"]] == ["op5", "op4", "op1"]


def test_the_history_shows_no_secret(erased: Crm, app: App) -> None:
    secret = app.store.value("SELECT value FROM meta WHERE key = 'suppression.secret'")
    app.close()
    for form in ("json", "tsv", "table"):
        told = erased.ok("history", "show", "op5", "-o", form)
        assert secret not in told
        assert "(not shown)" in told


def test_the_history_of_a_customer_has_what_was_taken_back(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada")
    crm.ok("log", "in", "c1", "Called")
    crm.ok("followup", "add", "c1", "Write", "--due", "tomorrow")
    crm.ok("undo")
    crm.ok("undo")
    assert [item["id"] for item in crm.json("history", "c1")["items"]] == ["op5", "op4", "op3", "op2", "op1"]


def test_a_name_within_the_longer_name_of_another_is_not_left(crm: Crm) -> None:
    for name in ("Person Six", "Person Sixty", "Person Sixteen"):
        crm.ok("contact", "add", name, "--notes", f"Notes\nof {name}")
    done = crm("privacy", "erase", "c1", "--yes")
    assert (done.code, "none of" in done.err) == (0, True)
    assert crm.json("contact", "show", "c2")["item"]["notes"] == "Notes\nof Person Sixty"
    crm.ok("contact", "edit", "c2", "--notes", "met\nPerson Sixteen")
    done = crm("privacy", "erase", "c3", "--yes")
    assert done.code == 1
    assert "notes of c2" in done.err


WRONG = {"no number": (b'"id":1', b'"id":1e400'), "no text": (b'"reason":null', b'"reason":{"a":1}')}


@pytest.mark.parametrize("harm", ["a line that is none", "cut off", "no UTF-8", "no number", "no text"])
def test_a_list_that_cannot_be_read_whole_lets_nobody_come_back(crm_sqlite: Crm, harm: str) -> None:
    crm, file = crm_sqlite, Path(crm_sqlite.place)
    for name in ("Bob Builder", "Ada Lovelace", "Grace Hopper"):
        crm.ok("contact", "add", name)
    backup = crm.ok("db", "backup").strip()
    crm.ok("privacy", "erase", "c1", "--yes")
    crm.ok("privacy", "erase", "c2", "--yes")
    listed = Path(f"{file}.erased")
    whole = listed.read_bytes()
    harmed = {"a line that is none": whole + b"trash\n", "cut off": whole[:-20], "no UTF-8": whole + b"\xff\n"}.get(
        harm, whole + whole.splitlines()[0].replace(*WRONG.get(harm, (b"", b""))) + b"\n"
    )
    listed.write_bytes(harmed)
    erased = crm("privacy", "erase", "c3", "--yes")
    assert "list of erasures" in erased.err
    (told,) = [one for one in json.loads(crm("doctor", "--json").out)["items"] if one["check"] == "erasures"]
    assert (told["status"], "cannot be read whole" in told["finding"]) == ("fail", True)
    assert crm("db", "vacuum").code == 1
    assert listed.read_bytes() == harmed
    file.unlink()
    for way in (("db", "restore", backup, "--yes"), ("contact", "add", "Somebody")):
        refused = crm(*way)
        assert (refused.code, "list of erasures" in refused.err) == (1, True)
        assert not file.exists()
    listed.write_bytes(whole)
    crm.ok("db", "restore", backup, "--yes")
    assert crm.ok("contact", "list", "-o", "ids").split() == ["c3"]


def test_a_list_that_could_not_be_written_is_written_later(crm_sqlite: Crm) -> None:
    crm, file = crm_sqlite, Path(crm_sqlite.place)
    crm.ok("contact", "add", "Ada Lovelace")
    backup = crm.ok("db", "backup").strip()
    Path(f"{file}.erased").mkdir()
    assert crm("privacy", "erase", "c1", "--yes").code == 1
    Path(f"{file}.erased").rmdir()
    (told,) = [one for one in json.loads(crm("doctor", "--json").out)["items"] if one["check"] == "erasures"]
    assert told["advice"] == "crm db vacuum writes it"
    crm.ok("db", "vacuum")
    file.unlink()
    crm.ok("db", "restore", backup, "--yes")
    assert crm.ok("contact", "list", "-o", "ids") == ""


def test_a_lost_database_is_not_forgotten_with_whom_it_had_erased(crm_sqlite: Crm, tmp_path) -> None:
    """Beside the file there is the list; a restored backup and a new database are told of it."""
    crm, file = crm_sqlite, Path(crm_sqlite.place)
    crm.ok("contact", "add", "Bob Builder")
    crm.ok("contact", "add", "Ada Lovelace", "--email", "ada@engines.example")
    backup = crm.ok("db", "backup").strip()
    archive = tmp_path / "all.jsonl"
    crm.ok("export", "all", "--to", str(archive))
    crm.ok("privacy", "erase", "c2", "--yes")
    beside = sorted(path.name for path in file.parent.iterdir())
    for way in (("db", "restore", backup, "--yes"), ("import", str(archive))):
        file.unlink()
        crm.ok(*way)
        assert [item["id"] for item in crm.json("contact", "list")["items"]] == ["c1"]
        assert b"Lovelace" not in file.read_bytes()
        assert crm("contact", "add", "Ada", "--email", "ada@engines.example").code == 6
        assert crm("undo", "--dry-run").code == 1
        assert crm.ok("db", "verify", "-q") == ""
        assert sorted(path.name for path in file.parent.iterdir()) == beside
    file.unlink()
    assert crm("contact", "add", "Ada", "--email", "ada@engines.example").code == 6
    crm.ok("contact", "add", "Carl")
    assert [item["id"] for item in crm.json("privacy", "list")["items"]] == ["c2"]
    assert [item["command"] for item in crm.json("history")["items"]] == ["contact add", "privacy replay"]


def test_the_name_must_be_typed(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada Lovelace")
    for typed, code, left in (
        ("", 130, 1),
        ("\n", 1, 1),
        ("ada lovelace\n", 1, 1),
        ("y\n", 1, 1),
        (" Ada Lovelace \n", 0, 0),
    ):
        done = crm("privacy", "erase", "c1", asks=True, tty=True, stdin=typed, env={"TERM": "dumb"})
        assert (done.code, len(crm.json("contact", "list")["items"])) == (code, left), typed
    assert crm("privacy", "erase", "c1").code == 3


def test_without_a_terminal_it_needs_a_yes(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada Lovelace")
    done = crm("privacy", "erase", "c1")
    assert (done.code, "this needs a yes: erase Ada Lovelace for good" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("who", "said", "others"),
    [
        ("c1", ["Lovelace"], "yamada@engines.example"),
        ("c2", ["yamada@engines.example", "Stay in touch with"], "Lovelace"),
    ],
)
def test_a_database_with_a_row_of_everything_stays_sound(
    crm: Crm, app: App, who: str, said: list[str], others: str
) -> None:
    fill(app)
    app.close()
    before = everything(crm)
    assert all(text in before for text in said)
    crm("privacy", "erase", who, "--yes")
    after = everything(crm)
    assert [text for text in said if text in after] == []
    assert others in after
    assert crm.ok("db", "verify", "-q") == ""
    assert crm("contact", "show", who).code == 3


def test_all_who_name_an_erased_person_are_told(crm: Crm) -> None:
    crm.ok("contact", "add", "Zelda Quux", "--email", "zelda@quux.example")
    others = [crm.ok("contact", "add", f"P{n} Other", "--notes", "friend of Zelda Quux").strip() for n in range(12)]
    assert set(crm.json("privacy", "erase", "c1", "--dry-run")["item"]["mentions"]) == set(others)
    assert set(json.loads(crm("privacy", "export", "c1", "--json").out)["item"]["mentions"]) == set(others)


@pytest.mark.parametrize("name", ["zelda-quux.csv", "Zelda_Quux.csv", "zelda.quux.csv", "Zelda Quux.csv"])
def test_a_file_that_is_called_after_a_person_is_no_more(crm_sqlite: Crm, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("name,email\nZelda Quux,zelda@quux.example\nBea Other,bea@other.example\n")
    crm_sqlite.ok("import", str(path))
    crm_sqlite.ok("privacy", "erase", "c1", "--yes")
    assert "[erased].csv" in crm_sqlite.ok("history", "--json")
    left = Path(crm_sqlite.environ()["CRM_DB"]).read_bytes().lower()
    assert name.lower().removesuffix(".csv").encode() not in left
