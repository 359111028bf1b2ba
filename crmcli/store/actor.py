"""Who acts."""

from typing import NamedTuple


class Actor(NamedTuple):
    """The key of the user row, the name, and the role that says what is permitted."""

    id: int
    name: str
    role: str
