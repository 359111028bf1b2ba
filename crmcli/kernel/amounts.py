"""Amounts in records and on narrow screens."""

from collections.abc import Mapping

from crmcli.kernel.codes import minor_units
from crmcli.kernel.money import plain

_SCALES = ((10**9, "G"), (10**6, "M"), (10**3, "k"))


def fields(currency: str, amounts: Mapping[str, int | None]) -> dict[str, str | int | None]:
    """Amounts as records have them: `weighted` as decimal text in whole units beside `weighted_minor`."""
    found: dict[str, str | int | None] = {}
    for name, minor in amounts.items():
        found[name] = None if minor is None else plain(minor, currency)
        found[f"{name}_minor"] = minor
    return found


def short(minor: int, currency: str) -> str:
    """An amount in a few characters, without its currency: 950, 12.3k, 1.25M."""
    whole = _whole(minor, currency)
    sign = "-" if minor < 0 and whole else ""
    for scale, letter in _SCALES:
        if whole >= scale:
            cells = scale * 10 ** minor_units(currency)
            hundredths = (abs(minor) * 100 + cells // 2) // cells
            decimals = 2 if hundredths < 1000 else 1 if hundredths < 10_000 else 0
            part = f"{hundredths % 100:02}"[:decimals].rstrip("0")
            return f"{sign}{hundredths // 100}{'.' if part else ''}{part}{letter}"
    return f"{sign}{whole}"


def grouped(minor: int, currency: str) -> str:
    """An amount in whole units with commas, without its currency: 12,345; rounded, halves away from zero."""
    whole = _whole(minor, currency)
    return f"{'-' if minor < 0 and whole else ''}{whole:,}"


def _whole(minor: int, currency: str) -> int:
    """The whole units that are nearest to an amount without its sign."""
    unit: int = 10 ** minor_units(currency)
    return (2 * abs(minor) + unit) // (2 * unit)
