"""Codes of languages, countries, currencies and telephone networks, and money written out.

Sources: BCP 47 (RFC 5646) for language tags, ISO 3166-1 for countries, ISO 4217 for currencies and their minor units,
ITU-T E.164 for calling codes.
"""

from functools import lru_cache

from crmcli.kernel.errors import UsageError
from crmcli.kernel.similarity import nearest

# Currencies withdrawn in recent years (BGN, HRK, ANG, CUC, SLL, ZWL) stay: orders of past years are in them. Metals,
# funds without minor units and test codes are left out.
_CURRENCIES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF
CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP
LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN
PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS
TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW
ZWG ZWL
"""
_MINOR_UNITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_COUNTRIES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""

# Calling codes of one and two digits; all others have three.
_SHORT_CALLING_CODES = """
1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58
60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98
"""
_SHORT = frozenset(_SHORT_CALLING_CODES.split())


def calling_code_length(number: str) -> int:
    """How many digits behind the plus of a number in E.164 are the code of its country or network.

    Three as well where nobody has such a code.
    """
    return next((size for size in (1, 2) if number[1 : 1 + size] in _SHORT), 3)


def check_language(text: str) -> str:
    """Return a BCP 47 language tag in its canonical case: `en-gb` becomes `en-GB`, `zh-hant-tw` `zh-Hant-TW`.

    The form is checked (RFC 5646, section 2.1), not the registry. A language is its two or three letter code; the
    longer ones that the form reserves, and the irregular tags of RFC 1766 (`i-klingon`), are refused.

    Raises:
        UsageError: not such a tag.
    """
    tag = text.strip().replace("_", "-")
    parts = tag.lower().split("-")
    if len(tag) > 64 or not tag.isascii() or not all(part.isalnum() and len(part) <= 8 for part in parts):
        raise _not_a_language(text)
    if parts[0] == "x" and len(parts) > 1:
        return tag.lower()
    if not _is_letters(parts[0], 2, 3):
        raise _not_a_language(text)
    rest = parts[1:]
    shown = [parts[0]]
    while rest and _is_letters(rest[0], 3, 3) and len(shown) < 4:
        shown.append(rest.pop(0))
    if rest and _is_letters(rest[0], 4, 4):
        shown.append(rest.pop(0).title())
    if rest and (_is_letters(rest[0], 2, 2) or (rest[0].isdigit() and len(rest[0]) == 3)):
        shown.append(rest.pop(0).upper())
    if not _is_tail(rest):
        raise _not_a_language(text)
    return "-".join(shown + rest)


def _is_letters(part: str, least: int, most: int) -> bool:
    return part.isalpha() and least <= len(part) <= most


def _is_tail(parts: list[str]) -> bool:
    """Tell whether these are variants, then extensions of a singleton each, then private use."""
    seen: set[str] = set()
    at = 0
    while at < len(parts) and (len(parts[at]) >= 5 or (len(parts[at]) == 4 and parts[at][0].isdigit())):
        if parts[at] in seen:
            return False
        seen.add(parts[at])
        at += 1
    while at < len(parts):
        singleton = parts[at]
        if len(singleton) != 1 or singleton in seen or at + 1 == len(parts):
            return False
        if singleton == "x":
            return True
        if len(parts[at + 1]) < 2:
            return False
        seen.add(singleton)
        at += 1
        while at < len(parts) and len(parts[at]) > 1:
            at += 1
    return True


def _not_a_language(text: str) -> UsageError:
    return UsageError(f"{text[:40]!r} is not a language tag", "use BCP 47, such as en, en-GB or pt-BR")


def check_currency(text: str) -> str:
    """Return an ISO 4217 code in upper case. Raises UsageError, naming the nearest codes, when there is no such."""
    code = text.strip().upper()
    known = _CURRENCIES.split()
    if text.isascii() and len(code) == 3 and code in known:
        return code
    near = nearest(code, known)
    hint = f"nearest: {', '.join(near)}" if near else "use a code of ISO 4217 such as EUR, USD or JPY"
    raise UsageError(f"there is no currency {text[:40]!r}", hint)


def minor_unit_table() -> dict[int, tuple[str, ...]]:
    """The currencies whose minor unit has other than two decimals, by that number."""
    return {units: tuple(codes.split()) for units, codes in _MINOR_UNITS.items()}


@lru_cache(maxsize=64)
def minor_units(currency: str) -> int:
    """Return how many decimals the minor unit of a currency has: 2 for EUR, 0 for JPY, 3 for KWD."""
    for units, codes in _MINOR_UNITS.items():
        if currency in codes:
            return units
    return 2


def format_money(minor: int, currency: str) -> str:
    """Return an amount of minor units for a person: 123450 of EUR is "1,234.50 EUR"."""
    units = minor_units(currency)
    whole, part = divmod(abs(minor), 10**units)
    sign = "-" if minor < 0 else ""
    decimals = f".{part:0{units}d}" if units else ""
    return f"{sign}{whole:,}{decimals} {currency}"


def check_country(text: str) -> str:
    """Return an ISO 3166-1 alpha-2 code in upper case. Raises UsageError when there is no such country."""
    code = text.strip().upper()
    if text.isascii() and len(code) == 2 and code in _COUNTRIES.split():
        return code
    hint = "the United Kingdom is GB" if code == "UK" else "use the two letters of ISO 3166-1, such as DE, GB or US"
    raise UsageError(f"there is no country {text[:40]!r}", hint)
