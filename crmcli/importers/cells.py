r"""Cells that hold several values, as our own tables have them: reading the form that `crmcli.exporters.cells` writes.

    emails        work=ada@engines.example; ada@home.example [opted_out]
    phones        mobile=020 7946 0958 [+442079460958]; +44 20 7946 0001
    urls          website=https://engines.example/?page=1
    tags          vip; press
    preferences   channel=email; coffee=black
    addresses     label=work; street_address=1 St James's Square; locality=London; country_code=GB | locality=Paris
    lines         2 x Red apples @ 7.50 EUR -1.50 EUR tax 7%; sku=APL | 1 x Basket @ 3.00 EUR
    companies     Analytical Engines; role=Engineer; started_on=1843-01-01 | Royal Society
    consents      marketing/email=granted; at=2026-11-20T10:00:00Z; source=fair | newsletter=denied; at=…

Values stand between semicolons, and what consists of parts between bars. A label or key stands before the first equals
sign, marks in brackets behind. The first of several is the primary one. A backslash takes its meaning from the
character behind it. People may write such cells by hand: what is not understood is part of the value.
"""

import re
from collections.abc import Collection
from typing import Any

Entry = dict[str, Any]
_FLAGS = ("opted_out", "invalid")
_ITEMS = {mark: re.compile(rf"(?:\\.|[^{mark}])++", re.DOTALL) for mark in ";|"}
_KEYED = re.compile(r"((?:\\.|[^=\\])*+)=(.*)", re.DOTALL)
_MARKED = re.compile(r"((?:\\.|[^\[])*+)((?:\[[^\[\]]*+\]\s*+)*+)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def emails(cell: str) -> list[Entry]:
    """E-mail addresses: `value`, and `label`, `opted_out`, `invalid`, `is_primary` where they are said."""
    return _labelled(cell, "value")


def phones(cell: str) -> list[Entry]:
    """Phone numbers: `raw` and, where they are said, `e164`, `label`, `opted_out`, `is_primary`."""
    return _labelled(cell, "raw")


def urls(cell: str) -> list[Entry]:
    """Links: `value`, and `label`, `is_primary` where they are said."""
    return _labelled(cell, "value")


def addresses(cell: str) -> list[Entry]:
    """Postal addresses: their parts by name, `label`, `is_primary`; what has no name is the street."""
    return _first_primary([_parts(item, "street_address") for item in _items(cell, "|")])


def companies(cell: str) -> list[Entry]:
    """Companies: `name`, and `role`, `started_on`, `ended_on`, `uid`, `is_primary` where they are said."""
    return _first_primary([_parts(item, "name") for item in _items(cell, "|")])


def consents(cell: str) -> list[Entry]:
    """Consents: `purpose`, `state`, and `channel`, `legal_basis`, `source`, `at` where they are said."""
    found = []
    for item in _items(cell, "|"):
        first, *rest = _items(item, ";") or [""]
        key, state = _keyed(first)
        purpose, _, channel = (key or state).partition("/")
        entry = {"purpose": purpose, "channel": channel, "state": state if key else ""}
        found.append({name: text for name, text in {**entry, **_named(rest)}.items() if text})
    return [entry for entry in found if entry]


def pairs(cell: str) -> list[Entry]:
    """Keys with their values, each an object of one; what has no value is left out."""
    found = [_keyed(item) for item in _items(cell, ";")]
    return [{key: text} for key, text in found if key]


def words(cell: str) -> list[str]:
    """Words: tags, domains, external ids."""
    return [_plain(item) for item in _items(cell, ";")]


def lines(cell: str, names: Collection[str]) -> list[Entry]:
    """Texts such as lines of orders, `text`, with those of `names` that are told behind them.

    Between semicolons stand further texts, too: so people write them, and so we did once.
    """
    found: list[Entry] = []
    for item in _items(cell, "|"):
        for number, part in enumerate(_items(item, ";")):
            key, text = _keyed(part)
            if number and key in names:
                found[-1][key] = text
            else:
                found.append({"text": _plain(part)})
    return found


def _labelled(cell: str, name: str) -> list[Entry]:
    found = []
    for item in _items(cell, ";"):
        whole = _MARKED.fullmatch(item)
        text, marks = (whole[1], whole[2]) if whole else (item, "")
        label, value = _keyed(text)
        if not value:
            continue
        entry: Entry = {name: value, **({"label": label} if label else {})}
        for mark in re.findall(r"\[([^\[\]]*)\]", marks):
            if mark in _FLAGS:
                entry[mark] = True
            elif mark.startswith("+"):
                entry["e164"] = mark
        found.append(entry)
    return _first_primary(found)


def _parts(item: str, unnamed: str) -> Entry:
    found: Entry = {}
    rest = []
    for part in _items(item, ";"):
        if _KEYED.fullmatch(part):
            rest.append(part)
        else:
            found[unnamed] = f"{found[unnamed]}; {_plain(part)}" if unnamed in found else _plain(part)
    return {**found, **_named(rest)}


def _named(items: list[str]) -> Entry:
    return {key: text for key, text in map(_keyed, items) if key and text}


def _keyed(item: str) -> tuple[str, str]:
    """The key of an item, "" for none, and its text."""
    found = _KEYED.fullmatch(item)
    return (_plain(_stripped(found[1])), _plain(_stripped(found[2]))) if found else ("", _plain(_stripped(item)))


def _items(cell: str, mark: str) -> list[str]:
    """The items of a cell, still escaped."""
    return [item for item in map(_stripped, _ITEMS[mark].findall(cell)) if item]


def _stripped(item: str) -> str:
    """An item without the white space around it; what is escaped stays."""
    bare = item.strip()
    backslashes = len(bare) - len(bare.rstrip("\\"))
    if backslashes % 2:
        bare += item.lstrip()[len(bare) : len(bare) + 1]
    return bare


def _plain(item: str) -> str:
    return _ESCAPED.sub(r"\1", item)


def _first_primary(entries: list[Entry]) -> list[Entry]:
    return [{**entry, **({"is_primary": True} if number == 0 else {})} for number, entry in enumerate(entries)]
