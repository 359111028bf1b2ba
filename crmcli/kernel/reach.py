"""Whom we may contact, for what purpose and by what channel: one rule, and the words that its SQL shares.

A mark of do-not-contact beats all; an address or number that was opted out cannot be used; of what was said about the
purpose, what names the channel beats what does not; denied and withdrawn are a no. Everyday contact, the purpose
`contact`, needs no consent, and may be refused. Any other purpose, such as marketing, needs one that is granted, or
another legal basis (GDPR Art. 6), and everyday contact must not be refused.
"""

from collections.abc import Iterable, Mapping
from typing import Any

Record = Mapping[str, Any]
EVERYDAY = "contact"
"""The purpose of any contact for which none is named: who refuses that wants none at all."""
REFUSED = ("denied", "withdrawn")
BY_MAIL = ("email",)
BY_PHONE = ("call", "sms")
MARKED = "marked: do not contact"


def refusal(record: Record, purpose: str = EVERYDAY, channel: str | None = None, *, strict: bool = True) -> str | None:
    """Why a contact or company must not be contacted; None when it may be.

    Args:
        record: as `Contacts.get` gives it, or with `do_not_contact`, `consents`, `emails` and `phones` alone.
        purpose: what for.
        channel: how; None where that is open.
        strict: whether somebody without an address or number is out of reach as well.
    """
    if record["do_not_contact"]:
        return MARKED
    blocked = _blocked(record, channel, strict)
    if blocked:
        return blocked
    for asked in dict.fromkeys((EVERYDAY, purpose)):
        said = deciding(record.get("consents", ()), asked, channel)
        what = "/".join(filter(None, (asked, said["channel"] if said else None)))
        if said is not None and said["state"] in REFUSED:
            return f"{what} was {said['state']} on {said['at'][:10]}"
        rests = said is not None and (said["state"] == "granted" or said["legal_basis"] not in (None, "consent"))
        if asked != EVERYDAY and not rests:
            return f"there is no consent to {asked}" if said is None else f"{what} is {said['state']}, not granted"
    return None


def with_usable(record: Record) -> Record:
    """A record with those of its `emails` and `phones` alone that may be used."""
    kinds = {"emails": _usable(record["emails"]), "phones": [one for one in record["phones"] if not one["opted_out"]]}
    return {**record, **kinds}


def _usable(emails: Iterable[Record]) -> list[Record]:
    return [one for one in emails if not one["opted_out"] and not one["invalid"]]


def _blocked(record: Record, channel: str | None, strict: bool) -> str | None:
    """Why no address or number can be used for a channel."""
    if channel in BY_MAIL:
        out = any(one["opted_out"] for one in record["emails"])
        if not _usable(record["emails"]) and (out or strict):
            return "every e-mail address is opted out" if out else "there is no usable e-mail address"
    if channel in BY_PHONE:
        usable = [one for one in record["phones"] if not one["opted_out"]]
        if not usable and (record["phones"] or strict):
            return "every phone number is opted out" if record["phones"] else "there is no phone number"
    return None


def deciding(consents: Iterable[Record], purpose: str, channel: str | None) -> Record | None:
    """What was said that decides for a purpose and channel: of the channel before of all, and what was said last."""
    found = [one for one in consents if one["purpose"] == purpose and one["channel"] in (None, channel)]
    return max(found, key=lambda one: (one["channel"] is not None, one["at"]), default=None)
