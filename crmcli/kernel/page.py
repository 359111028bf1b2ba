"""One page of a list: what a service returns when it is asked for many records."""

from typing import Any, NamedTuple


class Page(NamedTuple):
    """Some records, and whether there are more.

    `items` are plain dicts with JSON-ready values. `total` counts all matches, or is None where counting would
    cost more than it tells. `next` is the key that the following page starts after, empty on the last page.
    """

    items: list[dict[str, Any]]
    more: bool = False
    total: int | None = None
    next: str = ""
