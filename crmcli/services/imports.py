"""Taking in what other programs wrote: recognise, map, match, write, tell. The same for every format.

A dry run is the run itself, taken back at the end, so that what it says is what would happen.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.importers import loader, table
from crmcli.importers.base import CERTAIN, LIKELY, Columns, Format, Item
from crmcli.importers.source import Source
from crmcli.importers.targets import parse as parse_target
from crmcli.kernel.codes import check_currency
from crmcli.kernel.errors import NotFound, UsageError
from crmcli.kernel.files import replacing
from crmcli.kernel.ids import ref, uid7
from crmcli.kernel.page import Page
from crmcli.kernel.paths import expanded
from crmcli.kernel.similarity import nearest
from crmcli.kernel.text import check_text
from crmcli.services.importing.matching import check_key
from crmcli.services.importing.options import ON_MATCH, Options
from crmcli.services.importing.run import Job, Run, begin
from crmcli.services.importing.session import Session
from crmcli.store import comparison, imports
from crmcli.store.bulk import MANY
from crmcli.store.derive import email_key

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

SAMPLES = 3
MOST_IN_BATCH = 1_000_000_000
"""The largest --batch: more records than any file holds, and still a number that every database takes."""
SKIP = "skip"
Summary = dict[str, Any]


class Wishes(NamedTuple):
    """What the command line said of an import.

    `maps` are texts `Column=target`; `skips` columns to leave out; `use` and `save` names of saved mappings.
    """

    named: str = ""
    maps: Sequence[str] = ()
    skips: Sequence[str] = ()
    use: str = ""
    save: str = ""
    batch: int | None = None
    dry_run: bool = False
    rejects: str = ""


class Imports:
    """Imports."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def formats(self) -> Page:
        """All formats that are known."""
        return Page(
            [
                {"id": found.name, "name": found.name, "title": found.title, "noun": found.noun}
                for found in loader.formats()
            ]
        )

    def options(
        self, on_match: str = "update", key: str = "", since: str = "", currency: str = "", **flags: bool
    ) -> Options:
        """How an import is meant, from what the flags say; without a currency the setting's counts.

        Raises:
            UsageError: a word that is none of those that there are, or a date that cannot be understood.
        """
        if on_match not in ON_MATCH:
            close = nearest(on_match, ON_MATCH, count=1)
            hint = f"did you mean {close[0]}? " if close else ""
            raise UsageError(f"'{on_match}' says nothing of matches", f"{hint}use one of: {', '.join(ON_MATCH)}")
        earliest = self.app.values.instant(since) if since else None
        named = currency or self.app.config.get("currency", "")
        code = check_currency(named) if named else ""
        return Options(on_match, check_key(key), since=earliest, team=self.team(), currency=code, **flags)

    def team(self) -> frozenset[str]:
        """The addresses of the team, folded; `@engines.example` stands for all of a domain."""
        said = self.app.config.get("team.addresses", "").replace(",", " ").split()
        rows = self.app.store.rows("SELECT email FROM user_account WHERE email IS NOT NULL AND deleted_at IS NULL")
        return frozenset(email_key(text) for text in [*said, *(row["email"] for row in rows)])

    def run(self, sources: Sequence[Source], wishes: Wishes, options: Options, session: Session) -> Summary:
        """Take in the records of all sources; returns what became of them.

        Args:
            sources: what to read.
            wishes: what was said of it.
            options: what to do with records that are there, and the like.
            session: answers what has to be asked.

        Raises:
            UsageError: a source is of no kind that is known, or what was said does not fit it; nothing is written.
        """
        _check(sources, wishes)
        jobs = [self._job(source, wishes, options, session) for source in sources]
        if len(jobs) == 1 and jobs[0].format.name == "archive" and self.app.archives.can_restore():
            return self._restore(jobs[0], wishes)
        runs = [Run(self.app, job, options, session) for job in jobs]
        try:
            operations = self._apply(runs, wishes, options)
        finally:
            session.finished()
        summary = _summary(runs, wishes, operations)
        if wishes.rejects:
            summary["rejects_file"] = _write_rejects(runs[0], wishes)
        self._tell(runs)
        return summary

    # --- what a source is

    def _job(self, source: Source, wishes: Wishes, options: Options, session: Session) -> Job:
        source.team = options.team
        source.keep_attachments = options.keep_attachments
        source.currency = options.currency
        source.zone, source.now = self.app.clock.zone_name, self.app.clock.now()
        saved = self._saved(wishes.use)
        named = wishes.named or (saved["format"] if saved else "")
        surest, chosen = self._recognised(source, named, session)
        if chosen.columns is None:
            source.notes.clear()  # how its text is encoded was guessed for tables; other formats say it themselves
            if wishes.maps or wishes.skips or saved:
                raise UsageError(f"{chosen.title} has no columns to map", "leave --map, --skip-column and --use out")
            return Job(source, chosen, _expected(source, chosen))
        columns = chosen.columns(source)
        said = [*(saved["columns"].items() if saved else ()), *(_pair(text) for text in wishes.maps)]
        said += [(column, SKIP) for column in wishes.skips]
        columns = _mapped(columns, said, chosen.noun)
        unsure = any(not target or target.startswith("set.") for target in columns.targets)
        if not said and surest < LIKELY and unsure:
            columns = session.mapping(source, chosen, columns, samples(source, columns))
        assert chosen.with_columns is not None
        return Job(source, chosen.with_columns(columns), _expected(source, chosen))

    def _recognised(self, source: Source, named: str, session: Session) -> tuple[int, Format]:
        if named:
            return CERTAIN, loader.named(named)
        candidates = loader.candidates(source)
        chosen = session.format(source, candidates)
        return next((mark for mark, found in candidates if found.name == chosen.name), CERTAIN), chosen

    def _saved(self, name: str) -> dict[str, Any] | None:
        if not name:
            return None
        saved = imports.saved_map(self.app.store, name)
        if saved is None:
            known = imports.map_names(self.app.store)
            close = nearest(name, known, count=1)
            hint = f"did you mean {close[0]}?" if close else "save one with --save-map NAME"
            raise NotFound(f"there is no mapping '{name}'", hint)
        return saved

    # --- doing it

    def _apply(self, runs: Sequence[Run], wishes: Wishes, options: Options) -> list[int]:
        """Take everything in, in one transaction or in several; returns the operations."""
        run_uid = uid7(self.app.clock.now(), self.app.randomness)
        operations: list[int] = []
        for run in runs:  # what is no file of its kind is refused before anything is written
            begin(run.job)
        if wishes.batch and not wishes.dry_run:
            for run in runs:
                stream = run.job.format.read(run.job.source)
                while True:
                    before = dict(run.counts)
                    with self.app.writing() as gate:
                        taken = run.take(gate, stream, wishes.batch)
                        operations += self._note(gate, [(run, before)], run_uid, wishes)
                    if not taken:
                        break
            return operations
        load = sum(run.job.expected for run in runs) >= MANY
        with self.app.writing(rehearsal=wishes.dry_run, load=load) as gate:
            for run in runs:
                self._take_all(run, gate, run.job.format.read(run.job.source), options)
            operations = self._note(gate, [(run, {}) for run in runs], run_uid, wishes)
        return [] if wishes.dry_run else operations

    def _take_all(self, run: Run, gate: "Gate", stream: Iterator[Item], options: Options) -> None:
        run.take(gate, stream)
        if run.offered and not options.leads and run.session.leads(run.offered):
            # The same once more: what was taken in is known by now.
            again = Run(self.app, run.job, options._replace(leads=True), run.session)
            again.take(gate, run.job.format.read(run.job.source))
            run.counts = _both(run.counts, again.counts)
            run.skips = again.skips
            run.offered.clear()

    def _note(
        self, gate: "Gate", runs: Sequence[tuple[Run, Mapping[str, int]]], run_uid: str, wishes: Wishes
    ) -> list[int]:
        """Keep what the operation took in, and a mapping that is to be saved; returns the operation, if any."""
        for run, _ in runs:
            if wishes.save and run.job.format.columns is not None:
                columns = run.job.format.columns(run.job.source)
                meant = {title: target or SKIP for title, target in zip(columns.header, columns.targets, strict=True)}
                name = check_text(wishes.save, what="name of a mapping", max_length=100, required=True)
                imports.save_map(gate, self.app.store, name, run.job.format.name, {"columns": meant})
        if not gate.changes:
            return []
        for run, before in runs:
            counts = {name: count - before.get(name, 0) for name, count in run.counts.items()}
            imports.note_run(gate, run_uid, run.job.format.name, run.job.source.name, counts)
        return [gate.operation()]

    def _restore(self, job: Job, wishes: Wishes) -> Summary:
        """A whole archive into an empty database: as it was, ids and history included."""
        restored = self.app.archives.restore(job.source, dry_run=wishes.dry_run)
        run = Run(self.app, job, Options(), Session())
        run.counts["total"] = run.counts["created"] = sum(restored[name] for name in comparison.NOUNS)
        return _summary([run], wishes, [])

    def _tell(self, runs: Sequence[Run]) -> None:
        for run in runs:
            self.app.notes += [note for note in run.job.source.notes if note not in self.app.notes]
            for odd, count in run.odd.items():
                self.app.notes.append(f"{odd} ({count:,})")


def _both(first: Mapping[str, int], again: Mapping[str, int]) -> dict[str, int]:
    """What became of records that were taken in twice, the second time with leads."""
    counts = {**first, "created": first["created"] + again["created"], "skipped": again["skipped"]}
    known = counts["total"] - counts["rejected"] - counts["created"] - counts["skipped"]
    counts["updated"] = min(known, first["updated"] + max(0, again["updated"] - first["created"]))
    counts["unchanged"] = known - counts["updated"]
    return counts


def _check(sources: Sequence[Source], wishes: Wishes) -> None:
    if not sources:
        raise UsageError("no file was named", "crm import FILE, or - for standard input")
    if len(sources) > 1 and wishes.rejects:
        raise UsageError("--rejects is of one file", "import the files one by one, or leave it out")
    if wishes.rejects and any(_is_same(source, wishes.rejects) for source in sources):
        raise UsageError(f"{wishes.rejects} is the file that is read", "give --rejects another name")
    if len(sources) > 1 and wishes.save:
        raise UsageError("--save-map is of one file", "import the files one by one, or leave it out")
    if wishes.batch is not None and not 1 <= wishes.batch <= MOST_IN_BATCH:
        raise UsageError(f"a batch has 1 to {MOST_IN_BATCH:,} records", "for example --batch 5000")


def _is_same(source: Source, path: str) -> bool:
    other = expanded(path)
    return source.path is not None and other.exists() and source.path.exists() and source.path.samefile(other)


def _expected(source: Source, format: Format) -> int:
    """About how many records a source has, from those in its beginning."""
    marks = {"vcard": b"BEGIN:VCARD", "calendar": b"BEGIN:VEVENT", "mbox": b"\nFrom "}
    count = source.head.upper().count(marks[format.name]) if format.name in marks else source.head.count(b"\n")
    return source.size * count // max(1, len(source.head))


# --- columns


def _pair(text: str) -> tuple[str, str]:
    column, equals, target = text.rpartition("=")
    if not equals or not column.strip():
        raise UsageError(f"'{text}' is not COLUMN=FIELD", 'for example: --map "Work mail=email.work"')
    return column.strip(), target.strip()


def _mapped(columns: Columns, said: Sequence[tuple[str, str]], noun: str) -> Columns:
    """The columns with the meanings that were said."""
    targets = list(columns.targets)
    for column, target in said:
        places = [place for place, title in enumerate(columns.header) if title.strip().lower() == column.lower()]
        if not places:
            close = nearest(column, columns.header, count=1)
            hint = f"did you mean '{close[0]}'? " if close else ""
            raise UsageError(f"there is no column '{column}'", f"{hint}columns: {', '.join(columns.header)}")
        _check_target(target, noun)
        for place in places:
            targets[place] = "" if target == SKIP else target
    return columns._replace(targets=tuple(targets))


def _check_target(target: str, noun: str) -> None:
    """Refuse a target that there is not; what the rows are may follow from what their columns mean."""
    try:
        parse_target(target, noun)
    except UsageError:
        if noun != "contact":
            raise
        try:
            parse_target(target, "company")
        except UsageError:
            parse_target(target, noun)


def samples(source: Source, columns: Columns) -> list[list[str]]:
    """A few values of each column, from the first rows."""
    form = table.layout(source)
    if form is None:
        return [[] for _ in columns.header]
    rows = [row.cells for row in islice(table.rows(source, form), 50) if isinstance(row, table.Row)]
    found: list[list[str]] = []
    for place in range(len(columns.header)):
        values = [cells[place].strip() for cells in rows if place < len(cells) and cells[place].strip()]
        found.append(list(dict.fromkeys(values))[:SAMPLES])
    return found


# --- what is told


def _summary(runs: Sequence[Run], wishes: Wishes, operations: Sequence[int]) -> Summary:
    totals = {name: sum(run.counts[name] for run in runs) for name in runs[0].counts}
    return {
        **totals,
        "dry_run": wishes.dry_run,
        "operations": [ref("operation", key) for key in operations],
        "files": [_file(run) for run in runs],
        "rejects_file": None,
    }


def _file(run: Run) -> dict[str, Any]:
    job = run.job
    columns: list[dict[str, Any]] = []
    if job.format.columns is not None:
        meant = job.format.columns(job.source)
        shown = samples(job.source, meant)
        columns = [
            {"column": title, "field": target or None, "samples": values}
            for title, target, values in zip(meant.header, meant.targets, shown, strict=True)
        ]
    return {
        "name": job.source.name,
        "format": job.format.name,
        "title": job.format.title,
        "noun": job.format.noun,
        **run.counts,
        "columns": columns,
        "rejects": run.reasons,
        "skips": [{"reason": reason, "count": count} for reason, count in run.skips.items()],
        "offered": [
            {"email": address, "name": name, "messages": count} for address, (name, count) in run.offered.items()
        ],
    }


def _write_rejects(run: Run, wishes: Wishes) -> str | None:
    """Write what was rejected, whole or not at all; where nothing was, an older file of that name is emptied."""
    path = str(expanded(wishes.rejects))
    if not run.refused.count and (wishes.dry_run or not os.path.exists(path)):
        return None
    with replacing(path) as file:
        for part in run.job.format.rejects(run.job.source, iter(run.refused)) if run.refused.count else ():
            file.write(part.decode("utf-8", "surrogateescape"))
    return path if run.refused.count else None
