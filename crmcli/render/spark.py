"""A row of values as a line of bars."""

from collections.abc import Sequence

_BLOCKS = "▁▂▃▄▅▆▇█"
_ASCII = "_.-=+*%#"


def sparkline(values: Sequence[int], *, unicode: bool = True) -> str:
    """One character a value, its height in proportion to the greatest value.

    Only zero (or less) has the lowest mark, so that little is told apart from nothing; "" for no values.
    """
    marks = _BLOCKS if unicode else _ASCII
    most = max(values, default=0)
    top = len(marks) - 1
    # The ceiling of value * top / most: anything above zero reaches at least the second mark.
    return "".join(marks[-(-value * top // most)] if value > 0 else marks[0] for value in values)
