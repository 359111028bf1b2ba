"""What a person made for this program: hooks, and cadences for filters."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from crmcli.commandtable import COMMANDS
from crmcli.kernel.errors import CrmError
from crmcli.services.doctor.database import current
from crmcli.services.doctor.finding import FAIL, OK, WARN, Finding, at_home
from crmcli.services.hooks import Hooks
from crmcli.store import cadences as store

if TYPE_CHECKING:
    from crmcli.app import App

MOMENTS = ("pre", "post")


def hooks(app: "App") -> Iterator[Finding]:
    """Whether every hook can be run, and ever is."""
    folder = app.config_path and app.config_path.parent / "hooks"
    if not folder or not os.path.isdir(folder):
        yield Finding(OK, "there are none")
        return
    named = sorted(name for name in os.listdir(folder) if name.partition("-")[0] in MOMENTS)
    sound = 0
    for name in named:
        if name.partition("-")[2] not in COMMANDS:
            yield Finding(WARN, f"{name} is named after no command: it never runs", "see: crm help hooks")
            continue
        try:
            Hooks(app, folder).checked(name)
            sound += 1
        except CrmError as error:
            yield Finding(FAIL, at_home(error.message, app.environ), at_home(error.hint, app.environ))
    if sound == len(named):
        yield Finding(OK, f"{sound} can be run" if sound else "there are none")


def cadences(app: "App") -> Iterator[Finding]:
    """Whether the filters of cadences are still understood: a field that they name may have gone."""
    with current(app) as connection:
        if connection is None:
            return
    broken = count = 0
    for noun in store.NAMES:
        for row in store.of_filters(app.store, noun):
            count += 1
            try:
                app.cadences.standings.rule(row)
            except CrmError:
                broken += 1
    if broken:
        text = f"{broken} of {count} for filters are not understood any more, and do not count"
        yield Finding(WARN, text, "crm cadence list tells which; set them anew")
    else:
        yield Finding(OK, f"{count} for filters, all of them understood" if count else "there are none for filters")
