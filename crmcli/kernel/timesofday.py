"""Times of day as people write them: `15:00`, `3pm`, `9:30 am`, `noon`, and the offset that may follow an ISO time."""

from datetime import UTC, time, timedelta, timezone, tzinfo


def time_of(words: list[str]) -> time | None:
    """Return the time of day that all of `words` mean, None when they mean none. A bare number is no time."""
    text = "".join(words) if len(words) == 1 or words[1:] in (["am"], ["pm"]) else ""
    if text == "noon":
        return time(12)
    half = text[-2:] if text.endswith(("am", "pm")) else ""
    if half:
        text = text[:-2]
    clock_text, _, fraction = text.partition(".")
    parts = clock_text.split(":")
    if text.endswith(".") or (fraction and not (fraction.isdigit() and len(parts) == 3)):
        return None
    if not all(part.isdigit() and len(part) == 2 for part in parts[1:]) or len(parts) > 3:
        return None
    if not parts[0].isdigit() or len(parts[0]) > 2 or (len(parts) == 1 and not half):
        return None
    hour, minute, second = (int(part) for part in (*parts, "0", "0")[:3])
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def offset_of(words: list[str]) -> tuple[tzinfo | None, list[str]]:
    """Take a closing `Z`, `+02:00` or `+0200` off the words of an ISO time.

    Returns:
        The offset, None when there is none, and the words without it.
    """
    text = "".join(words)
    if text.endswith("z"):
        return UTC, [text[:-1]]
    for sign in "+-":
        wall, found, offset = text.rpartition(sign)
        digits = offset.replace(":", "", 1) if offset[2:3] == ":" else offset
        if found and wall and len(digits) == 4 and digits.isdigit() and int(digits[:2]) < 24 and int(digits[2:]) < 60:
            away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
            return timezone(away if sign == "+" else -away), [wall]
    return None, words
