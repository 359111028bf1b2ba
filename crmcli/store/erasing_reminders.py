"""What reminders told of a person: of follow-ups, of cases, and that somebody wants to stay in touch.

Reminders are a protocol of what the program did: nobody can edit one, and no journal has it. So what is the person's is
removed, and from all others the names go, whosever they are.
"""

from collections.abc import Callable, Iterable, Sequence

from crmcli.store.connection import Connection, Row
from crmcli.store.store import Store

PAGE = 2_000
Clean = Callable[[str | None], str | None]


def told(
    store: Store, *, followups: Iterable[int] = (), cases: Iterable[int] = (), contacts: Sequence[int] = ()
) -> list[Row]:
    """The reminders of these follow-ups and cases, and of all cadences that these contacts were due by.

    The digests of a day name nobody. For how an occurrence is named see `crmcli.services.occasions`.
    """
    rows: dict[int, Row] = {}
    for name in (*(f"f{key}" for key in followups), *(f"cs{key}" for key in cases)):
        sql = "SELECT * FROM reminder WHERE occurrence >= ? AND occurrence < ?"
        rows |= {row["id"]: row for row in store.rows(sql, [f"{name}@", f"{name}A"])}
    if contacts:
        # A cadence by filter is nobody's row, and one that is no more told, too: of all cadences the contact is asked.
        own = " OR ".join(["occurrence LIKE ?"] * len(contacts))
        sql = f"SELECT * FROM reminder WHERE occurrence >= 'cad' AND occurrence < 'cae' AND ({own})"
        rows |= {row["id"]: row for row in store.rows(sql, [f"cad%:c{key}@%" for key in contacts])}
    return [rows[key] for key in sorted(rows)]


def remove(connection: Connection, rows: Iterable[Row]) -> None:
    """Remove these reminders."""
    for row in rows:
        connection.execute("DELETE FROM reminder WHERE id = ?", [row["id"]])


def clean(connection: Connection, subject: Clean, error: Clean) -> None:
    """Take a person out of what was told of others, and of what went wrong when it was told.

    Args:
        connection: in a writing transaction.
        subject: gives what is left of a subject.
        error: gives what is left of what another program said, which may quote all that it was told.
    """
    for table, columns in (("reminder", {"subject": subject, "error": error}), ("reminder_state", {"error": error})):
        last = 0
        sql = f"SELECT id, {', '.join(columns)} FROM {table} WHERE id > ? ORDER BY id LIMIT {PAGE}"
        while rows := connection.rows(sql, [last]):
            last = rows[-1]["id"]
            for row in rows:
                values = {name: text for name, left in columns.items() if (text := left(row[name])) != row[name]}
                if values:
                    change = ", ".join(f"{name} = ?" for name in values)
                    connection.execute(f"UPDATE {table} SET {change} WHERE id = ?", [*values.values(), row["id"]])
