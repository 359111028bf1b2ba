"""What a verification of the database found."""

from crmcli.render.view import Column, Record, View

STYLES = {"ok": "good", "fail": "overdue"}


def _title(record: Record) -> str:
    return f"{record['id']}: {'sound' if record['sound'] else 'not sound'}"


VIEW = View(
    schema="crm.verification",
    columns=(
        Column("id", "Database", "id", help="Where the database is"),
        Column("sound", "Sound", "bool", help="Whether nothing was found"),
        Column("quick", "Quick", "bool", help="Whether the long checks were left out"),
        Column("operation", "Last operation", help="The newest operation of the journal"),
        Column("seal", "Seal", help="Its seal; written down elsewhere, it tells whether the past was changed"),
        Column("checks", "Checks", "list", help="Each check with its status and how much it found"),
        Column("findings", "Findings", "list", help="What was found, with the record and what to do"),
    ),
    json=("id", "sound", "quick", "operation", "seal", "checks", "findings"),
    title=_title,
)
LINES = View(
    schema="crm.verification.line",
    columns=(
        Column("id", "Id", "id", shown=False, help="The check, with a number for further findings"),
        Column("status", "Status", "enum", style=lambda record: STYLES[record["status"]], help="ok or fail"),
        Column("check", "Check", help="What was looked at"),
        Column("finding", "Finding", wide=True, help="What was seen"),
        Column("record", "Record", help="The record that it is about"),
        Column("advice", "What to do", wide=True, help="What to do about it"),
    ),
    json=("id", "status", "check", "finding", "record", "advice"),
    title=lambda record: str(record["id"]),
)


def lines(record: Record, *, only_findings: bool = False) -> list[dict[str, object]]:
    """A line for each check that found nothing, and for each finding."""
    found: list[dict[str, object]] = []
    for check in record["checks"]:
        name, told = check["check"], [one for one in record["findings"] if one["check"] == check["check"]]
        for number, one in enumerate(told, 1):
            found.append({"id": name if number == 1 else f"{name}-{number}", "status": "fail", **one})
        left = check["findings"] - len(told)
        if left:
            found.append(_line(f"{name}-more", "fail", name, f"and {left:,} more"))
        if not check["findings"] and not only_findings:
            found.append(_line(name, "ok", name, check["finding"]))
    return found


def _line(ref: str, status: str, check: str, finding: str) -> dict[str, object]:
    return {"id": ref, "status": status, "check": check, "finding": finding, "record": None, "advice": None}
