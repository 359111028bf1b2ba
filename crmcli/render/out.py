"""Everything that is written: data on the standard output, messages on the standard error."""

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TextIO

from crmcli.kernel.clock import Clock
from crmcli.kernel.page import Page
from crmcli.kernel.settings import Settings
from crmcli.kernel.text import safe
from crmcli.render import fields, formats, streams
from crmcli.render.color import wants_color
from crmcli.render.loader import load
from crmcli.render.view import Column, Record, View

NARROWEST = 20
"""The least width, in cells, that is laid out for."""

UNBOUNDED = 10_000
"""The width of a table that goes to a pipe or a file, where nothing has to be cut."""


class Out:
    """The output of one call: its streams, the terminal they stand for, and the format that was asked for."""

    def __init__(
        self,
        stdout: TextIO,
        stderr: TextIO,
        stdin: TextIO,
        environ: Mapping[str, str],
        settings: Settings,
        clock: Clock,
    ) -> None:
        self.stdout = stdout
        self.stderr = stderr
        self.stdin = stdin
        self.environ = environ
        self.settings = settings
        self.clock = clock

    @cached_property
    def on_terminal(self) -> bool:
        """Whether the standard output is a terminal."""
        return self.stdout.isatty()

    @cached_property
    def plain(self) -> bool:
        """Whether `--plain` or ACCESSIBLE asks for text without boxes."""
        return self.settings.plain or self.environ.get("ACCESSIBLE", "0") not in ("", "0")

    @cached_property
    def color(self) -> bool:
        """Whether the standard output is coloured. Raises UsageError for an unknown `--color`."""
        return wants_color(self.settings.color, self.environ, self.on_terminal)

    @cached_property
    def unicode(self) -> bool:
        """Whether the standard output can carry lines, ellipses and bars beyond ASCII."""
        try:
            "─…▁█".encode(self.stdout.encoding or "utf-8")
        except (UnicodeEncodeError, LookupError):
            return False
        return True

    @cached_property
    def width(self) -> int:
        """The cells of a line: COLUMNS, the terminal's own, or no bound where there is no terminal."""
        return max(NARROWEST, _number(self.environ.get("COLUMNS")) or self._size[0] or self._default_width)

    @cached_property
    def height(self) -> int:
        """The lines of the terminal: LINES, its own, or 24."""
        return _number(self.environ.get("LINES")) or self._size[1] or 24

    @cached_property
    def format(self) -> str:
        """The name of the format to write: `-o`, CRM_FORMAT, or what suits the standard output.

        Raises UsageError for an unknown one.
        """
        if self._asked:
            form = formats.check(self._asked)
        else:
            form = "table" if self.on_terminal or self.settings.plain else "tsv"
        return "plain" if form == "table" and self.plain else form

    @property
    def drawn(self) -> bool:
        """Whether the output is the drawing for people, not a list in some format or with columns of one's own."""
        return self.on_terminal and self.format == "table" and self.settings.fields is None

    @property
    def for_programs(self) -> bool:
        """Whether a format for programs was asked for."""
        return self._asked is not None and self.format not in formats.HUMAN

    def prompting_allowed(self) -> bool:
        """Whether a person is there to answer: terminals on both sides, and neither --no-input nor CRM_NO_INPUT."""
        forbidden = self.settings.no_input or self.environ.get("CRM_NO_INPUT")
        return not forbidden and self.stdin.isatty() and self.stderr.isatty()

    def check(self, view: View, *, one: bool = False) -> tuple[Column, ...]:
        """The columns that `view` would be written with.

        To be called before any work is done (and after `wants_fields`): raises UsageError for an unknown format,
        field or `--color`.
        """
        wants_color(self.settings.color, self.environ, self.on_terminal)
        return fields.select(view, self.settings.fields, self.format, one=one)

    def show_list(self, view: View, page: Page, *, filtered: bool = False) -> None:
        """Write a page of records in the format asked for, and on the standard error whether there are more.

        An empty page that was `filtered` says nothing of how to add records.
        """
        if self.wants_fields():
            return self.show_fields(view)
        columns = self.check(view)
        if not page.items and self.format in formats.HUMAN:
            return self.message("Nothing matches." if filtered else view.empty)
        formats.load(self.format).write_list(view, page, columns, self)
        if page.more:
            self.message(f"{len(page.items)} shown; --limit N shows more")

    def show_record(self, view: View, record: Record) -> None:
        """Write one record in the format asked for."""
        if self.wants_fields():
            return self.show_fields(view)
        formats.load(self.format).write_record(view, record, self.check(view, one=True), self)

    def wants_fields(self) -> bool:
        """Whether the list of fields was asked for, with `--fields help`."""
        return self.settings.fields == "help"

    def show_fields(self, view: View) -> None:
        """Write the names of the fields that `--fields` takes, each with its explanation."""
        known = fields.describe(view)
        indent = max(len(name) for name, _ in known)
        self.emit(f"{name:{indent}}  {text}" for name, text in known)

    def created(self, sentence: str, view: View, record: Record) -> None:
        """Tell what was made or changed: a sentence on a terminal, the id in a pipe, the record in a format asked for.

        `sentence` is escaped here.
        """
        if self.for_programs:
            self.show_record(view, record)
        elif self.on_terminal:
            self.write(safe(sentence) + "\n")
        else:
            self.write(safe(str(record["id"])) + "\n")

    def sentence(self, text: str) -> None:
        """Tell what was done where there is no record to show: on the terminal, else on the standard error."""
        if self.on_terminal and self.format in formats.HUMAN:
            self.write(safe(text) + "\n")
        else:
            self.message(text)

    def message(self, *lines: str) -> None:
        """Tell something beside the data, on the standard error. Escaped; silent under `--quiet`."""
        if not self.settings.quiet:
            self.warn(*lines)

    def warn(self, *lines: str) -> None:
        """A message that `--quiet` does not silence."""
        streams.flush(self.stdout)
        streams.tell(self.stderr, "".join(safe(line) + "\n" for line in lines))

    def write(self, text: str) -> None:
        """Write text that is already safe to the standard output. Raises CrmError when that fails."""
        streams.write(self.stdout, (text,))

    def emit(self, lines: Iterable[str]) -> None:
        """Write lines (given without their ends), through the pager if they do not fit the screen."""
        ended = (line + "\n" for line in lines)
        if self._may_page:
            self.page("".join(ended))
        else:
            streams.write(self.stdout, ended)

    def page(self, text: str) -> None:
        """Write safe text, through the pager when it has more lines than the terminal."""
        if not (self._may_page and text.count("\n") > self.height and self._run_pager(text)):
            self.write(text)

    def flush(self) -> None:
        """Hand over all that was written. To be called before the process ends; raises CrmError when it fails."""
        streams.flush(self.stdout)
        streams.tell(self.stderr, "")

    @cached_property
    def _asked(self) -> str | None:
        return self.settings.format or self.environ.get("CRM_FORMAT") or None

    @cached_property
    def _size(self) -> Sequence[int]:
        try:
            return os.get_terminal_size(self.stdout.fileno())
        except (OSError, ValueError):
            return (0, 0)

    @cached_property
    def _default_width(self) -> int:
        return 80 if self.on_terminal else UNBOUNDED

    @cached_property
    def _may_page(self) -> bool:
        person = self.on_terminal and self.stdin.isatty()
        return person and self.settings.pager and self.environ.get("TERM") != "dumb"

    def _run_pager(self, text: str) -> bool:
        pager = load("pager")
        argv = pager.command(self.environ)
        streams.flush(self.stdout)
        return bool(argv) and pager.run(argv, text, self.environ)


def _number(text: str | None) -> int:
    """A positive whole number from the environment, or 0."""
    return int(text) if text and text.isascii() and text.isdigit() else 0
