"""What was logged."""

from crmcli.render.view import Column, Record, View


def first_line(record: Record) -> str | None:
    """The subject, else the first line of the text."""
    body = record.get("body") or ""
    lines = (line.replace("**", "").strip("#>*- ") for line in body.splitlines())
    return record.get("subject") or next((line for line in lines if line), None)


def who(record: Record) -> str | None:
    """The name of the first participant."""
    if record["contact"]:
        return str(record["contact"]["display_name"])
    return str(record["company"]["name"]) if record["company"] else None


def who_id(record: Record) -> str | None:
    """The id of the first participant."""
    person = record["contact"] or record["company"]
    return str(person["id"]) if person else None


def attachments(record: Record) -> list[str]:
    """Each attachment as its name and size."""
    return [f"{entry['name']} ({entry['size']:,} bytes)" for entry in record.get("attachments") or ()]


def quoted_lines(record: Record) -> int | None:
    """How many lines were folded away."""
    return record["quoted"].count("\n") + 1 if record.get("quoted") else None


def _title(record: Record) -> str:
    return str(first_line(record) or record["channel"])


def _style(record: Record) -> str:
    return {"inbound": "inbound", "outbound": "outbound"}.get(record["direction"], "muted")


VIEW = View(
    schema="crm.interaction",
    columns=(
        Column("id", "Id", "id", help="Short id"),
        Column("occurred_at", "When", "time", help="When it happened"),
        Column("direction", "Direction", "enum", drop=3, style=_style, help="Who began it"),
        Column("channel", "Channel", "enum", drop=4, help="How it happened"),
        Column("who", "Who", get=who, help="The first participant"),
        Column("summary", "What", get=first_line, drop=1, help="Subject, or the first line of the text"),
        Column("outcome", "Outcome", "enum", drop=5, help="What came of it"),
        Column("user", "By", drop=6, help="Who of the team"),
        Column("uid", "Uid", "id", shown=False, help="Id that travels in exports"),
        Column("order_id", "Order", "id", shown=False, help="The order that it was about"),
        Column("who_id", "Who id", "id", get=who_id, shown=False, help="Id of the first participant"),
        Column(
            "contact",
            "Contact",
            shown=False,
            get=lambda record: record["contact"] and record["contact"]["id"],
            help="Id of the first contact",
        ),
        Column(
            "company",
            "Company",
            shown=False,
            get=lambda record: record["company"] and record["company"]["name"],
            help="Company",
        ),
        Column("participants", "Participants", "list", shown=False, help="Everybody who took part"),
        Column("subject", "Subject", shown=False, help="Subject line"),
        Column("body", "Text", "markdown", wide=True, shown=False, help="What was said"),
        Column("duration", "Duration", "duration", shown=False, help="Seconds"),
        Column("satisfaction", "Satisfaction", "number", shown=False, help="1 to 5"),
        Column("attachments", "Attachments", "list", shown=False, get=attachments, help="What is attached"),
        Column(
            "quoted_lines",
            "Quoted lines",
            "number",
            shown=False,
            get=quoted_lines,
            help="Lines of quoted text and signature, folded away; whole in JSON as quoted",
        ),
        Column("deal_id", "Deal", "id", shown=False, help="The deal that it was about"),
        Column("case_id", "Case", "id", shown=False, help="The case that it belongs to"),
        Column("message_id", "Message-ID", shown=False, help="Of the mail"),
        Column("thread", "Thread", shown=False, help="Message-ID of the first message of the conversation"),
        Column("created_at", "Logged", "time", shown=False, help="When it was logged"),
        Column("updated_at", "Updated", "time", shown=False, help="When it was last changed"),
        Column("deleted_at", "Deleted", "time", shown=False, help="When it was deleted"),
    ),
    json=(
        "id",
        "uid",
        "direction",
        "channel",
        "occurred_at",
        "duration",
        "subject",
        "body",
        "outcome",
        "satisfaction",
        "user",
        "contact",
        "company",
        "participants",
        "deal_id",
        "order_id",
        "case_id",
        "message_id",
        "thread",
        "in_reply_to",
        "quoted",
        "attachments",
        "created_at",
        "updated_at",
        "deleted_at",
    ),
    title=_title,
    empty="Nothing logged here. Log a contact: crm log in|out|note WHO TEXT",
)
