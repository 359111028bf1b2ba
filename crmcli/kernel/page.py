"""One page of a list: what a service returns when it is asked for many records."""

from typing import Any, NamedTuple


class Page(NamedTuple):
    """Some records, as plain dicts with JSON-ready values, and whether there are more."""

    items: list[dict[str, Any]]
    more: bool = False
