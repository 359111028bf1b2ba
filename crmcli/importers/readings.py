"""What business systems write into cells: money, moments, yes and no, and where somebody stands with them.

Lead statuses and stages of the life cycle are those of HubSpot and Salesforce, by their labels and internal names.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from crmcli.importers.base import folded
from crmcli.kernel.clock import stamp
from crmcli.kernel.codes import minor_units
from crmcli.model.enums import CONSENT_STATE

Values = dict[str, Any]
_YES = frozenset({"yes", "true", "1", "y", "x", "on"})
_NO = frozenset({"no", "false", "0", "n", "off"})
LIFECYCLE_STAGES = {
    "subscriber": "subscriber",
    "lead": "lead",
    "marketing qualified lead": "marketing_qualified",
    "marketingqualifiedlead": "marketing_qualified",
    "mql": "marketing_qualified",
    "sales qualified lead": "sales_qualified",
    "salesqualifiedlead": "sales_qualified",
    "sql": "sales_qualified",
    "opportunity": "opportunity",
    "customer": "customer",
    "evangelist": "evangelist",
    "former customer": "former",
    "other": "other",
}
LEAD_STATUSES = {
    "new": "new",
    "open": "new",
    "open not contacted": "new",
    "contacted": "contacted",
    "working contacted": "contacted",
    "connected": "contacted",
    "attempted to contact": "contacted",
    "in progress": "contacted",
    "working": "contacted",
    "nurturing": "nurturing",
    "bad timing": "nurturing",
    "qualified": "qualified",
    "open deal": "qualified",
    "converted": "converted",
    "closed converted": "converted",
    "unqualified": "unqualified",
    "closed not converted": "unqualified",
}
# What says more than our value for it, and is kept beside it.
_SAYS_MORE = frozenset({"connected", "attempted to contact", "in progress", "working", "bad timing", "open deal"})
_SITE = re.compile(r"(?:https?://)?(?:www\.)?((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24})/?", re.IGNORECASE)
_USUAL = re.compile(r"(\d{1,13})\.(\d\d)", re.ASCII)
_DIGITS = re.compile(r"\d+(?:[.,' \u00a0\u202f]\d+)*")
_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?)?\s*(?:Z|UTC|GMT)?\s*(?:([+-])(\d\d):?(\d\d))?",
    re.IGNORECASE,
)


def yes(text: str) -> bool | None:
    """Whether a cell says yes; None for neither yes nor no."""
    word = text.strip().lower()
    return True if word in _YES else False if word in _NO else None


def keep(values: Values, key: str, text: str) -> None:
    """Keep a text as a custom field."""
    values.setdefault("set", []).append({key: text})


def take(values: Values, key: str) -> str:
    """Take a custom field out of the values of a row; "" where it is not there."""
    for entry in values.get("set", ()):
        if key in entry:
            values["set"].remove(entry)
            if not values["set"]:
                del values["set"]
            return str(entry[key])
    return ""


def standing(values: Values, field: str, known: Mapping[str, str]) -> None:
    """Put what a row says of `field` in our words; what says more than those is kept as `<field>_text` as well."""
    text = values.get(field)
    if text:
        word = _word(str(text))
        if word in known:
            values[field] = known[word]
            if word in _SAYS_MORE:
                keep(values, f"{field}_text", str(text))


@lru_cache(maxsize=1000)
def _word(text: str) -> str:
    return folded(re.sub("[-–]", " ", text))


def amount(text: str, currency: str | None, *, exact: bool = False) -> int:
    """Minor units of an amount of money; hundredths where the currency is not known.

    With `exact` it may not have more decimals than the currency; else it is rounded.

    `1,234.50`, `1.234,50`, `$1234.5` and `EUR 1 234` are understood, and a minus or parentheses for less than nothing.
    The last mark begins the decimals, except a mark that comes twice, and a lone comma before three digits: `1,234`,
    but not `0,234`.

    Raises:
        ValueError: it is no amount.
    """
    scaled = unrounded(text, currency)
    if isinstance(scaled, int):
        return scaled
    whole = nearest(scaled)
    if exact and scaled != whole:
        raise ValueError(f"{text.strip()} has more decimals than {currency or 'an amount of money'}")
    return whole


def nearest(scaled: int | Decimal) -> int:
    """The integer that is nearest; halves go away from zero."""
    return scaled if isinstance(scaled, int) else int(scaled.quantize(Decimal(1), ROUND_HALF_UP))


def unrounded(text: str, currency: str | None) -> int | Decimal:
    """An amount in minor units with what is less than one, as that of a unit price: 1.005 EUR is 100.5. See `amount`.

    Raises:
        ValueError: it is no amount.
    """
    plain = text.strip()
    units = minor_units(currency) if currency else 2
    if units == 2 and (usual := _USUAL.fullmatch(plain)):
        return int(usual[1] + usual[2])
    found = _DIGITS.findall(plain)
    rest = _DIGITS.sub("", plain)
    if (
        len(found) != 1
        or len(plain) > 30
        or len(re.sub(r"\D", "", plain)) > 15
        or re.search(r"[^\s\-–()$€£¥₹₩₽A-Za-z.]", rest)
    ):
        raise ValueError(f"'{plain[:40]}' is no amount of money")
    number = Decimal(_decimal(re.sub("[' \u00a0\u202f]", "", found[0])))
    if rest.lstrip().startswith(("-", "–", "(")) or "-" in rest:
        number = -number
    scaled: Decimal = number * 10**units
    return scaled


def _decimal(text: str) -> str:
    """A number with a point as its decimal mark and nothing between its thousands."""
    last = max(text.rfind(","), text.rfind("."))
    if last < 0:
        return text
    mark, after = text[last], len(text) - last - 1
    other = "," if mark == "." else "."
    lone = mark == "," and other not in text and after == 3 and not text.startswith("0")
    thousands = text.count(mark) > 1 or lone
    if thousands:
        return text.replace(mark, "").replace(other, ".")
    return text.replace(other, "").replace(mark, ".")


def moment(text: str) -> str | None:
    """The stored instant of an ISO date and time, in UTC where no offset is given; None for anything else.

    An offset may follow as Shopify (`2025-01-05 10:00:00 -0500`) and Salesforce (`2010-10-14T12:00:00.000Z-0300`) write
    it; a day alone means its first moment.
    """
    found = _MOMENT.fullmatch(text.strip()) if len(text) < 60 and text.isascii() else None
    if found is None:
        return None
    sign, hours, minutes = found[7], found[8], found[9]
    try:
        zone = timezone((-1 if sign == "-" else 1) * timedelta(hours=int(hours), minutes=int(minutes))) if sign else UTC
        parts = [int(part or 0) for part in found.groups()[:6]]
        return stamp(datetime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], tzinfo=zone))
    except (ValueError, OverflowError):
        return None


def whole(text: str) -> int | None:
    """A whole number, also written as `3.0`; None for anything else."""
    word = text.strip()
    if not word.isascii() or not re.fullmatch(r"-?\d{1,15}(?:\.0+)?", word):
        return None
    return int(word.partition(".")[0])


def domain_of_website(values: Values) -> None:
    """Take the domain of a company from its web site where the row has no other; not of a page within a site."""
    for entry in values.get("url", ()):
        found = _SITE.fullmatch(str(entry.get("value", "")))
        if found and "domain" not in values:
            values["domain"] = [found[1].lower()]


def consents(values: Values, source: str, states: Mapping[str, str]) -> None:
    """Make entries of what columns say of consent, in place.

    Args:
        values: of the row, its `consent` being texts such as `marketing/email=yes`.
        source: which system says so.
        states: the state that each answer means, in lower case; all that means yes is `yes`, all that means no is `no`.
            "" for answers that mean nothing. Another answer may be a state itself, else it is kept as a custom field.
    """
    entries = []
    for text in values.pop("consent", ()):
        key, _, answer = str(text).partition("=")
        said = yes(answer)
        word = answer.lower() if said is None else "yes" if said else "no"
        state = states.get(word, word)
        if state in CONSENT_STATE:
            entries.append(consent(key, state, source))
        elif state:
            keep(values, "consent_text", str(text))
    if entries:
        values["consent"] = entries


def consent(key: str, state: str, source: str, at: str | None = None) -> Values:
    """An entry of `consent` to PURPOSE or PURPOSE/CHANNEL; one granted rests on that consent (GDPR Art. 6)."""
    purpose, _, channel = key.partition("/")
    entry: Values = {"purpose": purpose, "state": state, "source": source}
    if channel:
        entry["channel"] = channel
    if state == "granted":
        entry["legal_basis"] = "consent"
    if at:
        entry["at"] = at
    return entry
