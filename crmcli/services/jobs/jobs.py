"""Installing reminders so that they run by themselves, taking them out again, and how they fare."""

from collections.abc import Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel import zones
from crmcli.kernel.clock import system_zone
from crmcli.kernel.errors import CrmError, NotFound
from crmcli.kernel.page import Page
from crmcli.services import channels
from crmcli.services.jobs import crontab, schedule, units
from crmcli.services.jobs.invocation import Invocation, invocation
from crmcli.services.jobs.job import CRON, SYSTEMD, Job, check_name, usual_name
from crmcli.services.jobs.running import running, status_rows

if TYPE_CHECKING:
    from crmcli.app import App


class Installed(NamedTuple):
    """What was installed, or would be.

    `record` is the job; `files` are texts by the name of their file, that of the crontab being ""; `changed` is False
    where all of it stood there already. `notes` are for the person.
    """

    record: dict[str, Any]
    files: dict[str, str]
    changed: bool
    notes: list[str]


class Plan(NamedTuple):
    """What a job shall be."""

    name: str
    schedule: schedule.Schedule
    invocation: Invocation
    since: str
    notes: list[str]


class Jobs:
    """The jobs of this login on this machine that run `crm remind`."""

    def __init__(self, app: "App") -> None:
        self.app = app

    @property
    def cron_zone(self) -> str:
        """The zone in which cron reads a time of day: the machine's, whatever this shell says."""
        return system_zone({})

    # --- installing

    def install(
        self,
        how: str,
        *,
        name: str = "",
        at: str = "",
        every: str = "",
        told_on: Sequence[str] = (),
        digest: str = "",
        dry_run: bool = False,
    ) -> Installed:
        """Install a job, in the place of the one that has its name; with `dry_run` only tell what it would be.

        Args:
            how: cron or systemd.
            name: what to call it; by default what it does.
            at: a time of day in my zone.
            every: how often, such as `15m`.
            told_on: the channels; those of the settings, when empty.
            digest: `daily`, `weekly`, or "" for what newly became due.

        Raises:
            UsageError: a value that cannot be right, a channel that is not set up, or a password that would be seen.
            CrmError: it could not be installed.
        """
        times = schedule.parse(at, every, digest)
        wanted = channels.named(told_on)
        where = wanted or channels.usual(self.app)
        channels.check(self.app, where)
        job = check_name(name or usual_name(wanted, digest))
        plan = Plan(job, times, invocation(self.app, wanted, digest), self.app.now, [])
        plan.notes.extend(self._cautions(how, where, dry_run))
        return self._into_crontab(plan, dry_run) if how == CRON else self._into_systemd(plan, dry_run)

    def _cautions(self, how: str, told_on: Sequence[str], dry_run: bool) -> list[str]:
        found = []
        if how == CRON and channels.STDOUT in told_on and not dry_run and not crontab.mails(self.app.environ):
            found.append("cron mails what is printed, and this machine has no sendmail: name a --channel")
        if how == SYSTEMD and channels.STDOUT in told_on:
            found.append("nobody reads the standard output of systemd: name a --channel, or see journalctl --user")
        if "PGPASSWORD" in self.app.environ and "://" in self.app.place:
            found.append("PGPASSWORD is not put into the job: keep the password in ~/.pgpass")
        return found

    def _into_crontab(self, plan: Plan, dry_run: bool) -> Installed:
        zone = UTC if self.cron_zone == "UTC" else zones.load(self.cron_zone)
        fields = plan.schedule.cron(self.app.clock, zone)
        line = crontab.line(fields, plan.invocation, plan.name, plan.since)
        if plan.schedule.at and self.cron_zone != self.app.clock.zone_name:
            said, _ = schedule.read_cron(fields)
            note = f"{plan.schedule.words} {self.app.clock.zone_name} is {said} {self.cron_zone}, the zone of cron"
            if schedule.drifts(self.app.clock.zone, zone, self.app.clock.now().year):
                note += "; when clocks change it will be off until it is installed again (--systemd is not)"
            plan.notes.append(note)
        changed = True
        if not dry_run:
            if not crontab.there(self.app.environ):
                raise CrmError("there is no crontab on this machine", "for another cron this is the line:", [line])
            before = crontab.read(self.app.environ)
            after = crontab.put(before, plan.name, line)
            changed = before != after
            if changed:
                crontab.write(after, self.app.environ)
            plan.notes.extend(self._twice(plan.name, SYSTEMD))
        return Installed(self._record(plan, CRON, line), {"": line}, changed, plan.notes)

    def _into_systemd(self, plan: Plan, dry_run: bool) -> Installed:
        environ, zone = self.app.environ, self.app.clock.zone_name
        made = units.units(plan.name, plan.schedule, zone, plan.invocation, plan.since)
        files = {str(units.folder(environ) / name): text for name, text in made.items()}
        done = Installed(self._record(plan, SYSTEMD, "\n".join(made.values())), files, True, plan.notes)
        if dry_run:
            return done
        units.need(environ)
        same = units.same(made, environ)
        if same and units.runs(plan.name, environ):
            return done._replace(changed=False)
        if not same:
            units.write(made, environ)
        trouble = units.start(plan.name, environ)
        if trouble:
            hint = f"in a session of your own: {units.start_by_hand(plan.name)}"
            raise CrmError(f"the units are written, but systemd did not start them: {trouble}", hint)
        if not units.lingers(self.app.environ.get("LOGNAME") or self.app.environ.get("USER") or ""):
            plan.notes.append("it runs while you are logged in; to let it run always: loginctl enable-linger")
        plan.notes.extend(self._twice(plan.name, CRON))
        return done

    def _twice(self, name: str, other: str) -> list[str]:
        both = [job for job in self.installed() if job.name == name and job.how == other]
        return [f"{name} runs from {other}, too: crm remind uninstall --{other} --name {name}"] if both else []

    # --- taking out

    def uninstall(self, jobs: Sequence[Job]) -> list[str]:
        """Take out jobs of ours; returns what a person should know.

        Raises:
            CrmError: a crontab or a unit could not be changed.
        """
        notes = []
        named = [job.name for job in jobs if job.how == CRON]
        if named:
            text = crontab.read(self.app.environ)
            for name in named:
                text = crontab.drop(text, name)
            crontab.write(text, self.app.environ)
        for job in jobs:
            if job.how == SYSTEMD:
                trouble = units.remove(job.name, self.app.environ)
                notes += [f"the units of {job.name} are gone; systemd said: {trouble}"] if trouble else []
        return notes

    def to_uninstall(self, name: str, how: str) -> list[Job]:
        """Our own jobs of that name, or all of them, in the crontab and systemd or one of the two.

        Raises:
            NotFound: there are none.
        """
        own = [job for job in self.installed() if job.name and how in ("", job.how)]
        found = [job for job in own if not name or job.name == name]
        if not found:
            hint = f"there is: {', '.join(sorted({job.name for job in own}))}" if own else "see: crm remind status"
            raise NotFound(
                f"no reminders called '{name}' are installed" if name else "no reminders are installed", hint
            )
        return found

    # --- looking

    def installed(self) -> list[Job]:
        """All jobs: those of ours, and lines of the crontab that a person wrote.

        Raises:
            CrmError: the crontab cannot be read.
        """
        mine = self.app.clock.zone_name
        suffix = "" if self.cron_zone == mine else f" {self.cron_zone}"
        text = crontab.read(self.app.environ) if crontab.there(self.app.environ) else ""
        return [*crontab.jobs(text, suffix), *units.jobs(self.app.environ, mine)]

    def status(self) -> Page:
        """A row for each job and channel, then one for each user and channel that no job here tells."""
        return Page(status_rows(running(self.app, self.installed(), self.app.store)))

    def _record(self, plan: Plan, how: str, text: str) -> dict[str, Any]:
        minutes, environ, words = plan.schedule.minutes, plan.invocation.environ, plan.invocation.words
        job = Job(plan.name, how, plan.schedule.words, minutes, environ, words, plan.since)
        return {
            "id": job.name,
            "name": job.name,
            "how": job.how,
            "schedule": job.schedule,
            "channels": job.channels or channels.usual(self.app),
            "command": job.command,
            "text": text,
        }
