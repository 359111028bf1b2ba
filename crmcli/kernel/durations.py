"""Lengths of time: of a call, of a meeting."""

from crmcli.kernel.errors import UsageError

_UNITS = {"h": 3600, "m": 60, "min": 60, "s": 1}
_LONGEST = 366 * 24 * 3600


def parse_duration(text: str) -> int:
    """Return the seconds of `30m`, `1h30m`, `1h 30min`, `45s`, `1:30` (hours and minutes) or `90` (minutes).

    Raises:
        UsageError: none of these, or longer than a year.
    """
    plain = "".join(text[:40].lower().split())
    if len(text) <= 40 and plain.isascii():
        seconds = _clock_form(plain) if ":" in plain else _unit_form(plain + "m" if plain.isdigit() else plain)
        if seconds is not None and seconds <= _LONGEST:
            return seconds
    raise UsageError(f"{text[:40]!r} is not a duration", "write 30m, 1h30m, 1:30 (hours and minutes) or 90 (minutes)")


def _clock_form(text: str) -> int | None:
    hours, _, minutes = text.partition(":")
    if not hours.isdigit() or not minutes.isdigit() or len(minutes) != 2 or int(minutes) > 59:
        return None
    return int(hours) * 3600 + int(minutes) * 60


def _unit_form(text: str) -> int | None:
    """Read numbers with units, the largest unit first and each once."""
    total = 0
    above = 3601
    while text:
        rest = text.lstrip("0123456789")
        number = text[: len(text) - len(rest)]
        text = rest.lstrip("abcdefghijklmnopqrstuvwxyz")
        unit = _UNITS.get(rest[: len(rest) - len(text)], 0)
        if not number or not 0 < unit < above:
            return None
        total += int(number) * unit
        above = unit
    return total if above < 3601 else None


def format_duration(seconds: int) -> str:
    """Return seconds for a person: "1h 30m", "45s", "0m". Seconds are told only below an hour."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = [f"{hours}h"] if hours else []
    if minutes:
        parts.append(f"{minutes}m")
    if left and not hours:
        parts.append(f"{left}s")
    return " ".join(parts) or "0m"
