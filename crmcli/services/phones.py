"""Phone numbers: understood as E.164 where they can be, and kept as they were written."""

import re
from functools import cache, lru_cache

import phonenumbers

from crmcli.kernel.codes import calling_code_length
from crmcli.kernel.errors import UsageError

_LONGEST = 100
_SPACING = str.maketrans("", "", " -.()")
_ABROAD = "00"
"""What is dialled before a country's code nearly everywhere (ITU-T E.123); of a known country we ask `phonenumbers`."""
_PLAIN = re.compile(r"\+[1-9][0-9]{5,14}")


class Phones:
    """Understanding numbers.

    Args:
        country: the ISO 3166 country whose numbers are written without a prefix, or None when every number needs one.
    """

    def __init__(self, country: str | None) -> None:
        self.country = country

    def check(self, text: str, country: str | None = None, told: str | None = None) -> tuple[str, str | None]:
        """The number as it was written, and in E.164 with an RFC 3966 extension left out; None when not understood.

        Args:
            text: a number in any notation.
            country: where it is meant to be dialled, when that is known better than from the settings.
            told: what it was in E.164 elsewhere, for a text that cannot be understood here.

        Raises:
            UsageError: it has fewer than three digits.
        """
        raw = text.strip()
        if plain := international(raw):
            return raw, plain
        if sum(map(str.isdigit, raw)) < 3:
            raise UsageError(f"'{text}' is not a phone number", "write it with its country: +44 20 7946 0958")
        return raw, self._parsed(raw, country) or international(told or "")

    def e164(self, text: str, country: str | None = None) -> str | None:
        """The number in E.164, or None when it cannot be understood."""
        return international(text) or self._parsed(text, country)

    def _parsed(self, text: str, country: str | None) -> str | None:
        return _parsed(text.strip()[:_LONGEST], country or self.country)


def international(text: str) -> str | None:
    """The E.164 form of a number that is written with its country and has nothing to be guessed; else None.

    What `phonenumbers` says of such a number, at a hundredth of the cost: the digits after the country's code are as
    many as numbers there can have, and do not begin with what is dialled before a number within the country.
    """
    plain = text.translate(_SPACING) if text[:1] == "+" else ""
    if not _PLAIN.fullmatch(plain):
        return None
    size = 1 + calling_code_length(plain)
    plan, national = _plan(plain[1:size]), plain[size:]
    return plain if plan and len(national) in plan[0] and not plan[1].match(national) else None


@cache
def _plan(code: str) -> tuple[frozenset[int], re.Pattern[str]] | None:
    """How long the numbers of a country calling code are, and what none of them begins with; None for no such code."""
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code))
    if not regions:
        return None
    if regions[0] == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY:
        found = phonenumbers.PhoneMetadata.metadata_for_nongeo_region(int(code), None)
    else:
        found = phonenumbers.PhoneMetadata.metadata_for_region(regions[0], None)
    if found is None or found.general_desc is None:
        return None
    lengths = frozenset(found.general_desc.possible_length)
    dialled = [pattern for pattern in ("0", found.national_prefix_for_parsing) if pattern]
    return lengths, re.compile("|".join(f"(?:{pattern})" for pattern in dialled))


@lru_cache(maxsize=10_000)
def _parsed(text: str, country: str | None) -> str | None:
    if country is None and text.startswith(_ABROAD):
        text = f"+{text.removeprefix(_ABROAD)}"
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
