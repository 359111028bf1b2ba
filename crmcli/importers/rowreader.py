"""From the cells of a row to the values of a record: what can be decided once a file is decided once.

`reader` looks at the targets of the columns and makes one function of them, which is called for every row: a million
times for a long file. What such a function does per cell is no more than it must.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from crmcli.importers import cells as lists
from crmcli.importers.birthdays import Birthdays
from crmcli.importers.targets import DETAILS, ENTRIES, LISTS, WORDS, Target, custom_key, parse

Values = dict[str, Any]
Cells = list[str]
Tidy = Callable[[str], str]
"""Changes the text of a cell."""
Samples = Callable[[int], Iterable[str]]
"""Texts of a column, by its place."""
_Step = Callable[[Cells, Values], None]
_Several = Callable[[Values], list[Values]]
_Single = tuple[str, str, int, str, _Several | None]
_Column = tuple[int, Target]

_NOT_EMAIL = re.compile(r"[\s,;<>\"'()]+|:::|mailto:", re.IGNORECASE)
_NO_VOICE = re.compile("fax|pager|telex|isdn|tty|callback", re.IGNORECASE)
_BETWEEN_PHONES = re.compile(r"\s*(?:[;\n|]|:::|\s/\s)\s*")


class _Slot(NamedTuple):
    """One entry: its columns, each the name of a part and a place in the row, and its label."""

    columns: tuple[tuple[str, int], ...]
    label: str


def reader(
    targets: Sequence[str], noun: str, *, tidy: Tidy | None = None, samples: Samples | None = None
) -> Callable[[Cells], Values]:
    """What makes values of the cells of a row; cells that are empty give none.

    Args:
        targets: what each column means.
        noun: what a row is.
        tidy: changes the text of every cell.
        samples: texts of a column, for what only the whole column tells.

    Raises:
        UsageError: a target that there is not.
    """
    fields: dict[str, list[_Column]] = defaultdict(list)
    for place, text in enumerate(targets):
        target = parse(text, noun)
        if target is not None:
            fields[target.field].append((place, target))
    plain: list[tuple[str, int]] = []
    singles: list[_Single] = []
    steps: list[_Step] = []
    for field in sorted(fields, key=lambda field: field in LISTS):  # lists add to what others found
        columns = fields[field]
        if single := _single(field, columns):
            singles.append(single)
        elif step := _step(field, columns, samples):
            steps.append(step)
        else:
            plain += [(field, place) for place, _ in columns]
    plain.reverse()  # of several columns for a field, the first with a text counts: it is written last

    def read(cells: Cells) -> Values:
        if tidy:
            cells = list(map(tidy, cells))
        values: Values = {field: text for field, place in plain if (text := cells[place].strip())}
        for field, part, place, label, several in singles:
            if text := cells[place].strip():
                entry = {part: text, "label": label} if label else {part: text}
                values[field] = several(entry) if several else [entry]
        for step in steps:
            step(cells, values)
        return values

    return read


def _single(field: str, columns: list[_Column]) -> _Single | None:
    """A field whose entries come from one column that needs no more than its text; None for others."""
    place, target = columns[0]
    entries = field in ENTRIES or field in ("address", "company")
    if not entries or len(columns) > 1 or target.part in (*DETAILS, "role") or target.part.startswith("external."):
        return None
    return field, target.part, place, target.label, _SEVERAL.get(field)


def _step(field: str, columns: list[_Column], samples: Samples | None) -> _Step | None:
    """What fills a field that is more than the text of one column; None for one that is not."""
    if field in ENTRIES or field in ("address", "company", "contact"):
        return _entries_step(field, _slots(columns))
    if field == "set":
        return _set_step(columns)
    if field in _KEYED:
        return _keyed_step(field, columns)
    if field in WORDS:
        return _words_step(field, columns)
    if field in LISTS:
        return _list_step(LISTS[field], _LIST_READERS[field], columns)
    if field == "birth_date":
        return _birthday_step(columns, samples)
    return _notes_step(columns) if field == "notes" else None


# --- entries: e-mail, phone, url, address, company


def _slots(columns: list[_Column]) -> list[_Slot]:
    """The columns of each entry. A column whose part the entry has already begins another, of the same label."""
    grouped: dict[tuple[int, str, int], dict[str, int]] = defaultdict(dict)
    for place, target in columns:
        part, turn = target.part, 0
        while part in grouped[target.number, target.label, turn]:
            if part.startswith("street_address"):
                part += "+"  # a further line of the street
            else:
                turn += 1
        grouped[target.number, target.label, turn][part] = place
    return [_Slot(tuple(parts.items()), label) for (_, label, _), parts in grouped.items() if parts]


def _entries_step(field: str, slots: list[_Slot]) -> _Step:
    usual = ENTRIES.get(field, "")
    finish = _SEVERAL.get(field) or {"address": _addresses, "company": _companies, "contact": _companies}.get(field)

    # Most rows leave most entries empty. An address is known by any of its parts, everything else by its usual one.
    known_by = [(dict(columns).get(usual), columns, label) for columns, label in slots]

    def step(cells: Cells, values: Values) -> None:
        found: list[Values] = []
        for needed, columns, label in known_by:
            if needed is not None and not cells[needed]:
                continue
            entry = {part: text for part, place in columns if (text := cells[place].strip())}
            if entry and (not usual or usual in entry):
                if label:
                    entry.setdefault("label", label)
                found += finish(entry) if finish else [entry]
        if found:
            if field == "phone":  # the first is the primary one: no fax
                found.sort(key=lambda entry: bool(_NO_VOICE.search(entry.get("label", ""))))
            values[field] = found

    return step


def _emails(entry: Values) -> list[Values]:
    """One entry an address: a cell may hold several, names around them, `mailto:`."""
    text = entry["value"]
    if " " not in text and "," not in text and ";" not in text and "<" not in text and ":" not in text:
        return [entry]
    found = [part for part in _NOT_EMAIL.split(text) if "@" in part[1:-1]]
    return [{**entry, "value": part} for part in dict.fromkeys(found or [text])]


def _phones(entry: Values) -> list[Values]:
    """One entry a number: a cell may hold several, with `;` or a slash between."""
    text = entry["raw"]
    if ";" not in text and "/" not in text and "|" not in text and ":" not in text and "\n" not in text:
        return [entry]
    found = [part for part in _BETWEEN_PHONES.split(text) if part]
    if any(sum(map(str.isdigit, part)) < 5 for part in found):  # ;ext=12, or 030 / 1234
        return [entry]
    return [{**entry, "raw": part} for part in found]


_SEVERAL: dict[str, _Several] = {"email": _emails, "phone": _phones}


def _addresses(entry: Values) -> list[Values]:
    further = [part for part in sorted(entry) if part.startswith("street_address+")]
    if further:
        lines = [entry.pop("street_address", ""), *(entry.pop(part) for part in further)]
        entry["street_address"] = ", ".join(filter(None, lines))
    return [entry] if entry.keys() - _DETAILS else []


def _companies(entry: Values) -> list[Values]:
    for part in [part for part in entry if part.startswith("external.")]:
        entry["external"] = f"{part.removeprefix('external.')}:{entry.pop(part)}"
    return [entry] if entry.keys() - {"role"} else []


_DETAILS = frozenset(DETAILS)


# --- keys and words


def _set_step(columns: list[_Column]) -> _Step:
    named = [(target.part, place) for place, target in columns if not target.number]
    titles = {target.number: place for place, target in columns if target.number and target.part == "key"}
    numbered = [
        (titles.get(target.number), target.part, place)
        for place, target in columns
        if target.number and target.part != "key"
    ]

    def step(cells: Cells, values: Values) -> None:
        found = [{key: text} for key, place in named if (text := cells[place].strip())]
        for title, usual, place in numbered:
            if text := cells[place].strip():
                key = cells[title].strip() if title is not None else ""
                found.append({free_key(key or usual, found): text})
        if found:
            values["set"] = found

    return step


def free_key(title: str, taken: Iterable[Values]) -> str:
    """A title as the name of a custom field that none of these values has yet: `child`, then `child_2`."""
    names = {name for values in taken for name in values}
    key = name = custom_key(title)
    number = 1
    while name in names:
        number += 1
        name = f"{key[:54]}_{number}"
    return name


_KEYED: dict[str, Callable[[str, str], Any]] = {
    "prefer": lambda key, text: {key: text},
    "external": lambda key, text: f"{key}:{text}",
    "consent": lambda key, text: f"{key}={text}",
}


def _keyed_step(field: str, columns: list[_Column]) -> _Step:
    keys = [(target.part, place) for place, target in columns]
    make = _KEYED[field]

    def step(cells: Cells, values: Values) -> None:
        found = [make(key, text) for key, place in keys if (text := cells[place].strip())]
        if found:
            values[field] = found

    return step


def _words_step(field: str, columns: list[_Column]) -> _Step:
    places = [place for place, _ in columns]

    def step(cells: Cells, values: Values) -> None:
        found: list[str] = []
        for place in places:
            text = cells[place].strip()
            if text.isalnum():
                found.append(text)
            elif text:
                found += [word for part in re.split("[,;\n]|:::", text) if (word := part.strip())]
        if found:
            values[field] = found

    return step


# --- texts


def _birthday_step(columns: list[_Column], samples: Samples | None) -> _Step:
    whole = next((place for place, target in columns if not target.part), None)
    parts = {target.part: place for place, target in columns if target.part}
    year, month, day = (parts.get(part) for part in ("year", "month", "day"))
    birthdays = Birthdays(lambda: samples(whole)) if samples and whole is not None else Birthdays()

    def step(cells: Cells, values: Values) -> None:
        text = cells[whole].strip() if whole is not None else ""
        if not text and month is not None and day is not None:
            numbers = [cells[place].strip() if place is not None else "" for place in (year, month, day)]
            if numbers[1] and numbers[2]:
                text = f"{numbers[0] or '0000':0>4}-{numbers[1]:0>2}-{numbers[2]:0>2}"
        if text and (found := birthdays.read(text)):
            values["birth_date"] = found

    return step


def _notes_step(columns: list[_Column]) -> _Step:
    """The text of several columns, one below the other; white space within their lines is kept."""
    places = [place for place, _ in columns]

    def step(cells: Cells, values: Values) -> None:
        found = [text.strip("\r\n") for place in places if (text := cells[place]) and not text.isspace()]
        if found:
            values["notes"] = "\n".join(found)

    return step


_LIST_READERS: dict[str, Callable[[str], list[Any]]] = {
    "emails": lists.emails,
    "phones": lists.phones,
    "addresses": lists.addresses,
    "urls": lists.urls,
    "companies": lists.companies,
    "domains": lists.words,
    "tags": lists.words,
    "preferences": lists.pairs,
    "consents": lists.consents,
    "external_ids": lists.words,
    "extra": lists.words,
}


def _list_step(field: str, read: Callable[[str], list[Any]], columns: list[_Column]) -> _Step:
    """Cells that hold several values, as our own tables have them."""
    places = [place for place, _ in columns]

    def step(cells: Cells, values: Values) -> None:
        found = [entry for place in places if cells[place] for entry in read(cells[place])]
        if found:
            values[field] = [*values.get(field, ()), *found]

    return step
