"""The place of a database: a file, or a URL of PostgreSQL."""

import re
from pathlib import Path

from crmcli.kernel.paths import expanded

URLS = ("postgresql://", "postgres://")


def shown_place(place: str) -> str:
    """Where a database is, without the password that a URL may hold."""
    if "://" not in place:
        return place
    return re.sub(r"(?<=password=)[^&]*", "***", re.sub(r"(?<=://)([^/@:]*):[^/@]*@", r"\1:***@", place))


def file_of(place: str) -> Path | None:
    """The whole path of a database that is a file; None for a URL."""
    return None if place.startswith(URLS) else expanded(place).absolute()
