"""One page of a list: what a service returns when it is asked for many records."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Page(NamedTuple):
    """Some records, as plain dicts with JSON-ready values, and whether there are more.

    `beside` are further lists of whole records, by the key that each has in a JSON document; no other format has them.
    """

    items: list[dict[str, Any]]
    more: bool = False
    beside: Mapping[str, Sequence[Mapping[str, Any]]] | None = None
