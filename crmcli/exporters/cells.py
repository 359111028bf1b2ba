"""Several values in one cell of a table: the writing of the form that `crmcli.importers.cells` describes and reads."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

Entry = Mapping[str, Any]
_FLAGS = ("opted_out", "invalid")
_ADDRESS = (
    "label",
    "street_address",
    "extended_address",
    "post_office_box",
    "locality",
    "region",
    "postal_code",
    "country_code",
)
_PLACE = ("role", "started_on", "ended_on", "uid")
_CONSENT = ("at", "legal_basis", "source")
_PERSON = ("email", "uid", "noun")


def emails(entries: Iterable[Entry]) -> str:
    """E-mail addresses, the primary one first."""
    return _list(_labelled(entry, entry["value"], "") for entry in entries)


def phones(entries: Iterable[Entry]) -> str:
    """Phone numbers as they were written, with the understood form behind where that does not follow from it."""
    return _list(_labelled(entry, entry["raw"], _understood(entry)) for entry in entries)


def urls(entries: Iterable[Entry]) -> str:
    """Links, the primary one first."""
    return _list(_labelled(entry, entry["value"], "") for entry in entries)


def addresses(entries: Iterable[Entry]) -> str:
    """Postal addresses in their parts."""
    return _rows(_named(entry, _ADDRESS) for entry in entries)


def companies(entries: Iterable[Entry]) -> str:
    """Companies by name, with the contact's place in them; `uid` is written where the entry has one."""
    return _rows([_escaped(entry["name"], "=;|"), *_named(entry, _PLACE)] for entry in entries)


def consents(entries: Iterable[Entry]) -> str:
    """What a person agreed to."""
    return _rows([_consent(entry), *_named(entry, _CONSENT)] for entry in entries)


def people(entries: Iterable[Entry]) -> str:
    """Those who took part: the name, with what tells them from others of that name; `noun` where the entry says it."""
    return _rows([_escaped(entry["name"], "=;|"), *_named(entry, _PERSON)] for entry in entries)


def lines(entries: Iterable[Entry], names: Iterable[str]) -> str:
    """Texts such as lines of orders, `text`, each with those of `names` behind it that the entry tells."""
    told = tuple(names)
    return _rows([_escaped(entry["text"], ";|"), *_named(entry, told)] for entry in entries)


def pairs(values: Mapping[str, Any]) -> str:
    """Keys with their values."""
    return _list(f"{_escaped(key, '=;')}={_escaped(str(text), ';')}" for key, text in values.items())


def words(values: Iterable[str]) -> str:
    """Words: tags, domains, external ids."""
    return _list(_escaped(word, ";") for word in values)


def _labelled(entry: Entry, value: str, mark: str) -> str:
    label = entry.get("label")
    text = f"{_escaped(label, '=;[')}={_escaped(value, ';[')}" if label else _escaped(value, "=;[")
    marks = [*([mark] if mark else []), *(flag for flag in _FLAGS if entry.get(flag))]
    return " ".join([text, *(f"[{one}]" for one in marks)])


def _understood(phone: Entry) -> str:
    """The number in E.164, unless it is what was written, spaces and the like aside."""
    e164, raw = phone.get("e164"), phone["raw"]
    if not e164 or (raw.startswith("+") and "+" + re.sub(r"[^0-9]", "", raw) == e164):
        return ""
    return str(e164)


def _consent(entry: Entry) -> str:
    key = entry["purpose"] + (f"/{entry['channel']}" if entry.get("channel") else "")
    return f"{_escaped(key, '=;|')}={entry['state']}"


def _named(entry: Entry, names: Iterable[str]) -> list[str]:
    return [f"{name}={_escaped(entry[name], ';|')}" for name in names if entry.get(name)]


def _list(items: Iterable[str]) -> str:
    return "; ".join(items)


def _rows(items: Iterable[Iterable[str]]) -> str:
    return " | ".join("; ".join(item) for item in items)


def _escaped(text: str, marks: str) -> str:
    """A text with a backslash before each of these marks, before backslashes, and before white space at its ends."""
    found = re.sub(f"[{re.escape(marks)}\\\\]", r"\\\g<0>", text)
    if text[:1].isspace():
        found = "\\" + found
    if len(text) > 1 and text[-1:].isspace():
        found = found[:-1] + "\\" + found[-1]
    return found
