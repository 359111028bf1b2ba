"""Records of our own exports and lists, as the values of drafts: what `crmcli.exporters.fields` writes, read again.

Anybody may have written the file: every value is looked at before it is believed. What the record has beside our own
keys is kept as custom fields.
"""

from collections.abc import Callable, Mapping
from typing import Any

from crmcli.exporters.keys import LOCAL, NAMES
from crmcli.kernel.rulewords import AFTER_DONE
from crmcli.services.flags import flag_name, settable

Record = Mapping[str, Any]
Values = dict[str, Any]
NOUNS = ("contact", "company", "interaction", "followup")
# What tells a record of ours from those of others.
_MARKS = {
    "contact": ({"uid", "display_name"}, {"display_name", "emails"}, {"id", "display_name"}),
    "company": (
        {"uid", "name", "legal_name"},
        {"uid", "name", "domains"},
        {"uid", "name", "industry"},
        {"uid", "name", "parent"},
    ),
    "interaction": ({"direction", "channel", "occurred_at"},),
    "followup": ({"subject", "due_at", "status"},),
}
_PLACE = ("name", "uid", "role", "started_on", "ended_on", "is_primary")
_PERSON = ("uid", "email")
_CONSENT = ("purpose", "channel", "state", "legal_basis", "source", "at")
_ATTACHMENT = ("name", "media_type", "size", "digest", "content")
_DERIVED = {"overdue", "who", "who_id", "place", "last_in", "last_out", "alone"}


def noun_of(record: Record) -> str:
    """The noun of a record of ours, "" for one of others."""
    return next((noun for noun, marks in _MARKS.items() if any(mark <= record.keys() for mark in marks)), "")


def values(noun: str, record: Record) -> Values:
    """The values of a draft; see `crmcli.importers.base.Draft`.

    Raises:
        ValueError: a value is of another kind than it should be.
    """
    if noun in NAMES:
        return _party(noun, record)
    return _interaction(record) if noun == "interaction" else _followup(record)


# --- contacts and companies


def _party(noun: str, record: Record) -> Values:
    found: Values = {}
    plain = {flag_name(column) for column in settable(noun)} - {"parent"}
    custom: Values = {}
    for key, value in record.items():
        if value in (None, "", [], {}) or key in LOCAL or key in _DERIVED:
            continue
        if key == NAMES[noun]:
            found["name"] = _text(key, value)
        elif key in plain or key in ("uid", "role"):
            found[key] = _text(key, value)
        elif key in _READERS:
            field, read = _READERS[key]
            found.setdefault(field, []).extend(read(key, value))
        elif key == "parent":
            found["parent"] = value["name"] if isinstance(value, Mapping) and "name" in value else _text(key, value)
        else:
            custom[key] = _text(key, value)
    if custom:
        found.setdefault("set", []).extend({key: value} for key, value in custom.items())
    return found


def _entries(key: str, value: Any) -> list[Values]:
    found = []
    for entry in _objects(key, value):
        one = {name: entry[name] for name in entry if entry[name] not in (None, "", False)}
        for name, part in one.items():
            if part is not True:
                one[name] = _text(name, part)
        found.append(one)
    return found


def _phones(key: str, value: Any) -> list[Values]:
    found = _entries(key, value)
    return [{"raw": entry["e164"], **entry} if "e164" in entry and "raw" not in entry else entry for entry in found]


def _companies(key: str, value: Any) -> list[Values]:
    return [{name: entry[name] for name in _PLACE if name in entry} for entry in _entries(key, value)]


def _consents(key: str, value: Any) -> list[Values]:
    found = [{name: entry[name] for name in _CONSENT if name in entry} for entry in _entries(key, value)]
    if any("purpose" not in entry or "state" not in entry for entry in found):
        raise ValueError("a consent needs purpose and state")
    return found


def _pairs(key: str, value: Any) -> list[Values]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{key} is no object")
    return [{name: _text(name, text)} for name, text in value.items() if text not in (None, "")]


def _words(key: str, value: Any) -> list[str]:
    if not isinstance(value, list):
        raise ValueError(f"{key} is no list")
    return [_text(key, word) for word in value if word not in (None, "")]


def _single(part: str) -> Callable[[str, Any], list[Values]]:
    """A reader of what `--fields` writes of the primary entry alone."""

    def read(key: str, value: Any) -> list[Values]:
        if isinstance(value, Mapping):
            return _entries(key, [value])
        return [{part: _text(key, value)}]

    return read


_READERS: dict[str, tuple[str, Callable[[str, Any], list[Any]]]] = {
    "emails": ("email", _entries),
    "phones": ("phone", _phones),
    "urls": ("url", _entries),
    "addresses": ("address", _entries),
    "companies": ("company", _companies),
    "consents": ("consent", _consents),
    "preferences": ("prefer", _pairs),
    "custom": ("set", _pairs),
    "domains": ("domain", _words),
    "tags": ("tag", _words),
    "external_ids": ("external", _words),
    "extra": ("extra", _words),
    "email": ("email", _single("value")),
    "phone": ("phone", _single("raw")),
    "url": ("url", _single("value")),
    "address": ("address", _single("street_address")),
    "company": ("company", _single("name")),
    "domain": ("domain", lambda key, value: [_text(key, value)]),
}


# --- what was logged and promised

_LOGGED = ("uid", "direction", "channel", "occurred_at", "subject", "body", "outcome", "message_id", "thread")
_MAIL = ("in_reply_to", "quoted")
_PROMISED = ("uid", "subject", "note", "channel", "due_at", "timezone", "status", "priority", "owner")
_CLOSED = ("first_due_at", "closed_at", "outcome_note")
_REPEATING = ("workdays", "series", "occurs_on")


def _interaction(record: Record) -> Values:
    found = _texts(record, (*_LOGGED, *_MAIL, "user"))
    for name in ("duration", "satisfaction"):
        if record.get(name) is not None:
            found[name] = _whole(name, record[name])
    people = _people("participants", record.get("participants") or [])
    if people:
        found["people"] = people
    attachments = []
    for entry in _objects("attachments", record.get("attachments") or []):
        one = {name: entry[name] for name in _ATTACHMENT if entry.get(name) is not None}
        attachments.append(
            {name: _whole(name, part) if name == "size" else _text(name, part) for name, part in one.items()}
        )
    if attachments:
        found["attachments"] = attachments
    return found


def _followup(record: Record) -> Values:
    found = {**_texts(record, (*_PROMISED, *_CLOSED, *_REPEATING)), **_rule(record.get("recurrence"))}
    if record.get("all_day") is not None:
        if not isinstance(record["all_day"], bool):
            raise ValueError("all_day is neither true nor false")
        found["all_day"] = record["all_day"]
    if record.get("snooze_count"):
        found["snooze_count"] = _whole("snooze_count", record["snooze_count"])
    people = [record[noun] for noun in NAMES if record.get(noun) is not None]
    if people:
        found["people"] = _people("contact", people)
    return found


def _rule(value: Any) -> Values:
    """How a follow-up repeats: in words, or as the lists and exports in JSON have it."""
    if value in (None, "", {}):
        return {}
    if not isinstance(value, Mapping):
        return {"every": _text("recurrence", value)}
    found = _texts(value, ("rule", "workdays"))
    if "rule" not in found:
        raise ValueError("recurrence has no rule")
    start = AFTER_DONE if value.get("from") == "done" else ""
    every = found.pop("rule") + start
    return {**found, "every": every}


def _texts(record: Record, names: tuple[str, ...]) -> Values:
    return {name: _text(name, record[name]) for name in names if record.get(name) not in (None, "")}


def _people(key: str, value: Any) -> list[Values]:
    """Who took part: name, email and uid, and whether it is a company."""
    found = []
    for person in _objects(key, value):
        one = _texts(person, _PERSON)
        name = person.get("display_name") or person.get("name")
        if name:
            one["name"] = _text("name", name)
        one["noun"] = "contact" if "display_name" in person else "company"
        found.append(one)
    return found


# --- kinds of values


def _text(key: str, value: Any) -> str:
    """A value as text; yes and no for what is true or false."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return str(value)
    raise ValueError(f"{key} is a list or object, and should be a text")


def _whole(key: str, value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**62:
        raise ValueError(f"{key} is no whole number")
    return value


def _objects(key: str, value: Any) -> list[Record]:
    if not isinstance(value, list) or not all(isinstance(entry, Mapping) for entry in value):
        raise ValueError(f"{key} is no list of objects")
    return value
