"""Companies."""

from crmcli.render.view import Column, Record, View
from crmcli.render.views import parts


def _title(record: Record) -> str:
    return str(record["name"])


def _domain(record: Record) -> str | None:
    return record["domains"][0] if record["domains"] else None


def _parent(record: Record) -> str | None:
    return record["parent"]["name"] if record["parent"] else None


VIEW = View(
    schema="crm.company",
    columns=(
        Column("id", "Id", "id", help="Short id"),
        Column("name", "Name", help="Name"),
        Column("domain", "Domain", get=_domain, drop=3, help="Primary internet domain", part="domains"),
        Column("industry", "Industry", drop=5, help="Industry"),
        Column("place", "Place", get=parts.place, drop=6, help="City and country", part="addresses"),
        Column("lifecycle_stage", "Stage", "enum", drop=4, help="Life cycle stage"),
        Column("tags", "Tags", "tags", drop=7, help="Tags"),
        Column("last_inbound_at", "Last in", "time", drop=8, help="Last inbound contact"),
        Column("last_outbound_at", "Last out", "time", drop=2, help="Last outbound contact"),
        Column("owner", "Owner", drop=9, help="Who looks after the company"),
        Column("uid", "Uid", "id", shown=False, help="Id that travels in exports"),
        Column("legal_name", "Legal name", shown=False, help="Registered name"),
        Column("employee_count", "Employees", "number", shown=False, help="Number of employees"),
        Column("parent", "Parent", get=_parent, shown=False, help="The company that owns this one"),
        Column(
            "email",
            "E-mail",
            get=lambda record: parts.primary(record, "emails", "value"),
            part="emails",
            shown=False,
            help="Primary e-mail",
        ),
        Column("phone", "Phone", get=parts.phone, shown=False, help="Primary phone", part="phones"),
        Column("address", "Address", get=parts.address, shown=False, help="Primary address", part="addresses"),
        Column(
            "url",
            "Link",
            get=lambda record: parts.primary(record, "urls", "value"),
            shown=False,
            help="Primary link",
            part="urls",
        ),
        Column("domains", "Domains", "list", shown=False, help="All domains"),
        Column("emails", "E-mails", "list", shown=False, help="All e-mail addresses"),
        Column("phones", "Phones", "list", shown=False, help="All phone numbers"),
        Column("urls", "Links", "list", shown=False, help="All links"),
        Column("addresses", "Addresses", "list", parts.addresses, shown=False, help="All addresses", part="addresses"),
        Column("preferred_language", "Language", shown=False, help="Language (BCP 47)"),
        Column("timezone", "Time zone", shown=False, help="Time zone (IANA)"),
        Column("currency", "Currency", shown=False, help="Currency (ISO 4217)"),
        Column("do_not_contact", "Do not contact", "bool", shown=False, help="Never contact"),
        Column(
            "preferences",
            "Preferences",
            "list",
            lambda record: parts.key_values(record, "preferences"),
            shown=False,
            help="Preferences",
        ),
        Column(
            "custom",
            "Fields",
            "list",
            lambda record: parts.key_values(record, "custom"),
            shown=False,
            help="Custom fields",
        ),
        Column("external_ids", "External ids", "list", shown=False, help="Keys in other systems"),
        Column("notes", "Notes", "markdown", wide=True, shown=False, help="Free text"),
        Column("created_at", "Created", "time", shown=False, help="When it was added"),
        Column("updated_at", "Updated", "time", shown=False, help="When it was last changed"),
        Column("deleted_at", "Deleted", "time", shown=False, help="When it was deleted"),
    ),
    json=(
        "id",
        "uid",
        "name",
        "legal_name",
        "industry",
        "employee_count",
        "domains",
        "emails",
        "phones",
        "addresses",
        "urls",
        "tags",
        "lifecycle_stage",
        "owner",
        "parent",
        "preferred_language",
        "timezone",
        "currency",
        "do_not_contact",
        "preferences",
        "custom",
        "external_ids",
        "notes",
        "last_inbound_at",
        "last_outbound_at",
        "created_at",
        "updated_at",
        "deleted_at",
    ),
    title=_title,
    empty="No companies here. Add one: crm company add NAME",
)
