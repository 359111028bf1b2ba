"""What an operation did, in words: from the rows of the journal, with the names that things have."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crmcli.kernel.ids import noun_of, ref
from crmcli.services import salewords
from crmcli.services.changes import ERASED, Change, Field, called, read
from crmcli.services.flags import flag_name
from crmcli.store import history, journal, journal_list
from crmcli.store.nouns import DEALINGS, NAMES, PARTIES, RECORDS
from crmcli.store.origins import CHILDREN, NAMED_BY
from crmcli.store.schema import TABLES
from crmcli.store.store import Store

# An operation of more changes than this is told by its counts.
MOST_CHANGES = 60
MOST_RECORDS = 3
MOST_DETAILS = 6
LONGEST_VALUE = 40
SAID_ELSEWHERE = ("updated_at", "created_at", "uid", "deleted_at")
COUNTED = (*RECORDS, "email", "phone", "tagging", "custom_value")
MANY = {
    "company": "companies",
    "support_case": "cases",
    "followup": "follow-ups",
    "sales_order": "orders",
    "order_line": "lines of orders",
    "payment": "payments",
    "price": "prices",
    "email": "e-mail addresses",
    "phone": "phone numbers",
    "tagging": "tags",
    "custom_value": "fields",
}
ONE = {
    "support_case": "case",
    "followup": "follow-up",
    "sales_order": "order",
    "order_line": "line of an order",
    "email": "e-mail address",
    "phone": "phone number",
    "tagging": "tag",
    "custom_value": "field",
}
UNNAMED = ("sales_order", "support_case", "product", "goal")
"""Whose names alone do not say what they are."""


class Words:
    """The words for operations of one database."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._names: dict[tuple[str, int], str | None] = {}

    def sentence(self, operation: Mapping[str, Any]) -> str:
        """What was done, as it follows upon who did it: "changed Ada Lovelace (c1): lifecycle stage lead -> customer".

        Args:
            operation: a record of `Journal.page`.
        """
        counts = operation["counts"]
        if operation["undoes"]:
            return self._reversal(operation["undoes"][0], operation["command"])
        if "erasure" in operation["tables"]:  # also one that was done again after a restore
            return f"{ERASED} {', '.join(self._erased(operation))}"
        if counts["total"] and counts[ERASED] == counts["total"]:
            return f"made a change that was {ERASED} since ({operation['command']})"
        if operation["file"]:
            return f"imported {operation['file']}{self._counted(operation['tables'])}"
        if counts["total"] > MOST_CHANGES:
            return f"{operation['command']}{self._counted(operation['tables'])}"
        key = int(operation["id"].removeprefix("op"))
        found = self._told([read(row) for row in journal_list.changes(self.store, key, MOST_CHANGES)])
        return found or operation["command"]

    def currency(self, table: str, key: int, image: Mapping[str, Any]) -> str | None:
        """The currency of the amounts in a row; None for a row without amounts."""
        amounts = table in TABLES and any(column.kind == "money" for column in TABLES[table].columns.values())
        return salewords.currency(self.store, table, key, image) if amounts else None

    def value(self, table: str, column: str, value: Any, currency: str | None = None) -> str:
        """A stored value as a person says it: what is referred to by its name, an amount in whole units."""
        described = TABLES[table].columns.get(column) if table in TABLES else None
        if value is None:
            return "none"
        if described is not None and described.to and isinstance(value, int):
            return self.name(described.to, value) or str(value)
        if described is not None and described.kind == "bool":
            return "yes" if value else "no"
        if described is not None and described.kind == "money":
            return salewords.money(value, currency)
        if column in salewords.THOUSANDTHS.get(table, ()):
            return salewords.thousandths(value)
        return str(value)

    def name(self, table: str, key: int) -> str | None:
        """What a row is called, or was when it was there; None when it has no name."""
        if (table, key) not in self._names:
            known = table in TABLES and NAMES.get(table, "name") in TABLES[table].columns
            now = journal_list.labels(self.store, table, [key]).get(key) if known else None
            self._names[table, key] = now or (journal_list.former_label(self.store, table, key) if known else None)
        return self._names[table, key]

    # --- a sentence

    def _reversal(self, target: str, command: str) -> str:
        key = int(target.removeprefix("op"))
        chain = history.taken_back(self.store, command)
        first = history.operation(self.store, chain[-1])
        what = f"{ref('operation', chain[-1])} ({first['command'] if first else '?'})"
        named = history.named(command)
        along = f", along with {ref('operation', named)}" if named not in (None, key) else ""
        return f"{'took back' if len(chain) % 2 else 'brought back'} {what}{along}"

    def _erased(self, operation: Mapping[str, Any]) -> list[str]:
        """Whom an erasure was about; what else it touched follows from that."""
        changes = journal_list.changes_of_table(self.store, int(operation["id"].removeprefix("op")), "contact")
        return [called("contact", row["row_id"]) for row in changes] or list(operation["records"])

    def _counted(self, tables: Mapping[str, Mapping[str, int]]) -> str:
        parts = []
        for action in ("added", "changed", "removed", ERASED):
            counted = {table: tables[table][action] for table in COUNTED if tables.get(table, {}).get(action)}
            records = [table for table in counted if table in RECORDS]
            named = [f"{counted[table]:,} {_plural(table, counted[table])}" for table in records or counted]
            if named:
                parts.append(f"{', '.join(named)} {action}")
        return f": {'; '.join(parts)}" if parts else ""

    def _told(self, changes: Sequence[Change]) -> str:
        groups: dict[tuple[str, int], list[Change]] = {}
        for change in changes:
            groups.setdefault(change.record or (change.table, change.key), []).append(change)
        telling = {record: own for record, own in groups.items() if any(map(_tells, own))} or groups
        if len(telling) > 1:  # who was met by acting for the first time, and tags that were made in passing
            telling = {
                record: own
                for record, own in telling.items()
                if record[0] not in ("user_account", "tag", "pipeline", "stage")
            } or telling
        merges = [change.image for change in changes if change.table == "merged_record" and change.action == "added"]
        if merges:
            return "; ".join(map(self._merge, merges[:MOST_RECORDS]))
        parts = [self._record(record, own) for record, own in list(telling.items())[:MOST_RECORDS]]
        more = len(telling) - len(parts)
        return "; ".join(parts) + (f"; and {more} more" if more > 0 else "")

    def _merge(self, image: Mapping[str, Any]) -> str:
        noun = image["noun"]
        gone, kept = (self._called((noun, image[name]), ()) for name in ("record_id", "kept_id"))
        return f"merged {gone} into {kept}"

    def _record(self, record: tuple[str, int], changes: Sequence[Change]) -> str:
        noun = record[0]
        own = [change for change in changes if (change.table, change.key) == record]
        verb = _verb(noun, own)
        moved = salewords.move(noun, own[0] if own else None, self.name)
        verb, where = moved or (verb, "")
        if all(change.action == ERASED for change in changes):
            return f"{ERASED} {self._called(record, own)}"
        details = list(self._details(noun, changes))
        shown = ", ".join(details[:MOST_DETAILS]) + (", …" if len(details) > MOST_DETAILS else "")
        text = own[0].image.get("body") if own and noun == "interaction" else None
        shown = _short(str(text).split("\n")[0]) if text and verb == "logged" else shown
        return f"{verb} {self._called(record, changes)}{where}" + (f": {shown}" if shown else "")

    def _called(self, record: tuple[str, int], changes: Sequence[Change]) -> str:
        """A record by its name and id, and whom it is about."""
        noun, key = record
        if noun not in journal.RECORDS:
            known = [self.name(noun, key), *(change.image.get("name") for change in changes)]
            return f"{noun.replace('_', ' ')} {_short(next(filter(None, known), ''))}".rstrip()
        own = next((change.image for change in changes if (change.table, change.key) == record), {})
        name = self.name(noun, key) or own.get(NAMES.get(noun, "name"))
        told = f"{_short(str(name))} ({called(noun, key)})" if name else called(noun, key)
        if noun in UNNAMED:
            told = f"{noun_of(noun)} {told}"
        about = next((found for change in changes if (found := self._customer(change))), None)
        return f"{told} with {about}" if about and noun == "interaction" else f"{told} for {about}" if about else told

    def _customer(self, change: Change) -> str | None:
        if change.table not in ("participant", *DEALINGS):
            return None
        for noun in PARTIES:
            key = change.image.get(f"{noun}_id")
            if key is not None:
                name = self.name(noun, key)
                return f"{_short(name)} ({called(noun, key)})" if name else called(noun, key)
        return None

    def _details(self, noun: str, changes: Sequence[Change]) -> Iterator[str]:
        for change in changes:
            if change.table in CHILDREN:
                yield self._child(change)
            elif change.table == noun and change.action == "changed":
                for field in change.fields:
                    if field.column not in (*SAID_ELSEWHERE, *salewords.FOLLOWING.get(noun, ())):
                        yield self._changed(change, field)
            elif change.table != noun and change.record and change.record[0] in (*DEALINGS, "product"):
                yield from salewords.part(change, self._currency(change), self.name)
            elif change.table == noun and change.action == ERASED:
                yield ERASED

    def _changed(self, change: Change, field: Field) -> str:
        column = TABLES[change.table].columns.get(field.column) if change.table in TABLES else None
        if column is not None and column.kind == "money":
            code = self._currency(change)
            before, after = (
                "none" if one is None else salewords.money(one, code) for one in (field.before, field.after)
            )
        else:
            before, after = (_short(self.value(change.table, field.column, one)) for one in (field.before, field.after))
        return f"{_label(change.table, field.column)} {before} -> {after}"

    def _currency(self, change: Change) -> str | None:
        return salewords.currency(self.store, change.table, change.key, change.image)

    def _child(self, change: Change) -> str:
        if change.action == ERASED:
            return f"{change.table.replace('_', ' ')} {ERASED}"
        if change.action == "changed":
            told = [self._changed(change, field) for field in change.fields if field.column not in SAID_ELSEWHERE]
            what = {"tagging": "tag", "custom_value": "field"}.get(change.table, change.table.replace("_", " "))
            return f"{what} {', '.join(told)}"
        return f"{'+' if change.action == 'added' else '-'}{_short(self.child_text(change.table, change.image))}"

    def child_text(self, table: str, image: Mapping[str, Any]) -> str:
        """A row of what a record has many of: "tag vip", "e-mail ada@engines.example"."""
        kind = {"tagging": "tag", "email": "e-mail", "employment": "company", "company_domain": "domain"}
        shown = [self.value(table, name, image[name]) for name in CHILDREN[table] if image.get(name) is not None]
        named = NAMED_BY.get(table, ())
        name = "/".join(self.value(table, column, image[column]) for column in named if image.get(column))
        if table == "phone":
            shown = shown[:1]
        value = (":" if table == "external_id" else ", ").join(shown)
        return f"{name}={value}" if name else f"{kind.get(table, table.replace('_', ' '))} {value}"


def _tells(change: Change) -> bool:
    """Whether a change says more than that a record was touched."""
    return change.action != "changed" or any(field.column not in ("updated_at",) for field in change.fields)


def _verb(noun: str, own: Sequence[Change]) -> str:
    for change in own:
        if change.action == "added":
            return {"interaction": "logged", "support_case": "opened"}.get(noun, "added")
        if change.action == "removed":
            return "removed"
        for field in change.fields:
            if field.column == "deleted_at":
                return "restored" if field.after is None else "deleted"
            if noun == "support_case" and field.column == "status":
                again = field.before in ("resolved", "closed") and field.after == "open"
                return "reopened" if again else salewords.STEPS.get(field.after, "changed")
    return "changed"


def _label(table: str, column: str) -> str:
    described = TABLES[table].columns.get(column) if table in TABLES else None
    return (flag_name(described) if described else column).replace("_", " ")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _plural(table: str, count: int) -> str:
    return ONE.get(table, table) if count == 1 else MANY.get(table, f"{table}s")
