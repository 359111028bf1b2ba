"""What was changed, and taking it back."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crmcli.kernel.errors import CrmError, NotFound, UsageError
from crmcli.kernel.ids import parse_ref, ref
from crmcli.kernel.page import Page
from crmcli.services.origins import Origins
from crmcli.services.who import Match
from crmcli.store import history
from crmcli.store.connection import Row
from crmcli.store.reversal import Obstacle, Reversal

if TYPE_CHECKING:
    from crmcli.app import App

MOST_RECORDS = 20
NOUNS = {"user_account": "user"}
PARTIES = ("contact", "company")


class History:
    """The journal of all changes."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def undo(self, which: str | None = None, *, dry_run: bool = False) -> dict[str, Any]:
        """Take back an operation, an import with all that belongs to it; returns what was done.

        The record has `id`, the new operation (None of a dry run); `undone`, what was taken back, the newest first;
        `command`, `file`, `at` and `actor` of the first of those; `changes`, how many rows; and the first `records`
        that were changed.

        Args:
            which: the id of an operation; by default the newest that is in force and did not itself take one back.
            dry_run: do all of it, and then nothing.

        Raises:
            NotFound: there is no such operation, or nothing to take back.
            UsageError: it is no id of an operation, or was taken back already.
            CrmError: something later builds on it; nothing was changed.
        """
        done: dict[str, Any] = {}
        operation = self._target(which)
        with self.app.writing(rehearsal=dry_run) as gate:
            self._in_force(operation["id"])  # still, now that nobody else writes
            keys = history.run(self.app.store, operation["id"])
            gate.entitle(history.undo_command(operation["id"]))
            before, reversal = gate.changes, Reversal(gate)
            try:
                for key in keys:
                    reversal.take_back(key)
            except Obstacle as obstacle:
                raise self._refusal(keys, obstacle) from None
            if gate.changes == before:
                raise self._nothing(operation, keys, reversal.kept)
            self._tell_kept(reversal.kept)
            done = self._record(operation, keys, reversal)
            done["changes"] = gate.changes - before
            if not dry_run:
                done["id"] = ref("operation", gate.operation())
        return done

    def origins(self, who: str, noun: str) -> Page:
        """Each value of the contact or company that `who` names, with where it came from; see `Origins.records`.

        Raises:
            NotFound, Ambiguous: see `Who.find`.
        """
        return Page(Origins(self.app, self.app.who.find(who, (noun,))).records())

    def origins_of(self, party: Match) -> list[dict[str, Any]]:
        """The same of a contact or company that is known already."""
        return Origins(self.app, party).records()

    def _target(self, which: str | None) -> Row:
        """The operation to take back: where the changes of the one that was named are in force."""
        store = self.app.store
        if which is None:
            newest = history.newest(store)
            if newest is None:
                raise NotFound("there is nothing to take back", "nothing was changed yet, or all of it is taken back")
            return newest
        named = parse_ref(which.strip())
        if named is None or named[0] != "operation":
            raise UsageError(f"'{which}' is not the id of an operation", "an id looks like op12")
        if history.operation(store, named[1]) is None:
            raise NotFound(f"there is no operation {which}", "without an id the newest is taken back")
        operation = history.operation(store, self._in_force(named[1]))
        assert operation is not None
        return operation

    def _in_force(self, key: int) -> int:
        """The operation in which the changes of this one are in force.

        Raises:
            UsageError: they are not; they were taken back.
        """
        carrier, taken_by = history.standing(self.app.store, key)
        if taken_by is None:
            return carrier
        mine, other = ref("operation", key), ref("operation", taken_by)
        raise UsageError(f"{mine} was taken back already, by {other}", f"to bring it back: crm undo {other}")

    def _record(self, operation: Row, keys: Sequence[int], reversal: Reversal) -> dict[str, Any]:
        files = [row["name"] for row in history.runs(self.app.store, keys)]
        met = [_called(*record) for record in reversal.records]
        return {
            "id": None,
            "undone": [ref("operation", key) for key in keys],
            "command": operation["command"],
            "file": ", ".join(dict.fromkeys(files)) or None,
            "at": operation["at"],
            "actor": operation["actor"],
            "records": met[:MOST_RECORDS],
        }

    # --- why not

    def _refusal(self, keys: Sequence[int], obstacle: Obstacle) -> CrmError:
        """The error that names what stands in the way, and what to do about it."""
        mine, other = obstacle.row, obstacle.other
        refused = f"{ref('operation', keys[0])} cannot be taken back"
        if other[0] == "operation":
            return CrmError(f"{refused}: {_thing(mine)} did {ref(*other)}", "who did something stays in the team")
        later = history.later(self.app.store, *other, keys)
        by = "something later" if later is None else self._named(later)
        reason = {
            "changed": f"{by} changed {_thing(mine, obstacle.record)}",
            "used": f"{by} made use of {_thing(mine)}: {_thing(other, obstacle.record)}",
            "taken": f"{by} gave its place to {_thing(other, obstacle.record)}",
            "missing": f"{by} took away {_thing(other)}",
        }[obstacle.kind]
        hint = "" if later is None else f"take that back first: crm undo {ref('operation', later['id'])}"
        return CrmError(f"{refused}: {reason}", hint)

    def _named(self, operation: Row) -> str:
        """An operation with what it did, which of one that brought another back is what that one did."""
        command, chain = operation["command"], history.taken_back(self.app.store, operation["command"])
        if chain and len(chain) % 2 == 0:
            first = history.operation(self.app.store, chain[-1])
            command = f"{first['command'] if first else command}, brought back"
        return f"{ref('operation', operation['id'])} ({command})"

    def _nothing(self, operation: Row, keys: Sequence[int], kept: Sequence[Obstacle]) -> CrmError:
        for obstacle in kept:
            if obstacle.row != ("user_account", operation["user_id"]):  # who was met by doing it
                return self._refusal(keys, obstacle)
        return NotFound(f"{ref('operation', keys[0])} changed nothing that could be taken back")

    def _tell_kept(self, kept: Sequence[Obstacle]) -> None:
        # Who did something stays in the team, which needs no words.
        for table, name in (("tag", "name"), ("custom_field", "name"), ("attachment_content", "digest")):
            found = [
                str(self.app.store.value(f"SELECT {name} AS name FROM {table} WHERE id = ?", [obstacle.row[1]]))
                for obstacle in kept
                if obstacle.row[0] == table
            ]
            if found:
                more = f" and {len(found) - MOST_RECORDS} more" if len(found) > MOST_RECORDS else ""
                what = table.replace("_", " ")
                self.app.notes.append(f"stays, since others use it: {what} {', '.join(found[:MOST_RECORDS])}{more}")


def _called(table: str, key: int) -> str:
    """The id by which people know a record."""
    return ref(NOUNS.get(table, table), key)


def _thing(row: tuple[str, int], record: tuple[str, int] | None = None) -> str:
    """What a row is, in a sentence: `contact c1`, `email of c1`, `tag`."""
    table = row[0]
    if table in (*PARTIES, "interaction", "followup", "cadence", "user_account"):
        return f"{NOUNS.get(table, table)} {_called(*row)}"
    what = table.replace("_", " ")
    return what if record is None or record == row else f"{what} of {_called(*record)}"
