"""JSON and JSON Lines (RFC 8259, jsonlines.org): our own lists and exports, and the objects of any other program."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from crmcli.importers import jsonkeys, ownrecords, ownsales
from crmcli.importers.base import CERTAIN, LIKELY, NO, POSSIBLE, Columns, Draft, Format, Item, Refused
from crmcli.importers.jsontext import PLACE, REASON, TEXT, Found, is_json, is_our_list, records
from crmcli.importers.rowreader import reader
from crmcli.importers.source import Source
from crmcli.importers.targets import parse
from crmcli.kernel import jsonlines
from crmcli.kernel.errors import UsageError

# So many records decide what a file is, and so many name the keys that are mapped.
LOOKED_AT = 5
SAMPLED = 2_000
HOPELESS = 10_000
"""When none of so many first records can be read, the file is no list of records."""
_COMPANY = ("domain", "industry", "employee_count", "legal_name")
_PERSON = ("given_name", "family_name", "job_title", "birth_date", "company", "email")


def _first(source: Source) -> list[Found]:
    """The first records; none of what is no JSON."""
    known: list[Found] | None = source.__dict__.get("json_first")
    if known is None:
        looks = not source.is_folder and is_json(source.text)
        found = islice(records(source), LOOKED_AT) if looks else ()
        known = source.__dict__["json_first"] = [one for one in found if isinstance(one, Found)]
    return known


def _kept(items: Iterable[Item]) -> Iterator[Item]:
    """The items, unless none of the first is a record."""
    refused = 0
    for item in items:
        if refused >= 0:
            refused = refused + 1 if isinstance(item, Refused) else -1
            if refused > HOPELESS:
                raise UsageError(f"none of the first {HOPELESS:,} records can be read", f"the first: {item[2]}")
        yield item


def rejects(source: Source, refused: Iterable[Refused]) -> Iterator[bytes]:
    """JSON Lines of the refused records, each with its place and the reason; what was no object stands in a text."""
    for entry in refused:
        try:
            value = jsonlines.decode_object(str(entry.raw))
        except UsageError:
            value = {TEXT: str(entry.raw)}
        yield jsonlines.encode({**value, PLACE: entry.place, REASON: entry.reason}).encode("ascii") + b"\n"


# --- our own


def _own_match(source: Source) -> int:
    found = _first(source)
    if not found and is_our_list(source.text):
        return CERTAIN
    return CERTAIN if found and all(_noun_of(one) for one in found) else NO


def _noun_of(one: Found) -> str:
    """The noun of the draft that a record of ours becomes; "" for one of others."""
    if one.noun in ("order", "product", "deal", "case"):
        return f"own_{one.noun}"
    return one.noun or ownrecords.noun_of(one.record) or ownsales.noun_of(one.record)


def _own_read(source: Source) -> Iterator[Item]:
    return _kept(_own(one) for one in records(source))


def _own(one: Found | Refused) -> Item:
    if isinstance(one, Refused):
        return one
    noun = _noun_of(one)
    if noun in ownsales.MARKS:
        return _own_sale(noun, one)
    if noun not in ownrecords.NOUNS:
        known = ", ".join(ownrecords.NOUNS)
        return Refused(one.place, one.text, f"a record of a {noun or 'kind'} that is not imported; there is: {known}")
    try:
        values = ownrecords.values(noun, one.record)
    except ValueError as error:
        return Refused(one.place, one.text, str(error))
    return Draft(noun, values, one.place, one.text) if values else Refused(one.place, one.text, "the record is empty")


def _own_sale(noun: str, one: Found) -> Item:
    if not ownsales.MARKS[noun] <= one.record.keys():
        lacking = ", ".join(sorted(ownsales.MARKS[noun] - one.record.keys()))
        return Refused(one.place, one.text, f"the record has no {lacking}")
    try:
        return Draft(noun, ownsales.values(noun, one.record), one.place, one.text)
    except (ValueError, TypeError, KeyError) as error:
        return Refused(one.place, one.text, str(error) or "the record cannot be read")


# --- any others


def _match(source: Source) -> int:
    found = _first(source)
    if not found:
        return NO
    paths = {path for one in found for path in _flat(one.record)}
    known = sum(map(jsonkeys.is_known, paths))
    return LIKELY if paths and known * 2 >= len(paths) else POSSIBLE


def _flat(record: dict[str, Any]) -> dict[str, str]:
    try:
        return jsonkeys.flat(record)
    except ValueError:
        return {}


def _columns(source: Source) -> Columns:
    known: Columns | None = source.__dict__.get("json_columns")
    if known is None:
        found = (one for one in islice(records(source), SAMPLED) if isinstance(one, Found))
        paths = tuple(dict.fromkeys(path for one in found for path in _flat(one.record)))[: jsonkeys.MOST_KEYS * 4]
        known = source.__dict__["json_columns"] = Columns(paths, jsonkeys.targets(paths))
    return known


def _noun(columns: Columns) -> str:
    """What the objects are: companies where they have what only companies have, and nothing of a person."""
    fields = {target.partition(".")[0].partition("#")[0] for target in columns.targets}
    return "company" if fields & set(_COMPANY) and not fields & set(_PERSON) else "contact"


def _read(source: Source, columns: Columns) -> Iterator[Item]:
    noun = _noun(columns)
    read = reader([_fitting(target, noun) for target in columns.targets], noun)
    known = {path: place for place, path in enumerate(columns.header)}

    def item(one: Found | Refused) -> Item:
        if isinstance(one, Refused):
            return one
        try:
            texts = jsonkeys.flat(one.record)
        except ValueError as error:
            return Refused(one.place, one.text, str(error))
        cells = [""] * len(known)
        late = {}
        for path, text in texts.items():
            if path in known:
                cells[known[path]] = text
            else:
                late[path] = text
        values = read(cells)
        # Keys that the first records had not.
        for target, text in zip(jsonkeys.targets(late), late.values(), strict=True):
            name = target.removeprefix("set.") if target.startswith("set.") else target.replace(".", "_")
            values.setdefault("set", []).append({name: text})
        return (
            Draft(noun, values, one.place, one.text) if values else Refused(one.place, one.text, "the record is empty")
        )

    return _kept(item(one) for one in records(source))


def _fitting(target: str, noun: str) -> str:
    """A target, or a custom field for one that only the other noun has: a file may hold people and companies."""
    try:
        parse(target, noun)
    except UsageError:
        return f"set.{target.partition('.')[0]}"
    return target


def _with_columns(columns: Columns) -> Format:
    return ANY._replace(
        read=lambda source: _read(source, columns), columns=lambda source: columns, with_columns=_with_columns
    )


OWN = Format("crm-json", "crm export in JSON", "contact", _own_match, _own_read, rejects)
ANY = Format(
    "json",
    "JSON objects",
    "contact",
    _match,
    lambda source: _read(source, _columns(source)),
    rejects,
    _columns,
    _with_columns,
)
FORMATS = (OWN, ANY)
