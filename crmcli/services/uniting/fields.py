"""Which value each field of the kept record gets."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from crmcli.kernel.text import tokens
from crmcli.services.flags import flag_name, settable
from crmcli.store.connection import Row
from crmcli.store.duplicates import NAME

PREFER = ("kept", "other", "newest", "longest")
# The parts of a name go with the name that is shown; of another record's, those that stand in it fill what is empty.
PARTS_OF_NAME = {
    "contact": (
        "honorific_prefix",
        "given_name",
        "additional_name",
        "family_name",
        "honorific_suffix",
        "phonetic_given_name",
        "phonetic_family_name",
    ),
    "company": (),
}
WORDS_OF_NAME = ("given_name", "additional_name", "family_name")


class Rules(NamedTuple):
    """How to choose between values: `prefer` one of PREFER, and `take`, field -> the id of the record to take it from.

    Fields are called as flags are; beside them there are `name`, `custom.KEY` and `preferences.KEY`.
    """

    prefer: str = "kept"
    take: Mapping[str, int] = {}


def ordered(rows: Sequence[Row], field: str, values: Mapping[int, Any], rules: Rules) -> list[Row]:
    """The rows (the kept record's first) in the order in which their values, by id, of a field are wanted."""
    if field in rules.take:
        return [row for row in rows if row["id"] == rules.take[field]]
    if rules.prefer == "other":
        return [*rows[1:], rows[0]]
    if rules.prefer == "newest":
        # Stamps sort as text; of the same second the kept record's comes first.
        return sorted(rows, key=lambda row: str(row["updated_at"]), reverse=True)
    if rules.prefer == "longest":
        return sorted(rows, key=lambda row: -len(str(values[row["id"]] or "")))
    return list(rows)


def chosen(noun: str, rows: Sequence[Row], rules: Rules, not_parents: Collection[int]) -> dict[str, Any]:
    """The columns of the kept record, the first of `rows`, as they are to be.

    The name and its parts are chosen together; notes are joined, unless they are taken from one record; who does not
    want to be contacted by what one record says is not contacted.

    Args:
        noun: contact or company.
        rows: the rows of all records.
        rules: how to choose.
        not_parents: companies that cannot be the parent.
    """
    values = _name(noun, rows, rules)
    for column in settable(noun):
        name = column.name
        if name in PARTS_OF_NAME[noun]:
            continue
        order = ordered(rows, flag_name(column), _held(rows, name), rules)
        found = [row[name] for row in order if row[name] is not None]
        if name == "do_not_contact":
            values[name] = max(row[name] for row in rows)
        elif name == "notes":
            values[name] = joined(found) if flag_name(column) not in rules.take else (found or [None])[0]
        elif name == "parent_id":
            values[name] = next((key for key in found if key not in not_parents), None)
        elif name == "birth_date":
            values[name] = _fullest(found)
        else:
            values[name] = found[0] if found else None
    return values


def _name(noun: str, rows: Sequence[Row], rules: Rules) -> dict[str, Any]:
    order = ordered(rows, "name", _held(rows, NAME[noun]), rules)
    shown = order[0][NAME[noun]]
    values = {NAME[noun]: shown}
    for part in PARTS_OF_NAME[noun]:
        wanted = ordered(rows, part, _held(rows, part), rules) if part in rules.take else order
        found = [row[part] for row in wanted if row[part]]
        if part in WORDS_OF_NAME and part not in rules.take:
            found = [text for text in found if text == order[0][part] or set(tokens(text)) <= set(tokens(shown))]
        values[part] = found[0] if found else None
    return values


def _held(rows: Sequence[Row], name: str) -> dict[int, Any]:
    """The value of a column in each record."""
    return {row["id"]: row[name] for row in rows}


def joined(texts: Sequence[str]) -> str | None:
    """Texts one below the other, without those that others hold already."""
    kept: list[str] = []
    for text in texts:
        if not any(text.strip() in other for other in kept):
            kept.append(text.strip())
    return "\n\n".join(kept) or None


def _fullest(days: Sequence[str]) -> str | None:
    """The first of some birthdays, with its year where another one of the same day has it."""
    if not days:
        return None
    with_year = (day for day in days if not day.startswith("-") and day[-5:] == days[0][-5:])
    return next(with_year, days[0]) if days[0].startswith("-") else days[0]


class Difference(NamedTuple):
    """A field of which several records have different values: its name, and each value with the id of its record."""

    field: str
    values: list[tuple[str, str]]


def differences(noun: str, records: Sequence[Mapping[str, Any]]) -> Iterator[Difference]:
    """The fields in which records (the kept one first) differ, so that one value has to be chosen."""
    for field, values in _values(noun, records):
        different: dict[str, str] = {}
        for record, value in zip(records, values, strict=True):
            text = value["name"] if isinstance(value, Mapping) else "" if value is None else str(value)
            if text:
                different.setdefault(text, record["id"])
        if len(different) > 1:
            yield Difference(field, [(key, text) for text, key in different.items()])


def _values(noun: str, records: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, list[Any]]]:
    yield "name", [record[NAME[noun]] for record in records]
    for column in settable(noun):
        name = flag_name(column)
        if name not in (*PARTS_OF_NAME[noun], "notes", "do_not_contact"):
            yield name, [record[name] for record in records]
    for part in ("custom", "preferences"):
        for key in dict.fromkeys(key for record in records for key in record[part]):
            yield f"{part}.{key}", [record[part].get(key) for record in records]
