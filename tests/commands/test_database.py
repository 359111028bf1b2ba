"""`crm db`: backups, restoring, verifying, purging, as they are seen from outside."""

import json
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import psycopg
import pytest

from crmcli.app import App
from crmcli.kernel.sealed import sealed
from crmcli.services.erasing.sidecar import Known
from crmcli.services.privacy import Privacy
from crmcli.store import chain, comparison, copies
from crmcli.store.archive import SCHEMA
from crmcli.store.sqlite import DRIVER
from tests.conftest import Crm

DATED = "crm-2026-11-20-100000.db"


@pytest.fixture
def filled(crm: Crm) -> Crm:
    return _fill(crm)


@pytest.fixture
def file(crm_sqlite: Crm) -> Crm:
    return _fill(crm_sqlite)


def _fill(crm: Crm) -> Crm:
    crm.ok("contact", "add", "Ada Lovelace", "--email", "ada@engines.example", "--tag", "vip", "--company", "Engines")
    crm.ok("contact", "add", "Grace Hopper", "--notes", "Likes ships")
    crm.ok("log", "in", "c1", "Asked about delivery", "--channel", "call", "--followup", "+3d")
    return crm


def names(crm: Crm) -> list[str]:
    return [item["display_name"] for item in crm.json("contact", "list")["items"]]


def statements(place: str, *sql: str) -> None:
    """Write past the program."""
    connection = sqlite3.connect(place)
    for one in sql:
        connection.execute(one)
    connection.commit()
    connection.close()


def findings(crm: Crm, *args: str) -> list[tuple[str, str]]:
    found = crm("db", "verify", "--json", *args)
    assert found.code == 1, found.err
    return [(one["check"], one["finding"]) for one in json.loads(found.out)["item"]["findings"]]


# --- info


def test_info_tells_where_and_what(filled: Crm) -> None:
    item = filled.json("db", "info")["item"]
    assert [item[name] for name in ("contacts", "companies", "interactions", "followups", "operations")] == [
        2,
        1,
        1,
        1,
        3,
    ]
    assert item["kind"].startswith("SQLite" if filled.dialect == "sqlite" else "PostgreSQL")
    assert item["exists"]
    assert item["size"] > 1000
    assert (item["backup"], item["verify"], item["vacuum"]) == (None, None, None)
    assert item["operation"] == "op3"
    assert len(item["seal"]) == 64


def test_info_tells_when_it_was_looked_after(filled: Crm, tmp_path: Path) -> None:
    target = str(tmp_path / "copy")
    filled.ok("db", "backup", target)
    filled.ok("db", "verify", "--quick")
    filled.ok("db", "vacuum")
    item = filled.json("db", "info")["item"]
    assert item["backup"] == {"at": "2026-11-20T10:00:00Z", "detail": target}
    assert item["verify"] == {"at": "2026-11-20T10:00:00Z", "detail": "quick"}
    assert item["vacuum"]["at"] == "2026-11-20T10:00:00Z"


def test_info_makes_no_database(crm_sqlite: Crm) -> None:
    place = str(Path(crm_sqlite.place).with_name("none.db"))
    assert crm_sqlite.json("db", "info", "--db", place)["item"]["exists"] is False
    assert not Path(place).exists()


# --- backup


def test_a_backup_is_a_whole_copy_for_its_owner(filled: Crm, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    assert filled.ok("db", "backup", str(target)) == f"{target}\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if "copy" in path.name] == ["copy"]
    assert filled.ok("db", "verify", str(target), "-q") == ""
    if filled.dialect == "sqlite":
        assert names(Crm("sqlite", str(target), filled.home)) == ["Ada Lovelace", "Grace Hopper"]


def test_without_a_name_it_goes_into_a_folder(file: Crm) -> None:
    folder = Path(file.place).parent / "backups"
    assert file.ok("db", "backup") == f"{folder / DATED}\n"
    assert "Backed up to" in file.ok("db", "backup", tty=True)
    assert file.ok("db", "backup", "-q") == ""
    assert len(list(folder.iterdir())) == 3
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_folder_is_a_setting(filled: Crm, tmp_path: Path) -> None:
    filled.ok("config", "set", "backup.folder", str(tmp_path / "safe"))
    made = Path(filled.ok("db", "backup").strip())
    assert made.parent == tmp_path / "safe"
    assert made.suffix == (".db" if filled.dialect == "sqlite" else ".jsonl")


def test_nothing_is_written_over(filled: Crm, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    target.write_text("mine")
    refused = filled("db", "backup", str(target))
    assert (refused.code, target.read_text()) == (2, "mine")
    assert "--force" in refused.err
    filled.ok("db", "backup", str(target), "--force")
    assert len(target.read_bytes()) > 1000


def test_old_backups_go_by_the_rule(file: Crm) -> None:
    folder = Path(file.place).parent / "backups"
    for day in ("18", "19", "19", "20"):
        file.ok("db", "backup", env={"CRM_NOW": f"2026-11-{day}T09:00:00Z"})
    (folder / "notes.txt").write_text("mine")
    (folder / "crm-old.db").write_text("mine, too")
    file.ok("db", "backup", "--keep", "2d,1m")
    assert sorted(path.name for path in folder.iterdir()) == [
        "crm-2026-11-19-090000-2.db",
        DATED,
        "crm-old.db",
        "notes.txt",
    ]


@pytest.mark.parametrize("rule", ["", "7", "0d", "d", "7d,3d", "seven days"])
def test_a_bad_rule_is_refused_before_anything_is_written(file: Crm, rule: str) -> None:
    if rule:
        refused = file("db", "backup", "--keep", rule)
        assert refused.code == 2
        assert "7d,4w,12m" in refused.err
        assert not (Path(file.place).parent / "backups").exists()


def test_what_cannot_be_written_leaves_nothing(file: Crm, tmp_path: Path) -> None:
    refused = file("db", "backup", str(tmp_path / "none" / "copy"))
    assert refused.code == 7
    assert refused.err.count("\n") == 2
    with mock.patch.object(copies, "copy", side_effect=OSError(28, "No space left on device")):
        refused = file("db", "backup", str(tmp_path / "copy"))
    assert refused.code == 7
    assert "No space left" in refused.err
    assert not [path for path in tmp_path.iterdir() if "copy" in path.name]


def test_a_damaged_database_makes_no_backup(file: Crm, tmp_path: Path) -> None:
    content = bytearray(Path(file.place).read_bytes())
    for place in range(40 * 4096, len(content), 4096):
        content[place] = 99
    Path(file.place).write_bytes(content)
    refused = file("db", "backup", str(tmp_path / "copy"))
    assert refused.code == 7
    assert not (tmp_path / "copy").exists()


# --- restore


def test_a_backup_comes_back_and_what_was_there_is_kept(file: Crm) -> None:
    made = file.ok("db", "backup").strip()
    file.ok("contact", "add", "Late")
    would = file("db", "restore", made, "--dry-run")
    assert would.code == 0
    assert "2 contacts (now 3)" in would.err
    assert "1 operation of the database would be lost" in would.err
    assert "op4 contact add" in would.err
    assert "Late" in names(file)
    done = file("db", "restore", made, "--yes")
    assert (done.code, done.out) == (0, f"{file.place}\n")
    assert names(file) == ["Ada Lovelace", "Grace Hopper"]
    kept = Path(f"{file.place}.before-restore-2026-11-20-100000")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "Late" in names(Crm("sqlite", str(kept), file.home))
    assert file.ok("db", "verify", "-q") == ""


def test_what_was_restored_knows_its_backup(file: Crm) -> None:
    """The copy is from before it was a backup, and could not know."""
    made = file.ok("db", "backup").strip()
    file.ok("db", "restore", made, "--yes", env={"CRM_NOW": "2026-11-21T10:00:00Z"})
    assert file.json("db", "info")["item"]["backup"] == {"at": "2026-11-21T10:00:00Z", "detail": made}


def test_without_a_yes_nothing_is_done(file: Crm) -> None:
    made = file.ok("db", "backup").strip()
    before = Path(file.place).read_bytes()
    refused = file("db", "restore", made)
    assert refused.code == 2
    assert "--yes" in refused.err
    assert Path(file.place).read_bytes() == before


def test_others_who_have_it_open_see_the_restored_one(file: Crm) -> None:
    made = file.ok("db", "backup").strip()
    file.ok("contact", "add", "Late")
    other = DRIVER.connect(file.place, isolation_level=None)
    assert other.execute("SELECT count(*) FROM contact").fetchone() == (3,)
    file.ok("db", "restore", made, "--yes")
    assert other.execute("SELECT count(*) FROM contact").fetchone() == (2,)
    other.close()


def test_nobody_writes_between_keeping_and_restoring(file: Crm) -> None:
    """Somebody who writes just then is refused, or what they wrote is in what is kept."""
    made = file.ok("db", "backup").strip()
    keep, tried = copies.copy_open, []

    def writing(source: object, to: str) -> None:
        other = DRIVER.connect(file.place, isolation_level=None, timeout=0)
        try:
            other.execute("UPDATE contact SET notes = 'late'")
            tried.append("written")
        except DRIVER.OperationalError as error:
            tried.append(str(error))
        finally:
            other.close()
        keep(source, to)

    with mock.patch.object(copies, "copy_open", writing):
        file.ok("db", "restore", made, "--yes")
    assert tried[-1] == "database is locked"


@pytest.mark.parametrize("state", ["missing", "empty", "text", "cut off", "folderless"])
def test_it_works_when_the_database_is_lost(file: Crm, tmp_path: Path, state: str) -> None:
    made = file.ok("db", "backup", str(tmp_path / "copy")).strip()
    path = Path(file.place)
    whole = path.read_bytes()
    path.unlink()
    if state == "folderless":
        path.parent.rmdir()
    if state not in ("missing", "folderless"):
        path.write_bytes({"empty": b"", "text": b"hello", "cut off": whole[:20_000]}[state])
        assert file("contact", "list").code == 7
        assert "crm db restore FILE" in file("contact", "list").err or state == "text"
    file.ok("db", "restore", made, "--yes")
    assert names(file) == ["Ada Lovelace", "Grace Hopper"]
    kept = list(path.parent.glob("*.before-restore-*"))
    assert len(kept) == (0 if state in ("missing", "folderless") else 1)


def test_a_lost_database_leaves_no_log_to_be_taken_for_changes(file: Crm, tmp_path: Path) -> None:
    made = file.ok("db", "backup", str(tmp_path / "copy")).strip()
    Path(file.place).unlink()
    Path(f"{file.place}-wal").write_bytes(b"old")
    file.ok("db", "restore", made)
    assert names(file) == ["Ada Lovelace", "Grace Hopper"]


def test_another_programs_database_is_left_alone(file: Crm, tmp_path: Path) -> None:
    made = file.ok("db", "backup", str(tmp_path / "copy")).strip()
    Path(file.place).unlink()
    statements(file.place, "CREATE TABLE bookmark (id INTEGER)")
    before = Path(file.place).read_bytes()
    refused = file("db", "restore", made, "--yes")
    assert refused.code == 2
    assert "another program's" in refused.err
    assert Path(file.place).read_bytes() == before


@pytest.mark.parametrize(
    "state", ["text", "empty", "cut off", "newer", "foreign", "tampered", "itself", "none", "folder"]
)
def test_what_is_no_sound_backup_is_refused(file: Crm, tmp_path: Path, state: str) -> None:
    made = Path(file.ok("db", "backup", str(tmp_path / "copy")).strip())
    whole = made.read_bytes()
    if state in ("text", "empty", "cut off"):
        made.write_bytes({"text": b"hello", "empty": b"", "cut off": whole[:20_000]}[state])
    elif state == "newer":
        statements(str(made), "UPDATE schema_version SET version_num = '9999'")
    elif state == "foreign":
        statements(str(made), "PRAGMA application_id = 1")
    elif state == "tampered":
        statements(str(made), "UPDATE operation SET actor = 'eve' WHERE id = 2")
    elif state == "none":
        made.unlink()
    named = {"itself": file.place, "folder": str(tmp_path)}.get(state, str(made))
    before = file.ok("export", "all")
    refused = file("db", "restore", named, "--yes")
    assert refused.code == {"itself": 2, "folder": 2, "none": 1}.get(state, 7), refused.err
    assert file.ok("export", "all") == before
    assert not list(Path(file.place).parent.glob("*restore*"))
    assert not list(Path(file.place).parent.glob(".*"))


def test_an_archive_is_restored_too(file: Crm, tmp_path: Path) -> None:
    archive = str(tmp_path / "all.jsonl")
    file.ok("export", "all", "--to", archive)
    file.ok("contact", "add", "Late")
    file.ok("db", "restore", archive, "--yes")
    assert file.ok("export", "all") == Path(archive).read_text()
    assert file.ok("db", "verify", "-q") == ""


@pytest.mark.parametrize("state", ["cut off", "changed", "newer"])
@pytest.mark.parametrize("command", ["db restore --yes", "db verify"])
def test_a_damaged_archive_is_refused_as_a_backup_is(file: Crm, tmp_path: Path, command: str, state: str) -> None:
    archive = tmp_path / "all.jsonl"
    file.ok("export", "all", "--to", str(archive))
    whole = archive.read_text()
    newer = sealed(whole.replace('"version":"', '"version":"9', 1).splitlines()[:-1], SCHEMA)
    archive.write_text(
        {"cut off": whole[:-200], "changed": whole.replace("Ada", "Eve"), "newer": "".join(newer)}[state]
    )
    before = file.ok("export", "all")
    refused = file(*command.split(), str(archive))
    assert refused.code == 7
    assert "all.jsonl: " in refused.err
    assert file.ok("export", "all") == before


@pytest.mark.postgresql
def test_into_postgresql_an_archive_is_restored_where_nothing_is(
    file: Crm, postgresql_place: str, tmp_path: Path
) -> None:
    there = Crm("postgresql", postgresql_place, file.home)
    archive = str(tmp_path / "all.jsonl")
    file.ok("deal", "add", "Engine No. 2", "--contact", "c1")
    file.ok("export", "all", "--to", archive)
    assert there("db", "restore", archive, "--dry-run").code == 0
    assert names(there) == []
    then = there.json("db", "restore", archive)["item"]["then"]
    info = file.json("db", "info")["item"]
    assert then == {name: info[name] for name in then}
    assert set(then) == {*comparison.NOUNS, "operations"}
    assert then["deals"] == 1
    assert there.ok("export", "all") == Path(archive).read_text()
    assert there.ok("db", "verify", "-q") == ""
    again = there("db", "restore", archive, "--yes")
    assert again.code == 2
    assert "not empty" in again.err
    copy = file.ok("db", "backup", str(tmp_path / "copy")).strip()
    assert "export all" in there("db", "restore", copy).err


@pytest.fixture
def erasures() -> Iterator[list[str]]:
    """Privacy as the restore meets it: known before, carried over into what comes back."""
    done = []

    def known(self: Privacy) -> Known:
        rows = self.app.store.rows("SELECT uid FROM contact WHERE display_name = 'Late'")
        return Known(erasures=rows)

    def carry_over(self: Privacy, known: Known) -> int:
        self.app.contacts.edit("c1", {"name": "Erased"})
        done.extend(row["uid"] for row in known.erasures)
        return len(known.erasures)

    with mock.patch.object(Privacy, "known", known), mock.patch.object(Privacy, "carry_over", carry_over):
        yield done


def test_who_was_erased_since_is_erased_again(file: Crm, erasures: list[str]) -> None:
    made = file.ok("db", "backup").strip()
    file.ok("contact", "add", "Late")
    item = file.json("db", "restore", made, "--yes")["item"]
    assert (item["erased"], len(erasures)) == (1, 1)
    assert names(file) == ["Erased", "Grace Hopper"]
    assert file.ok("db", "verify", "-q") == ""


# --- verify


def test_a_sound_database_is_told_so(filled: Crm) -> None:
    item = filled.json("db", "verify")["item"]
    assert item["sound"]
    assert item["findings"] == []
    checks = {check["check"] for check in item["checks"]}
    assert checks >= {"journal", "rows", "derived", "last contacts", "search", "keys"}
    assert filled.ok("db", "verify", "-q") == ""
    assert item["seal"] in filled("db", "verify").err


@pytest.mark.parametrize(
    ("sql", "check", "words"),
    [
        (
            "UPDATE contact SET notes = 'Likes boats' WHERE id = 2",
            "rows",
            "notes of contact c2 is 'Likes boats', and the journal says 'Likes ships'",
        ),
        (
            "DELETE FROM email WHERE id = 1",
            "rows",
            "email 1 of contact c1 is missing",
        ),
        (
            "INSERT INTO url (contact_id, value) VALUES (1, 'https://x.example')",
            "rows",
            "url 1 of contact c1 was written past the journal",
        ),
        (
            "UPDATE email SET domain = 'x.example'",
            "derived",
            "domain of email 1 of contact c1 is 'x.example' and should be 'engines.example'",
        ),
        (
            "UPDATE contact SET last_inbound_at = NULL",
            "last contacts",
            "last_inbound_at of contact c1 is empty",
        ),
        (
            "UPDATE operation SET actor = 'eve' WHERE id = 2",
            "journal",
            "op2 (contact add, 2026-11-20T10:00:00Z by eve) does not fit its seal",
        ),
        (
            "UPDATE change SET after = '{}' WHERE id = 3",
            "journal",
            "op1 (contact add",
        ),
        (
            "DELETE FROM search_name WHERE record_id = 2",
            "search",
            "search_name lacks contact c2",
        ),
        (
            "UPDATE search_text SET text = 'likes boats' WHERE noun = 'contact' AND record_id = 2",
            "search",
            "search_text holds other words of contact c2",
        ),
        (
            "DELETE FROM search_word WHERE word = 'hopper'",
            "search",
            "search_word lacks keys of 'hopper'",
        ),
    ],
)
def test_what_was_written_past_the_program_is_found(filled: Crm, sql: str, check: str, words: str) -> None:
    _past(filled, sql)
    found = findings(filled)
    assert any(name == check and words in text for name, text in found), found


def test_words_that_went_without_an_erasure_are_found(filled: Crm, app: App) -> None:
    """The digest alone fits the seal, and of a row whose journal is gone nobody knows what it should be."""
    filled.ok("contact", "add", "Gone")
    filled.ok("privacy", "erase", "c3", "--yes")
    filled.ok("db", "verify", "-q")
    filled.ok("contact", "edit", "c2", "--job-title", "Admiral")
    (left,) = chain.digests(app.store.connection, 6)
    gone = f"UPDATE change SET before = NULL, after = NULL, salt = NULL, digest = '{left}' WHERE operation_id = 6"
    _past(filled, gone)
    assert findings(filled) == [("journal", "what a change of op6 said is gone, and nobody was erased since")]


def _past(crm: Crm, sql: str) -> None:
    if crm.dialect == "sqlite":
        statements(crm.place, *([sql] if "BEGIN" in sql else sql.split("; ")))
        return
    with psycopg.connect(crm.place) as connection:
        connection.execute(sql.encode())


def test_a_key_that_would_be_given_twice_is_found(filled: Crm) -> None:
    if filled.dialect == "sqlite":
        _past(filled, "UPDATE sqlite_sequence SET seq = 1 WHERE name = 'contact'")
    else:
        _past(filled, "SELECT setval(pg_get_serial_sequence('contact', 'id'), 1)")
    assert findings(filled) == [("keys", "the next contact would get key 2, and there was a 2 already")]


def test_the_index_of_words_is_held_against_the_words(file: Crm) -> None:
    statements(file.place, "DELETE FROM search_name_fts_data WHERE id > 10")
    assert any(check in ("search", "file") for check, _ in findings(file))


def test_a_seal_that_was_written_down_tells(filled: Crm) -> None:
    seal = filled.json("db", "info")["item"]["seal"]
    filled.ok("contact", "add", "Later")
    filled.ok("db", "verify", "--quick", "--seal", seal)
    filled.ok("db", "verify", "--quick", "--seal", seal[:16].upper())
    other = seal[::-1]
    assert findings(filled, "--quick", "--seal", other) == [("seal", f"no operation has the seal {other}")]
    assert filled("db", "verify", "--seal", "abc").code == 2


def test_quick_looks_at_less(filled: Crm) -> None:
    _past(filled, "UPDATE contact SET notes = 'Likes boats' WHERE id = 2")
    item = filled.json("db", "verify", "--quick")["item"]
    assert item["sound"]
    assert "rows" not in {check["check"] for check in item["checks"]}


def test_findings_stand_below_one_another_on_a_terminal(filled: Crm) -> None:
    _past(filled, "UPDATE contact SET notes = 'Likes \x1b[31mboats' WHERE id = 2")
    for width in (40, 80):
        shown = filled("db", "verify", tty=True, width=width)
        assert shown.code == 1
        assert "\x1b[31m" not in shown.out
        assert "notes of contact c2" in " ".join(shown.out.split())
        assert max(len(line) for line in shown.out.splitlines()) <= width


def test_what_cannot_be_opened_ends_with_seven(file: Crm) -> None:
    Path(file.place).write_bytes(b"hello")
    assert file("db", "verify").code == 7


def test_nothing_is_written_into_a_damaged_database(file: Crm) -> None:
    statements(file.place, "DELETE FROM email WHERE id = 1")
    findings(file)
    assert file.json("db", "info")["item"]["verify"] is None


# --- what it is made of


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("DROP INDEX ix_contact_name_key", "index ix_contact_name_key of contact is missing"),
        (
            "DROP INDEX ux_tag_name_key; CREATE INDEX ux_tag_name_key ON tag (name_key)",
            "the definition of index ux_tag_name_key of tag is not as this program makes it",
        ),
        ("DROP TABLE upkeep", "table upkeep is missing"),
    ],
)
def test_what_is_missing_in_the_schema_is_found_and_made_anew(filled: Crm, sql: str, words: str) -> None:
    _past(filled, sql)
    assert ("schema", words) in findings(filled)
    assert ("schema", words) in findings(filled, "--quick")
    assert filled.json("db", "rebuild")["item"]["made"] != []
    assert filled.ok("db", "verify", "-q") == ""


def test_a_trigger_that_was_dropped_is_made_anew_and_what_it_missed_is_found(file: Crm) -> None:
    statements(file.place, "DROP TRIGGER search_name_added")
    file.ok("contact", "add", "Mary Somerville")
    assert ("schema", "trigger search_name_added of search_name is missing") in findings(file)
    assert "Mary" not in file("find", "somerville").out
    assert "search_name_added" in file.ok("db", "rebuild", tty=True)
    assert "Mary" in file.ok("find", "somerville")
    assert file.ok("db", "verify", "-q") == ""


def test_a_column_of_somebody_else_is_told_and_stays(filled: Crm) -> None:
    _past(filled, "ALTER TABLE tag ADD COLUMN shoe text")
    assert findings(filled, "--quick") == [("schema", "column shoe of table tag is none of this program's")]
    filled.ok("db", "rebuild")
    assert ("schema", "column shoe of table tag is none of this program's") in findings(filled, "--quick")


def test_a_table_that_held_data_is_not_made_anew(filled: Crm) -> None:
    _past(filled, "DROP TABLE reminder")
    assert ("schema", "table reminder is missing") in findings(filled, "--quick")
    refused = filled("db", "rebuild")
    assert refused.code == 7
    assert "table reminder is missing" in refused.err
    assert "crm db restore" in refused.err


def test_a_trigger_of_somebody_else_is_told(filled: Crm) -> None:
    if filled.dialect == "sqlite":
        _past(filled, "CREATE TRIGGER evil AFTER INSERT ON tag BEGIN DELETE FROM tagging; END")
    else:
        _past(
            filled,
            "CREATE FUNCTION evil() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';"
            "CREATE TRIGGER evil BEFORE INSERT ON tag FOR EACH ROW EXECUTE FUNCTION evil()",
        )
    assert findings(filled, "--quick") == [("schema", "trigger evil of tag is none of this program's")]


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("sql", "words"),
    [
        (
            "ALTER TABLE contact DROP CONSTRAINT ck_contact_uid",
            "constraint ck_contact_uid of table contact is missing",
        ),
        (
            "ALTER TABLE contact ALTER COLUMN notes TYPE varchar",
            "column notes of table contact is not as this program makes it",
        ),
    ],
)
def test_postgresql_tells_of_columns_and_constraints(home: Path, postgresql_place: str, sql: str, words: str) -> None:
    crm = Crm("postgresql", postgresql_place, home)
    crm.ok("contact", "add", "Ada")
    _past(crm, sql)
    assert findings(crm, "--quick") == [("schema", words)]


def test_a_backup_without_an_index_can_be_restored(file: Crm) -> None:
    made = file.ok("db", "backup").strip()
    statements(made, "DROP INDEX ix_contact_name_key")
    file.ok("db", "restore", made, "--yes")
    assert file.ok("db", "verify", "-q") == ""


def test_what_is_not_right_in_a_backup_is_told_before_it_comes_back(file: Crm) -> None:
    """It is no reason to be without: the last backup may be the one whose disk lost a bit."""
    made = file.ok("db", "backup").strip()
    statements(made, "UPDATE contact SET notes = 'rotten' WHERE id = 1")
    planned = file("db", "restore", made, "--dry-run", "--json")
    found = json.loads(planned.out)["item"]["findings"]
    assert [(one["check"], one["record"]) for one in found] == [("rows", "c1"), ("search", "c1")]
    assert f"not all of {made} is as its journal says:" in planned.err
    restored = file("db", "restore", made, "--yes", "--quiet")
    assert (restored.code, f"all that is not: crm db verify {made}" in restored.err) == (0, True)
    assert file("db", "verify", "-q").code == 1


# --- rebuild


@pytest.mark.parametrize(
    ("sql", "counted"),
    [
        ("UPDATE email SET domain = 'x.example'", "columns"),
        ("UPDATE contact SET last_inbound_at = NULL", "contacts"),
        ("UPDATE search_name SET text = 'ada lovelace 958 0958' WHERE record_id = 1 AND noun = 'contact'", "words"),
        ("INSERT INTO search_text (noun, record_id, part, text) VALUES ('contact', 77, 0, 'nobody')", "words"),
        ("DELETE FROM search_word WHERE word = 'hopper' AND key <> word", "words"),
    ],
)
def test_what_is_computed_is_made_anew(filled: Crm, sql: str, counted: str) -> None:
    """Old words of numbers, too, as a migration of early days left them."""
    _past(filled, sql)
    item = json.loads(filled("db", "verify", "--json").out)["item"]
    assert {"crm db rebuild" in one["advice"] for one in item["findings"]} == {True}
    assert filled.json("db", "rebuild", "--dry-run")["item"][counted] > 0
    assert findings(filled) != []
    before = filled.json("db", "info")["item"]["seal"]
    assert filled.json("db", "rebuild")["item"][counted] > 0
    assert filled.ok("db", "verify", "-q") == ""
    assert filled.json("db", "info")["item"]["seal"] == before
    assert "nothing was wrong" in filled.ok("db", "rebuild", tty=True)


def test_keys_go_on_where_they_should(filled: Crm) -> None:
    if filled.dialect == "sqlite":
        _past(filled, "UPDATE sqlite_sequence SET seq = 1 WHERE name = 'contact'")
    else:
        _past(filled, "SELECT setval(pg_get_serial_sequence('contact', 'id'), 1)")
    assert filled.json("db", "rebuild", "--dry-run")["item"]["keys"] == 1
    assert filled.json("db", "rebuild")["item"]["keys"] == 1
    assert filled.ok("db", "verify", "-q") == ""
    assert filled.ok("contact", "add", "Third").strip() == "c3"


def test_who_may_only_read_rebuilds_nothing(filled: Crm) -> None:
    filled.ok("user", "add", "bob", "--role", "readonly")
    assert filled("db", "rebuild", env={"CRM_USER": "bob"}).code == 6


# --- vacuum and purge


def test_vacuum_tells_the_room(filled: Crm) -> None:
    item = filled.json("db", "vacuum")["item"]
    assert item["after"] > 0
    assert "takes" in filled.ok("db", "vacuum", tty=True)
    assert filled.ok("db", "verify", "-q") == ""


def test_what_was_deleted_is_removed_with_all_that_is_of_it(filled: Crm) -> None:
    filled.ok("contact", "rm", "c1", "--yes")
    would = filled("db", "purge", "--older-than", "now", "--dry-run")
    assert "Would remove 1 contact, 1 followup (" in would.err
    assert "Ada Lovelace (c1)" in would.err
    assert filled("db", "purge", "--older-than", "now").code == 2
    assert filled.json("contact", "list", "--deleted")["items"] != []
    assert filled.ok("db", "purge", "--older-than", "now", "--yes").startswith("op")
    assert filled.json("contact", "list", "--deleted")["items"] == []
    assert filled.ok("db", "verify", "-q") == ""
    # The company took part in the call as well: it stays, with the company alone.
    assert filled.json("interaction", "show", "i1")["item"]["participants"][0]["id"] == "co1"
    filled.ok("undo")
    assert filled.json("contact", "list", "--deleted")["items"][0]["emails"][0]["value"] == "ada@engines.example"
    assert filled.ok("db", "verify", "-q") == ""
    assert '"table":"email"' in filled.ok("export", "all")


def test_what_was_deleted_lately_stays(filled: Crm) -> None:
    filled.ok("contact", "rm", "c2", "--yes")
    told = filled("db", "purge", "--yes")
    assert (told.code, told.out) == (0, "")
    assert "Nothing was deleted before" in told.err
    later: dict[str, str | None] = {"CRM_NOW": "2027-03-01T10:00:00Z"}
    assert filled.ok("db", "purge", "--yes", env=later) == "op5\n"


def test_a_meeting_with_nobody_else_goes_too(filled: Crm) -> None:
    filled.ok("log", "in", "c2", "Asked about ships")
    filled.ok("contact", "rm", "c2", "--yes")
    item = filled.json("db", "purge", "--older-than", "now", "--yes")["item"]
    assert (item["contacts"], item["interactions"], item["companies"]) == (1, 1, 0)
    assert [one["id"] for one in filled.json("interaction", "list")["items"]] == ["i1"]
    assert filled.ok("db", "verify", "-q") == ""


def test_the_id_of_a_merged_record_goes_on_naming_the_kept_one(filled: Crm) -> None:
    filled.ok("contact", "merge", "c1", "c2", "--yes")
    filled.ok("db", "purge", "--older-than", "now", "--yes")
    assert filled.json("contact", "show", "c2")["item"]["id"] == "c1"
    assert filled.ok("db", "verify", "-q") == ""
