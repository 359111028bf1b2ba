"""How the place of a database is shown."""

import re


def shown_place(place: str) -> str:
    """Where a database is, without the password that a URL may hold."""
    if "://" not in place:
        return place
    return re.sub(r"(?<=password=)[^&]*", "***", re.sub(r"(?<=://)([^/@:]*):[^/@]*@", r"\1:***@", place))
