"""All tables together: import this to have the whole schema in `metadata`."""

from crmcli.model.base import finish, metadata
from crmcli.model.companies import Company, CompanyDomain, Employment
from crmcli.model.contacts import Contact
from crmcli.model.followups import Followup
from crmcli.model.interactions import Interaction, Participant
from crmcli.model.journal import Change, Operation
from crmcli.model.labels import CustomField, CustomValue, ExternalId, Preference, Tag, Tagging
from crmcli.model.reach import Address, Consent, Email, Phone, Url
from crmcli.model.search import SearchName, SearchText, SearchWord
from crmcli.model.users import Meta, User

finish(metadata)

__all__ = [
    "Address",
    "Change",
    "Company",
    "CompanyDomain",
    "Consent",
    "Contact",
    "CustomField",
    "CustomValue",
    "Email",
    "Employment",
    "ExternalId",
    "Followup",
    "Interaction",
    "Meta",
    "Operation",
    "Participant",
    "Phone",
    "Preference",
    "SearchName",
    "SearchText",
    "SearchWord",
    "Tag",
    "Tagging",
    "Url",
    "User",
    "metadata",
]
