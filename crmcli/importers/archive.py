"""Our own archive, read record by record into a database that holds something already.

Into an empty one it is not imported but restored, by `crmcli.services.archives`. Here ids mean nothing, what was
deleted is left out, and so is the journal: contacts, companies, what was logged and what was promised come as any other
source's do, and are known again by their uids.

Beside the record that is read, a line of text is held for every contact and company, to tell who took part.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from crmcli.exporters.keys import NAMES
from crmcli.importers import ownrecords
from crmcli.importers.base import CERTAIN, NO, Draft, Format, Item, Refused
from crmcli.importers.jsonfile import rejects
from crmcli.importers.source import Source
from crmcli.kernel import jsonlines, sealed
from crmcli.kernel.errors import UsageError
from crmcli.services.flags import flag_name, settable
from crmcli.store import archive
from crmcli.store.connection import Row
from crmcli.store.nouns import PARTIES
from crmcli.store.restore import decoded, row_counts
from crmcli.store.restored_values import check_row

_BEGINS = f'{{"schema":"{archive.SCHEMA}"'
_FLAGS = ("is_primary", "opted_out", "invalid")
# Tables of entries, and the keys of our JSON under which they stand.
_LISTS = {"email": "emails", "phone": "phones", "address": "addresses", "url": "urls"}
_OWNERS = ("id", "contact_id", "company_id", "interaction_id")


def _match(source: Source) -> int:
    return CERTAIN + 5 if source.text.replace(" ", "").startswith(_BEGINS) else NO


def _read(source: Source) -> Iterator[Item]:
    with source.open() as file:
        try:
            sealed.check(file, archive.SCHEMA)
        except UsageError as error:
            raise UsageError(f"{source.name}: {error.message}", error.hint) from error
    with source.open() as file:
        lines = sealed.unsealed(file, archive.SCHEMA)
        row_counts(*next(lines))
        reader = _Reader()
        for number, line in lines:
            yield from reader.take(number, line)
        yield from reader.finish()
    if reader.deleted:
        source.notes.append(f"{reader.deleted} records that were deleted were left out")


class _Reader:
    """The records of an archive as its lines come by."""

    def __init__(self) -> None:
        self.deleted = 0
        self._names: dict[str, dict[int, str]] = {"user_account": {}, "tag": {}, "custom_field": {}}
        # Of contacts and companies uid, e-mail address and name, as one text: there may be very many.
        self._people: dict[str, dict[int, str]] = {noun: {} for noun in PARTIES}
        self._place = 0
        self._table = ""
        self._row: Row = {}
        self._record: dict[str, Any] | None = None

    def take(self, number: int, line: bytes) -> Iterator[Item]:
        """Take in a line; gives the record before it when that is whole."""
        try:
            entry = decoded(number, line)
            table, row = entry.get("table"), entry.get("row")
            if isinstance(table, str) and table in archive.ORDER and isinstance(row, dict):
                row = check_row(table, row)
            elif table == "company" and isinstance(entry.get("set"), dict):
                yield from self.finish()
                yield from self._late_parent(number, entry["set"])
                return
            else:
                return
        except UsageError as error:
            yield Refused(number, line.decode("ascii", "replace"), error.message.removeprefix(f"line {number}: "))
            return
        if table in self._names:
            self._names[table][row["id"]] = row["name"]
        elif table in ownrecords.NOUNS:
            yield from self.finish()
            self._begin(number, table, row)
        elif self._record is not None:
            self._add(table, row, self._record)

    def finish(self) -> Iterator[Item]:
        """The record that is being read, now whole."""
        record, self._record = self._record, None
        if record is None:
            return
        noun = self._table
        if noun in PARTIES:
            mail = record["emails"][0]["value"] if record["emails"] else ""
            self._people[noun][self._row["id"]] = "\0".join((record["uid"], mail, record[NAMES[noun]]))
        yield self._item(self._place, noun, record)

    def _item(self, place: int, noun: str, record: Mapping[str, Any]) -> Item:
        # What was attached can be very long, and is not what a person mends.
        plain = {**record, "attachments": [_without(one, ("content",)) for one in record.get("attachments", ())]}
        text = jsonlines.encode(plain if "attachments" in record else record)
        try:
            return Draft(noun, ownrecords.values(noun, record), place, text)
        except ValueError as error:
            return Refused(place, text, str(error))

    def _begin(self, number: int, table: str, row: Row) -> None:
        self._place, self._table, self._row = number, table, row
        if row["deleted_at"] is not None:
            self.deleted += 1
            return
        self._record = self._party(table, row) if table in PARTIES else self._event(table, row)

    def _party(self, noun: str, row: Row) -> dict[str, Any]:
        record: dict[str, Any] = {"uid": row["uid"], NAMES[noun]: row[NAMES[noun]]}
        record.update({flag_name(column): row[column.name] for column in settable(noun)})
        record["owner"] = self._names["user_account"].get(row["owner_id"])
        record["do_not_contact"] = bool(row["do_not_contact"])
        if noun == "company":
            record["parent"] = self._person("company", row["parent_id"])
        lists = ("emails", "phones", "addresses", "urls", "companies", "domains", "tags", "consents", "external_ids")
        return {**record, **{name: [] for name in (*lists, "extra")}, "preferences": {}, "custom": {}}

    def _event(self, noun: str, row: Row) -> dict[str, Any]:
        if noun == "interaction":
            user = self._names["user_account"].get(row["user_id"])
            return {**_without(row, ("id", "user_id")), "user": user, "participants": [], "attachments": []}
        record = {**row, "owner": self._names["user_account"].get(row["owner_id"]), "all_day": bool(row["all_day"])}
        for party in PARTIES:
            record[party] = self._person(party, row[f"{party}_id"])
        return _without(record, ("id", "owner_id", "contact_id", "company_id", "interaction_id"))

    def _add(self, table: str, row: Row, record: dict[str, Any]) -> None:
        """Put a row that belongs to the record into it, as our JSON has it."""
        plain = _without(row, _OWNERS)
        for flag in _FLAGS:
            if flag in plain:
                plain[flag] = bool(plain[flag])
        if table in _LISTS:
            _put(record[_LISTS[table]], plain)
        elif table == "employment":
            company = self._person("company", row["company_id"])
            if company:
                _put(record["companies"], {**plain, **_without(company, ("email",))})
        elif table == "company_domain":
            record["domains"].append(row["domain"])
        elif table == "tagging":
            record["tags"].append(self._names["tag"].get(row["tag_id"]))
        elif table == "custom_value":
            record["custom"][self._names["custom_field"].get(row["field_id"], "field")] = row["value"]
        elif table == "preference":
            record["preferences"][row["key"]] = row["value"]
        elif table == "external_id":
            record["external_ids"].append(f"{row['source']}:{row['key']}")
        elif table == "extra_property":
            record["extra"].append(row["line"])
        elif table == "consent":
            record["consents"].append(plain)
        else:
            self._add_to_event(table, row, record)

    def _add_to_event(self, table: str, row: Row, record: dict[str, Any]) -> None:
        if table == "participant":
            noun = "contact" if row["contact_id"] is not None else "company"
            person = self._person(noun, row[f"{noun}_id"])
            if person:
                record["participants"].append(person)
        elif table == "message":
            record.update(_without(row, _OWNERS))
        elif table == "attachment":
            record["attachments"].append(_without(row, (*_OWNERS, "uid")))
        elif table == archive.CONTENT:
            for attachment in record.get("attachments", ()):
                if attachment["digest"] == row["digest"]:
                    attachment["content"] = row["content"]

    def _late_parent(self, number: int, row: Mapping[str, Any]) -> Iterator[Item]:
        """A company whose parent comes later in the file, once more with that."""
        company, parent = (self._person("company", row.get(name)) for name in ("id", archive.PARENT))
        if company and parent:
            yield self._item(number, "company", {**_without(company, ("email",)), "parent": parent})

    def _person(self, noun: str, key: Any) -> dict[str, Any] | None:
        """A contact or company as our JSON names it; None for nobody, and for one that was deleted."""
        known = self._people[noun].get(key)
        if known is None:
            return None
        uid, mail, name = known.split("\0", 2)
        return {"uid": uid, NAMES[noun]: name, "email": mail or None}


def _without(row: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def _put(entries: list[dict[str, Any]], entry: dict[str, Any]) -> None:
    """Add an entry: the primary one stands first."""
    if entry.get("is_primary"):
        entries.insert(0, entry)
    else:
        entries.append(entry)


FORMATS = (Format("archive", "crm archive", "contact", _match, _read, rejects),)
