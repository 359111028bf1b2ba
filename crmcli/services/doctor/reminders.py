"""Reminders: whether anything runs them, whether it stopped, and what did not arrive."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from crmcli.kernel.clock import instant
from crmcli.kernel.errors import CrmError, DatabaseUnavailable
from crmcli.kernel.relative import ago
from crmcli.services.channels import check
from crmcli.services.doctor.database import peeking
from crmcli.services.doctor.finding import FAIL, OK, WARN, Finding, at_home, discreet
from crmcli.services.jobs.job import CRON, Job
from crmcli.services.jobs.running import Running, running
from crmcli.services.jobs.schedule import DAY, patience
from crmcli.store.derive import name_key
from crmcli.store.version import is_behind

if TYPE_CHECKING:
    from crmcli.app import App

INSTALL = "crm remind install --cron (or --systemd)"


def reminders(app: "App") -> Iterator[Finding]:
    """Whether the jobs of this machine run when they should, and what they could not tell."""
    try:
        jobs: Sequence[Job] = app.jobs.installed()
    except CrmError as error:
        yield Finding(WARN, discreet(error.message, app.environ), "crontab -l should say your jobs")
        return
    found = _running(app, jobs)
    if found is None:
        return
    mine = [one for one in found if one.here and name_key(one.user) == name_key(app.users.my_name)]
    own = [job for job in jobs if any(one.job is job for one in mine)]
    told = [finding for job in own for finding in _stopped(app, job, [one for one in mine if one.job is job])]
    told += [] if own else _abandoned(app, mine)
    told += [] if not own else _unusable(app, {one.channel for one in mine if one.job})
    for one in {one.channel: one for one in mine}.values():
        told += _troubled(app, one)
    if len(own) < len(jobs):
        other = f"{len(jobs) - len(own)} of {len(jobs)} jobs tell of another database, or another user"
        told.append(Finding(WARN, other, "see: crm remind status"))
    if not told and own:
        told.append(Finding(OK, f"{len(own)} job{'s run when they' if len(own) > 1 else ' runs when it'} should"))
    yield from told or [Finding(OK, "nothing is installed that reminds by itself", INSTALL)]


def _running(app: "App", jobs: Sequence[Job]) -> list[Running] | None:
    """What the database knows; None where it cannot be read, which other checks tell."""
    with peeking(app) as connection:
        try:
            if connection is None or is_behind(connection):
                return None
        except DatabaseUnavailable:  # newer
            return None
        return running(app, jobs, connection)


def _stopped(app: "App", job: Job, channels: Sequence[Running]) -> Iterator[Finding]:
    """A job whose last run is longer ago than its schedule allows."""
    last = max((one.state["ran_at"] for one in channels if one.state), default="")
    reference = max(last, job.since)
    late = bool(reference) and app.clock.now() - instant(reference) > patience(job.minutes)
    if late and last:
        text = f"reminders last ran {ago(instant(last), app.clock)}: {_called(job)} should run {job.schedule}"
        yield Finding(FAIL, text, _revive(job))
    elif late:
        since = ago(instant(job.since), app.clock)
        text = f"{_called(job)}, installed {since}, never ran: it should run {job.schedule}"
        yield Finding(FAIL, text, _revive(job))
    elif not last:
        yield Finding(OK, f"{_called(job)} has not run yet: it runs {job.schedule}")


def _abandoned(app: "App", mine: Sequence[Running]) -> list[Finding]:
    """Reminders that once ran and that no job of this machine runs: perhaps another machine did."""
    last = max((one.state["ran_at"] for one in mine if one.state), default="")
    if not last or app.clock.now() - instant(last) <= patience(DAY):
        return []
    text = f"reminders last ran {ago(instant(last), app.clock)}, and nothing on this machine runs them"
    return [Finding(WARN, text, INSTALL)]


def _unusable(app: "App", told_on: Iterable[str]) -> Iterator[Finding]:
    """Channels that are not, or no longer, set up."""
    for channel in sorted(told_on):
        try:
            check(app, [channel])
        except CrmError as error:
            reason = discreet(error.message, app.environ, app.config)
            yield Finding(FAIL, f"{channel} is not set up: {reason}", at_home(error.hint, app.environ))


def _called(job: Job) -> str:
    return job.name or "a line of your crontab"


def _revive(job: Job) -> str:
    if job.how == CRON:
        return "is cron running? pgrep cron; what does the command say? crm remind status --fields command"
    return f"systemctl --user status crm-remind-{job.name}.timer; after logging out it needs: loginctl enable-linger"


def _troubled(app: "App", one: Running) -> Iterator[Finding]:
    """What went wrong on a channel since it last went well, and what may not have arrived."""
    state = one.state
    if state and state["error"]:
        when = f" {ago(instant(state['failed_at']), app.clock)}" if state["failed_at"] else ""
        reason = discreet(state["error"], app.environ, app.config)
        yield Finding(FAIL, f"{one.channel} failed{when}: {reason}", "crm remind log tells what was not told")
    unsure = one.counts.get("unknown", 0)
    if unsure:
        text = f"{unsure} reminder{'s' if unsure > 1 else ''} on {one.channel} may have arrived or not"
        yield Finding(WARN, text, "look at them: crm remind log; tell them again: crm remind retry")
