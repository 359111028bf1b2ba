"""Taking back what was changed, and bringing it back."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.kernel.errors import CrmError, NotFound, UsageError
from crmcli.kernel.ids import noun_of, parse_ref, ref
from crmcli.kernel.page import Page
from crmcli.services.changes import called
from crmcli.services.origins import Origins
from crmcli.services.who import Match
from crmcli.store import history, journal
from crmcli.store.connection import Row
from crmcli.store.reversal import Obstacle, Reversal

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

MOST_RECORDS = 20
STAYS = "what was erased stays gone"


class _Blocked(Exception):
    """What an operation meets that cannot be taken back as things stand."""

    def __init__(self, operation: Row, obstacles: Sequence[Obstacle]) -> None:
        super().__init__()
        self.operation, self.obstacles = operation, obstacles


class History:
    """Taking back, from the journal of all changes."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def undo(self, which: str | None = None, *, dependents: bool = False, dry_run: bool = False) -> dict[str, Any]:
        """Take back an operation, an import with all that belongs to it; returns what was done.

        The record has `id`, the new operation (None of a dry run); `undone`, all that was taken back, the newest first;
        `command`, `file`, `at` and `actor` of the one that was meant; `changes`, how many rows; the first `records`
        that were changed; and `steps`, one for each operation that was taken back, the newest first.

        Args:
            which: the id of an operation; by default the newest that is in force and did not itself take one back. That
                of an undo of several means all of them.
            dependents: take back later operations that build on it, too, each as an operation of its own.
            dry_run: do all of it, and then nothing.

        Raises:
            NotFound: there is no such operation, or nothing to take back.
            UsageError: it is no id of an operation, or was taken back already.
            CrmError: something later builds on it, or its data was erased; nothing was changed.
        """
        asked = self._asked(which)
        operation = history.operation(self.app.store, self._in_force(asked))
        assert operation is not None
        with self.app.writing(rehearsal=dry_run) as gate:
            self._in_force(operation["id"])  # still, now that nobody else writes
            rows = self._all_of(operation)
            return self._reverse(gate, operation, rows, asked=asked, dependents=dependents, dry_run=dry_run)

    def redo(self, *, dry_run: bool = False) -> dict[str, Any]:
        """Bring back what the last undo in force took; returns what was done, as `undo` does.

        Raises:
            NotFound: nothing was taken back, or something was changed since then.
        """
        with self.app.writing(rehearsal=dry_run) as gate:
            # Who acts for the first time is written already.
            found = history.last_undo(self.app.store, gate.operations())
            if found is None:
                raise NotFound("there is nothing to redo", "a redo brings back what crm undo took")
            meant = next((row for row in found.undo if not history.goes_along(row["command"])), found.undo[0])
            if found.later is not None:
                changed = f"{self._named(found.later)} came after the last undo"
                hint = f"to bring back what that took: crm undo {ref('operation', meant['id'])}"
                raise NotFound(f"there is nothing to redo: {changed}", hint)
            return self._reverse(gate, meant, found.undo, asked=meant["id"], dry_run=dry_run)

    def origins(self, who: str, noun: str) -> Page:
        """Each value of the contact or company that `who` names, with where it came from; see `Origins.records`.

        Raises:
            NotFound, Ambiguous: see `Who.find`.
        """
        return Page(Origins(self.app, self.app.who.find(who, (noun,))).records())

    def origins_of(self, party: Match) -> list[dict[str, Any]]:
        """The same of a contact or company that is known already."""
        return Origins(self.app, party).records()

    def _asked(self, which: str | None) -> int:
        """The key of the operation that was named, or of the newest."""
        store = self.app.store
        if which is None:
            newest = history.newest(store)
            if newest is None:
                raise NotFound("there is nothing to take back", "nothing was changed yet, or all of it is taken back")
            return int(newest["id"])
        named = parse_ref(which.strip())
        if named is None or named[0] != "operation":
            raise UsageError(f"'{which}' is not the id of an operation", "an id looks like op12")
        if history.operation(store, named[1]) is None:
            raise NotFound(f"there is no operation {which}", "without an id the newest is taken back")
        return named[1]

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

    def _all_of(self, operation: Row) -> list[Row]:
        """What the command of an operation did, the newest first: several where it took several back."""
        store = self.app.store
        if history.goes_along(operation["command"]):
            return [operation]
        rows = history.together(store, operation)
        return [row for row in rows if history.standing(store, row["id"]) == (row["id"], None)]

    # --- doing it

    def _reverse(
        self,
        gate: "Gate",
        meant: Row,
        rows: list[Row],
        *,
        asked: int,
        dependents: bool = False,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Take back operations in their order, with `dependents` also what builds on them, as often as there is more.

        `asked` is the operation that was named: its changes may be in force in another one. The first time most of what
        is in the way is met at once: reversing a large import again and again for each would take hours.
        """
        also: list[Row] = []
        before = gate.changes
        steps: list[dict[str, Any]] = []
        while True:
            try:
                with self.app.store.savepoint():
                    steps.clear()
                    for row in [*also, *rows]:
                        command = history.undo_command(row["id"], meant["id"])
                        (gate.begin_another if steps else gate.entitle)(command)
                        steps.append(self._step(gate, row, collecting=dependents))
                break
            except _Blocked as blocked:
                more = self._more(blocked, [*also, *rows]) if dependents else []
                if not more:
                    raise self._refusal(blocked.operation, blocked.obstacles[0], asked, dependents=dependents) from None
                also = sorted([*also, *more], key=lambda row: -row["id"])
        done = [step for step in steps if step["operation"]]
        kept = [obstacle for step in steps for obstacle in step["reversal"].kept]
        erased = dict.fromkeys(record for step in steps for record in step["reversal"].erased)
        if not any(step["row"]["id"] == meant["id"] for step in done):
            raise self._nothing(meant, kept, erased)
        self._tell_kept(kept)
        self._tell_erased(list(erased))
        record = self._record(meant, done, dry_run=dry_run)
        record["changes"] = gate.changes - before
        return record

    def _step(self, gate: "Gate", row: Row, *, collecting: bool) -> dict[str, Any]:
        """Take one operation back, with the others of its import; `operation` is None when that changed nothing."""
        if history.erases(self.app.store, row):
            raise self._erasure(row, row["id"])
        keys, before = history.run(self.app.store, row["id"]), gate.changes
        reversal = Reversal(gate, collecting=collecting)
        try:
            for key in keys:
                reversal.take_back(key)
        except Obstacle as obstacle:
            raise _Blocked(row, [obstacle]) from None
        if reversal.obstacles:
            raise _Blocked(row, reversal.obstacles)
        operation = gate.operation() if gate.changes > before else None
        return {"operation": operation, "row": row, "keys": keys, "reversal": reversal}

    def _more(self, blocked: _Blocked, known: Sequence[Row]) -> list[Row]:
        """Further operations that must be taken back before the one that was blocked."""
        store = self.app.store
        keys = history.run(store, blocked.operation["id"])
        there = {key for row in known for key in history.run(store, row["id"])}
        rows = {obstacle.other for obstacle in blocked.obstacles}
        whole = {obstacle.other for obstacle in blocked.obstacles if obstacle.whole}
        found = history.later(store, rows, keys, aside=there, whole=whole)
        more: dict[int, Row] = {}
        for row in found:
            if history.erases(store, row):
                return []
            newest = max(history.run(store, row["id"]))
            if newest not in there:
                more[newest] = history.operation(store, newest) or row
        return list(more.values())

    def _record(self, meant: Row, done: Sequence[dict[str, Any]], *, dry_run: bool) -> dict[str, Any]:
        met = dict.fromkeys(record for step in done for record in step["reversal"].records)
        steps = [self._told(step, dry_run=dry_run) for step in done]
        of_meant = next(step for step, one in zip(steps, done, strict=True) if one["row"]["id"] == meant["id"])
        return {
            **of_meant,
            "meant": steps.index(of_meant),
            "undone": [key for step in steps for key in step["undone"]],
            "records": [called(*record) for record in met][:MOST_RECORDS],
            "steps": steps,
        }

    def _told(self, step: dict[str, Any], *, dry_run: bool) -> dict[str, Any]:
        row = step["row"]
        files = [one["name"] for one in history.runs(self.app.store, step["keys"])]
        chain = history.taken_back(self.app.store, row["command"])
        first = history.operation(self.app.store, chain[-1]) if len(chain) % 2 else None
        return {
            "id": None if dry_run else ref("operation", step["operation"]),
            "undone": [ref("operation", key) for key in step["keys"]],
            "command": row["command"],
            "file": ", ".join(dict.fromkeys(files)) or None,
            "at": row["at"],
            "actor": row["actor"],
            "brings_back": first and ref("operation", first["id"]),
            "brings_back_command": first and first["command"],
        }

    # --- why not

    def _refusal(self, operation: Row, obstacle: Obstacle, asked: int, *, dependents: bool = False) -> CrmError:
        """The error that names what stands in the way, and what to do about it."""
        mine, other = obstacle.row, obstacle.other
        keys = history.run(self.app.store, operation["id"])
        named = ref("operation", asked if asked in keys else keys[0])
        refused = f"{named}{self._relation(operation, asked, keys)} cannot be taken back"
        if other[0] == "operation":
            return CrmError(f"{refused}: {_thing(mine)} did {ref(*other)}", "who did something stays in the team")
        found = history.later(self.app.store, {other}, keys)
        later = found[0] if found else None
        if later is not None and history.erases(self.app.store, later):
            return CrmError(f"{refused}: its data was erased by {self._named(later)}", STAYS)
        by = "something later" if later is None else self._named(later)
        reason = {
            "changed": f"{by} changed {_thing(mine, obstacle.record)}",
            "used": f"{by} made use of {_thing(mine)}: {_thing(other, obstacle.record)}",
            "taken": f"{by} gave its place to {_thing(other, obstacle.record)}",
            "missing": f"{by} took away {_thing(other)}",
        }[obstacle.kind]
        hint = "" if later is None else f"take that back first: crm undo {ref('operation', later['id'])}"
        if hint and not dependents:
            hint += f"; with all that builds on it: crm undo {named} --with-dependents"
        return CrmError(f"{refused}: {reason}", hint)

    def _relation(self, operation: Row, asked: int, keys: Sequence[int]) -> str:
        """What an operation has to do with the one that was named, for a sentence; nothing where it is that one."""
        if asked in keys:
            return ""
        brought_back = asked in history.taken_back(self.app.store, operation["command"])
        return f", which {'brought back' if brought_back else 'goes with'} {ref('operation', asked)},"

    def _named(self, operation: Row) -> str:
        """An operation with what it did, which of one that brought another back is what that one did."""
        command, chain = operation["command"], history.taken_back(self.app.store, operation["command"])
        if chain and len(chain) % 2 == 0:
            first = history.operation(self.app.store, chain[-1])
            command = f"{first['command'] if first else command}, brought back"
        return f"{ref('operation', operation['id'])} ({command})"

    def _nothing(self, operation: Row, kept: Sequence[Obstacle], erased: Collection[tuple[str, int]]) -> CrmError:
        keys = history.run(self.app.store, operation["id"])
        for obstacle in kept:
            if obstacle.row != ("user_account", operation["user_id"]):  # who was met by doing it
                return self._refusal(operation, obstacle, operation["id"], dependents=True)
        if erased:
            return self._erasure(operation, keys[0])
        return NotFound(f"{ref('operation', keys[0])} changed nothing that could be taken back")

    def _erasure(self, operation: Row, key: int) -> CrmError:
        following = history.newest(self.app.store, operation["id"])
        before = "" if following is None else f"; the one before it: crm undo {ref('operation', following['id'])}"
        return CrmError(f"{ref('operation', key)} cannot be taken back: its data was erased", STAYS + before)

    def _tell_erased(self, records: Sequence[tuple[str, int]]) -> None:
        named = [_thing(record) for record in records[:MOST_RECORDS]]
        if named:
            more = " and more" if len(records) > MOST_RECORDS else ""
            self.app.notes.append(f"{STAYS}: {', '.join(named)}{more}")

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


def _thing(row: tuple[str, int], record: tuple[str, int] | None = None) -> str:
    """What a row is, in a sentence: `contact c1`, `email of c1`, `tag`."""
    table = row[0]
    if table in journal.RECORDS:
        return f"{noun_of(table)} {called(*row)}"
    what = table.replace("_", " ")
    return what if record is None or record == row else f"{what} of {called(*record)}"
