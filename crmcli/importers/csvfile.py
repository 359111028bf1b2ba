"""Any table: what its columns mean is guessed from their titles, and from what stands in them.

A column whose title says nothing becomes a custom field of that name, so that nothing is lost; one that is empty is
left out. A table of companies has none of the columns that only people have. Our own tables are `owntables`.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from crmcli.importers import owntables, table
from crmcli.importers.base import NO, POSSIBLE, Columns, Format, Item
from crmcli.importers.csvtitles import FAMILY_NAMES, GIVEN_NAMES, TITLES, target_of, word
from crmcli.importers.readings import LEAD_STATUSES, LIFECYCLE_STAGES, domain_of_website, standing
from crmcli.importers.rowreader import Tidy, Values
from crmcli.importers.source import Source
from crmcli.importers.table_format import custom_field
from crmcli.importers.targets import plain_fields
from crmcli.kernel.errors import UsageError
from crmcli.kernel.spreadsheets import unprotected

TITLE = "any table (CSV)"
BARELY = 10
"""The mark of a table none of whose columns is known."""
_SAMPLED = 200
_PERSON = frozenset(
    {
        "given_name", "family_name", "additional_name", "honorific_prefix", "honorific_suffix", "phonetic_given_name",
        "phonetic_family_name", "nickname", "job_title", "department", "birth_date", "role",
    }
)  # fmt: skip
_LEAD = frozenset({"lead_status", "lead_source"})
_COMPANY = frozenset({"domain", "industry", "employee_count", "legal_name", "parent"})
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_HONORIFIC = re.compile(
    r"(mr|mrs|ms|miss|mx|dr|prof|professor|sir|herr|frau|monsieur|madame|m|mme|mlle|sig|sr|sra|srta|don|dhr|mevr|pan|pani)"
    r"([. ].*)?",
    re.IGNORECASE,
)
_PROTECTED = re.compile(r"(?:^|[,;\t|\"])'[=+@-]", re.MULTILINE)


def _match(source: Source) -> int:
    form = table.layout(source)
    if form is None or _is_data(form.header):
        return NO
    if any(target_of(title) for title in form.header):
        return POSSIBLE
    return BARELY if len(form.header) > 1 and _is_even(source, form) else NO


def _is_even(source: Source, form: table.Layout) -> bool:
    """Whether the first rows are as long as the header, as those of a table are and sentences with commas are not."""
    rows = [row for row in islice(table.rows(source, form), 20) if isinstance(row, table.Row)]
    return sum(len(row.cells) == len(form.header) for row in rows) * 5 >= len(rows) * 4


def _is_data(header: Sequence[str]) -> bool:
    return any(_EMAIL.fullmatch(cell.strip()) for cell in header)


def _columns(source: Source) -> Columns:
    form = table.layout(source)
    if form is None:
        raise UsageError(f"{source.name} holds no table", "a table is text with a header line, and rows below it")
    if _is_data(form.header):
        raise UsageError(
            f"the first line of {source.name} is a record, no header", "put a line with the names of the columns first"
        )
    return Columns(form.header, tuple(_targets(source, form)), form.before + 1)


def _targets(source: Source, form: table.Layout) -> list[str]:
    texts = _samples(source, form)
    words = [word(title) for title in form.header]
    known = [target_of(title) for title in form.header]
    has_given = "given_name" in known
    has_family = "family_name" in known
    found: list[str] = []
    for title, name, target, column in zip(form.header, words, known, texts, strict=True):
        if title in (table.PLACE, table.REASON) or not title.strip():
            target = ""
        elif name in TITLES:
            target = "honorific_prefix" if _mostly(_HONORIFIC, column) else "job_title"
        elif target == "name" and has_given and not has_family and name in FAMILY_NAMES:
            target = "family_name"
        elif target == "name" and has_family and not has_given and name in GIVEN_NAMES:
            target = "given_name"
        elif target == "birth_date" and "birth_date.month" in known:
            target = "birth_date.day"
        elif target == "name" and _mostly(_EMAIL, column):
            target = "email"
        elif target is None and title.strip().lower().startswith("custom."):
            target = custom_field(title.strip()[len("custom.") :], found)
        elif target is None:
            target = _by_content(title, column, found)
        found.append(target)
    return _fitted(form.header, found)


def _fitted(header: Sequence[str], targets: Sequence[str]) -> list[str]:
    """The targets, where one is not of the noun that the rows are, a custom field."""
    noun = _noun(targets)
    found: list[str] = []
    for title, target in zip(header, targets, strict=True):
        if noun == "contact" and target == "domain":
            target = "company.domain"
        found.append(target if _is_of(target, noun) else custom_field(f"company {title}", found))
    return found


def _is_of(target: str, noun: str) -> bool:
    field = target.partition(".")[0]
    return (
        field not in _PERSON | _COMPANY | _LEAD or field in plain_fields(noun) or (field, noun) == ("domain", "company")
    )


def _by_content(title: str, column: Sequence[str], found: Sequence[str]) -> str:
    if not column:
        return ""
    return "email" if _mostly(_EMAIL, column) else custom_field(title, found)


def _mostly(like: re.Pattern[str], column: Sequence[str]) -> bool:
    return bool(column) and sum(bool(like.fullmatch(text)) for text in column) * 5 >= len(column) * 4


def _samples(source: Source, form: table.Layout) -> list[list[str]]:
    """What stands in each column in the first rows; empty cells left out."""
    found: list[list[str]] = [[] for _ in form.header]
    lines = io.StringIO(source.text, newline="")
    for _ in range(form.before):
        lines.readline()
    try:
        for number, cells in enumerate(csv.reader(lines, delimiter=form.delimiter)):
            if number > _SAMPLED:
                break
            for column, cell in zip(found, cells, strict=False):
                if number and cell.strip():
                    column.append(cell.strip())
    except csv.Error:
        pass
    return found


def _noun(targets: Sequence[str]) -> str:
    """What the rows are, from what the columns mean."""
    fields = {target.partition(".")[0].partition("#")[0] for target in targets}
    if fields & _PERSON or ("name" in fields and "company" in fields):
        return "contact"
    named = fields & {"name", "company"}
    return "company" if named and (fields & _COMPANY or ("name" not in fields and "email" not in fields)) else "contact"


def _read(source: Source, columns: Columns) -> Iterator[Item]:
    noun = _noun(columns.targets)
    tidy: Tidy | None = unprotected if _PROTECTED.search(source.text) else None
    if noun == "contact":
        return table.drafts(source, noun, columns, _finish_contact, tidy=tidy)
    # Where the rows are companies, the company is who they are.
    targets = tuple("name" if target == "company" else target for target in columns.targets)
    return table.drafts(source, noun, columns._replace(targets=targets), _finish_company, tidy=tidy)


def _finish_contact(values: Values, cells: list[str]) -> None:
    standing(values, "lead_status", LEAD_STATUSES)
    standing(values, "lifecycle_stage", LIFECYCLE_STAGES)


def _finish_company(values: Values, cells: list[str]) -> None:
    domain_of_website(values)
    standing(values, "lifecycle_stage", LIFECYCLE_STAGES)


def _with_columns(columns: Columns) -> Format:
    return CSV._replace(
        noun=_noun(columns.targets),
        read=lambda source: _read(source, columns),
        columns=lambda source: columns,
        with_columns=_with_columns,
    )


CSV = Format(
    "csv",
    TITLE,
    "contact",
    match=_match,
    read=lambda source: _read(source, _columns(source)),
    rejects=table.rejects,
    columns=_columns,
    with_columns=_with_columns,
)
FORMATS = (*owntables.FORMATS, CSV)
