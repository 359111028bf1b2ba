"""How reminders fare: each job of this machine beside what the database knows of its user and channel."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel.place import file_of
from crmcli.services import channels
from crmcli.services.jobs.invocation import seen_by
from crmcli.services.jobs.job import Job
from crmcli.store.connection import Row
from crmcli.store.derive import name_key
from crmcli.store.reminder_states import Reader, states, unsettled

if TYPE_CHECKING:
    from crmcli.app import App


class Running(NamedTuple):
    """One channel of a job, or of a user whom no job of this machine tells.

    `state` is the row of `reminder_state`, None when nothing has run yet; `counts` holds how many reminders did not
    arrive or may not have, by their status. `here` is False for a job over another database than this one, of which
    this one knows nothing.
    """

    job: Job | None
    user: str
    channel: str
    state: Row | None
    counts: dict[str, int]
    here: bool = True


def running(app: "App", jobs: Sequence[Job], reader: Reader) -> list[Running]:
    """The channels of all `jobs`, then those that the database knows beside them."""
    known = {(row["name_key"], row["channel"]): row for row in states(reader)}
    counts = {key: unsettled(reader, row["user_id"], row["channel"]) for key, row in known.items()}
    found, told = [], set()
    place = file_of(app.place) or app.place
    for job in jobs:
        theirs = seen_by(app, job.environ, job.place)
        user, here = theirs.users.my_name, (file_of(theirs.place) or theirs.place) == place
        for channel in job.channels or channels.usual(theirs):
            key = (name_key(user)[:200], channel)
            row = known.get(key) if here else None
            found.append(Running(job, user, channel, row, counts.get(key, {}) if row else {}, here))
            told |= {key} if here else set()
    rest = [(key, row) for key, row in known.items() if key not in told]
    return found + [Running(None, row["user_name"], row["channel"], row, counts[key]) for key, row in rest]


def status_rows(found: Sequence[Running]) -> list[dict[str, Any]]:
    """Records that are ready for JSON."""
    return [_record(one) for one in found]


def _record(one: Running) -> dict[str, Any]:
    state, job = one.state or {}, one.job
    names = ("ran_at", "told_at", "told", "failed_at", "error")
    return {
        "id": (job.name or f"{job.how}:{one.channel}") if job else f"{one.user}:{one.channel}",
        "job": (job.name or None) if job else None,
        "how": job.how if job else None,
        "schedule": job.schedule if job else None,
        "channel": one.channel,
        "user": one.user,
        **{name: state.get(name) for name in names},
        "unknown": one.counts.get("unknown", 0),
        "failed": one.counts.get("failed", 0),
        "since": (job.since or None) if job else None,
        "command": job.command if job else None,
        "other_database": not one.here,
    }
