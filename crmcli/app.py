"""The App: everything that one call or one process shares, each part made when it is first asked for.

Services know one another only through it, tests swap its clock, streams and place, and it is one of the few files that
import late, so that no command pays for what it does not use.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TextIO

from crmcli.capabilities import Capabilities
from crmcli.kernel import paths
from crmcli.kernel.clock import Clock, clock_from_environment, stamp, system_zone
from crmcli.kernel.errors import CrmError, UsageError
from crmcli.kernel.page import Page
from crmcli.kernel.place import URLS
from crmcli.kernel.settings import Settings
from crmcli.store.connection import Connection
from crmcli.store.store import Store
from crmcli.store.version import is_behind

if TYPE_CHECKING:
    from crmcli.render.out import Out
    from crmcli.render.view import View
    from crmcli.services.hooks import Hooks
    from crmcli.store.gate import Gate


class App(Capabilities):
    """One call of the program, or one process that makes many.

    Args:
        settings: the global options.
        environ: the environment variables.
        streams: standard input, output and error; the process's own by default.
        command: the words of the command, for the journal.
        randomness: returns that many random bytes, for the uids of new records.
        live: a process that goes on: its clock does, too.
    """

    def __init__(
        self,
        settings: Settings = Settings(),  # noqa: B008 - an immutable tuple
        *,
        environ: Mapping[str, str] | None = None,
        streams: tuple[TextIO, TextIO, TextIO] | None = None,
        command: str = "",
        randomness: Callable[[int], bytes] = os.urandom,
        live: bool = False,
    ) -> None:
        self.settings = settings
        self.environ = os.environ if environ is None else environ
        self.stdin, self.stdout, self.stderr = streams or (sys.stdin, sys.stdout, sys.stderr)
        self.command = command
        self.randomness = randomness
        self.live = live
        self._clock: Clock | None = None
        # What a person should know beside the result; told on standard error when the command is done.
        self.notes: list[str] = []

    # --- what everything stands on

    @cached_property
    def config_path(self) -> Any:
        """The file of settings, or None where there is no place for one."""
        return paths.config_file(self.environ)

    @cached_property
    def config(self) -> dict[str, str]:
        """The person's settings; empty without a file."""
        if self.config_path is None or not os.path.exists(self.config_path):
            return {}
        from crmcli.kernel import config

        return config.load(self.config_path)

    @property
    def clock(self) -> Clock:
        """The moment of this call, in the person's zone; in a long-lived process, this very moment."""
        if self.live or self._clock is None:
            self._clock = self._read_clock()
        return self._clock

    def _read_clock(self) -> Clock:
        zone = self.environ.get("CRM_TIMEZONE") or self.config.get("timezone") or system_zone(self.environ)
        return clock_from_environment(self.environ, zone)

    @property
    def now(self) -> str:
        """The moment of the clock as stored text."""
        return stamp(self.clock.now())

    @cached_property
    def place(self) -> str:
        """Where the database is: a path or a PostgreSQL URL."""
        if self.settings.db == "":
            raise UsageError("--db names no place", "a path, or a postgresql:// URL")
        named = self.settings.db or self.environ.get("CRM_DB") or self.config.get("db") or ""
        if "\0" in named:
            raise UsageError("the place of the database holds a NUL character", "remove it: no system has such a file")
        scheme, separator, _ = named.partition("://")
        if separator and not named.startswith(URLS):
            raise UsageError(f"'{scheme}://' names no database that can be used", "a path, or a postgresql:// URL")
        return named or str(paths.folder("data", self.environ) / "crm.db")

    @cached_property
    def store(self) -> Store:
        """The database, opened at the first read."""
        return Store(self._connect, self._stand_in_on_disk)

    @staticmethod
    def _stand_in_on_disk() -> Connection:
        from crmcli.store.rehearsal import Rehearsal

        return Rehearsal()

    def _connect(self, writing: bool) -> Connection:
        driver = self._driver()
        connection: Connection = driver.open_place(self.place, writing=writing)
        if is_behind(connection):
            from crmcli.store import migrate

            connection.close()
            migrate.upgrade(self.place)
            connection = driver.open_place(self.place, writing=writing)
        self.notes.extend(connection.notes)
        return connection

    def peek(self) -> Connection:
        """A connection of its own to the database as it is: neither made nor migrated. To be closed by the caller.

        Raises:
            DatabaseUnavailable: it cannot be opened.
        """
        connection: Connection = self._driver().open_place(self.place, writing=False)
        return connection

    @property
    def country(self) -> str | None:
        """The country whose phone numbers are written without a prefix, or None."""
        return self.environ.get("CRM_COUNTRY") or self.config.get("country")

    def _driver(self) -> Any:
        if not self.place.startswith(URLS):
            from crmcli.store import sqlite

            return sqlite
        try:
            from crmcli.store import postgresql
        except ImportError as error:
            hint = "install it with: pipx inject crmcli 'psycopg[binary]' (or pip install 'crmcli[postgres]')"
            raise CrmError("PostgreSQL needs the package psycopg", hint) from error
        return postgresql

    @contextmanager
    def writing(self, *, rehearsal: bool = False, load: bool = False) -> "Iterator[Gate]":
        """One transaction that writes, one operation in the journal. See `Store.writing`."""
        if self.store.gate is not None:  # inside another such block: a batch comes here for every line
            yield self.store.gate
            return
        if not rehearsal and self._is_lost():
            self.privacy.recall()
        from crmcli.store.gate import Gate

        def make_gate(connection: Connection) -> Gate:
            return Gate(connection, self.command, self.clock.now(), self.randomness)

        hooks = None if rehearsal else self._hooks()
        with self.store.writing(make_gate, self.users.acting, rehearsal=rehearsal, load=load) as gate:
            yield gate
            if hooks is not None:
                hooks.before(gate)
        if hooks is not None:
            hooks.after()

    def _is_lost(self) -> bool:
        """Whether there is no database where one was: the list of whom it had erased is left."""
        place = os.path.expanduser(self.place)
        return not os.path.exists(place) and os.path.exists(f"{place}.erased")

    def _hooks(self) -> "Hooks | None":
        """The programs to run around a change; None, at the cost of one look, where there is no folder of them."""
        if not self.settings.hooks or self.environ.get("CRM_NO_HOOKS") or self.config_path is None or os.name == "nt":
            return None
        folder = self.config_path.parent / "hooks"
        if not os.path.isdir(folder):
            return None
        from crmcli.services.hooks import Hooks

        return Hooks(self, folder)

    def elsewhere(self, store: Store, moment: datetime) -> "App":
        """The program over another database at another moment; it writes to the same streams."""
        made = App(
            self.settings,
            environ={**self.environ, "CRM_NOW": stamp(moment)},
            streams=(self.stdin, self.stdout, self.stderr),
            command=self.command,
            randomness=self.randomness,
        )
        made.store = store
        made.notes = self.notes
        return made

    def close(self) -> None:
        """Close what was opened."""
        if "store" in self.__dict__:
            self.store.close()

    # --- what a person sees

    @cached_property
    def out(self) -> "Out":
        """The streams, formats and messages."""
        from crmcli.render.out import Out

        return Out(self.stdout, self.stderr, self.stdin, self.environ, self.settings, self.clock)

    def prepare(self, view: "View", *, one: bool = False) -> bool:
        """Check format and fields before any work; False when `--fields help` was asked for, and answered."""
        if self.out.wants_fields():
            self.out.show_fields(view)
            return False
        self.out.check(view, one=one)
        return True

    def show(self, view: "View", result: Page | Mapping[str, Any], *, filtered: bool = False) -> None:
        """Write a page of records, or one record, in the format asked for; see `Out.show_list`."""
        if isinstance(result, Page):
            self.out.show_list(view, result, filtered=filtered)
        else:
            self.out.show_record(view, result)

    def choose(self, title: str, options: Sequence[tuple[str, str]]) -> str | None:
        """Let the person pick one of (value, label) pairs; None where nobody can be asked."""
        if not self.out.prompting_allowed():
            return None
        from crmcli.render import prompts

        return prompts.choose(title, options, self.out)

    def confirm(self, question: str) -> bool:
        """Ask before something that cannot be undone at once; `--yes` answers, and nobody to ask is an error."""
        if self.settings.yes:
            return True
        if not self.out.prompting_allowed():
            raise UsageError(f"this needs a yes: {question}", "give --yes")
        from crmcli.render import prompts

        return prompts.confirm(question, self.out)

    def ask(self, question: str, default: str = "") -> str:
        """Ask for a line of text; only where `out.prompting_allowed()`."""
        from crmcli.render import prompts

        return prompts.ask(question, self.out, default=default)

    def edit_text(self, text: str, suffix: str) -> AbstractContextManager[str | None]:
        """Let the person edit a text in their editor, for a block to work with; see `crmcli.render.editor.edited`."""
        from crmcli.render import editor

        return editor.edited(text, suffix, self.out)
