"""Reminders for cron: what newly became due is told once on each channel.

Each due occurrence is claimed in a transaction of its own before anything is sent, and settled afterwards. So of
overlapping runs only one tells it. A run that dies in between leaves its claims behind; the next one finds them and
writes `unknown`, since nobody can know whether they arrived: those are told again only when `retry` asks for it.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel.clock import stamp
from crmcli.kernel.errors import CrmError, DatabaseBusy, UsageError
from crmcli.kernel.ids import uid7
from crmcli.kernel.page import Page
from crmcli.kernel.spans import Span
from crmcli.model.enums import REMINDER_STATUS
from crmcli.notifiers import loader
from crmcli.notifiers.base import Notice, NotSent, Unsure
from crmcli.services import channels
from crmcli.services.occasions import Occasions
from crmcli.services.users import ME, NOBODY
from crmcli.store import reminders
from crmcli.store.connection import Connection, Row
from crmcli.store.sql import ENDLESS

if TYPE_CHECKING:
    from crmcli.app import App

MOST = 200
"""How many occasions a notice tells at most, as a rule."""
LEASE = timedelta(minutes=15)
"""How long a run may take to tell a notice before it counts as dead; every notifier gives up much earlier."""
DIED = "the run that was telling it ended before it was done"
CLOSED = "it is not due any more"
DIGEST = "digest:"
UNTOLD = ("unknown", "failed")

Send = Callable[[Notice], None]


class Run(NamedTuple):
    """What a run did on one channel.

    `told` are the notices that were taken, `untold` those that were not or perhaps not, and `error` says why, in a
    line. `abandoned` counts the reminders of dead runs that were found.
    """

    channel: str
    told: tuple[Notice, ...] = ()
    untold: int = 0
    error: str | None = None
    abandoned: int = 0


class Reminders:
    """Telling people what is due."""

    def __init__(self, app: "App") -> None:
        self.app = app
        self._occasions = Occasions(app)

    # --- what there is to tell

    def channels(self, named: Sequence[str]) -> list[str]:
        """The channels to tell on: those that are named, else those of the settings, else standard output.

        Of several, those that are set up are told, whatever the others lack; see `tell`.

        Raises:
            UsageError: there is no such channel, or none of them is set up.
        """
        asked = channels.named(named or channels.usual(self.app))
        channels.check_names(asked)
        lacking = [error for name in asked if (error := self.lack(name))]
        if len(lacking) == len(asked):
            raise lacking[0]
        return asked

    def lack(self, channel: str) -> CrmError | None:
        """Why nothing can be told on a channel: what is not set up."""
        return channels.lack(self.app, channel)

    def preview(
        self, channel: str, again: Span | None = None, digest: str | None = None, *, others: bool = True
    ) -> Notice | None:
        """What a run would tell on a channel, all at once; None for nothing. Nothing is claimed."""
        if digest:
            name = self._digest_name(digest)
            return self._digest(digest, "") if self._is_open(channel, name) else None
        rows = self._occasions.untold(channel, again, ENDLESS, others=others)
        return self._due([row["record"] for row in rows], self.app.users.my_name, "")

    # --- telling

    def tell(
        self,
        channel: str,
        again: Span | None = None,
        send: Send | None = None,
        most: int | None = MOST,
        *,
        others: bool = True,
    ) -> Run:
        """Tell what became due and was not told on a channel yet.

        Args:
            channel: one of `channels`.
            again: what is overdue is told again that long after it was told last.
            send: hands over a notice in the place of the channel's own notifier.
            most: how many occasions a notice tells at most, more come in further notices; None for all in one.
            others: tell of late cases, and with whom to get in touch, too.
        """
        run = self._begun(channel, send)

        def untold(count: int) -> list[Row]:
            return self._occasions.untold(channel, again, count, others=others)

        while not run.error and untold(1):
            told = self._tell_some(channel, lambda: untold(ENDLESS if most is None else most), send)
            if told is None:  # another run was faster
                continue
            run = _joined(run, told)
            if not told.told:  # all of it was closed meanwhile; a run never goes in circles
                break
        self._note(run)
        return run

    def _begun(self, channel: str, send: Send | None) -> Run:
        """A run that has told nothing yet; it will not, where the channel lacks something."""
        lack = None if send else self.lack(channel)
        return Run(channel, error=lack.message if lack else None, abandoned=self._give_up(channel))

    def _tell_some(self, channel: str, untold: Callable[[], list[Row]], send: Send | None) -> Run | None:
        user = self._me()
        with self.app.store.recording() as connection:
            rows = untold()
            if not rows:
                return None
            run = self._claim(connection, user, channel, rows)
        return self._send(channel, run, send)

    def _claim(self, connection: Connection, user: int, channel: str, rows: Sequence[Row]) -> str:
        """Claim `occurrence`, `subject` and `due_at` of rows for one notice; returns what names it."""
        before = reminders.told(self.app.store, user, channel, [row["occurrence"] for row in rows])
        run = uid7(self.app.clock.now(), self.app.randomness)
        common = {"user_id": user, "channel": channel, "run": run, "claimed_at": self.app.now}
        claims = [{**common, **{name: row[name] for name in ("occurrence", "subject", "due_at")}} for row in rows]
        reminders.claim(connection, claims, before)
        return run

    def _me(self) -> int:
        """My key; I join the team when there is something to tell me of that is nobody's."""
        user = self.app.users.key(ME)
        if user != NOBODY:
            return user
        with self.app.writing() as gate:
            return gate.actor.id

    def tell_digest(self, channel: str, kind: str, send: Send | None = None) -> Run:
        """Send the digest of today, or of this week, unless it was sent on that channel or there is nothing in it.

        Args:
            channel: one of `channels`.
            kind: daily or weekly.
            send: as for `tell`.
        """
        run = self._begun(channel, send)
        name = self._digest_name(kind)
        if not run.error and self._is_open(channel, name) and self._digest(kind, "") is not None:
            user, claimed = self._me(), ""
            with self.app.store.recording() as connection:
                if self._is_open(channel, name):
                    row = {"occurrence": name, "subject": f"{kind} digest", "due_at": self.app.now}
                    claimed = self._claim(connection, user, channel, [row])
            if claimed:
                run = _joined(run, self._send(channel, claimed, send))
        self._note(run)
        return run

    def _digest_name(self, kind: str) -> str:
        """The occurrence of the digest of this day, or week."""
        today = self.app.clock.today()
        year, week, _ = today.isocalendar()
        return f"{DIGEST}{kind}@{today.isoformat() if kind == 'daily' else f'{year}-W{week:02d}'}"

    def _is_open(self, channel: str, name: str) -> bool:
        last = reminders.told(self.app.store, self.app.users.key(ME), channel, [name]).get(name)
        return last is None or last["status"] == "failed"

    def _send(self, channel: str, run: str, send: Send | None) -> Run:
        """Tell what was claimed, and settle it."""
        rows = reminders.of_run(self.app.store, run)
        claimed = [row for row in rows if row["status"] == "sending"]
        occasions = [row for row in claimed if not _is_digest(row)]
        records = self._occasions.records(occasions)
        closed = [row["id"] for row in occasions if row["id"] not in records]
        notice = self._notice(rows, list(records.values()))
        if notice is None:
            self._settle(run, "failed", CLOSED, ())
            return Run(channel)
        status, error = self._hand_over(channel, notice, send)
        self._settle(run, status, error, closed)
        if status == "sent":
            return Run(channel, (notice,))
        return Run(channel, untold=len(claimed), error=error)

    def _hand_over(self, channel: str, notice: Notice, send: Send | None) -> tuple[str, str | None]:
        try:
            if send is not None:
                send(notice)
            else:
                loader.load(channel).send(notice, channels.setup(self.app))
        except (NotSent, CrmError) as error:
            return "failed", str(error)[:500]
        except Unsure as error:
            return "unknown", str(error)[:500]
        except Exception as error:  # a defect of one channel must not silence the others
            return "unknown", f"unexpected {type(error).__name__}: {error}"[:500]
        return "sent", None

    def _settle(self, run: str, status: str, error: str | None, closed: Sequence[int]) -> None:
        with self.app.store.recording() as connection:
            reminders.settle(connection, run, status, self.app.now, error)
            reminders.drop(connection, closed, self.app.now, CLOSED)

    def _notice(self, rows: Sequence[Row], records: list[dict[str, Any]]) -> Notice | None:
        """The notice of these reminders, if there is anything to tell.

        The same rows give the same key whenever it is sent.
        """
        user = self.app.users.get(rows[0]["user_id"])
        named = sorted(f"{row['occurrence']}#{row['round']}" for row in rows)
        key = self.app.notices.notice_key([user["uid"], rows[0]["channel"], *named])
        if _is_digest(rows[0]):
            return self._digest(_id(rows[0]).removeprefix(DIGEST), key)
        return self._due(records, user["name"], key)

    def _due(self, records: Sequence[Mapping[str, Any]], user: str, key: str) -> Notice | None:
        touch = [record for record in records if "cadence" in record]
        late = [record for record in records if "target" in record]
        due = [record for record in records if record not in touch and record not in late]
        notice: Notice | None = self.app.notices.due_notice(
            due, self.app.clock, user=user, key=key, cadences=touch, cases=late
        )
        return notice

    def _digest(self, kind: str, key: str) -> Notice | None:
        found = self.app.digest.sections(kind)
        user = self.app.users.my_name
        notice: Notice | None = self.app.notices.digest(
            kind, found.records, self.app.clock, user=user, key=key, counts=found.counts
        )
        return notice

    # --- what became of it

    def _give_up(self, channel: str) -> int:
        """Find what dead runs left behind; returns how many reminders that are."""
        user, now = self.app.users.key(ME), self.app.clock.now()
        span = stamp(now - LEASE), stamp(now + LEASE)
        if user == NOBODY or not reminders.abandoned(self.app.store, user, channel, *span):
            return 0
        with self.app.store.recording() as connection:
            keys = reminders.abandoned(self.app.store, user, channel, *span)
            reminders.give_up(connection, keys, self.app.now, DIED)
        return len(keys)

    def _note(self, run: Run) -> None:
        """Keep that this ran, where there is a database and somebody in it."""
        user = self.app.users.key(ME)
        if user == NOBODY:
            return
        count = sum(max(1, len(notice.items)) for notice in run.told)
        # While a large import keeps the database, that nothing was due is not worth a letter from cron.
        with suppress(DatabaseBusy), self.app.store.recording() as connection:
            reminders.note_run(connection, user, run.channel, self.app.now, count, run.error)

    def page(self, *, statuses: Sequence[str] = (), everyone: bool = False, limit: int | None = None) -> Page:
        """Reminders, the latest first.

        Each has `id` (that of the follow-up, or `digest:daily`), `subject`, `due_at`, `channel`, `user`, `round` (2 for
        the second time), `status`, `claimed_at`, `settled_at` and `error`.
        """
        for status in statuses:
            if status not in REMINDER_STATUS:
                raise UsageError(f"'{status}' is not a status", f"use one of: {', '.join(REMINDER_STATUS)}")
        user = None if everyone else self.app.users.key(ME)
        rows = reminders.log(self.app.store, user, statuses, limit)
        more = limit is not None and len(rows) > limit
        return Page([_record(row) for row in (rows[:limit] if more else rows)], more)

    def retry(self, which: Sequence[str], send: Mapping[str, Send] | None = None) -> list[Run]:
        """Tell again what may not have arrived, or did not; returns what each notice came to.

        A notice is sent with the key that it had, so that a receiver who took it before can drop it.

        Args:
            which: ids of follow-ups, or `digest:daily`; empty for all of mine.
            send: as for `tell`, by channel.
        """
        user = self.app.users.key(ME)
        found = reminders.unsettled(self.app.store, user, UNTOLD)
        rows = [row for row in found if _id(row) in which or (not which and row["error"] != CLOSED)]
        missing = sorted(set(which) - {_id(row) for row in rows})
        if missing:
            raise UsageError(f"no reminder of {missing[0]} is unknown or failed", "see: crm remind log")
        runs = []
        for run, channel in dict.fromkeys((row["run"], row["channel"]) for row in rows):
            with self.app.store.recording() as connection:
                keys = [row["id"] for row in reminders.of_run(self.app.store, run) if row["status"] in UNTOLD]
                reminders.reclaim(connection, keys, self.app.now)
            if keys:
                runs.append(self._send(channel, run, (send or {}).get(channel)))
        return runs


def _joined(one: Run, other: Run) -> Run:
    return one._replace(told=one.told + other.told, untold=one.untold + other.untold, error=other.error)


def _is_digest(row: Row) -> bool:
    return str(row["occurrence"]).startswith(DIGEST)


def _id(row: Row) -> str:
    return str(row["occurrence"]).partition("@")[0]


def _record(row: Row) -> dict[str, Any]:
    names = ("subject", "due_at", "channel", "round", "status", "claimed_at", "settled_at", "error")
    return {"id": _id(row), **{name: row[name] for name in names}, "user": row["user_name"]}
