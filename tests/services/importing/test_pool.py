"""The process beside this one makes of drafts what this one would."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crmcli.importers.base import Draft
from crmcli.kernel.clock import Clock
from crmcli.services.importing import pool
from tests.conftest import Crm

CLOCK = Clock(datetime(2026, 11, 20, 10, 0, tzinfo=UTC), "Europe/Vienna")
DRAFTS = [
    Draft("contact", {"name": "Ada", "email": [{"value": "ada@engines.example"}], "phone": ["0664 1234567"]}, 2, "a"),
    Draft("contact", {"notes": "nobody"}, 3, "b"),
    Draft(
        "company", {"name": "Engines", "domain": ["engines.example"], "tag": ["vip"], "set": [{"size": "2"}]}, 4, "c"
    ),
]


def made(expected: int) -> list[object]:
    chunks = [(number, DRAFTS) for number in range(6)]
    return [(meta, [tuple(one) for one in packed]) for meta, packed in pool.packed(chunks, CLOCK, "AT", expected)]


def test_both_ways_give_the_same() -> None:
    here, there = made(0), made(pool.MANY)
    assert there == here
    assert here[0][1][1] == (3, "the record names nobody; it has no name, e-mail, phone or company")  # type: ignore[index]


def test_leaving_early_leaves_no_process() -> None:
    stream = pool.packed(((number, DRAFTS) for number in range(100)), CLOCK, None, pool.MANY)
    next(iter(stream))
    stream.close()  # type: ignore[attr-defined]


def test_an_import_through_the_other_process(crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "MANY", 1)
    monkeypatch.setattr("crmcli.services.importing.run.CHUNK", 2)
    path = tmp_path / "people.csv"
    rows = [f"Person {number},p{number}@engines.example" for number in range(9)]
    path.write_text("\n".join(["Name,E-mail", *rows, "Nobody,nonsense"]), "utf-8")
    result = crm("import", str(path), "--json", "--fields", "created,updated,unchanged,rejected")
    assert result.code == 5, result.err
    assert [item["display_name"] for item in crm.json("contact", "list", "--sort", "id")["items"]] == [
        f"Person {number}" for number in range(9)
    ]
    assert crm("import", str(path)).code == 5
    assert len(crm.json("contact", "list")["items"]) == 9
