"""The journal, replayed, gives the rows of the tables."""

from crmcli.app import App
from crmcli.store.replay import replay
from crmcli.store.schema import TABLES
from tests.everything import fill

# Protocols of the program's own doings, and what can be computed again.
UNJOURNALLED = {"operation", "change", "reminder", "reminder_state", "source_record", "upkeep",
                "search_name", "search_text", "search_word"}  # fmt: skip


def test_the_journal_says_what_the_tables_hold(app: App) -> None:
    fill(app)
    app.history.undo()
    replayed = replay(app.store.rows("SELECT * FROM change ORDER BY id"))
    held = {
        (table, row["id"]): {name: row[name] for name, column in TABLES[table].columns.items() if not column.derived}
        for table in TABLES
        if table not in UNJOURNALLED
        for row in app.store.rows(f"SELECT * FROM {table}")
    }
    assert replayed.rows == held
    assert replayed.erased == set()
