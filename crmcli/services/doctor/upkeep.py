"""What is done to keep the database well: backups, verifying, the journal's seals."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crmcli.kernel.clock import instant
from crmcli.kernel.errors import CrmError
from crmcli.kernel.place import file_of
from crmcli.kernel.relative import ago
from crmcli.services.doctor.database import current
from crmcli.services.doctor.finding import FAIL, OK, WARN, Finding
from crmcli.store import chain, upkeep
from crmcli.store.connection import Connection

if TYPE_CHECKING:
    from crmcli.app import App

LISTED = "put it right, or move it away; crm db vacuum writes it anew"
BACKUP_EVERY, VERIFY_EVERY = timedelta(days=7), timedelta(days=35)


def backup(app: "App") -> Iterator[Finding]:
    """How old the last backup is. Those of a server are its administrator's."""
    with current(app) as connection:
        if connection is None:
            return
        at = _last(connection, "backup")
    if at is None and file_of(app.place) is None:
        yield Finding(OK, "crm made none here; those of the server are its administrator's")
    elif at is None:
        yield Finding(WARN, "there was never one", "crm db backup")
    elif app.clock.now() - at > BACKUP_EVERY:
        yield Finding(WARN, f"the last one was made {ago(at, app.clock)}", "crm db backup")
    else:
        yield Finding(OK, f"the last one was made {ago(at, app.clock)}")


def verified(app: "App") -> Iterator[Finding]:
    """When all of the database was last looked through."""
    with current(app) as connection:
        if connection is None:
            return
        at = _last(connection, "verify")
    if at is None:
        yield Finding(OK, "the database was never verified", "crm db verify")
    elif app.clock.now() - at > VERIFY_EVERY:
        yield Finding(WARN, f"the database was last verified {ago(at, app.clock)}", "crm db verify")
    else:
        yield Finding(OK, f"the database was verified {ago(at, app.clock)}")


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


def erasures(app: "App") -> Iterator[Finding]:
    """Whether the list beside the file says who was erased, so that a restored copy does not bring them back."""
    with current(app) as connection:
        if connection is None or file_of(app.place) is None:
            return
        try:
            listed = app.privacy.is_listed(connection)
        except CrmError:
            yield Finding(FAIL, "the list of erasures beside the database cannot be read whole", LISTED)
            return
    if listed:
        yield Finding(OK, "whoever was erased is on the list beside the database")
    else:
        yield Finding(FAIL, "the list beside the database lacks somebody who was erased", "crm db vacuum writes it")


def _last(connection: Connection, kind: str) -> datetime | None:
    """When something was last done."""
    row = upkeep.last(connection.rows).get(kind)
    return instant(row["at"]) if row else None
