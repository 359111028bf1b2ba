"""Our own tables, read again: what `crm export` writes of contacts, companies, interactions and follow-ups as CSV.

Nothing is guessed there: columns are named as our fields are, cells with several values are written in one way
(`crmcli.importers.cells`), and an apostrophe before what a spreadsheet would calculate comes off.
"""

from collections.abc import Callable, Iterator
from typing import Any

from crmcli.importers import cells, ownrecords, table
from crmcli.importers.base import CERTAIN, NO, Draft, Format, Item, Refused
from crmcli.importers.source import Source
from crmcli.importers.table_format import Header, custom_field, match_header, table_format
from crmcli.importers.targets import LISTS, plain_fields
from crmcli.kernel.errors import UsageError
from crmcli.kernel.spreadsheets import unprotected
from crmcli.services.flags import key_name

_NAMES = {"contact": "display_name", "company": "name"}
_NEVER = frozenset({table.PLACE, table.REASON, "id", "created_at", "updated_at", "deleted_at"})
_NEVER |= frozenset({"last_inbound_at", "last_outbound_at"})


def _keys(header: Header) -> list[str]:
    """The titles as our fields are named; a folded header has spaces where these have `_`."""
    return [title if title.startswith("custom.") else title.replace(" ", "_") for title in header]


def _party_match(noun: str) -> Callable[[Header], int]:
    needed = {"uid", _NAMES[noun]}

    def match(header: Header) -> int:
        keys = set(_keys(header))
        return CERTAIN if needed <= keys and keys & LISTS.keys() else NO

    return match


def _party_targets(noun: str) -> Callable[[Header], list[str]]:
    known = {*plain_fields(noun), *LISTS}

    def targets(header: Header) -> list[str]:
        found: list[str] = []
        for key in _keys(header):
            if key == _NAMES[noun]:
                found.append("name")
            elif key.startswith("custom."):
                found.append(f"set.{key_name(key.removeprefix('custom.'))}")
            elif key in _NEVER or f"_{key}" in _NEVER or not key:
                found.append("")
            else:
                found.append(key if key in known else custom_field(key, found))
        return found

    return targets


def _party(noun: str, name: str, title: str) -> Format:
    return table_format(name, title, noun, _party_match(noun), _party_targets(noun), tidy=unprotected)


# --- what was logged and promised


def _activity(noun: str, name: str, title: str, needed: frozenset[str]) -> Format:
    def match(header: Header) -> int:
        return CERTAIN if needed <= set(_keys(header)) else NO

    return Format(
        name,
        title,
        noun,
        match=lambda source: match_header(source, match),
        read=lambda source: table.bounded(_activities(source, noun, title)),
        rejects=table.rejects,
    )


def _activities(source: Source, noun: str, title: str) -> Iterator[Item]:
    form = table.layout(source)
    if form is None:
        raise UsageError(f"{source.name} holds no table", f"{title} are a text file with a header line")
    keys = _keys(table.folded_header(form.header))
    for row in table.rows(source, form):
        if isinstance(row, Refused):
            yield row
        elif any(map(str.strip, row.cells)):
            yield _read(noun, keys, row)


def _read(noun: str, keys: list[str], row: table.Row) -> Item:
    if len(row.cells) != len(keys):
        return Refused(row.line, row.cells, f"the row has {len(row.cells)} cells, the header {len(keys)}")
    texts = {key: unprotected(cell) for key, cell in zip(keys, row.cells, strict=True) if cell}
    try:
        record: dict[str, Any] = {key: _READERS[key](text) if key in _READERS else text for key, text in texts.items()}
        if "people" not in record and ("who" in texts or "email" in texts):  # as lists on the screen have it
            record["people"] = [_person({"name": texts.get("who", ""), "email": texts.get("email", "")})]
        if "summary" in texts:
            record.setdefault("subject", texts["summary"])
        if noun == "followup":
            record |= {_noun(person): person for person in record.pop("people", [])[:1]}
        else:
            record["participants"] = record.pop("people", [])
        values = ownrecords.values(noun, record)
    except ValueError as error:
        return Refused(row.line, row.cells, str(error))
    return Draft(noun, values, row.line, row.cells)


def _people(text: str) -> list[dict[str, Any]]:
    """Who took part, from a cell of people; a cell does not say which of them are companies."""
    people = cells.companies(text)
    return [_person({key: part for key, part in one.items() if key != "is_primary"}) for one in people]


def _person(one: dict[str, Any]) -> dict[str, Any]:
    found = {key: part for key, part in one.items() if part}
    return {**found, "display_name": found.get("name")} if "email" in found else found


def _noun(person: dict[str, Any]) -> str:
    return "contact" if "display_name" in person else "company"


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise ValueError(f"'{text[:40]}' is no whole number")
    return int(text)


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"'{text[:40]}' is neither true nor false")
    return text == "true"


_READERS: dict[str, Callable[[str], Any]] = {
    "duration": _whole,
    "satisfaction": _whole,
    "snooze_count": _whole,
    "all_day": _truth,
    "people": _people,
    "attachments": lambda text: [{"name": name} for name in cells.words(text)],
}

FORMATS = (
    _party("contact", "crm-contacts", "crm contacts"),
    _party("company", "crm-companies", "crm companies"),
    _activity(
        "interaction", "crm-interactions", "crm interactions", frozenset({"direction", "channel", "occurred_at"})
    ),
    _activity("followup", "crm-followups", "crm follow-ups", frozenset({"subject", "due_at", "status"})),
)
