"""What an erasure changes is written anew, since databases keep what a row was."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest

from crmcli.app import App
from crmcli.store import shred
from crmcli.store.schema import TABLES
from crmcli.store.texts import text_columns
from tests.conftest import Crm
from tests.everything import fill

WRITING = re.compile(r"\s*(UPDATE|DELETE FROM)\s+(\w+)")


@pytest.fixture
def written(app: App, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The tables of which texts are changed or rows removed while a test runs."""
    tables: set[str] = set()
    kind = type(app.store.connection)
    execute = kind.execute

    def listen(self: Any, sql: str, parameters: Sequence[object] = ()) -> Any:
        found = WRITING.match(sql)
        if found and found[2] in TABLES:
            texts = set(text_columns(found[2]))
            if (texts and found[1] == "DELETE FROM") or texts & set(re.findall(r"(\w+) = ", sql.split(" WHERE ")[0])):
                tables.add(found[2])
        return execute(self, sql, parameters)

    fill(app)
    with app.store.recording() as connection:
        for sql in (
            "UPDATE import_run SET name = 'ada-lovelace.csv'",
            "UPDATE reminder_state SET error = 'no room for Ada Lovelace'",
            "INSERT INTO source_record (operation_id, digest) SELECT max(operation_id), '0' FROM change",
            "INSERT INTO source_record (operation_id, digest) SELECT min(operation_id), '1' FROM change"
            " WHERE table_name = 'contact'",
        ):
            connection.execute(sql)
    monkeypatch.setattr(kind, "execute", listen)
    return tables


def test_every_table_of_which_an_erasure_takes_words_is_written_anew(app: App, written: set[str]) -> None:
    for name in ("c1", "c2"):
        app.privacy.erase(app.privacy.person(name))
    assert {"contact", "reminder", "reminder_state", "import_run", "source_record", "sales_order"} <= written
    assert written - set(shred.REWRITTEN) == set()


@pytest.mark.postgresql
def test_postgresql_keeps_no_name_of_a_file_that_was_called_after_an_erased_person(
    postgresql_place: str, home: Path
) -> None:
    crm = Crm("postgresql", postgresql_place, home)
    path = home / "zelda-quux.csv"
    path.write_text("name,email\nZelda Quux,zelda@quux.example\nBea Other,bea@other.example\n")
    crm.ok("import", str(path), "--yes")
    crm.ok("privacy", "erase", "c1", "--yes")
    with psycopg.connect(postgresql_place, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        read = "SELECT pg_read_binary_file(pg_relation_filepath('import_run'))"
        row = connection.execute(read).fetchone()
    assert row is not None
    assert b"[erased].csv" in row[0]
    assert b"zelda" not in row[0]
