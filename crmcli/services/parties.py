"""What contacts and companies have in common: adding, editing, listing, deleting, tagging."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.kernel.errors import NotFound, UsageError
from crmcli.kernel.ids import ref
from crmcli.kernel.page import Page
from crmcli.kernel.text import check_text
from crmcli.services.children import Children
from crmcli.services.who import Match
from crmcli.store import merges, parties, party_list

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

LONGEST_NAME = 500


class Parties:
    """The rules of one noun, contact or company."""

    noun = ""
    name_column = ""

    def __init__(self, app: "App") -> None:
        self.app = app

    def add(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Add a record; returns it.

        Args:
            name: the name that it is shown by.
            given: values as flags name them; see `crmcli.services.children` for those that are lists.

        Raises:
            UsageError: a value that cannot be understood; nothing is written then.
        """
        with self.app.writing() as gate:
            values = self.app.values.clean(self.noun, given)
            shown = self.checked_name(name, values)
            if given.get("uid"):  # a record that comes from another database keeps it
                values["uid"] = given["uid"]
                self.app.suppressions.refuse([str(given["uid"])], str(given["uid"]))
            party = Match(self.noun, gate.insert(self.noun, {**values, self.name_column: shown}), shown)
            Children(self.app, gate, party).apply(given)
            self.connect(gate, party, given)
            gate.refresh()
            return self.get(party.id)

    def edit(self, who: str, given: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
        """Change a record; returns it, and whether anything differed."""
        party = self.app.who.find(who, (self.noun,))
        with self.app.writing() as gate:
            values = self.app.values.clean(self.noun, given)
            if given.get("name") is not None:
                values[self.name_column] = self.checked_name(str(given["name"]), values)
            before = gate.changes
            gate.update(self.noun, party.id, values)
            inner = Children(self.app, gate, party).apply(given)
            inner |= self.connect(gate, party, given)
            if inner:
                gate.touch(self.noun, party.id)
            changed = gate.changes > before
            gate.refresh()
            return self.get(party.id), changed

    def checked_name(self, name: str, values: Mapping[str, Any]) -> str:
        """The name to show."""
        return check_text(name, what="name", max_length=LONGEST_NAME, required=True)

    def connect(self, gate: "Gate", party: Match, given: Mapping[str, Any]) -> bool:
        """Link the record to others; returns whether anything changed."""
        return False

    def get(self, key: int) -> dict[str, Any]:
        """The whole record."""
        rows = self.app.store.rows(f"SELECT * FROM {self.noun} WHERE id = ?", [key])
        return parties.records(self.app.store, self.noun, rows)[0]

    def find(self, who: str) -> dict[str, Any]:
        """The whole record that `who` names."""
        return self.get(self.app.who.find(who, (self.noun,)).id)

    def page(
        self,
        text: str = "",
        *,
        sort: str = "name",
        limit: int | None = None,
        deleted: bool = False,
        parts: Collection[str] | None = None,
    ) -> Page:
        """The records that match a filter.

        Args:
            text: the filter; all records when empty.
            sort: one of `crmcli.store.party_list.SORTS`; a leading `-` reverses.
            limit: how many at most; None for all.
            deleted: list the deleted records instead.
            parts: which keys of a record are wanted beside its id and name; None for all.
        """
        store, order = self.app.store, party_list.order(sort)
        where = party_list.condition(store, self.noun, text, order, self.app.clock, self.app.users.key)
        rows = party_list.page(
            store, self.noun, where, order, limit, parties.columns(self.noun, parts), deleted=deleted
        )
        more = limit is not None and len(rows) > limit
        return Page(parties.records(store, self.noun, rows[:limit] if more else rows, parts), more)

    def matching(self, text: str) -> list[str]:
        """The ids of all records that match a filter that is not empty."""
        if not text.strip():
            raise UsageError("an empty filter would mean every record", "name them, or write a filter such as tag:vip")
        return [str(item["id"]) for item in self.page(text, parts=()).items]

    def remove(self, who: Sequence[str]) -> list[Match]:
        """Delete records softly; returns them. `restore` brings them back."""
        found = [self.app.who.find(one, (self.noun,)) for one in who]
        with self.app.writing() as gate:
            for party in found:
                gate.update(self.noun, party.id, {"deleted_at": gate.now})
        return found

    def restore(self, who: Sequence[str]) -> list[Match]:
        """Bring deleted records back; returns them.

        Raises:
            NotFound: one is not deleted, or there is none.
            UsageError: one was merged into another, so that only the merge can be taken back.
        """
        found = [self._deleted(one) for one in who]
        for party in found:
            self._refuse_merged(party)
        with self.app.writing() as gate:
            for party in found:
                gate.update(self.noun, party.id, {"deleted_at": None})
        return found

    def _deleted(self, who: str) -> Match:
        try:
            return self.app.who.find(who, (self.noun,), deleted=True)
        except NotFound:
            there = self.app.who.matches(who, (self.noun,))
            if len(there) != 1:
                raise
            told = f"{there[0].name} ({there[0].ref}) is not deleted"
            raise NotFound(told, "there is nothing to restore") from None

    def _refuse_merged(self, party: Match) -> None:
        kept = merges.kept(self.app.store, self.noun, party.id)
        if kept is not None:
            operation = merges.merging_operation(self.app.store, self.noun, party.id)
            undo = f"crm undo {ref('operation', operation)}" if operation else "crm undo"
            message = f"{party.name} ({party.ref}) was merged into {ref(self.noun, kept)}"
            raise UsageError(message, f"to part them again, take the merge back: {undo}")

    def tag(self, who: Sequence[str], tags: Sequence[str], *, remove: bool = False) -> tuple[list[Match], int]:
        """Put tags on records, or take them off; returns the records and how many of them changed."""
        if not [word for word in tags if word.strip(" ,")]:
            raise UsageError("no tag was given", "for example: vip")
        found = [self.app.who.find(one, (self.noun,)) for one in who]
        changed = 0
        with self.app.writing() as gate:
            for party in found:
                if Children(self.app, gate, party).apply({"untag" if remove else "tag": list(tags)}):
                    gate.touch(self.noun, party.id)
                    changed += 1
        return found, changed


def shown(noun: str, key: int, name: str) -> str:
    """A record as a sentence names it: `Ada Lovelace (c1)`."""
    return f"{name} ({ref(noun, key)})"
