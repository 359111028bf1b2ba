"""What is done to keep the database well: backups, verifying, the journal's seals."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from crmcli.kernel.clock import instant
from crmcli.kernel.place import file_of
from crmcli.kernel.relative import ago
from crmcli.services.doctor.database import current
from crmcli.services.doctor.finding import FAIL, OK, WARN, Finding
from crmcli.store import chain, upkeep

if TYPE_CHECKING:
    from crmcli.app import App

BACKUP_EVERY, VERIFY_EVERY = timedelta(days=7), timedelta(days=35)


def backup(app: "App") -> Iterator[Finding]:
    """How old the last backup is. Those of a server are its administrator's."""
    with current(app) as connection:
        if connection is None:
            return
        done = upkeep.last(connection).get("backup")
    at = str(done["at"]) if done else ""
    if not at and file_of(app.place) is None:
        yield Finding(OK, "crm made none here; those of the server are its administrator's")
    elif not at:
        yield Finding(WARN, "there was never one", "crm db backup FILE")
    elif app.clock.now() - instant(at) > BACKUP_EVERY:
        yield Finding(WARN, f"the last one was made {ago(instant(at), app.clock)}", "crm db backup FILE")
    else:
        yield Finding(OK, f"the last one was made {ago(instant(at), app.clock)}")


def verified(app: "App") -> Iterator[Finding]:
    """When all of the database was last looked through."""
    with current(app) as connection:
        if connection is None:
            return
        done = upkeep.last(connection).get("verify")
    at = str(done["at"]) if done else ""
    if not at:
        yield Finding(OK, "the database was never verified", "crm db verify")
    elif app.clock.now() - instant(at) > VERIFY_EVERY:
        yield Finding(WARN, f"the database was last verified {ago(instant(at), app.clock)}", "crm db verify")
    else:
        yield Finding(OK, f"the database was verified {ago(instant(at), app.clock)}")


def journal(app: "App") -> Iterator[Finding]:
    """Whether the last operation is sealed as it should be; all of them are the business of `crm db verify`."""
    with current(app) as connection:
        if connection is None:
            return
        last = chain.head(connection)
        broken = chain.last_break(connection)
    if broken:
        text = f"the seal of the last operation does not fit its {broken.part}: the journal was changed by hand"
        yield Finding(FAIL, text, "crm db verify tells where; restore a backup if that was not you")
    elif last:
        yield Finding(OK, "the last operation is sealed")
    else:
        yield Finding(OK, "nothing was changed yet")
