"""All tables together: import this to have the whole schema in `metadata`."""

from crmcli.model.base import finish, metadata
from crmcli.model.cadences import Cadence
from crmcli.model.cases import CaseStatus, SupportCase
from crmcli.model.companies import Company, CompanyDomain, Employment
from crmcli.model.contacts import Contact
from crmcli.model.deals import Deal, DealContact, DealLine, DealStage, Pipeline, Stage
from crmcli.model.duplicates import DistinctPair, MergedRecord
from crmcli.model.followups import Followup
from crmcli.model.imports import ExtraProperty, ImportMap, ImportRun, SourceRecord
from crmcli.model.interactions import Interaction, Participant
from crmcli.model.journal import Change, Operation
from crmcli.model.labels import CustomField, CustomValue, ExternalId, Preference, Tag, Tagging
from crmcli.model.mail import Attachment, AttachmentContent, Message
from crmcli.model.orders import OrderLine, Payment, SalesOrder
from crmcli.model.plans import Forecast, Goal
from crmcli.model.privacy import Erasure, Suppression
from crmcli.model.products import ExchangeRate, Price, Product
from crmcli.model.reach import Address, Consent, Email, Phone, Url
from crmcli.model.reminders import Reminder, ReminderState
from crmcli.model.search import SearchName, SearchText, SearchWord
from crmcli.model.upkeep import Upkeep
from crmcli.model.users import Meta, User

finish(metadata)

__all__ = [
    "Address",
    "Attachment",
    "AttachmentContent",
    "Cadence",
    "CaseStatus",
    "Change",
    "Company",
    "CompanyDomain",
    "Consent",
    "Contact",
    "CustomField",
    "CustomValue",
    "Deal",
    "DealContact",
    "DealLine",
    "DealStage",
    "DistinctPair",
    "Email",
    "Employment",
    "Erasure",
    "ExchangeRate",
    "ExternalId",
    "ExtraProperty",
    "Followup",
    "Forecast",
    "Goal",
    "ImportMap",
    "ImportRun",
    "Interaction",
    "MergedRecord",
    "Message",
    "Meta",
    "Operation",
    "OrderLine",
    "Participant",
    "Payment",
    "Phone",
    "Pipeline",
    "Preference",
    "Price",
    "Product",
    "Reminder",
    "ReminderState",
    "SalesOrder",
    "SearchName",
    "SearchText",
    "SearchWord",
    "SourceRecord",
    "Stage",
    "SupportCase",
    "Suppression",
    "Tag",
    "Tagging",
    "Upkeep",
    "Url",
    "User",
    "metadata",
]
