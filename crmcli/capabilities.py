"""What the program can do: a service for each capability, made when it is first asked for.

Services know one another only through the App, which has all of these. It is one of the few files that import late, so
that no command pays for what it does not use.
"""

# Some hundred annotations, which nobody reads when the program runs, cost two milliseconds otherwise.
from __future__ import annotations

from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

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
    from crmcli.services.leads import Leads
    from crmcli.services.merging import Merging
    from crmcli.services.moves import Moves
    from crmcli.services.orders.ordering import Ordering
    from crmcli.services.orders.orders import Orders
    from crmcli.services.orders.parcels import Parcels
    from crmcli.services.orders.payments import Payments
    from crmcli.services.orders.renewals import Renewals
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
    from crmcli.services.salelines import SaleLines
    from crmcli.services.scores import Scores
    from crmcli.services.setup import Setup
    from crmcli.services.sla import Sla
    from crmcli.services.snapshot import Snapshots
    from crmcli.services.suppressions import Suppressions
    from crmcli.services.users import Users
    from crmcli.services.values import Values
    from crmcli.services.who import Who
    from crmcli.services.workdays import Workdays


T = TypeVar("T")


class Service(Generic[T]):
    """A service that is imported and made when an App is first asked for it.

    Args:
        place: module and class within crmcli.services: `who.Who`.
    """

    def __init__(self, place: str) -> None:
        self.place = place

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, app: Any, owner: type) -> T:
        if app is None:  # asked of the class
            return cast(T, self)
        module, _, kind = self.place.rpartition(".")
        made: T = getattr(import_module(f"crmcli.services.{module}"), kind)(app)
        app.__dict__[self.name] = made  # which is found first from now on
        return made


class Capabilities:
    """The services of an App, which is the only class that has them."""

    who: Service[Who] = Service("who.Who")
    """Finding the record that a person names."""
    users: Service[Users] = Service("users.Users")
    """The team."""
    values: Service[Values] = Service("values.Values")
    """Reading what people write into fields."""
    fields: Service[CustomFields] = Service("customfields.CustomFields")
    """Custom fields."""
    documents: Service[Documents] = Service("documents.Documents")
    """Records as documents to edit."""
    contacts: Service[Contacts] = Service("contacts.Contacts")
    """People."""
    companies: Service[Companies] = Service("companies.Companies")
    """Companies."""
    interactions: Service[Interactions] = Service("interactions.Interactions")
    """Contacts that happened."""
    followups: Service[Followups] = Service("followups.Followups")
    """What was promised."""
    leads: Service[Leads] = Service("leads.Leads")
    """Who may become a customer."""
    scores: Service[Scores] = Service("scores.Scores")
    """How promising leads are."""
    deals: Service[Deals] = Service("deals.Deals")
    """What may be sold."""
    pipelines: Service[Pipelines] = Service("pipelines.Pipelines")
    """The stages that deals go through."""
    boards: Service[Boards] = Service("boards.Boards")
    """Pipelines with what stands in their stages."""
    moves: Service[Moves] = Service("moves.Moves")
    """How follow-ups were moved and handed over."""
    recurring: Service[Recurring] = Service("recurring.Recurring")
    """Follow-ups that repeat."""
    cadences: Service[Cadences] = Service("cadences.Cadences")
    """How often to be in touch."""
    cases: Service[Cases] = Service("cases.Cases")
    """What went wrong or was asked."""
    casesteps: Service[CaseSteps] = Service("casesteps.CaseSteps")
    """The life of a case."""
    caseclock: Service[CaseClock] = Service("caseclock.CaseClock")
    """The targets of a case as its life goes on."""
    casewatch: Service[CaseWatch] = Service("casewatch.CaseWatch")
    """Cases that are late, or nearly."""
    casereport: Service[CaseReport] = Service("casereport.CaseReport")
    """How cases were dealt with."""
    sla: Service[Sla] = Service("sla.Sla")
    """The targets of cases."""
    queue: Service[Queue] = Service("queue.Queue")
    """What is due."""
    reminders: Service[Reminders] = Service("reminders.Reminders")
    """Telling people what is due."""
    digest: Service[Digest] = Service("digest.Digest")
    """What a digest tells."""
    replies: Service[Replies] = Service("replies.Replies")
    """Answers owed on either side."""
    past: Service[Pasts] = Service("past.Pasts")
    """Records as they were."""
    patience: Service[Patience] = Service("patience.Patience")
    """When answers are late."""
    aftercare: Service[AfterCare] = Service("aftercare.AfterCare")
    """Asking whether it was solved."""
    agenda: Service[Agenda] = Service("agenda.Agenda")
    """Today."""
    snapshots: Service[Snapshots] = Service("snapshot.Snapshots")
    """One customer at a glance."""
    panorama: Service[Panorama] = Service("panorama.Panorama")
    """The whole market at a glance."""
    find: Service[Find] = Service("find.Find")
    """Search."""
    batch: Service[Batch] = Service("batch.batch.Batch")
    """Many operations in one transaction."""
    imports: Service[Imports] = Service("imports.Imports")
    """Taking in what other programs wrote."""
    exports: Service[Exports] = Service("exports.Exports")
    """Giving out records in the formats of other programs."""
    calendars: Service[Calendars] = Service("calendars.Calendars")
    """Calendars for other programs to read."""
    archives: Service[Archives] = Service("archives.Archives")
    """The whole database as one file, and back."""
    duplicates: Service[Duplicates] = Service("duplicates.Duplicates")
    """Records that may be the same."""
    merging: Service[Merging] = Service("merging.Merging")
    """Making one record of two."""
    journal: Service[Journal] = Service("journal.Journal")
    """Who changed what."""
    history: Service[History] = Service("history.History")
    """What was changed, and taking it back."""
    demo: Service[Demo] = Service("demo.Demo")
    """The throw-away database."""
    setup: Service[Setup] = Service("setup.Setup")
    """First run."""
    jobs: Service[Jobs] = Service("jobs.jobs.Jobs")
    """Reminders that run by themselves."""
    database: Service[Database] = Service("database.database.Database")
    """Looking after the database."""
    doctor: Service[Doctor] = Service("doctor.doctor.Doctor")
    """Whether all is well."""
    dossier: Service[Dossier] = Service("dossier.Dossier")
    """Everything that is held on a person."""
    consents: Service[Consents] = Service("consents.Consents")
    """Whom we may contact."""
    suppressions: Service[Suppressions] = Service("suppressions.Suppressions")
    """Who was erased stays away."""
    privacy: Service[Privacy] = Service("privacy.Privacy")
    """What is known of a person: given out, erased, kept from coming back."""
    products: Service[Products] = Service("products.Products")
    """What is sold."""
    salelines: Service[SaleLines] = Service("salelines.SaleLines")
    """Lines of deals and orders, as people write them."""
    orders: Service[Orders] = Service("orders.orders.Orders")
    """What customers bought."""
    ordering: Service[Ordering] = Service("orders.ordering.Ordering")
    """Taking orders and putting them right."""
    payments: Service[Payments] = Service("orders.payments.Payments")
    """What is paid for orders."""
    parcels: Service[Parcels] = Service("orders.parcels.Parcels")
    """What is sent and comes back."""
    renewals: Service[Renewals] = Service("orders.renewals.Renewals")
    """Orders that come again."""
    rates: Service[Rates] = Service("rates.Rates")
    """Exchange rates."""
    prospects: Service[Prospects] = Service("prospects.Prospects")
    """Open deals, and how likely they are won."""
    forecasts: Service[Forecasts] = Service("forecasts.Forecasts")
    """What deals may bring."""
    goals: Service[Goals] = Service("goals.Goals")
    """What is planned, and how far it is."""
    cashflow: Service[Cashflow] = Service("cashflow.Cashflow")
    """What money comes when."""
    reports: Service[Reports] = Service("reports.reports.Reports")
    """What the past shows."""
    accuracy: Service[Accuracy] = Service("accuracy.Accuracy")
    """What was foreseen, and what came."""

    # --- those that want more than the App

    @property
    def _app(self) -> App:
        return cast("App", self)

    @cached_property
    def emails(self) -> Emails:
        """Checking e-mail addresses."""
        from crmcli.services.emails import Emails

        return Emails()

    @cached_property
    def phones(self) -> Phones:
        """Understanding phone numbers."""
        from crmcli.services.phones import Phones

        return Phones(self._app.country)

    @cached_property
    def workdays(self) -> Workdays:
        """The working days of countries. Raises UsageError when the library that knows them is not installed."""
        try:
            from crmcli.services.workdays import Workdays
        except ModuleNotFoundError as error:
            hint = "install it with: pipx inject crmcli holidays (or pip install 'crmcli[workdays]')"
            raise UsageError("working days need the package holidays, which is not installed", hint) from error
        return Workdays(self._app)

    @property
    def notices(self) -> Any:
        """The module that words notices: most runs have nothing to tell."""
        from crmcli.services.notices import build

        return build
