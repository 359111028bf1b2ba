"""A large load writes what it knows to be new without looking anything up; what comes of it is the same."""

import csv
import json
import os
import stat
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.importers import loader
from crmcli.importers.source import Source
from crmcli.kernel.bloom import BloomFilter
from crmcli.services.importing.options import Options
from crmcli.services.importing.parties import PartyLanding
from crmcli.services.importing.run import Job, Run
from crmcli.services.importing.session import Session
from crmcli.store import sqlite
from tests.conftest import Crm

COLUMNS = ("Name", "E-mail", "Phone", "Company", "City", "Tag")
# Three people, each with a name, an address, a number and a company.
KNOWN = (
    ("Ada Lovelace", "ada@engines.example", "+44 20 7946 0958", "Engines"),
    ("Grace Hopper", "grace@navy.example", "+1 415 555 2671", "Navy"),
    ("Alan Turing", "alan@bletchley.example", "+44 20 7946 0999", "Engines"),
)
DETAILS = (st.sampled_from(("", "London", "Arlington")), st.sampled_from(("", "vip", "fair")))
PARTS = st.builds(
    lambda person, said, details: (
        person[0],
        *(text * kept for text, kept in zip(person[1:], said, strict=True)),
        *details,
    ),
    st.sampled_from(KNOWN),
    st.tuples(*[st.booleans()] * 3),
    st.tuples(*DETAILS),
)
"""A record that says some of what is known of one of them."""
MIXED = st.tuples(
    st.sampled_from(("", "Ada Lovelace", "Ada King", "Grace Hopper", "Grace B. Hopper", "Alan Turing")),
    st.sampled_from(("", "ada@engines.example", "grace@navy.example", "alan@bletchley.example")),
    st.sampled_from(("", "+44 20 7946 0958", "442079460958", "+1 415 555 2671")),
    st.sampled_from(("", "Engines", "Navy")),
    *DETAILS,
)
"""A record of which it may be unclear whose it is."""


def written(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return path


class _Undone(Exception):
    pass


def people(count: int, *, company: str = "", city: str = "") -> list[tuple[str, ...]]:
    return [(f"Person {number}", f"p{number}@engines.example", "", company, city, "") for number in range(count)]


def taken_in(
    app: Any,
    path: Path,
    *,
    before: Path | None = None,
    options: Options = Options(),  # noqa: B008 - an immutable tuple
    watch: str = "",
) -> tuple[dict[str, int], list[str]]:
    """What became of the records of a file, and all contacts afterwards; then it is taken back.

    With `watch` this query must be answered by an index whenever a chunk has landed.
    """
    try:
        with app.writing() as gate:
            for one in (before, path) if before else (path,):
                source = Source(one.name, one)
                format = next(found for _, found in loader.candidates(source))
                assert format.columns is not None and format.with_columns is not None
                job = Job(source, format.with_columns(format.columns(source)), 1_000_000)
                run = Run(app, job, options, Watching(app, watch) if watch else Session())
                run.take(gate, job.format.read(source))
            gate.refresh()
            raise _Undone(run.counts, _contacts(app))
    except _Undone as found:
        return found.args  # type: ignore[return-value]


BY_ADDRESS = "SELECT * FROM email WHERE contact_id = 1 UNION ALL SELECT * FROM email WHERE value_key = 'x'"


class Watching(Session):
    """Nobody to ask, who looks at how a query is answered meanwhile."""

    def __init__(self, app: Any, query: str) -> None:
        self.app = app
        self.query = query

    def progress(self, name: str, done: int, expected: int) -> None:
        plan = self.app.store.rows(f"EXPLAIN QUERY PLAN {self.query}")
        assert not [row for row in plan if row["detail"].startswith("SCAN")]


def _contacts(app: Any) -> list[str]:
    """All contacts in words, without what depends on the order of writing."""
    keys = [row["id"] for row in app.store.rows("SELECT id FROM contact")]
    hidden = ("id", "uid", "created_at", "updated_at")
    found = []
    for key in keys:
        record = {name: value for name, value in app.contacts.get(key).items() if name not in hidden}
        record["words"] = sorted(
            set(app.store.value(f"SELECT text FROM search_name WHERE noun = 'contact' AND record_id = {key}").split())
        )
        found.append(json.dumps(_plain(record), sort_keys=True, default=str))
    return sorted(found)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items() if name not in ("id", "uid")}
    if isinstance(value, list):
        return sorted((_plain(inner) for inner in value), key=str)
    return value


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loads are large from their second chunk on."""
    monkeypatch.setattr("crmcli.store.bulk.PROOF", 0)
    monkeypatch.setattr("crmcli.services.importing.run.CHUNK", 2)
    monkeypatch.setattr("crmcli.services.importing.pool.MANY", 10_000_000)


def both_ways(app: Any, path: Path, most_later: int) -> tuple[Any, Any]:
    """What becomes of a file in a small load and in a large one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crmcli.services.importing.run.CHUNK", 2)
        patch.setattr("crmcli.services.importing.pool.MANY", 10_000_000)
        patch.setattr("crmcli.store.bulk.MANY", 10_000_000)
        small = taken_in(app, path)
        patch.setattr("crmcli.store.bulk.MANY", 1)
        patch.setattr("crmcli.store.bulk.PROOF", 0)
        patch.setattr("crmcli.services.importing.run.MOST_LATER", most_later)
        return small, taken_in(app, path)


ANY_NUMBER = st.sampled_from((0, 2, 20_000))


@settings(max_examples=60)
@given(rows=st.lists(PARTS, min_size=4, max_size=14), most_later=ANY_NUMBER)
def test_a_large_load_comes_to_the_same_as_a_small_one(
    app_sqlite: Any, tmp_path: Path, rows: list[Any], most_later: int
) -> None:
    small, large = both_ways(app_sqlite, written(tmp_path / "people.csv", rows), most_later)
    assert large == small


@settings(max_examples=60)
@given(rows=st.lists(MIXED, min_size=4, max_size=14), most_later=ANY_NUMBER)
def test_a_large_load_loses_nothing(app_sqlite: Any, tmp_path: Path, rows: list[Any], most_later: int) -> None:
    small, large = both_ways(app_sqlite, written(tmp_path / "people.csv", rows), most_later)
    assert large[0]["total"] == small[0]["total"] == sum(large[0].values()) - large[0]["total"]
    if large[0]["rejected"] == 0:  # whose a record is may be unclear: it is then refused, and says so
        said = {text for row in rows for text in (row[1], *row[3:]) if text}
        assert not [text for text in said if not any(text in one for one in large[1])]


def test_with_a_key_everything_is_looked_up(app_sqlite: Any, tmp_path: Path, at_once: None) -> None:
    path = written(tmp_path / "people.csv", [*people(6), *people(6, city="London")])
    counts, contacts = taken_in(app_sqlite, path, options=Options(key="email"), watch=BY_ADDRESS)
    assert (counts["created"], counts["updated"], len(contacts)) == (6, 6, 6)


def test_what_a_large_load_adds_on_its_way_is_not_told_one_by_one(
    app_sqlite: Any, tmp_path: Path, at_once: None
) -> None:
    path = written(tmp_path / "people.csv", [*people(6), *people(6, company="New Company")])
    taken_in(app_sqlite, path)
    assert app_sqlite.notes == []


def test_what_was_there_before_a_large_load_is_recognised(app_sqlite: Any, tmp_path: Path, at_once: None) -> None:
    before = written(tmp_path / "before.csv", [("Ada Lovelace", "ada@engines.example", "", "", "", "")])
    path = written(tmp_path / "more.csv", [*people(8), ("Ada Lovelace", "ada@engines.example", "", "", "London", "")])
    counts, contacts = taken_in(app_sqlite, path, before=before)
    assert (counts["created"], counts["updated"]) == (8, 1)
    assert len(contacts) == 9


def own(path: Path, records: Sequence[dict[str, Any]]) -> Path:
    """A file of our own JSON Lines: each record has a uid."""
    lines = [{"uid": f"00000000-0000-7000-8000-{number:012}", **record} for number, record in enumerate(records)]
    path.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    return path


def test_a_company_that_people_brought_is_known_when_its_own_record_comes(
    crm_sqlite: Crm, tmp_path: Path, at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crmcli.store.bulk.MANY", 1)
    firms = [f"Firm {number}" for number in range(8)]
    records = [{"display_name": f"Person at {firm}", "companies": [{"name": firm}]} for firm in firms]
    records += [{"name": firm, "domains": [f"{firm[-1]}.example"], "industry": "Steel"} for firm in firms]
    crm_sqlite.ok("import", str(own(tmp_path / "mixed.jsonl", records)))
    found = crm_sqlite.json("company", "list")["items"]
    assert [(item["name"], item["industry"]) for item in found] == [(firm, "Steel") for firm in firms]


@pytest.mark.parametrize("large", [False, True])
def test_people_join_the_company_whose_domain_comes_after_them(
    crm_sqlite: Crm, tmp_path: Path, at_once: None, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    monkeypatch.setattr("crmcli.store.bulk.MANY", 1 if large else 10_000)
    records: list[dict[str, Any]] = [
        {"display_name": f"Person {number}", "emails": [{"value": f"p{number}@engines.example"}]} for number in range(6)
    ]
    records.append({"name": "Engines", "domains": ["engines.example"], "industry": "Steel"})
    crm_sqlite.ok("import", str(own(tmp_path / "mixed.jsonl", records)))
    found = crm_sqlite.json("contact", "list")["items"]
    assert [[company["name"] for company in item["companies"]] for item in found] == [["Engines"]] * 6


def test_a_later_form_of_a_record_never_loses_to_an_earlier_one(
    app_sqlite: Any, tmp_path: Path, at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    meet = BloomFilter.meet
    digests: list[str] = []

    def unsure(self: BloomFilter, texts: Any) -> bool:
        """Takes the first digests of the load for met; a digest comes alone and has 20 characters."""
        told = list(texts)
        if len(told) == 1 and len(told[0]) == 20:
            digests.extend(told)
        return meet(self, told) or (told == digests[-1:] and len(digests) <= 6)

    monkeypatch.setattr(BloomFilter, "meet", unsure)
    path = written(tmp_path / "people.csv", [*people(8, city="Paris"), *people(8, city="London")])
    counts, contacts = taken_in(app_sqlite, path)
    assert (counts["created"], counts["updated"]) == (8, 8)
    assert len(contacts) == 8


def test_a_copy_keeps_no_foreign_key(
    crm_sqlite: Crm, tmp_path: Path, at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crmcli.store.bulk.MANY", 1)
    records: list[dict[str, Any]] = [{"name": f"Person {number}"} for number in range(4)]
    records += [{"name": f"Person {number}", "external_ids": [f"shop:{number}"]} for number in range(4, 9)]
    crm_sqlite.ok("import", str(own(tmp_path / "people.jsonl", records)), "--on-match", "create")
    found = crm_sqlite.json("contact", "list")["items"]
    assert [item["external_ids"] for item in found] == [[]] * 9


def test_a_large_load_looks_nothing_up(
    app_sqlite: Any, tmp_path: Path, at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    land = PartyLanding._land_matched

    def watched(self: PartyLanding, ready: Any, chunk: Any) -> Any:
        asked.append(len(chunk))
        return land(self, ready, chunk)

    monkeypatch.setattr(PartyLanding, "_land_matched", watched)
    counts, contacts = taken_in(app_sqlite, written(tmp_path / "people.csv", people(20)))
    assert counts["created"] == len(contacts) == 20
    assert asked == [2]


def test_all_are_new_even_where_the_filter_takes_them_for_met(
    app_sqlite: Any, tmp_path: Path, at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def always(self: BloomFilter, texts: Any) -> bool:
        return any(True for _ in texts)

    monkeypatch.setattr(BloomFilter, "meet", always)
    counts, contacts = taken_in(app_sqlite, written(tmp_path / "people.csv", people(9)))
    assert counts["created"] == len(contacts) == 9


# --- past the write-ahead log


def _mode(place: str) -> str:
    connection = sqlite.open_file(place)
    try:
        return str(connection.execute("PRAGMA journal_mode").fetchone()["journal_mode"])
    finally:
        connection.close()


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("crmcli.services.imports.MANY", 1)
    return written(tmp_path / "people.csv", people(9))


def test_the_log_is_there_again_after_a_load(crm_sqlite: Crm, many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes = []
    take = Run.take

    def watched(self: Run, gate: Any, *args: Any) -> int:
        modes.append(gate.connection.execute("PRAGMA journal_mode").fetchone()["journal_mode"])
        return take(self, gate, *args)

    monkeypatch.setattr(Run, "take", watched)
    crm_sqlite.ok("import", str(many))
    crm_sqlite.ok("import", str(many))
    assert modes == ["delete", "wal"]  # the second time there is something to be read meanwhile
    assert _mode(crm_sqlite.place) == "wal"
    assert len(crm_sqlite.json("contact", "list")["items"]) == 9


def test_a_load_that_fails_leaves_the_log_and_nothing_else(
    crm_sqlite: Crm, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Run, "take", lambda self, gate, items: next(iter(())))
    with pytest.raises(StopIteration):
        crm_sqlite("import", str(many))
    assert _mode(crm_sqlite.place) == "wal"
    assert crm_sqlite.json("contact", "list")["items"] == []


def test_somebody_who_reads_is_not_shut_out(crm_sqlite: Crm, many: Path) -> None:
    reader = sqlite.open_file(crm_sqlite.place)
    reader.begin(writing=False)
    assert reader.rows("SELECT 1 AS one FROM contact") == []
    crm_sqlite.ok("import", str(many))
    assert reader.rows("SELECT 1 AS one FROM contact") == []
    reader.commit()
    assert len(reader.rows("SELECT 1 AS one FROM contact")) == 9
    reader.close()


def test_who_comes_to_read_during_a_first_load_is_told_that_it_is_busy(
    crm_sqlite: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    loading = sqlite.open_file(crm_sqlite.place)
    loading.begin(writing=True, load=True)
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.01)
    result = crm_sqlite("contact", "list")
    assert (result.code, "busy" in result.err) == (7, True)
    loading.rollback()
    assert crm_sqlite.json("contact", "list")["items"] == []
    loading.close()


def test_a_large_rehearsal_is_not_held_in_memory_and_leaves_no_file(
    crm_sqlite: Crm, many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    held = []
    take = Run.take

    def watched(self: Run, gate: Any, *args: Any) -> int:
        held.extend(stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir())
        return take(self, gate, *args)

    monkeypatch.setattr(Run, "take", watched)
    new = tmp_path / "new.db"
    result = crm_sqlite("import", str(many), "--dry-run", "--json", env={"CRM_DB": str(new)})
    assert json.loads(result.out)["item"]["created"] == 9
    assert held == [0o700]
    assert not list(folder.iterdir())
    assert not new.exists()


_DIES = """
import os, sys
from crmcli.store import sqlite
connection = sqlite.open_file(sys.argv[1])
connection.execute("PRAGMA cache_size=10")
connection.begin(writing=True, load=True)
connection.insert_rows("tag", ("name", "name_key"), [(f"{number}", f"{number}") for number in range(50_000)])
assert os.path.getsize(sys.argv[1] + "-journal") > 0 and os.path.getsize(sys.argv[1]) > 1_000_000
os._exit(9)
"""


def test_a_process_that_dies_in_a_load_leaves_nothing_behind(crm_sqlite: Crm) -> None:
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    died = subprocess.run([sys.executable, "-c", _DIES, crm_sqlite.place], env=environ, check=False)
    assert died.returncode == 9
    assert crm_sqlite.json("contact", "list")["items"] == []
    crm_sqlite.ok("contact", "add", "Ada")
    assert _mode(crm_sqlite.place) == "wal"
    connection = sqlite.open_file(crm_sqlite.place)
    assert connection.rows("SELECT count(*) AS n FROM tag") == [{"n": 0}]
    assert connection.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    connection.close()
