"""In which order a list is wanted: what `--sort` says, by the names of the orders that there are."""

from collections.abc import Iterable, Mapping

from crmcli.kernel.errors import UsageError
from crmcli.kernel.similarity import nearest


def sort_key(what: str, text: str, sorts: Iterable[str], also: Mapping[str, str] | None = None) -> str:
    """The name of the order that a text means, with a leading `-` where it is to be reversed.

    Args:
        what: is to be sorted, as people say it: "deals".
        text: as it was given; case does not count, and `-` within it is `_`.
        sorts: the names of the orders, the usual one first.
        also: other names for them, such as those of columns in JSON.

    Raises:
        UsageError: there is no such order; the hint has those that there are, and the nearest.
    """
    known = {name: name for name in sorts} | dict(also or {})
    first = next(iter(known))
    name = text.strip().lstrip("-").replace("-", "_").lower()
    if name not in known:
        close = nearest(name, known, count=1)
        hint = f"did you mean {close[0]}? " if close else ""
        listed = ", ".join(name for name, meant in known.items() if name == meant)
        raise UsageError(f"{what} cannot be sorted by '{text}'", f"{hint}sorts: {listed}; -{first} reverses")
    return f"-{known[name]}" if text.strip().startswith("-") else known[name]
