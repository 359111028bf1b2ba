"""What speaks for two records being one and what against it, put together to a score."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from crmcli.kernel.text import fold
from crmcli.store.derive import digits, email_key

Record = Mapping[str, Any]
FURTHER = 5
"""What each further piece of evidence adds to the strongest one."""
SHORTEST_ENDING = 8
PRIVATE_LABELS = (None, "", "mobile", "cell", "private", "other")


class Evidence(NamedTuple):
    """Something that both have: how surely they are one by this alone, 0 to 100, and in words."""

    score: float
    reason: str


class Doubt(NamedTuple):
    """Something in which they differ: what it takes from the score, and in words."""

    points: int
    reason: str


class Verdict(NamedTuple):
    """How surely two records are one, 0 to 100; whether a program may merge them unasked; and why, in words."""

    score: int
    certain: bool
    reasons: tuple[str, ...]


def judge(evidence: Sequence[Evidence], doubts: Sequence[Doubt], *, certain: bool) -> Verdict:
    """The verdict of all that was found; with a doubt nothing is certain."""
    ordered = sorted(evidence, key=lambda entry: -entry.score)
    score = ordered[0].score + FURTHER * (len(ordered) - 1) if ordered else 0.0
    score = min(score, 100) - sum(doubt.points for doubt in doubts)
    reasons = dict.fromkeys([*(entry.reason for entry in ordered), *(f"but {doubt.reason}" for doubt in doubts)])
    return Verdict(max(0, round(score)), certain and not doubts, tuple(filter(None, reasons)))


def shared_emails(a: Record, b: Record) -> list[str]:
    """The keys of the addresses that both have, in the order of the first."""
    theirs = {email_key(email["value"]) for email in b["emails"]}
    return [key for key in (email_key(email["value"]) for email in a["emails"]) if key in theirs]


class SamePhone(NamedTuple):
    """A number that both have: its digits, as it is shown, whether it is just the same, and whether a person's own."""

    digits: str
    shown: str
    exact: bool
    private: bool


def shared_phones(a: Record, b: Record) -> Iterator[SamePhone]:
    """The numbers that both have; where one was written without its country, those that end alike."""
    for mine in a["phones"]:
        for theirs in b["phones"]:
            one, other = (digits(phone["e164"] or phone["raw"]) for phone in (mine, theirs))
            shown = str(mine["e164"] or theirs["e164"] or mine["raw"])
            if one == other and one:
                yield SamePhone(one, shown, True, _is_private(mine) and _is_private(theirs))
            elif (mine["e164"] is None or theirs["e164"] is None) and _ends_alike(one, other):
                yield SamePhone(one, shown, False, False)


def _is_private(phone: Record) -> bool:
    """Whether a number is likely one person's own: complete, without an extension, and not marked as a shared line."""
    plain = not any(letter in phone["raw"].lower() for letter in "x;#,")
    return bool(phone["e164"]) and plain and (phone["label"] or "").lower() in PRIVATE_LABELS


def _ends_alike(one: str, other: str) -> bool:
    short, long = sorted((one.lstrip("0"), other.lstrip("0")), key=len)
    return len(short) >= SHORTEST_ENDING and long.endswith(short)


class SamePlace(NamedTuple):
    """A place that both have: `near` is a street or a postal code, else it is a town."""

    near: bool
    street: bool
    shown: str


def shared_place(a: Record, b: Record) -> SamePlace | None:
    """The nearest place that both have an address in."""
    found = [place for mine in a["addresses"] for theirs in b["addresses"] if (place := _same_place(mine, theirs))]
    return max(found, default=None)


def _same_place(mine: Record, theirs: Record) -> SamePlace | None:
    if mine["country_code"] and theirs["country_code"] and mine["country_code"] != theirs["country_code"]:
        return None
    same = {
        part: _key(mine[part]) == _key(theirs[part]) != "" for part in ("street_address", "postal_code", "locality")
    }
    if not any(same.values()):
        return None
    near = same["postal_code"] or (same["street_address"] and same["locality"])
    if not near and not same["locality"]:
        return None
    shown = ", ".join(str(mine[part]) for part in ("postal_code", "locality") if same[part])
    return SamePlace(near, near and same["street_address"], shown)


def _key(text: str | None) -> str:
    return "".join(letter for letter in fold(text or "") if letter.isalnum())


def other_keys(a: Record, b: Record) -> list[Doubt]:
    """A doubt where another system knows both and tells them apart."""
    mine, theirs = (dict(key.split(":", 1) for key in record["external_ids"]) for record in (a, b))
    return [
        Doubt(10, f"{source} knows them as {mine[source]} and {theirs[source]}")
        for source in sorted(mine.keys() & theirs.keys())
        if mine[source] != theirs[source]
    ]
