"""Making one record of several: the kept one gets all that belongs to the others, and their ids go on naming it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel.errors import UsageError
from crmcli.kernel.similarity import nearest
from crmcli.services.flags import ALIASES, flag_name, key_name, settable
from crmcli.services.uniting.fields import PREFER, Difference, Rules, chosen, differences, ordered
from crmcli.services.uniting.rows import CHOSEN, Choose, unite
from crmcli.services.who import Match
from crmcli.store.connection import Row
from crmcli.store.duplicates import NAME
from crmcli.store.merges import Links, refusal, refusals

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

MOST_PARENTS = 100


class Outcome(NamedTuple):
    """What a merge did: the record that was kept, those that are part of it now, and how many rows came over."""

    kept: Match
    gone: list[Match]
    record: dict[str, Any]
    changed: dict[str, Any]
    moved: dict[str, int]


class Merging:
    """Merging contacts, and merging companies."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def named(self, noun: str, who: Sequence[str], keep: str | None = None) -> list[Match]:
        """The records that are to be merged, the one to keep first: `keep`, else the first that is named.

        Raises:
            UsageError: there are fewer than two, or one is named twice.
            NotFound, Ambiguous: see `Who.find`.
        """
        found = [self.app.who.find(one, (noun,)) for one in who]
        for place, match in enumerate(found):
            if match in found[:place]:
                message = f"{match.name} ({match.ref}) is named twice, the second time as '{who[place]}'"
                raise UsageError(message, "a record is not merged with itself")
        if len(found) < 2:
            raise UsageError(f"only one {noun} was named", f"name those that are one: crm {noun} merge A B")
        if keep is None:
            return found
        kept = self.app.who.find(keep, (noun,))
        if kept not in found:
            named = ", ".join(match.ref for match in found)
            raise UsageError(f"{kept.name} ({kept.ref}) is not one of those to merge", f"keep one of: {named}")
        return [kept, *(match for match in found if match != kept)]

    def differences(self, noun: str, who: Sequence[str], keep: str | None = None) -> list[Difference]:
        """The fields in which records differ, so that a person may choose; see `named` for what is raised."""
        service = self.app.contacts if noun == "contact" else self.app.companies
        return list(differences(noun, [service.get(match.id) for match in self.named(noun, who, keep)]))

    def field(self, text: str) -> str:
        """A field as rules name it: `lifecycle_stage` for `stage`, `custom.source`."""
        part, point, key = text.strip().partition(".")
        if point:
            return f"{key_name(part)}.{key_name(key)}"
        name = key_name(text)
        return "name" if name in NAME.values() else ALIASES.get(name, name)

    def rules(self, noun: str, prefer: str, take: Mapping[str, str], records: Sequence[Match]) -> Rules:
        """The rules for choosing values that a person gave.

        Args:
            noun: contact or company.
            prefer: whose value wins where several differ; see PREFER.
            take: field -> the record (as WHO) whose value of it is taken.
            records: those that are merged.

        Raises:
            UsageError: there is no such rule or field, or a record is not one of those.
        """
        if prefer not in PREFER:
            raise UsageError(f"there is no rule '{prefer}'", f"use one of: {', '.join(PREFER)}")
        known = ["name", *(flag_name(column) for column in settable(noun))]
        taken = {}
        for field, who in take.items():
            name = self.field(field)
            if name not in known and not name.startswith(("custom.", "preferences.")):
                close = nearest(name, known, count=1)
                hint = f"did you mean {close[0]}?" if close else f"fields: {', '.join(known)}, custom.KEY"
                raise UsageError(f"a {noun} has no field '{field}'", hint)
            match = self.app.who.find(who, (noun,))
            if match not in records:
                named = ", ".join(one.ref for one in records)
                raise UsageError(
                    f"{match.name} ({match.ref}) is not one of those to merge", f"take from one of: {named}"
                )
            taken[name] = match.id
        return Rules(prefer, taken)

    def merge(
        self,
        noun: str,
        who: Sequence[str],
        *,
        keep: str | None = None,
        prefer: str = "kept",
        take: Mapping[str, str] | None = None,
        dry_run: bool = False,
    ) -> Outcome:
        """Merge records; see `named` and `rules` for the arguments, and for what is raised.

        With `dry_run` all is done and taken back.
        """
        records = self.named(noun, who, keep)
        rules = self.rules(noun, prefer, take or {}, records)
        with self.app.writing(rehearsal=dry_run) as gate:
            return self.write(gate, noun, records, rules)

    def write(
        self, gate: "Gate", noun: str, records: Sequence[Match], rules: Rules, links: Links | None = None
    ) -> Outcome:
        """Merge records, the first of which is kept, in a transaction that is open.

        Args:
            gate: of the transaction.
            noun: contact or company.
            records: what `named` returned.
            rules: what `rules` returned.
            links: the rows that refer to these records and others that will be merged in the same transaction.

        Raises:
            UsageError: one of them is deleted by now, or what comes together is too long.
        """
        kept, *others = records
        links = links or Links(self.app.store, noun)
        rows = [gate.fetch(noun, match.id) for match in records]
        for match, row in zip(records, rows, strict=True):
            if row["deleted_at"] is not None:
                raise UsageError(f"{match.name} ({match.ref}) was deleted meanwhile", "look again: crm dedupe")
        values = chosen(noun, rows, rules, self._not_parents(noun, rows))
        changed = {name: value for name, value in values.items() if value != rows[0][name]}
        gate.update(noun, kept.id, values)
        moved: Counter[str] = Counter()
        for other, row in zip(others, rows[1:], strict=True):
            moved += unite(gate, links, kept.id, other.id, self._chooser(gate, rows[0], row, rules))
            self._carry_refusals(gate, noun, kept.id, other.id)
            gate.update(noun, other.id, {"deleted_at": gate.now})
            gate.insert("merged_record", {"noun": noun, "record_id": other.id, "kept_id": kept.id})
        gate.touch(noun, kept.id)
        gate.refresh()
        service = self.app.contacts if noun == "contact" else self.app.companies
        record = service.get(kept.id)
        return Outcome(kept._replace(name=record[NAME[noun]]), list(others), record, changed, dict(moved))

    def _chooser(self, gate: "Gate", kept: Row, other: Row, rules: Rules) -> Choose:
        """How one of two values of a custom field or preference is chosen."""

        def choose(table: str, known: Row, row: Row) -> Any:
            key = row["key"] if table == "preference" else gate.fetch("custom_field", row["field_id"])["name"]
            held = {kept["id"]: known["value"], other["id"]: row["value"]}
            order = ordered([kept, other], f"{CHOSEN[table]}.{key}", held, rules)
            return held[order[0]["id"]] if order else known["value"]

        return choose

    def _carry_refusals(self, gate: "Gate", noun: str, kept: int, other: int) -> None:
        """Who was said to be somebody else than the one that goes is somebody else than the kept one."""
        for row in refusals(self.app.store, noun, other):
            third = row["second_id"] if row["first_id"] == other else row["first_id"]
            if third == kept or refusal(self.app.store, noun, kept, third) is not None:
                gate.delete("distinct_pair", row["id"])
            else:
                pair = {"first_id": min(kept, third), "second_id": max(kept, third)}
                gate.update("distinct_pair", row["id"], pair)

    def _not_parents(self, noun: str, rows: Sequence[Row]) -> set[int]:
        """The companies that would belong to themselves if they were the parent of the kept one."""
        if noun == "contact":
            return set()
        merged = {row["id"] for row in rows}
        return {row["parent_id"] for row in rows if row["parent_id"] and self._is_below(row["parent_id"], merged)}

    def _is_below(self, company: int, others: set[int]) -> bool:
        """Whether a company is one of `others` or belongs to one of them."""
        key: int | None = company
        for _ in range(MOST_PARENTS):
            if key is None or key in others:
                break
            key = self.app.store.value("SELECT parent_id FROM company WHERE id = ?", [key])
        return key in others
