"""Running the checks."""

from typing import TYPE_CHECKING, Any

from crmcli.kernel.errors import CrmError
from crmcli.kernel.page import Page
from crmcli.services.doctor import cron, customs, database, files, machine, reminders, surroundings, upkeep
from crmcli.services.doctor.finding import FAIL, STATUSES, Check, Finding, at_home, discreet

if TYPE_CHECKING:
    from crmcli.app import App

CHECKS: dict[str, Check] = {
    "program": machine.program,
    "python": machine.python,
    "libraries": machine.libraries,
    "settings": files.settings,
    "secrets": files.secrets,
    "hooks": customs.hooks,
    "zone": machine.zone,
    "locale": surroundings.locale,
    "terminal": surroundings.terminal,
    "completion": surroundings.completion,
    "database": database.database,
    "sqlite": database.engine,
    "schema": database.schema,
    "network": database.network,
    "permissions": files.permissions,
    "disk": files.disk,
    "backup": upkeep.backup,
    "verify": upkeep.verified,
    "journal": upkeep.journal,
    "erasures": upkeep.erasures,
    "cadences": customs.cadences,
    "cron": cron.cron,
    "reminders": reminders.reminders,
}
"""The checks in the order in which they are told; a new one is a function and a line here."""


class Doctor:
    """Whether all is well, and what to do if not."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def findings(self) -> Page:
        """One record a finding: `id`, `check`, `status`, `finding` and `advice`."""
        found = [(name, one) for name, check in CHECKS.items() for one in self._run(name, check)]
        counted: dict[str, int] = {}
        records: list[dict[str, Any]] = []
        for name, one in found:
            counted[name] = counted.get(name, 0) + 1
            ref = name if counted[name] == 1 else f"{name}-{counted[name]}"
            advice = one.advice or None
            records.append({"id": ref, "check": name, "status": one.status, "finding": one.text, "advice": advice})
        return Page(records)

    def _run(self, name: str, check: Check) -> list[Finding]:
        try:
            return list(check(self.app))
        except CrmError as error:
            environ = self.app.environ
            return [Finding(FAIL, discreet(error.message, environ), at_home(error.hint, environ))]
        except OSError as error:
            return [Finding(FAIL, f"it cannot be looked at: {error.strerror or 'the system refuses'}")]

    def readable_settings(self) -> None:
        """Go on without the settings where they cannot be read; the check `settings` tells why."""
        try:
            self.app.config  # noqa: B018 - reading it is the question
        except CrmError:
            self.app.config = {}


def counts(page: Page) -> dict[str, int]:
    """How many findings there are of each status."""
    return {status: sum(item["status"] == status for item in page.items) for status in STATUSES}
