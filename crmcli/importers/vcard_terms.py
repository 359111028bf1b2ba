"""What vCard calls things and what they are called here: labels, kinds of pictures, our own extensions.

The reader and the writer share it, so that what is written is read as the same.
"""

import re
from functools import cache

from crmcli.kernel.contentlines import Property, clean
from crmcli.store.schema import TABLES

OWN = "X-CRM-"
"""The beginning of the names of our own properties and parameters."""
PLACE, REASON = f"{OWN}LINE", f"{OWN}REASON"
"""What a refused card has in addition; read again, they are ignored."""

# Columns for which vCard has a property; all others that people may set are X-CRM-COLUMN.
_NATIVE = (
    *("honorific_prefix", "given_name", "additional_name", "family_name", "honorific_suffix", "nickname"),
    *("phonetic_given_name", "phonetic_family_name", "job_title", "department", "birth_date", "notes"),
    *("preferred_language", "timezone"),
)
_DEVICES = {"cell": "mobile", "mobile": "mobile", "iphone": "mobile", "fax": "fax", "pager": "pager"}
_PLACES = {"work": "work", "business": "work", "home": "home", "personal": "home"}
# Types that say nothing about which of several numbers this is.
_QUIET = ("voice", "internet", "pref", "x400", "intl", "postal", "parcel", "dom", "msg", "text")
_STANDARD = ("main", "other", "isdn", "car", "video", "modem", "bbs", "pcs", "textphone")
# Label -> the TYPE that says so.
TYPES = {
    **{label: (label,) for label in ("work", "home", "fax", "pager", *_STANDARD)},
    "mobile": ("cell",),
    **{f"{place} {device}": (place, device) for place in ("work", "home") for device in ("fax", "pager")},
    **{f"{place} mobile": (place, "cell") for place in ("work", "home")},
}
LONGEST_LABEL = 100
# The labels that Apple's programs have of their own are written `_$!<HomePage>!$_`.
_APPLE = re.compile(r"_\$!<(.*)>!\$_", re.DOTALL)
_APPLE_LABELS = {"homepage": "website", "homefax": "home fax", "workfax": "work fax", "iphone": "mobile"}
APPLE_WEBSITE = "_$!<HomePage>!$_"

# Media types of what vCard holds as base64, and the TYPE by which vCard 3.0 names them.
_MEDIA = {
    "image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/bmp": "BMP", "image/tiff": "TIFF",
    "image/webp": "WEBP", "image/heic": "HEIC", "audio/basic": "BASIC", "audio/wav": "WAVE", "audio/mpeg": "MP3",
    "audio/ogg": "OGG", "application/pgp-keys": "PGP", "application/pkix-cert": "X509",
}  # fmt: skip
_MEDIA_TYPES = {word: media for media, word in _MEDIA.items()} | {
    "JPG": "image/jpeg", "WAV": "audio/wav", "MPEG": "audio/mpeg",
}  # fmt: skip
BINARY = frozenset(("PHOTO", "LOGO", "SOUND", "KEY"))
_DATA = re.compile(r"data:([A-Za-z0-9.+/-]+);base64,(.*)", re.DOTALL | re.IGNORECASE)


def label(types: list[str], given: str = "") -> str | None:
    """The label of an address, number or link.

    Args:
        types: the TYPE parameters, in lower case.
        given: the text of an X-ABLabel of the same group; it wins.
    """
    if given:
        found = _APPLE.fullmatch(given)
        if found is None:
            return given[:LONGEST_LABEL]
        word = found[1].strip().lower()
        return _APPLE_LABELS.get(word, word)[:LONGEST_LABEL] or None
    if not types:
        return None
    place = next((_PLACES[word] for word in types if word in _PLACES), "")
    device = next((_DEVICES[word] for word in types if word in _DEVICES), "")
    if place or device:
        return f"{place} {device}".strip()
    return next((word[:LONGEST_LABEL] for word in types if word not in _QUIET), None)


@cache
def own_columns(noun: str) -> dict[str, str]:
    """Our own properties for columns that vCard has none for: the property, and what the column is called here."""
    columns = [name for name, column in TABLES[noun].columns.items() if column.settable and name not in _NATIVE]
    words = [name.removesuffix("_id") for name in columns]
    return {OWN + word.upper().replace("_", "-"): word for word in words}


def inline(found: Property) -> str | None:
    """The line of a picture, sound or key in the form of vCard 3.0, or None where that is not what this is.

    Whatever the version was, such a line is kept in this one form: `PHOTO;ENCODING=b;TYPE=JPEG:…`.
    """
    if found.key not in BINARY:
        return None
    data = _DATA.fullmatch(found.value)
    if found.binary:
        words = [word.upper() for word in found.types]
        kind = next((word for word in words if word in _MEDIA_TYPES), "")
        kind = _MEDIA[_MEDIA_TYPES[kind]] if kind else ""
        if not kind and words:
            return None
    elif data and data[1].lower() in _MEDIA:
        kind = _MEDIA[data[1].lower()]
    else:
        return None
    value = clean(data[2] if data and not found.binary else found.value)
    return f"{_start(found)};ENCODING=b{f';TYPE={kind}' if kind else ''}:{''.join(value.split())}"


def as_data(found: Property) -> str | None:
    """The same line in the form of vCard 4.0, a data URI; None where it cannot be said so."""
    if found.key not in BINARY or not found.binary or len(found.types) != 1:
        return None
    media = _MEDIA_TYPES.get(found.types[0].upper())
    return f"{_start(found)}:data:{media};base64,{found.value}" if media else None


def _start(found: Property) -> str:
    kept = [one for one in found.raw.split(";")[1:] if not re.match("(?i)(encoding|type|value)(=|$)", one)]
    if kept and found.binary:
        kept = [one for one in kept if "=" in one]  # vCard 2.1 writes types and encodings without names
    return f"{found.group}{'.' if found.group else ''}{found.name}{''.join(f';{one}' for one in kept)}"
