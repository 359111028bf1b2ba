"""The history: who changed what, and when."""

from collections.abc import Mapping, Sequence
from json import loads
from typing import TYPE_CHECKING, Any

from crmcli.kernel import dates
from crmcli.kernel.clock import stamp
from crmcli.kernel.errors import NotFound, UsageError
from crmcli.kernel.ids import parse_ref, ref, table_of
from crmcli.kernel.page import Page
from crmcli.services.changes import called, read
from crmcli.services.changewords import Words
from crmcli.services.users import ME, NOBODY
from crmcli.store import history, journal_list
from crmcli.store.connection import Row
from crmcli.store.journal_list import Wanted
from crmcli.store.nouns import PARTIES

if TYPE_CHECKING:
    from crmcli.app import App

MOST_RECORDS = 20
ACTIONS = ("added", "changed", "removed", "erased")
HIDDEN = "(not shown)"


class Journal:
    """Reading the journal of all changes."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def page(
        self,
        who: str = "",
        *,
        since: str = "",
        until: str = "",
        by: str = "",
        command: str = "",
        limit: int | None = None,
    ) -> Page:
        """The operations, the newest first.

        A record has `id`, `at`, `actor`, `mine`, `command`, the `file` of an import, `counts` of rows (`added`,
        `changed`, `removed`, `erased`, `total`) and the same by table in `tables`, the first `records`, `undoes`,
        `undone_by`, and `seal`.

        Args:
            who: a contact or company, with all that belongs to it; any id; everything when empty.
            since: not before this moment.
            until: before this moment; a day counts to its end.
            by: the user who did it.
            command: words of the command.
            limit: how many at most; None for all.

        Raises:
            NotFound, Ambiguous, UsageError: what was named is not there, or not understood.
        """
        wanted = Wanted(
            self._moment(since), self._moment(until, end=True), self._user(by), " ".join(command.split()) or None
        )
        if who.strip():
            wanted = self._about(who.strip(), wanted)
        rows = journal_list.page(self.app.store, wanted, limit)
        more = limit is not None and len(rows) > limit
        return Page(self.records(rows[:limit] if more else rows), more)

    def show(self, which: str, limit: int | None = None) -> dict[str, Any]:
        """One operation with its `changes`, each with its table, row, record, action and `before` and `after`.

        Args:
            which: its id.
            limit: how many changes at most; `changes_more` says how many are left out.

        Raises:
            UsageError, NotFound: it is no id of an operation, or there is none.
        """
        named = parse_ref(which.strip())
        if named is None or named[0] != "operation":
            raise UsageError(f"'{which}' is not the id of an operation", "an id looks like op12; see: crm history")
        row = history.operation(self.app.store, named[1])
        if row is None:
            raise NotFound(f"there is no operation {which}", "see: crm history")
        record = self.records([row])[0]
        total = record["counts"]["total"]
        rows = journal_list.changes(self.app.store, row["id"], total if limit is None else limit)
        return {
            **record,
            "digest": row["digest"],
            "changes": [_change(one) for one in rows],
            "changes_more": total - len(rows),
        }

    def fields(self, operation: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The changes of an operation field by field, in words: `record`, `what`, `field`, `before` and `after`."""
        words, found = Words(self.app.store), []
        for change in operation["changes"]:
            table = change["table"]
            beginning = {
                "id": change["record"],
                "action": change["action"],
                "what": table.replace("_", " "),
                "row": change["row"],
            }
            before, after = change["before"] or {}, change["after"] or {}
            code = words.currency(table, change["row"], {**before, **after})
            if change["action"] == "erased":
                found.append({**beginning, "field": None, "before": "erased", "after": "erased"})
            for name in {**before, **after}:
                sides = {
                    side: None if image.get(name) is None else words.value(table, name, image[name], code)
                    for side, image in (("before", before), ("after", after))
                }
                found.append({**beginning, "field": name, **sides})
        return found

    def sentences(self, records: Sequence[Mapping[str, Any]]) -> list[str]:
        """What each operation did, in words that follow upon who did it."""
        words = Words(self.app.store)
        return [words.sentence(record) for record in records]

    def records(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """The records of operations, given as rows."""
        if not rows:
            return []
        store, keys = self.app.store, [row["id"] for row in rows]
        tables: dict[int, dict[str, dict[str, int]]] = {key: {} for key in keys}
        for count in journal_list.counts(store, keys):
            tables[count["operation_id"]][count["table_name"]] = {
                name: int(count[name]) for name in (*ACTIONS, "total")
            }
        files = {run["operation_id"]: run["name"] for run in history.runs(store, keys)}
        taken = journal_list.taken_by(store, min(keys))
        me = self.app.users.key(ME)
        return [self._record(row, tables[row["id"]], files.get(row["id"]), taken.get(row["id"]), me) for row in rows]

    def _record(
        self, row: Row, tables: dict[str, dict[str, int]], file: str | None, taken: int | None, me: int
    ) -> dict[str, Any]:
        target = history.undone(row["command"])
        met = journal_list.records(self.app.store, row["id"], MOST_RECORDS)
        return {
            "id": ref("operation", row["id"]),
            "at": row["at"],
            "actor": row["actor"],
            "mine": row["user_id"] == me != NOBODY,
            "command": row["command"],
            "file": file,
            "counts": {name: sum(one[name] for one in tables.values()) for name in (*ACTIONS, "total")},
            "tables": tables,
            "records": [called(*record) for record in met],
            "undoes": [] if target is None else [ref("operation", key) for key in history.run(self.app.store, target)],
            "undone_by": None if taken is None else ref("operation", taken),
            "seal": row["seal"],
            "uid": row["uid"],
        }

    # --- what is asked for

    def _moment(self, text: str, *, end: bool = False) -> str | None:
        if not text.strip():
            return None
        when = dates.parse(text, self.app.clock)
        if end and when.time is None:
            return stamp(self.app.clock.end_of(when.date))
        return stamp(when.instant)

    def _user(self, name: str) -> int | None:
        return self.app.users.key(name) if name.strip() else None

    def _about(self, who: str, wanted: Wanted) -> Wanted:
        store, named = self.app.store, parse_ref(who)
        if named and named[0] == "operation":
            if history.operation(store, named[1]) is None:
                raise NotFound(f"there is no operation {who}", "see: crm history")
            return wanted._replace(operations=journal_list.chain(store, named[1]))
        if named and named[0] not in PARTIES:
            table = table_of(named[0])
            if not journal_list.is_known(store, table, named[1]):
                raise NotFound(f"there is no {named[0]} {who}, and never was", "see: crm history")
            return wanted._replace(records={table: {named[1]}})
        if named and journal_list.is_known(store, *named):  # deleted, merged and undone ones, too
            return wanted._replace(records=journal_list.belonging(store, *named))
        party = self.app.who.find(who)
        return wanted._replace(records=journal_list.belonging(store, party.noun, party.id))


def _change(row: Row) -> dict[str, Any]:
    change = read(row)
    return {
        "table": change.table,
        "row": change.key,
        "record": called(*change.record) if change.record else None,
        "action": change.action,
        "before": _image(row, "before"),
        "after": _image(row, "after"),
    }


def _image(row: Row, side: str) -> Any:
    """The columns before or after a change; what is in `meta` may be a secret, and is not shown."""
    image = row[side] and loads(row[side])
    return {**image, "value": HIDDEN} if image and row["table_name"] == "meta" else image
