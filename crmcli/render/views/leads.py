"""Who may become a customer."""

from collections.abc import Callable
from typing import Any

from crmcli.kernel.clock import Clock, instant
from crmcli.kernel.codes import format_money
from crmcli.kernel.relative import date_label, stretch
from crmcli.render.view import Column, Record, View
from crmcli.render.views import parts

WORRYING, LATE = 3, 7
"""Days without a word from us after which a lead is coloured."""
_CLOSED = ("converted", "unqualified")
GOOD = 60
"""A score that is worth a call today."""


def _title(record: Record) -> str:
    return str(record["display_name"])


def _untouched_style(record: Record) -> str:
    if record["lead_status"] in _CLOSED:
        return "muted"  # nobody has to be in touch any more
    days = record["untouched_days"]
    if days is None or days < WORRYING:
        return ""
    return "warning" if days < LATE else "overdue"


def score_style(record: Record) -> str:
    """How a score is coloured."""
    return "good" if record["score"] >= GOOD else "" if record["score"] else "muted"


def _status_style(record: Record) -> str:
    return "muted" if record["lead_status"] in _CLOSED else ""


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"


def _contacted(record: Record) -> str:
    """How long nobody of us was in touch."""
    if record["untouched_days"] is not None:
        return f"untouched {_days(record['untouched_days'])}"
    days = record["touched_days"]
    return f"{_days(days)} ago" if days else "today"


def _age(record: Record) -> str:
    return _days(record["age_days"])


def _company(record: Record) -> Any:
    return record["company"] and record["company"]["name"]


COLUMNS = (
    Column("id", "Id", "id", help="Short id of the contact"),
    Column(
        "score", "Score", "number", style=score_style, help="Points from 0 to 100; see crm lead score WHO --explain"
    ),
    Column("display_name", "Name", help="Full name"),
    Column("company", "Company", get=_company, part="companies", drop=3, help="Primary company"),
    Column("lifecycle_stage", "Stage", "enum", drop=4, help="lead, marketing_qualified or sales_qualified"),
    Column("lead_status", "Status", "enum", style=_status_style, drop=2, help="How the work on it stands"),
    Column("lead_source", "Source", drop=6, help="Where it came from"),
    Column("owner", "Owner", drop=7, help="Who works on it"),
    Column("age_days", "Age", "number", drop=8, help="Days since it was added"),
    Column(
        "untouched_days",
        "Untouched",
        "number",
        style=_untouched_style,
        help="Days that nobody of us contacted it",
    ),
    Column("touched_days", "Touched", "number", shown=False, help="Days since one of us contacted it last"),
    Column(
        "email",
        "E-mail",
        get=lambda record: parts.primary(record, "emails", "value"),
        part="emails",
        shown=False,
        help="Primary e-mail",
    ),
    Column("phone", "Phone", get=parts.phone, shown=False, help="Primary phone", part="phones"),
    Column("job_title", "Job title", shown=False, help="Job title"),
    Column("tags", "Tags", "tags", shown=False, help="Tags"),
    Column("do_not_contact", "Do not contact", "bool", shown=False, help="Never contact"),
    Column("last_inbound_at", "Last in", "time", shown=False, help="Last inbound contact"),
    Column("last_outbound_at", "Last out", "time", shown=False, help="Last outbound contact"),
    Column("created_at", "Created", "time", shown=False, help="When it was added"),
    Column("updated_at", "Updated", "time", shown=False, help="When it was last changed"),
    Column("deleted_at", "Deleted", "time", shown=False, help="When it was deleted"),
    Column("uid", "Uid", "id", shown=False, help="Id that travels in exports"),
)
JSON = (
    "id", "uid", "display_name", "score", "lifecycle_stage", "lead_status", "lead_source", "owner", "company",
    "job_title", "emails", "phones", "companies", "tags", "age_days", "untouched_days", "touched_days",
    "do_not_contact", "last_inbound_at", "last_outbound_at", "created_at", "updated_at", "deleted_at",
)  # fmt: skip
VIEW = View(
    schema="crm.lead",
    columns=COLUMNS,
    json=JSON,
    title=_title,
    empty="No leads here. Add one: crm lead add NAME --source fair",
)


def _drawn(column: Column) -> Column:
    if column.name == "untouched_days":
        return column._replace(kind="enum", title="Contacted", get=_contacted)
    if column.name == "age_days":
        return column._replace(kind="enum", get=_age)
    return column


DRAWN = VIEW._replace(columns=tuple(_drawn(column) for column in COLUMNS if column.name != "touched_days"))
"""The same as people read it."""

PARTS = (
    ("parts", "Points", "What makes up the score"),
    ("stages", "Stages", "Where in the life cycle it was, and how long"),
    ("statuses", "Work", "How the work on it stood"),
    ("deals", "Deals", "What may be sold"),
)


def _part(name: str) -> Callable[[Record], Any]:
    def value(record: Record) -> Any:
        return "\n".join(record["told"][name]) if "told" in record else [_words(name, entry) for entry in record[name]]

    return value


def _words(name: str, entry: Record) -> str:
    if name == "parts":
        return f"{entry['points']} {entry['rule']}"
    if name == "deals":
        return f"{entry['id']} {entry['name']}"
    return f"{entry['stage' if name == 'stages' else 'status']} {entry['entered_at'] or ''}"


_PARTS = tuple(
    Column(name, title, "text", _part(name), shown=False, wide=True, help=help) for name, title, help in PARTS
)
_CONTACT = (
    Column("birth_date", "Birthday", "day", shown=False, help="Birthday"),
    Column("preferred_language", "Language", shown=False, help="Language (BCP 47)"),
    Column("place", "Place", get=parts.place, shown=False, help="City and country", part="addresses"),
    Column("url", "Link", get=lambda record: parts.primary(record, "urls", "value"), shown=False, help="Primary link"),
    Column("consents", "Consent", "list", parts.consents, shown=False, help="What the person agreed to"),
    Column("custom", "Fields", "list", lambda one: parts.key_values(one, "custom"), shown=False, help="Custom fields"),
    Column("notes", "Notes", "markdown", wide=True, shown=False, help="Free text"),
)
DETAIL = VIEW._replace(
    columns=(*COLUMNS, *_CONTACT, *_PARTS),
    json=(
        *JSON, "birth_date", "preferred_language", "timezone", "currency", "addresses", "urls", "consents",
        "preferences", "custom", "external_ids", "notes", "sum", *(name for name, _, _ in PARTS),
    ),
)  # fmt: skip
DETAIL_DRAWN = DETAIL._replace(columns=(*DRAWN.columns, *_CONTACT, *_PARTS))
"""One lead with its history; `told` is what people read of it instead."""


def told(record: Record, clock: Clock) -> dict[str, list[str]]:
    """The parts of a lead in a line each, in the zone of the clock."""
    return {
        "parts": [point(part, clock) for part in record["parts"]],
        "stages": [_stay(entry, entry["stage"], clock) for entry in record["stages"]],
        "statuses": [_stay(entry, entry["status"], clock) for entry in record["statuses"]],
        "deals": [
            f"{deal['id']} {deal['name']}: {deal['stage']}"
            + (f", {format_money(deal['amount_minor'], deal['currency'])}" if deal["amount"] is not None else "")
            for deal in record["deals"]
        ],
    }


def point(part: Record, clock: Clock) -> str:
    """A part of a score in words: "+7 wrote to us, Tue 10 Nov (10 at first, 14 days ago)"."""
    text = f"{part['points']:+d} {part['reason']}"
    if part["at"] is None:
        return text
    when = date_label(clock.local(instant(part["at"])).date(), clock)
    faded = f" ({part['full']:+d} before {_days(part['days'])})" if part["points"] != part["full"] else ""
    return f"{text}, {when}{faded}"


def _stay(entry: Record, value: str, clock: Clock) -> str:
    since = entry["entered_at"] and f" from {date_label(clock.local(instant(entry['entered_at'])).date(), clock)}"
    text = f"{value.replace('_', ' ')}{since or ''}"
    if entry["duration"] is not None:
        text += f", {stretch(entry['duration'])}" + ("" if entry["left_at"] else " so far")
    note = " ".join((entry["note"] or "").split())
    return f"{text}: {note[:200]}" if note else text


# --- scores


SCORE = View(
    schema="crm.score",
    columns=(
        Column("id", "Id", "id", help="Short id of the contact"),
        Column("display_name", "Name", help="Full name"),
        Column("score", "Score", "number", style=score_style, help="Points from 0 to 100"),
        Column("sum", "Sum", "number", shown=False, help="The sum of all points"),
        Column("parts", "Points", "list", _part("parts"), shown=False, help="What makes up the score"),
    ),
    json=("id", "display_name", "score", "sum", "parts"),
    title=_title,
)


def _rule_title(record: Record) -> str:
    return str(record["reason"])


def _points_style(record: Record) -> str:
    return "warning" if str(record["points"]).startswith("-") else "good"


EXPLAINED = View(
    schema="crm.score_part",
    columns=(
        Column("points", "Points", "number", style=_points_style, help="What it adds to the score"),
        Column("reason", "Reason", wide=True, help="What the points are for"),
        Column("at", "When", "time", drop=1, help="When it happened; nothing of what holds now"),
        Column("full", "At first", "number", drop=3, help="Points without decay"),
        Column("days", "Days ago", "number", drop=4, help="Whole days since then"),
        Column("interaction", "Logged", "id", drop=2, help="Id of what was logged"),
        Column("kind", "Kind", "enum", shown=False, help="fact or behaviour"),
        Column("rule", "Rule", shown=False, help="The filter of the rule"),
    ),
    json=("points", "reason", "rule", "kind", "at", "days", "full", "interaction"),
    title=_rule_title,
    empty="No rule holds for it: 0 points.",
)
RULES = View(
    schema="crm.score_rule",
    columns=(
        Column("points", "Points", style=_points_style, help="Points; 'from 3': once, when it happened so often"),
        Column("reason", "Reason", drop=1, wide=True, help="What the points are for"),
        Column("filter", "Filter", wide=True, help="Of contacts for facts, of logged contacts for behaviours"),
        Column("kind", "Kind", "enum", drop=3, help="fact or behaviour"),
        Column("own", "Own", "bool", drop=2, help="Whether it is from the settings"),
        Column("id", "Setting", "id", shown=False, help="The setting that changes it"),
    ),
    json=("id", "kind", "filter", "points", "reason", "own"),
    title=_rule_title,
    empty="There are no rules: every score is 0.",
)
