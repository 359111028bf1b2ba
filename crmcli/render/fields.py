"""`--fields`: which columns are written, and in what order."""

from crmcli.kernel.errors import UsageError
from crmcli.kernel.similarity import nearest
from crmcli.render.formats import NESTED
from crmcli.render.view import Column, View

WHOLE = ("csv",)
"""Flat formats that carry every column by default: they are read by programs, and do not have to fit a screen."""


def select(view: View, wanted: str | None, form: str, *, one: bool = False) -> tuple[Column, ...]:
    """The columns to write in the format `form`.

    `wanted` is the text of `--fields`: names of columns or keys of the JSON contract, in the order wanted. Without it
    a nested format has the keys of the contract, one record (`one`) has all columns, and a list the `shown` ones.
    Raises UsageError for a name that the view does not have.
    """
    known = _known(view, form in NESTED)
    if wanted is not None:
        return tuple(known[name] for name in _names(wanted, known))
    if form in NESTED:
        return tuple(known[key] for key in view.json)
    return tuple(column for column in view.columns if one or column.shown or form in WHOLE)


def describe(view: View) -> list[tuple[str, str]]:
    """What `--fields help` lists: (name, explanation) of every field."""
    return [(name, column.help or column.title) for name, column in _known(view, nested=False).items()]


def heading(name: str) -> str:
    """A header for a field that has no title of its own: `last_inbound` is "Last inbound"."""
    return name.replace("_", " ").capitalize()


def _known(view: View, nested: bool) -> dict[str, Column]:
    """All fields by name. Where a key of the contract and a column share a name, `nested` prefers the key's value."""
    known = {column.name: column for column in view.columns}
    for key in view.json:
        if nested or key not in known:
            known[key] = Column(key, heading(key), help=f"{heading(key)} (whole in JSON)")
    return known


def _names(wanted: str, known: dict[str, Column]) -> list[str]:
    names = list(dict.fromkeys(part.strip() for part in wanted.split(",") if part.strip()))
    if not names:
        raise UsageError("--fields names no field", "give names such as " + ",".join(list(known)[:3]))
    for name in names:
        if name not in known:
            near = nearest(name, list(known), count=1)
            hint = "--fields help lists them"
            raise UsageError(f"there is no field '{name}'", f"did you mean {near[0]}? {hint}" if near else hint)
    return names
