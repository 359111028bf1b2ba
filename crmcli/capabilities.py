"""What the program can do: a service for each capability, made when it is first asked for.

Services know one another only through the App, which has all of these. It is one of the few files that import late, so
that no command pays for what it does not use.
"""

from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from crmcli.kernel.errors import UsageError

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.services.accuracy import Accuracy
    from crmcli.services.aftercare import AfterCare
    from crmcli.services.agenda import Agenda
    from crmcli.services.archives import Archives
    from crmcli.services.batch.batch import Batch
    from crmcli.services.boards import Boards
    from crmcli.services.cadences import Cadences
    from crmcli.services.calendars import Calendars
    from crmcli.services.caseclock import CaseClock
    from crmcli.services.casereport import CaseReport
    from crmcli.services.cases import Cases
    from crmcli.services.casesteps import CaseSteps
    from crmcli.services.casewatch import CaseWatch
    from crmcli.services.cashflow import Cashflow
    from crmcli.services.companies import Companies
    from crmcli.services.consents import Consents
    from crmcli.services.contacts import Contacts
    from crmcli.services.customfields import CustomFields
    from crmcli.services.database.database import Database
    from crmcli.services.deals import Deals
    from crmcli.services.demo import Demo
    from crmcli.services.digest import Digest
    from crmcli.services.doctor.doctor import Doctor
    from crmcli.services.documents import Documents
    from crmcli.services.dossier import Dossier
    from crmcli.services.duplicates import Duplicates
    from crmcli.services.emails import Emails
    from crmcli.services.exports import Exports
    from crmcli.services.find import Find
    from crmcli.services.followups import Followups
    from crmcli.services.forecasts import Forecasts
    from crmcli.services.goals import Goals
    from crmcli.services.history import History
    from crmcli.services.imports import Imports
    from crmcli.services.interactions import Interactions
    from crmcli.services.jobs.jobs import Jobs
    from crmcli.services.journal import Journal
    from crmcli.services.merging import Merging
    from crmcli.services.moves import Moves
    from crmcli.services.orders.orders import Orders
    from crmcli.services.panorama import Panorama
    from crmcli.services.past import Pasts
    from crmcli.services.patience import Patience
    from crmcli.services.phones import Phones
    from crmcli.services.pipelines import Pipelines
    from crmcli.services.privacy import Privacy
    from crmcli.services.products import Products
    from crmcli.services.prospects import Prospects
    from crmcli.services.queue import Queue
    from crmcli.services.rates import Rates
    from crmcli.services.recurring import Recurring
    from crmcli.services.reminders import Reminders
    from crmcli.services.replies import Replies
    from crmcli.services.reports.reports import Reports
    from crmcli.services.setup import Setup
    from crmcli.services.sla import Sla
    from crmcli.services.snapshot import Snapshots
    from crmcli.services.users import Users
    from crmcli.services.values import Values
    from crmcli.services.who import Who
    from crmcli.services.workdays import Workdays


class Capabilities:
    """The services of an App, which is the only class that has them."""

    @property
    def _app(self) -> "App":
        return cast("App", self)

    @cached_property
    def who(self) -> "Who":
        """Finding the record that a person names."""
        from crmcli.services.who import Who

        return Who(self._app)

    @cached_property
    def users(self) -> "Users":
        """The team."""
        from crmcli.services.users import Users

        return Users(self._app)

    @cached_property
    def values(self) -> "Values":
        """Reading what people write into fields."""
        from crmcli.services.values import Values

        return Values(self._app)

    @cached_property
    def emails(self) -> "Emails":
        """Checking e-mail addresses."""
        from crmcli.services.emails import Emails

        return Emails()

    @cached_property
    def phones(self) -> "Phones":
        """Understanding phone numbers."""
        from crmcli.services.phones import Phones

        return Phones(self._app.country)

    @cached_property
    def fields(self) -> "CustomFields":
        """Custom fields."""
        from crmcli.services.customfields import CustomFields

        return CustomFields(self._app)

    @cached_property
    def documents(self) -> "Documents":
        """Records as documents to edit."""
        from crmcli.services.documents import Documents

        return Documents(self._app)

    @cached_property
    def contacts(self) -> "Contacts":
        """People."""
        from crmcli.services.contacts import Contacts

        return Contacts(self._app)

    @cached_property
    def companies(self) -> "Companies":
        """Companies."""
        from crmcli.services.companies import Companies

        return Companies(self._app)

    @cached_property
    def interactions(self) -> "Interactions":
        """Contacts that happened."""
        from crmcli.services.interactions import Interactions

        return Interactions(self._app)

    @cached_property
    def followups(self) -> "Followups":
        """What was promised."""
        from crmcli.services.followups import Followups

        return Followups(self._app)

    @cached_property
    def deals(self) -> "Deals":
        """What may be sold."""
        from crmcli.services.deals import Deals

        return Deals(self._app)

    @cached_property
    def pipelines(self) -> "Pipelines":
        """The stages that deals go through."""
        from crmcli.services.pipelines import Pipelines

        return Pipelines(self._app)

    @cached_property
    def boards(self) -> "Boards":
        """Pipelines with what stands in their stages."""
        from crmcli.services.boards import Boards

        return Boards(self._app)

    @cached_property
    def moves(self) -> "Moves":
        """How follow-ups were moved and handed over."""
        from crmcli.services.moves import Moves

        return Moves(self._app)

    @cached_property
    def recurring(self) -> "Recurring":
        """Follow-ups that repeat."""
        from crmcli.services.recurring import Recurring

        return Recurring(self._app)

    @cached_property
    def workdays(self) -> "Workdays":
        """The working days of countries. Raises UsageError when the library that knows them is not installed."""
        try:
            from crmcli.services.workdays import Workdays
        except ModuleNotFoundError as error:
            hint = "install it with: pipx inject crmcli holidays (or pip install 'crmcli[workdays]')"
            raise UsageError("working days need the package holidays, which is not installed", hint) from error
        return Workdays(self._app)

    @cached_property
    def cadences(self) -> "Cadences":
        """How often to be in touch."""
        from crmcli.services.cadences import Cadences

        return Cadences(self._app)

    @cached_property
    def cases(self) -> "Cases":
        """What went wrong or was asked."""
        from crmcli.services.cases import Cases

        return Cases(self._app)

    @cached_property
    def casesteps(self) -> "CaseSteps":
        """The life of a case."""
        from crmcli.services.casesteps import CaseSteps

        return CaseSteps(self._app)

    @cached_property
    def caseclock(self) -> "CaseClock":
        """The targets of a case as its life goes on."""
        from crmcli.services.caseclock import CaseClock

        return CaseClock(self._app)

    @cached_property
    def casewatch(self) -> "CaseWatch":
        """Cases that are late, or nearly."""
        from crmcli.services.casewatch import CaseWatch

        return CaseWatch(self._app)

    @cached_property
    def casereport(self) -> "CaseReport":
        """How cases were dealt with."""
        from crmcli.services.casereport import CaseReport

        return CaseReport(self._app)

    @cached_property
    def sla(self) -> "Sla":
        """The targets of cases."""
        from crmcli.services.sla import Sla

        return Sla(self._app)

    @cached_property
    def queue(self) -> "Queue":
        """What is due."""
        from crmcli.services.queue import Queue

        return Queue(self._app)

    @cached_property
    def reminders(self) -> "Reminders":
        """Telling people what is due."""
        from crmcli.services.reminders import Reminders

        return Reminders(self._app)

    @property
    def notices(self) -> Any:
        """The module that words notices: most runs have nothing to tell."""
        from crmcli.services.notices import build

        return build

    @cached_property
    def digest(self) -> "Digest":
        """What a digest tells."""
        from crmcli.services.digest import Digest

        return Digest(self._app)

    @cached_property
    def replies(self) -> "Replies":
        """Answers owed on either side."""
        from crmcli.services.replies import Replies

        return Replies(self._app)

    @cached_property
    def past(self) -> "Pasts":
        """Records as they were."""
        from crmcli.services.past import Pasts

        return Pasts(self._app)

    @cached_property
    def patience(self) -> "Patience":
        """When answers are late."""
        from crmcli.services.patience import Patience

        return Patience(self._app)

    @cached_property
    def aftercare(self) -> "AfterCare":
        """Asking whether it was solved."""
        from crmcli.services.aftercare import AfterCare

        return AfterCare(self._app)

    @cached_property
    def agenda(self) -> "Agenda":
        """Today."""
        from crmcli.services.agenda import Agenda

        return Agenda(self._app)

    @cached_property
    def snapshots(self) -> "Snapshots":
        """One customer at a glance."""
        from crmcli.services.snapshot import Snapshots

        return Snapshots(self._app)

    @cached_property
    def panorama(self) -> "Panorama":
        """The whole market at a glance."""
        from crmcli.services.panorama import Panorama

        return Panorama(self._app)

    @cached_property
    def find(self) -> "Find":
        """Search."""
        from crmcli.services.find import Find

        return Find(self._app)

    @cached_property
    def batch(self) -> "Batch":
        """Many operations in one transaction."""
        from crmcli.services.batch.batch import Batch

        return Batch(self._app)

    @cached_property
    def imports(self) -> "Imports":
        """Taking in what other programs wrote."""
        from crmcli.services.imports import Imports

        return Imports(self._app)

    @cached_property
    def exports(self) -> "Exports":
        """Giving out records in the formats of other programs."""
        from crmcli.services.exports import Exports

        return Exports(self._app)

    @cached_property
    def calendars(self) -> "Calendars":
        """Calendars for other programs to read."""
        from crmcli.services.calendars import Calendars

        return Calendars(self._app)

    @cached_property
    def archives(self) -> "Archives":
        """The whole database as one file, and back."""
        from crmcli.services.archives import Archives

        return Archives(self._app)

    @cached_property
    def duplicates(self) -> "Duplicates":
        """Records that may be the same."""
        from crmcli.services.duplicates import Duplicates

        return Duplicates(self._app)

    @cached_property
    def merging(self) -> "Merging":
        """Making one record of two."""
        from crmcli.services.merging import Merging

        return Merging(self._app)

    @cached_property
    def journal(self) -> "Journal":
        """Who changed what."""
        from crmcli.services.journal import Journal

        return Journal(self._app)

    @cached_property
    def history(self) -> "History":
        """What was changed, and taking it back."""
        from crmcli.services.history import History

        return History(self._app)

    @cached_property
    def demo(self) -> "Demo":
        """The throw-away database."""
        from crmcli.services.demo import Demo

        return Demo(self._app)

    @cached_property
    def setup(self) -> "Setup":
        """First run."""
        from crmcli.services.setup import Setup

        return Setup(self._app)

    @cached_property
    def jobs(self) -> "Jobs":
        """Reminders that run by themselves."""
        from crmcli.services.jobs.jobs import Jobs

        return Jobs(self._app)

    @cached_property
    def database(self) -> "Database":
        """Looking after the database."""
        from crmcli.services.database.database import Database

        return Database(self._app)

    @cached_property
    def doctor(self) -> "Doctor":
        """Whether all is well."""
        from crmcli.services.doctor.doctor import Doctor

        return Doctor(self._app)

    @cached_property
    def dossier(self) -> "Dossier":
        """Everything that is held on a person."""
        from crmcli.services.dossier import Dossier

        return Dossier(self._app)

    @cached_property
    def consents(self) -> "Consents":
        """Whom we may contact."""
        from crmcli.services.consents import Consents

        return Consents(self._app)

    @cached_property
    def privacy(self) -> "Privacy":
        """What is known of a person: given out, erased, kept from coming back."""
        from crmcli.services.privacy import Privacy

        return Privacy(self._app)

    @cached_property
    def products(self) -> "Products":
        """What is sold."""
        from crmcli.services.products import Products

        return Products(self._app)

    @cached_property
    def orders(self) -> "Orders":
        """What customers bought."""
        from crmcli.services.orders.orders import Orders

        return Orders(self._app)

    @cached_property
    def rates(self) -> "Rates":
        """Exchange rates."""
        from crmcli.services.rates import Rates

        return Rates(self._app)

    @cached_property
    def prospects(self) -> "Prospects":
        """Open deals, and how likely they are won."""
        from crmcli.services.prospects import Prospects

        return Prospects(self._app)

    @cached_property
    def forecasts(self) -> "Forecasts":
        """What deals may bring."""
        from crmcli.services.forecasts import Forecasts

        return Forecasts(self._app)

    @cached_property
    def goals(self) -> "Goals":
        """What is planned, and how far it is."""
        from crmcli.services.goals import Goals

        return Goals(self._app)

    @cached_property
    def cashflow(self) -> "Cashflow":
        """What money comes when."""
        from crmcli.services.cashflow import Cashflow

        return Cashflow(self._app)

    @cached_property
    def reports(self) -> "Reports":
        """What the past shows."""
        from crmcli.services.reports.reports import Reports

        return Reports(self._app)

    @cached_property
    def accuracy(self) -> "Accuracy":
        """What was foreseen, and what came."""
        from crmcli.services.accuracy import Accuracy

        return Accuracy(self._app)
