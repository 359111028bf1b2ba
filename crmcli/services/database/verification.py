"""Whether the database says what it ever was told: checks that look at everything and change nothing."""

from collections.abc import Callable, Iterator
from typing import Any

from crmcli.kernel.errors import CrmError, DatabaseUnavailable
from crmcli.kernel.ids import PREFIXES, noun_of, ref
from crmcli.store import chain, structure, verifyfacts, verifysearch
from crmcli.store.connection import Connection
from crmcli.store.fault import UNREADABLE, Fault
from crmcli.store.search import INDEXES
from crmcli.store.verifyrows import Rows

MOST_FINDINGS = 50
"""So many findings of one check are kept; all are counted."""
RESTORE = "restore a backup: crm db restore FILE"
REDO = "make it anew: crm db rebuild"
ADVICE = {
    "file": RESTORE,
    "references": RESTORE,
    "schema": "make what holds no data anew: crm db rebuild; if that does not mend it, " + RESTORE,
    "rows": "put it right by hand, or restore a backup: crm db restore FILE",
    "derived": REDO,
    "last contacts": REDO,
    "sums": "look at the order, and put it right: crm order show ID",
    "journal": "somebody changed the past, or the disk did: compare with a backup: crm db verify FILE",
    "seal": "the journal was cut off or written anew since: compare with a backup: crm db verify FILE",
    "search": REDO,
    "keys": REDO,
}
OK, FAIL = "ok", "fail"
Progress = Callable[[str, int], None]
"""Told the name of the check, and how much of it is done."""


class Verification:
    """One look at one database.

    Args:
        connection: to it, with a reading transaction open, so that all checks see one moment.
        aside: opens another connection to it, for the one check that SQLite counts as writing.
        progress: is told how far it is.
    """

    def __init__(
        self, connection: Connection, aside: Callable[[], Connection], progress: Progress = lambda *_: None
    ) -> None:
        self.connection = connection
        self.aside = aside
        self.progress = progress
        self.checks: list[dict[str, Any]] = []
        self.findings: list[dict[str, Any]] = []
        self.notes: list[str] = []
        self.rows = Rows(connection)

    def run(self, *, quick: bool, seal: str = "") -> dict[str, Any]:
        """All checks; returns `sound`, `quick`, `operation` and `seal` of the last operation, `checks`, `findings`."""
        if self.connection.dialect == "sqlite":
            self._check("file", lambda: verifyfacts.integrity(self.connection, quick=quick), "the file is whole")
            self._check(
                "references", lambda: verifyfacts.references(self.connection), "every reference leads somewhere"
            )
        self._check("schema", lambda: structure.faults(self.connection), "its tables, indexes and triggers are there")
        self._check("journal", lambda: self._chain(whole=not quick), self._journal_summary(quick=quick))
        if seal:
            self._check("seal", lambda: self._sealed(seal), "the seal is in the journal")
        if not quick:
            self._rows()
            self._check(
                "last contacts", lambda: verifyfacts.activity(self.connection), "as interactions and orders say"
            )
            self._check("sums", lambda: verifyfacts.sums(self.connection), "orders are the sums of their parts")
            self._check("search", self._search, "it finds what is there, and nothing else")
            self._check(
                "keys", lambda: verifyfacts.sequences(self.connection, self.rows.highest), "none is given twice"
            )
        try:
            head = chain.head(self.connection)
        except (CrmError, *UNREADABLE):  # told already, by the check of the journal
            head = None
        return {
            "sound": not self.findings,
            "quick": quick,
            "operation": ref("operation", head[0]) if head else None,
            "seal": head[1] if head else None,
            "checks": self.checks,
            "findings": self.findings,
        }

    # --- running

    def _check(self, name: str, faults: Callable[[], Iterator[Fault]], summary: str) -> None:
        self._start(name)
        try:
            for fault in faults():
                self._found(name, fault)
        except (CrmError, *UNREADABLE) as error:
            self._unfinished(name, error)
        self._finish(name, summary)

    def _start(self, *names: str) -> None:
        for name in names:
            self.checks.append({"check": name, "status": OK, "finding": "", "findings": 0})
        self.progress(names[0], 0)

    def _found(self, name: str, fault: Fault, advice: str = "") -> None:
        check = next(one for one in self.checks if one["check"] == name)
        check["status"] = FAIL
        check["findings"] += 1
        if check["findings"] <= MOST_FINDINGS:
            record = _ref(fault.record)
            told = {"check": name, "finding": fault.text, "record": record, "advice": advice or ADVICE[name]}
            self.findings.append(told)

    def _unfinished(self, name: str, error: Exception) -> None:
        """A check that met something so damaged that it ended."""
        reason = error.message if isinstance(error, CrmError) else f"a value cannot be read ({error})"
        self._found(name, Fault(f"this check could not be finished: {reason}"), RESTORE)

    def _finish(self, name: str, summary: str) -> None:
        check = next(one for one in self.checks if one["check"] == name)
        number = check["findings"]
        check["finding"] = summary if not number else f"{number:,} finding{'' if number == 1 else 's'}"

    # --- checks that need more than a function

    def _rows(self) -> None:
        """Rows and derived columns are looked at in one walk."""
        self._start("rows", "derived")
        try:
            for name, fault in self.rows.faults():
                self._found(name, fault)
                self.progress("rows", self.rows.count)
        except (CrmError, *UNREADABLE) as error:
            self._unfinished("rows", error)
        self._finish("rows", f"{self.rows.count:,} rows are as the journal says")
        self._finish("derived", "the columns that follow from others are right")

    def _chain(self, *, whole: bool) -> Iterator[Fault]:
        for broken in chain.breaks(self.connection, whole=whole):
            row = self.connection.rows("SELECT at, actor, command FROM operation WHERE id = ?", [broken.operation])[0]
            name = ref("operation", broken.operation)
            what = "its changes are" if broken.part == "changes" else "its own row, or the one before it, is"
            text = (
                f"{name} ({row['command']}, {row['at']} by {row['actor']}) does not fit its seal: {what} not as sealed"
            )
            yield Fault(text, ("operation", broken.operation))
        if whole:
            yield from verifyfacts.emptied(self.connection)

    def _journal_summary(self, *, quick: bool) -> str:
        try:
            operations, changes = verifyfacts.journal_sizes(self.connection)
        except CrmError:  # the check itself tells
            return ""
        of = "" if quick else f", {changes:,} change{'' if changes == 1 else 's'}"
        return f"as sealed: {operations:,} operation{'' if operations == 1 else 's'}{of}"

    def _sealed(self, seal: str) -> Iterator[Fault]:
        if verifyfacts.sealed_at(self.connection, seal.lower()) is None:
            yield Fault(f"no operation has the seal {seal}")

    def _search(self) -> Iterator[Fault]:
        yield from verifysearch.faults(self.connection)
        if self.connection.dialect != "sqlite":
            return
        beside = self.aside()
        try:
            for index in INDEXES.values():
                fault = verifysearch.full_text(beside, index)
                if fault is not None:
                    yield fault
        except DatabaseUnavailable as error:
            self.notes.append(f"the full-text index was not held against its words: {error.message}")
        finally:
            beside.close()


def _ref(record: tuple[str, int] | None) -> str | None:
    if record is None:
        return None
    noun = noun_of(record[0])
    return ref(noun, record[1]) if noun in PREFIXES else None
