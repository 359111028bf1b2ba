"""The laws that a database keeps whatever happened: whole, its chain too, and its tables are what its journal says."""

from collections.abc import Iterator

from crmcli.app import App
from crmcli.kernel.settings import Settings
from crmcli.store import chain
from crmcli.store.replay import Replayed, replay
from crmcli.store.schema import TABLES
from crmcli.store.store import Store

ENVIRON = {"HOME": "/nowhere", "CRM_NOW": "2026-11-20T10:00:00Z", "CRM_TIMEZONE": "UTC", "CRM_USER": "ada"}
# The journal and what describes it, protocols of the program's own doings, and what can be computed again.
UNJOURNALLED = {"operation", "change", "import_run", "reminder", "reminder_state", "source_record", "upkeep",
                "search_name", "search_text", "search_word"}  # fmt: skip


def over(place: str) -> App:
    """An App over a database; to be closed by the caller."""
    return App(Settings(db=place), environ=ENVIRON, command="test")


def breaches(place: str, *, journalled: bool = True) -> list[str]:
    """Every law that the database at `place` breaks, in words; rows of one made by hand are not all `journalled`."""
    app = over(place)
    try:
        return list(_breaches(app.store, journalled))
    except Exception as error:
        return [f"it cannot be read: {type(error).__name__}: {error}"]
    finally:
        app.close()


def _breaches(store: Store, journalled: bool) -> Iterator[str]:
    if store.dialect == "sqlite":
        verdict = store.value("PRAGMA integrity_check(1)")
        if verdict != "ok":
            yield f"the file is damaged: {verdict}"
            return
        if store.row("PRAGMA foreign_key_check"):
            yield "a reference points to nothing"
    for broken in chain.breaks(store.connection):
        yield f"the chain is broken: op{broken.operation}, {broken.part}"
    said, kept = journal(store), held(store)
    for key in sorted(said.rows.keys() | kept.keys()) if journalled else ():
        if key not in said.erased and said.rows.get(key) != kept.get(key):
            yield f"the journal says otherwise than the table: {key[0]} {key[1]}"
            break


def journal(store: Store) -> Replayed:
    """What the journal says of the tables that it is about."""
    said = replay(store.rows("SELECT * FROM change ORDER BY id"))
    return said._replace(rows={key: row for key, row in said.rows.items() if key[0] not in UNJOURNALLED})


def held(store: Store) -> dict[tuple[str, int], dict[str, object]]:
    """The rows of all tables that are journalled, without derived columns, as a replay gives them."""
    return {
        (table, row["id"]): {name: row[name] for name, column in TABLES[table].columns.items() if not column.derived}
        for table in TABLES
        if table not in UNJOURNALLED
        for row in store.rows(f"SELECT * FROM {table}")
    }


def seals(place: str) -> list[str]:
    """The seal of each operation, in their order: whatever was acknowledged is told by how far it goes."""
    app = over(place)
    try:
        return [row["seal"] for row in app.store.rows("SELECT seal FROM operation ORDER BY id")]
    finally:
        app.close()
