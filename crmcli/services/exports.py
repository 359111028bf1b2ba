"""Giving out records: which of them, as what, in which format; a record at a time, however many there are."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from crmcli.exporters import fields, goods
from crmcli.exporters.base import Field, Job, check_shape
from crmcli.exporters.loader import FLAT, FORMATS, NESTED, load
from crmcli.kernel.errors import UsageError
from crmcli.kernel.reach import with_usable
from crmcli.kernel.similarity import nearest
from crmcli.services import consents
from crmcli.services.exportsources import SOURCES
from crmcli.store import exports
from crmcli.store.nouns import PARTIES

if TYPE_CHECKING:
    from crmcli.app import App

EVERYTHING = "all"
_TABLES = ("csv", "tsv", "json", "jsonl", "md")


class Kind(NamedTuple):
    """What can be exported: the noun of its records, the formats, the usual one first, and whether filters apply."""

    noun: str
    formats: tuple[str, ...]
    filtered: bool = True


KINDS = {
    "contacts": Kind("contact", (*_TABLES, "vcf")),
    "companies": Kind("company", (*_TABLES, "vcf")),
    "interactions": Kind("interaction", (*_TABLES, "ics")),
    "followups": Kind("followup", (*_TABLES, "ics")),
    "deals": Kind("deal", _TABLES),
    "products": Kind("product", _TABLES),
    "orders": Kind("order", _TABLES),
    "cases": Kind("case", _TABLES),
    "users": Kind("user", _TABLES, filtered=False),
    "tags": Kind("tag", _TABLES, filtered=False),
    "fields": Kind("field", _TABLES, filtered=False),
    EVERYTHING: Kind("", ("jsonl",), filtered=False),
}
"""What `crm export` takes, each with what it means."""


class Exports:
    """Exports."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def kind(self, what: str) -> str:
        """The name in KINDS of what is to be exported; a single noun means all of its records.

        Raises:
            UsageError: there is no such kind; the hint names the nearest.
        """
        word = what.strip().lower()
        found = next((name for name, kind in KINDS.items() if word in (name, kind.noun)), None)
        if found is None or not word:
            close = nearest(word, KINDS, count=1)
            hint = f"did you mean {close[0]}? " if close else ""
            raise UsageError(f"'{what}' cannot be exported", f"{hint}one of: {', '.join(KINDS)}")
        return found

    def format(self, what: str, wanted: str | None) -> str:
        """The format to write: `wanted`, or what suits.

        Raises:
            UsageError: what is to be exported has no such format.
        """
        known = KINDS[what].formats
        if wanted is None:
            return known[0]
        if wanted in known:
            return wanted
        close = nearest(wanted, known, count=1)
        hint = f"did you mean {close[0]}? " if close and wanted not in FORMATS else ""
        raise UsageError(f"{_title(what)} cannot be written as {wanted}", f"{hint}use one of: {', '.join(known)}")

    def write(
        self,
        what: str,
        text: str = "",
        format: str | None = None,
        *,
        wanted: Sequence[Field] | None = None,
        excel_safe: bool = False,
        vcard_version: str = "4.0",
        shape: str = "todos",
        may: str | None = None,
        lines: bool = False,
    ) -> Iterator[str]:
        """The export as pieces of text with their line ends, to be written one after the other.

        Args:
            what: one of KINDS.
            text: a filter, as lists take it; of follow-ups all states match unless it asks for one.
            format: see `format`.
            wanted: what to write of each record, instead of all that travels.
            excel_safe: of CSV, see `crmcli.exporters.csvfile`.
            vcard_version: of vCards.
            shape: of follow-ups in calendars, see `crmcli.exporters.base.SHAPES`.
            may: a purpose, or purpose/channel: only contacts whom we may contact so, with such addresses and numbers
                as may be used.
            lines: of orders in tables, a row for each line instead of one for each order.

        Raises:
            UsageError: a filter that is wrong or not possible here, or no such format; at once, not at the first piece.
        """
        what = self.kind(what)
        kind, form = KINDS[what], self.format(what, format)
        if text.strip() and not kind.filtered:
            raise UsageError(f"{_title(what)} are exported whole", "leave the filter out")
        if may is not None and kind.noun != "contact":
            raise UsageError(f"{_title(what)} give no consent", "--for is of contacts")
        if what == EVERYTHING:
            return self.app.archives.write()
        if lines and (kind.noun != "order" or form not in FLAT):
            raise UsageError("--lines is of orders in tables", "crm export orders --lines -o csv")
        self.app.store.reading()  # so that no header comes before the error of a database that cannot be read
        source = SOURCES[kind.noun]
        where = source.condition(self.app, text)
        if may is not None:
            where = _both(where, consents.condition(may))
        if kind.noun == "interaction" and form == "ics":  # what a calendar knows as an event
            where = _both(where, exports.MEETINGS)
        records = source.records(self.app, where)
        if may is not None:
            records = map(with_usable, records)
        if form == "vcf":
            pieces: Iterator[str] = load(form).write(records, kind.noun, vcard_version)
            return pieces
        if lines:
            records = (line for record in records for line in goods.lines_of(record))
        found = tuple(wanted) if wanted is not None else self._fields("line" if lines else kind.noun, form, where)
        pieces = load(form).write(
            records, Job(kind.noun, found, excel_safe, check_shape(shape), self.app.clock.zone_name)
        )
        return pieces

    def _fields(self, noun: str, form: str, where: exports.Condition) -> tuple[Field, ...]:
        if form in NESTED:
            return fields.nested(noun)
        if form not in FLAT:
            return ()
        if noun not in PARTIES:
            return fields.flat(noun)
        store = self.app.store
        custom = exports.custom_fields(store, noun, where)
        return fields.flat(noun, custom, extra=exports.has_extra(store, noun, where))


def _both(one: exports.Condition, other: exports.Condition) -> exports.Condition:
    return (f"({one[0]}) AND {other[0]}", [*one[1], *other[1]]) if one[0] else other


def _title(what: str) -> str:
    return "all records" if what == EVERYTHING else what
