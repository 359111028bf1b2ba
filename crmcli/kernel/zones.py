"""Time zones by their IANA names. Apart from `clock`, because importing zoneinfo is slow and UTC does without it."""

from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from crmcli.kernel.errors import UsageError
from crmcli.kernel.similarity import nearest

_LONGEST = 64
_FOREIGN = ("posix/", "right/")  # directories of some machines; "right" counts leap seconds, which UTC stamps do not


def load(name: str) -> tzinfo:
    """Return the zone of that name. Raises UsageError when this machine knows none."""
    zone = find(name)
    if zone is None:
        raise _unknown(name)
    return zone


def check(name: str) -> str:
    """Return the canonical spelling of a zone name, matched without regard to case. Raises UsageError when unknown."""
    # Where file names ignore case, "europe/berlin" would be found as it stands: only a well-cased name is believed.
    well_cased = all(part[:1].isupper() for part in name.split("/"))
    if well_cased and find(name) is not None:
        return name
    wanted = name.lower()
    for known in available_timezones():
        if known.lower() == wanted:
            return known
    raise _unknown(name)


def find(name: str) -> tzinfo | None:
    """Return the zone of exactly that name, or None."""
    if not name or len(name) > _LONGEST or not name.isascii() or not name.isprintable() or name.startswith(_FOREIGN):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _unknown(name: str) -> UsageError:
    names = sorted(available_timezones())
    wanted = name[:_LONGEST].lower().replace(" ", "_")
    near = [known for known in names if wanted and known.rpartition("/")[2].lower() == wanted]
    near += [known for known in nearest(wanted, names) if known not in near]
    cities = {known.rpartition("/")[2]: known for known in names if "/" in known and not known.startswith("Etc/")}
    near += [cities[city] for city in nearest(wanted, list(cities)) if cities[city] not in near]
    hint = f"nearest: {', '.join(near[:3])}" if near else "use an IANA name such as Europe/Berlin, or UTC"
    return UsageError(f"there is no time zone {name[:_LONGEST]!r}", hint)
