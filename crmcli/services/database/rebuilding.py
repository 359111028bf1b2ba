"""Making anew what holds no data of its own: indexes, triggers, and all that is computed from rows."""

from typing import TYPE_CHECKING, Any

from crmcli.kernel.errors import DatabaseUnavailable
from crmcli.kernel.place import shown_place
from crmcli.services.database import files
from crmcli.store import rebuild, structure

if TYPE_CHECKING:
    from crmcli.app import App


def rebuilt(app: "App", *, dry_run: bool) -> dict[str, Any]:
    """Make it all anew in one transaction, which a dry run takes back.

    The record has `id`, the place; `made`, the names of indexes and triggers that were missing or otherwise; and how
    many rows had wrong derived `columns`, customers a wrong time of the last `contacts`, how many faults the search
    index had (`words`), and how many tables would have given a key again (`keys`).

    Raises:
        DatabaseUnavailable: there is no database, or a table with data is missing.
        NotPermitted: the acting user may only read.
    """
    app.users.refuse_reader()
    files.refuse_none(app.store.reading(), app.place)
    with app.store.restoring(rehearsal=dry_run) as connection:
        record: dict[str, Any] = {"id": shown_place(app.place), "made": structure.mend(connection)}
        if lost := structure.lost(connection):
            message = f"table {lost[0]} is missing, and only a backup has what it held"
            raise DatabaseUnavailable(message, "restore one: crm db restore FILE")
        record["columns"] = rebuild.columns(connection)
        record["contacts"] = rebuild.contacts(connection)
        record["words"] = rebuild.words(connection)
        wrong = rebuild.keys(connection)
        record["keys"] = len(wrong)
        if not dry_run:
            rebuild.go_on_after(connection, wrong)
    return record
