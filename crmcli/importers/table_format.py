"""Making a format of a table: which headers are its own, what its columns mean, what its rows need in addition.

    KNOWN = {"full name": "name", "mail": "email.work", "employer": "company", "rolodex no": "external.rolodex"}

    FORMATS = (
        table_format(
            "rolodex", "Rolodex contacts", "contact", marked_by("rolodex no"), lambda header: meanings(header, KNOWN)
        ),
    )

Headers come folded (`crmcli.importers.base.folded`: lower case, `_` as a space, white space single), targets are those
of `crmcli.importers.targets`. Nothing here is done per row but `finish`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from crmcli.importers import table
from crmcli.importers.base import CERTAIN, NO, Columns, Format, Item, Write
from crmcli.importers.source import Source
from crmcli.importers.table import Finish, Tidy
from crmcli.importers.targets import custom_key
from crmcli.kernel.errors import UsageError

Header = tuple[str, ...]
"""The cells of a header, folded."""
Patterns = Sequence[tuple[re.Pattern[str], str]]
"""What a whole title is like, and the target with `\\1` for what its first group holds."""
Rows = Callable[[Source, Columns], Iterator[Item]]


def table_format(
    name: str,
    title: str,
    noun: str,
    match: Callable[[Header], int],
    targets: Callable[[Header], Sequence[str]],
    finish: Finish | None = None,
    *,
    tidy: Tidy | None = None,
    read: Rows | None = None,
    rejects: Write = table.rejects,
) -> Format:
    """A format of delimited text with a header.

    Args:
        name: what `--as` calls it.
        title: what people call it.
        noun: what a row is: contact, company, deal …
        match: how surely a folded header is of this format: CERTAIN, LIKELY, POSSIBLE or NO. See `marked_by`.
        targets: what each column of a folded header means, "" for nothing. See `meanings`.
        finish: puts the values of a row right in place, given those and the cells; it returns the row's noun where
            that is another, else None, and raises ValueError with the reason to refuse the row.
        tidy: changes the text of every cell that has a target.
        read: yields the records instead, given the source and what its columns mean (the person may have changed
            that), for tables in which a row is no record. See `table.rows` and `rowreader.reader`.
        rejects: writes what was refused, for those tables.
    """

    def read_rows(source: Source, columns: Columns) -> Iterator[Item]:
        if read:
            return table.bounded(read(source, columns))
        return table.drafts(source, noun, columns, finish, tidy=tidy)

    def of(source: Source) -> Columns:
        return columns_of(source, title, targets)

    def with_columns(columns: Columns) -> Format:
        return made._replace(
            read=lambda source: read_rows(source, columns), columns=lambda source: columns, with_columns=with_columns
        )

    made = Format(
        name,
        title,
        noun,
        match=lambda source: match_header(source, match),
        read=lambda source: read_rows(source, of(source)),
        rejects=rejects,
        columns=of,
        with_columns=with_columns,
    )
    return made


def match_header(source: Source, match: Callable[[Header], int]) -> int:
    """How surely a source has the header that `match` knows; NO for what is no table."""
    form = table.layout(source)
    return match(table.folded_header(form.header)) if form else NO


def columns_of(source: Source, title: str, targets: Callable[[Header], Sequence[str]]) -> Columns:
    """What the columns of a source mean. Raises UsageError for what is no table."""
    form = table.layout(source)
    if form is None:
        raise UsageError(f"{source.name} holds no table", f"{title} are a text file with a header line")
    found = zip(form.header, targets(table.folded_header(form.header)), strict=True)
    # What a file of rejects has in addition means nothing.
    known = tuple("" if title in (table.PLACE, table.REASON) else target for title, target in found)
    return Columns(form.header, known, form.before + 1)


def marked_by(*titles: str, without: Sequence[str] = (), score: int = CERTAIN) -> Callable[[Header], int]:
    """A `match` that gives `score` to headers that have all these columns, and none of `without`."""
    needed, strange = frozenset(titles), frozenset(without)

    def match(header: Header) -> int:
        cells = frozenset(header)
        return score if needed <= cells and not strange & cells else NO

    return match


def meanings(
    header: Header, known: Mapping[str, str], patterns: Patterns = (), *, custom: bool = True
) -> tuple[str, ...]:
    """A target for each column of a folded header.

    Args:
        header: the folded titles.
        known: folded titles with their targets; "" for columns that are of no use here.
        patterns: for titles that are not known: what a whole title is like, and its target with `\\1` and so on.
        custom: make custom fields of the others; else they get no target.
    """
    found: list[str] = []
    for title in header:
        target = known.get(title)
        if target is None:
            target = next((made.expand(form) for like, form in patterns if (made := like.fullmatch(title))), None)
        if target is None:
            target = custom_field(title, found) if custom and title else ""
        found.append(target)
    return tuple(found)


def custom_field(title: str, taken: Sequence[str] = ()) -> str:
    """The target of a custom field for a column: `set.shoe_size`; numbered when `taken` holds it already."""
    key = custom_key(title)
    number, target, names = 1, f"set.{key}", frozenset(taken)
    while target in names:
        number += 1
        target = f"set.{key[:54]}_{number}"
    return target
