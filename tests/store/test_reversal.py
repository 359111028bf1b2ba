"""Reversal knows the tables: what must be unique, what refers to what, and that portions fit into memory."""

import pytest

from crmcli.app import App
from crmcli.model.tables import metadata
from crmcli.store import reversal
from crmcli.store.reversal import UNIQUE, Reversal
from crmcli.store.schema import TABLES

# The search index and the cache of an import are not journalled, and operations are never taken away.
NEVER = ("search_name", "search_text", "search_word", "source_record", "operation")


def test_all_that_must_be_unique_is_known() -> None:
    found = {
        table.name: {
            tuple(str(part) for part in index.expressions) for index in table.indexes if index.unique
        }
        for table in metadata.sorted_tables
        if table.name not in NEVER
    }  # fmt: skip
    assert {name: set(keys) for name, keys in UNIQUE.items()} == {name: keys for name, keys in found.items() if keys}


def test_tables_come_after_those_that_they_refer_to() -> None:
    order = list(TABLES)
    for table in TABLES.values():
        for column in table.columns.values():
            if column.to and column.to != table.name:
                assert order.index(column.to) < order.index(table.name)


def test_portions_are_not_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reversal, "LARGEST_SLICE", 10)
    sizes = [{"id": 9 - number, "size": size} for number, size in enumerate([4, 5, 3, 20, 1, 1])]
    assert list(reversal._portions(sizes)) == [(9, 8), (7, 7), (6, 6), (5, 4)]
    assert list(reversal._portions([])) == []


def test_small_portions_do_the_same(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reversal, "SLICE", 3)
    monkeypatch.setattr(reversal, "LARGEST_SLICE", 100)
    app.contacts.add("Ada", {"email": ["a@engines.example"], "tag": ["x", "y"], "company": ["Engines", "Mills"]})
    before = app.contacts.get(1)
    app.history.undo()
    assert app.store.value("SELECT count(*) AS n FROM contact") == 0
    app.history.undo("op2")
    assert app.contacts.get(1) == before


def test_an_image_may_know_columns_that_are_no_more_and_lack_later_ones(app: App) -> None:
    app.contacts.add("Ada", {})
    with app.writing() as gate:
        gate.connection.execute(
            "UPDATE change SET after = replace(replace(after, '\"do_not_contact\":0,', ''), '{', '{\"shoe_size\":3,')"
            " WHERE table_name = 'contact'"
        )
    with app.writing() as gate:
        Reversal(gate).take_back(1)
    app.history.undo("op2")
    assert app.contacts.get(1)["do_not_contact"] is False
