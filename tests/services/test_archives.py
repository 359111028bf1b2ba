"""Archives: everything comes back as it was, on either database, or nothing does."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from crmcli.app import App
from crmcli.importers.source import Source
from crmcli.kernel.errors import CrmError, NotPermitted, UsageError
from crmcli.kernel.sealed import sealed
from crmcli.kernel.settings import Settings
from crmcli.store import archive, comparison, restore
from crmcli.store.schema import TABLES
from tests.conftest import Crm, Stream
from tests.everything import fill

INDEX = {
    "search_name": "noun, record_id, text",
    "search_text": "noun, record_id, part, text",
}


@contextmanager
def opened(crm: Crm, **env: str) -> Iterator[App]:
    made = App(Settings(), environ=crm.environ(**env), streams=(Stream(), Stream(), Stream()), command="test")
    try:
        yield made
    finally:
        made.close()


def written(app: App, folder: Path) -> Path:
    path = folder / "archive.jsonl"
    path.write_text("".join(app.archives.write()), "ascii", newline="")
    return path


def source(path: Path) -> Source:
    return Source("archive.jsonl", path)


@pytest.fixture
def full(crm_sqlite: Crm, tmp_path: Path) -> Path:
    """The archive of a database with a row in every table."""
    with opened(crm_sqlite) as app:
        fill(app)
        return written(app, tmp_path)


@pytest.fixture
def empty(crm: Crm, tmp_path: Path) -> Iterator[Crm]:
    """Another database of each kind; `crm_sqlite` stays the one that was archived."""
    if crm.dialect == "sqlite":
        yield Crm("sqlite", str(tmp_path / "other.db"), crm.home)
    else:
        yield crm


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text("ascii").splitlines()]


# --- what it holds


def test_every_table_is_in_an_archive_or_left_out_on_purpose() -> None:
    assert {*archive.ORDER} | archive.LEFT_OUT == TABLES.keys()
    assert not {*archive.ORDER} & archive.LEFT_OUT


def test_what_is_referred_to_comes_first_in_the_order_of_tables() -> None:
    for place, table in enumerate(archive.ORDER):
        for column in TABLES[table].columns.values():
            assert not column.to or column.to == table or archive.ORDER.index(column.to) < place


def test_every_table_has_a_row_and_every_reference_points_backwards(full: Path) -> None:
    head, *entries, sequences, _ = lines(full)
    assert head["rows"].keys() == {*archive.ORDER} == sequences["sequences"].keys()
    seen: set[tuple[str, int]] = set()
    for entry in entries:
        row = entry.get("row") or entry["set"]
        for name, value in row.items():
            to = TABLES[entry["table"]].columns[name].to
            assert not to or (to, value) in seen, entry
        seen.add((entry["table"], row["id"]))
    assert len([entry for entry in entries if "set" in entry]) == 2
    assert {table for table, _ in seen} == {*archive.ORDER}


GROUPS: dict[str, dict[str, str]] = {}
for _group in archive.GROUPS:
    for _child in _group.children:
        GROUPS.setdefault(_child, {})[_group.table] = _group.owner


def test_what_belongs_to_a_record_follows_it(full: Path) -> None:
    _, *entries, _, _ = lines(full)
    record = ("", 0)
    for entry in entries:
        table, row = entry["table"], entry.get("row", {})
        group = GROUPS.get(table)
        if group is None and table != archive.CONTENT:
            record = (table, row.get("id"))
        elif row and group is not None:
            assert row[group[record[0]]] == record[1], entry


def test_derived_and_empty_columns_are_left_out(full: Path) -> None:
    _, *entries, _, _ = lines(full)
    for entry in entries:
        for name, value in entry.get("row", {}).items():
            assert value is not None
            assert not TABLES[entry["table"]].columns[name].derived


def test_it_is_ascii_and_has_no_control_characters(full: Path) -> None:
    assert all(32 <= byte < 127 or byte == 10 for byte in full.read_bytes())


# --- there and back


def test_everything_comes_back_as_it_was(full: Path, empty: Crm, crm_sqlite: Crm) -> None:
    with opened(empty) as app:
        assert app.archives.can_restore()
        counts = app.archives.restore(source(full), dry_run=False)
    with opened(empty) as app, opened(crm_sqlite) as original:
        assert counts == comparison.counts(original.store.rows)
        assert (counts["contacts"], counts["deals"], counts["orders"], counts["cases"]) == (2, 1, 1, 2)
        assert "".join(app.archives.write()) == full.read_text("ascii")
        for table in archive.ORDER:
            sql = f"SELECT * FROM {table} ORDER BY id"
            assert app.store.rows(sql) == original.store.rows(sql), table
        for table, columns in INDEX.items():
            sql = f"SELECT {columns} FROM {table} ORDER BY {columns}"
            assert app.store.rows(sql) == original.store.rows(sql), table
        # Words of names that nobody has any more are forgotten.
        words = "SELECT key, word FROM search_word WHERE word <> 'deleted' ORDER BY key, word"
        assert app.store.rows(words) == original.store.rows(words)


@pytest.mark.postgresql
def test_from_sqlite_to_postgresql_and_back(full: Path, postgresql_place: str, tmp_path: Path, home: Path) -> None:
    with opened(Crm("postgresql", postgresql_place, home)) as app:
        app.archives.restore(source(full))
        (tmp_path / "there").mkdir()
        there = written(app, tmp_path / "there")
    with opened(Crm("sqlite", str(tmp_path / "back.db"), home)) as app:
        app.archives.restore(source(there))
        assert "".join(app.archives.write()) == full.read_text("ascii")


def test_the_next_ids_are_those_that_would_have_been_next(full: Path, empty: Crm, crm_sqlite: Crm) -> None:
    with opened(empty) as app:
        app.archives.restore(source(full))
    for crm in (empty, crm_sqlite):
        assert crm.ok("contact", "add", "Grace Hopper").strip() == "c4"
        with opened(crm) as app, app.writing() as gate:
            assert gate.insert("import_map", {"name": "new", "format": "csv", "mapping": "{}"}) == 3


def test_search_and_filters_find_what_was_restored(full: Path, empty: Crm) -> None:
    with opened(empty) as app:
        app.archives.restore(source(full))
    assert "Ada Lovelace" in empty.ok("find", "lovelase")
    assert "Délivery" in empty.ok("find", "delivery")
    assert empty.ok("contact", "list", "last_in>2020-01-01", "-o", "ids") == "c1\n"
    assert empty.json("contact", "show", "c1")["item"]["last_inbound_at"] is not None


def test_who_made_the_empty_database_is_no_longer_there(full: Path, empty: Crm) -> None:
    empty.ok("user", "add", "eve", env={"CRM_USER": "mallory"})
    with opened(empty, CRM_USER="mallory") as app:
        assert app.archives.can_restore()
        app.archives.restore(source(full))
    assert [user["name"] for user in empty.json("user", "list")["items"]] == ["ada", "bob"]
    with opened(empty) as app:
        assert "".join(app.archives.write()) == full.read_text("ascii")


def test_an_empty_database_has_an_archive_too(empty: Crm, tmp_path: Path) -> None:
    with opened(empty) as app:
        path = written(app, tmp_path)
        assert set(app.archives.restore(source(path)).values()) == {0}
        assert "".join(app.archives.write()) == path.read_text("ascii")


def test_line_ends_may_change_on_the_way(full: Path, empty: Crm) -> None:
    before = full.read_bytes()
    full.write_bytes(before.replace(b"\n", b"\r\n"))
    with opened(empty) as app:
        app.archives.restore(source(full))
        assert "".join(app.archives.write()).encode("ascii") == before


# --- or not at all


def test_a_dry_run_changes_nothing(full: Path, empty: Crm) -> None:
    with opened(empty) as app:
        before = "".join(app.archives.write())
        assert app.archives.restore(source(full), dry_run=True)["contacts"] == 2
        assert "".join(app.archives.write()) == before
    assert empty.ok("contact", "add", "First").strip() == "c1"


def test_only_an_empty_database_takes_one(full: Path, empty: Crm) -> None:
    empty.ok("contact", "add", "Somebody")
    with opened(empty) as app:
        assert not app.archives.can_restore()
        with pytest.raises(UsageError, match="not empty"):
            app.archives.restore(source(full))
    assert empty.ok("contact", "list", "--fields", "display_name", "-o", "csv") == "display_name\nSomebody\n"


def test_an_undone_change_leaves_a_history_and_no_empty_database(empty: Crm) -> None:
    empty.ok("field", "add", "shoe size")
    empty.ok("field", "rm", "shoe size")
    with opened(empty) as app:
        assert not app.archives.can_restore()


def test_who_may_only_read_restores_nothing(full: Path, empty: Crm) -> None:
    empty.ok("user", "add", "rita", "--role", "readonly")
    with opened(empty, CRM_USER="rita") as app, pytest.raises(NotPermitted, match="rita"):
        app.archives.restore(source(full))


def reseal(path: Path, change: Callable[[list[Any]], None]) -> None:
    """Change an archive as somebody would who knows how it is sealed."""
    entries = lines(path)[:-1]
    change(entries)
    path.write_text("".join(sealed((json.dumps(entry) for entry in entries), archive.SCHEMA)), "ascii")


def row(entries: list[Any], table: str) -> Any:
    return next(entry["row"] for entry in entries if entry.get("table") == table)


def put(table: str, **values: Any) -> Callable[[list[Any]], None]:
    return lambda entries: row(entries, table).update(values)


def drop(table: str, name: str) -> Callable[[list[Any]], None]:
    return lambda entries: row(entries, table).pop(name)


def move(table: str, place: int) -> Callable[[list[Any]], None]:
    def change(entries: list[Any]) -> None:
        found = next(entry for entry in entries if entry.get("table") == table)
        entries.remove(found)
        entries.insert(place, found)

    return change


HOSTILE: list[tuple[Callable[[list[Any]], None], str]] = [
    (lambda entries: entries[0].update(version="9999"), "newer"),
    (lambda entries: entries[0].update(version=3), "newer"),
    (lambda entries: entries[0].update(schema="crm.archive/2"), "not an archive"),
    (lambda entries: entries[0].update(rows=None), "how many rows"),
    (lambda entries: entries[0]["rows"].update(contact=99), "as many rows"),
    (lambda entries: entries.insert(2, {"table": "sqlite_master", "row": {"id": 1}}), "no table"),
    (lambda entries: entries.insert(2, {"table": "search_name", "row": {"id": 1}}), "no table"),
    (lambda entries: entries.insert(2, {"table": ["contact"], "row": {"id": 1}}), "no table"),
    (lambda entries: entries.insert(2, {"row": {}}), "no line of an archive"),
    (lambda entries: entries.insert(2, {"table": "contact", "row": []}), "no object"),
    (lambda entries: entries.insert(2, [1]), "not an object"),
    (lambda entries: entries.pop(), "which keys were given"),
    (lambda entries: entries[-1].update(sequences={"contact": 1}), "lower than its highest"),
    (lambda entries: entries[-1].update(sequences={"contact; drop table x": 1}), "no sequences"),
    (lambda entries: entries[-1]["sequences"].update(contact=True), "no sequences"),
    (lambda entries: entries.append(entries[2]), "behind the sequences"),
    (lambda entries: entries.insert(2, dict(entries[1])), "stands behind"),
    (put("contact", name_key="x"), "no column 'name_key'"),
    (put("contact", nonsense="x"), "no column 'nonsense'"),
    (put("contact", id="1"), "whole number"),
    (put("contact", id=0), "not a id"),
    (put("contact", id=True), "whole number"),
    (put("contact", id=2**63), "too large"),
    (put("contact", display_name=5), "not a text"),
    (put("contact", display_name="x" * 501), "501 characters"),
    (put("contact", display_name="a\0b"), "NUL"),
    (put("contact", display_name="\ud800"), "UTF-8"),
    (put("contact", display_name=None), "display_name is missing"),
    (put("contact", do_not_contact=2), "not a do_not_contact"),
    (put("contact", lifecycle_stage="king"), "not a lifecycle_stage"),
    (put("contact", created_at="2026-W01-1T10:00:00Z"), "not a created_at"),
    (put("contact", created_at="2026-02-30T10:00:00Z"), "not a created_at"),
    (put("contact", birth_date="yesterday"), "not a birth_date"),
    (put("employment", started_on="1842"), "not a started_on"),
    (put("contact", owner_id=-1), "not a owner_id"),
    (put("consent", contact_id=2), "does not stand with its record"),
    (put("change", table_name="contact; DROP TABLE contact"), "names a table"),
    (put("change", noun="nobody"), "kind of record"),
    (put("change", after="{"), "not JSON"),
    (put("change", after='{"id = 1; --": 2}'), "names columns"),
    (put("merged_record", noun="user_account"), "neither contact nor company"),
    (put("import_map", mapping="{"), "not JSON"),
    (drop("contact", "uid"), "uid is missing"),
    (drop("contact", "id"), "no id"),
    (move("company", 1), "stands behind"),
    (move("email", 2), "does not stand with its record"),
    (move("change", -1), "does not stand with its record"),
]


# What only the database knows to be wrong.
DANGLING: list[tuple[Callable[[list[Any]], None], str]] = [
    (put("contact", owner_id=99), "FOREIGN KEY|foreign key"),
    (put("email", contact_id=2), "CHECK|check"),
    (put("participant", contact_id=99), "FOREIGN KEY|foreign key"),
    (put("tagging", tag_id=99), "FOREIGN KEY|foreign key"),
    (put("url", contact_id=1), "CHECK|check"),
    (put("operation", uid="x", user_id=99), "FOREIGN KEY|foreign key"),
]


def assert_refused(full: Path, crm: Crm, change: Callable[[list[Any]], None], said: str) -> None:
    reseal(full, change)
    with opened(crm) as app:
        before = "".join(app.archives.write())
        with pytest.raises(CrmError, match=said) as caught:
            app.archives.restore(source(full))
        assert isinstance(caught.value, UsageError), caught.value
        assert "".join(app.archives.write()) == before


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_wrong_line_is_named_and_nothing_is_restored(number: int, full: Path, tmp_path: Path, home: Path) -> None:
    assert_refused(full, Crm("sqlite", str(tmp_path / "new.db"), home), *HOSTILE[number])


@pytest.mark.parametrize("number", range(len(DANGLING)))
def test_what_refers_to_nothing_is_refused(number: int, full: Path, empty: Crm) -> None:
    assert_refused(full, empty, *DANGLING[number])


def test_a_wrong_row_among_many_is_named(full: Path, empty: Crm) -> None:
    reseal(full, put("tagging", tag_id=99))
    number = next(place for place, entry in enumerate(lines(full), 1) if entry.get("table") == "tagging")
    with opened(empty) as app, pytest.raises(UsageError, match=f"archive.jsonl: line {number}: "):
        app.archives.restore(source(full))


def test_a_record_twice_is_refused(full: Path, empty: Crm) -> None:
    def twice(entries: list[Any]) -> None:
        place, found = next(pair for pair in enumerate(entries) if pair[1].get("table") == "contact")
        entries.insert(place, {**found, "row": {**found["row"]}})
        found["row"]["id"] = 99

    reseal(full, twice)
    with opened(empty) as app, pytest.raises(UsageError, match="line|rows"):
        app.archives.restore(source(full))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data[:-40], "a part is missing"),
        (lambda data: data[: len(data) // 2], "a part is missing"),
        (lambda data: b"", "a part is missing"),
        (lambda data: data.replace(b"Ada Lovelace", b"Eve Lovelace"), "were changed"),
        (lambda data: data.replace(b"\n", b"\n\n", 1), "missing or added"),
        (lambda data: b"\n".join(data.split(b"\n")[:5] + data.split(b"\n")[6:]), "missing or added"),
        (lambda data: data + b'{"table":"tag"}\n', "stands behind"),
        (lambda data: data.replace(b'"sha256:', b'"sha256:0'), "were changed"),
    ],
)
def test_damage_on_the_way_is_noticed(
    full: Path, app_sqlite: App, tmp_path: Path, change: Callable[[bytes], bytes], said: str, home: Path
) -> None:
    full.write_bytes(change(full.read_bytes()))
    with opened(Crm("sqlite", str(tmp_path / "new.db"), home)) as app:
        with pytest.raises(UsageError, match=said):
            app.archives.restore(source(full))
        assert app.archives.can_restore()


def test_rows_are_written_in_several_parts(
    full: Path, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restore, "CHUNK_ROWS", 3)
    with opened(Crm("sqlite", str(tmp_path / "new.db"), home)) as app:
        app.archives.restore(source(full))
        assert "".join(app.archives.write()) == full.read_text("ascii")
        assert app.find.page("lovelase").items


def test_the_journal_of_a_large_operation_is_read_in_pages(
    crm_sqlite: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "PAGE", 2)
    with opened(crm_sqlite) as app:
        fill(app)
        small = "".join(app.archives.write())
    monkeypatch.undo()
    with opened(crm_sqlite) as app:
        assert "".join(app.archives.write()) == small
