"""What the past shows: a report is one module of this folder, and one method here."""

from typing import TYPE_CHECKING

from crmcli.kernel.page import Page
from crmcli.services.reports import lostreasons, source, velocity, winrate
from crmcli.services.reports.asked import Asked

if TYPE_CHECKING:
    from crmcli.app import App


class Reports:
    """The reports. What each of their records has stands with the report."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def win_rate(self, asked: Asked) -> Page:
        """How many of the closed deals were won; see `winrate.report`."""
        return winrate.report(self.app, asked)

    def velocity(self, asked: Asked) -> Page:
        """How fast deals move; see `velocity.report`."""
        return velocity.report(self.app, asked)

    def lost_reasons(self, asked: Asked) -> Page:
        """Why deals were lost; see `lostreasons.report`."""
        return lostreasons.report(self.app, asked)

    def source(self, asked: Asked) -> Page:
        """Where business comes from; see `source.report`."""
        return source.report(self.app, asked)
