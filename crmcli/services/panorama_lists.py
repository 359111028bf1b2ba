"""The records behind each number of the panorama."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel.clock import instant
from crmcli.kernel.errors import NotFound, UsageError
from crmcli.kernel.ids import ref
from crmcli.kernel.page import Page
from crmcli.kernel.retention import RETENTION
from crmcli.kernel.similarity import nearest
from crmcli.model.enums import LEAD_CLOSED, LEAD_STAGES, LIFECYCLE_STAGE, PRIORITY
from crmcli.services.panorama_sales import SPANS, answers, spans
from crmcli.services.queue import SOON
from crmcli.services.snapshot_sales import money, rotten_before
from crmcli.store import panorama_sales as reads
from crmcli.store.casedue import any_late, any_over
from crmcli.store.connection import Row
from crmcli.store.derive import name_key
from crmcli.store.panorama import CUSTOMERS

if TYPE_CHECKING:
    from crmcli.app import App

ROTTING, UNTOUCHED, THIS_WEEK = "rotting", "untouched", "this_week"
WAYS = {"in": "inbound", "out": "outbound"}
ALSO = {
    **{name: way for way, name in WAYS.items()},
    "no_stage": "none",
    "due_today": "today",
    "this_week": "week",
    "replies_owed": "owed",
    "a_year_ago": "last_year",
    "over_now": "over",
    "breached": "over",
    "response": "answered",
    "kept": "in_time",
}
"""Other words for parts: those of the screen, and those of the lines that a pipe gets."""
OF_OPEN: dict[str, Callable[[Row, str], bool]] = {
    "open": lambda row, now: True,
    "over": any_over,
    "pending": lambda row, now: bool(row["status"] == "pending"),
}
"""Of the open cases those behind each number, as of a stored moment; there is also one of each priority."""
OF_ANSWERS: dict[str, Callable[[Row], bool]] = {
    "opened": lambda row: True,
    "answered": lambda row: bool(row["first_response_at"]),
    "in_time": lambda row: row["in_time"] is True,
    "late": lambda row: row["in_time"] is False,
}
"""Of the cases that were opened lately, whether answered or not: which are behind each number about answers."""


class Explained(NamedTuple):
    """Records of a kind (contact, company, interaction, followup, owed, deal, order, case), and a command that lists
    the same, where a filter says it all."""

    kind: str
    page: Page
    command: str | None = None


class Asked(NamedTuple):
    """Which part of the number, whose, of contacts or companies, and how many at most (None for all)."""

    part: str
    owner: str
    noun: str
    limit: int | None


def explain(app: "App", text: str, *, owner: str = "", companies: bool = False, limit: int | None = None) -> Explained:
    """The records behind a number.

    Args:
        app: the App.
        text: one of EXPLAINED, perhaps with a part of it: `retention:lapsed`, `contacts:out:2026-11-16`.
        owner: whose, as for `Panorama.of`.
        companies: companies instead of contacts, where both are counted.
        limit: how many at most; None for all.

    Raises:
        UsageError: there is no such number or part.
        NotFound: there is no such user.
    """
    name, _, part = text.strip().partition(":")
    known = name.lower().replace("-", "_")
    if known not in EXPLAINED:
        close = nearest(known, EXPLAINED, count=1)
        hint = f"did you mean {close[0]}? " if close else ""
        raise UsageError(f"the panorama has no number '{name[:40]}'", f"{hint}one of: {', '.join(EXPLAINED)}")
    if companies and known not in OF_BOTH:
        raise UsageError(f"{known} is not told of companies", f"--companies goes with: {', '.join(OF_BOTH)}")
    if owner:
        app.users.key(owner)
    asked = Asked(
        part.strip(), app.panorama.name_of(owner) if owner else "", "company" if companies else "contact", limit
    )
    return EXPLAINED[known](app, asked)


def _choice(part: str, choices: tuple[str, ...], default: str = "") -> str:
    """The part that is meant, in the words of `choices`, of the screen, or of what a pipe gets."""
    wanted = part.strip().lower().replace("-", "_").replace(" ", "_")
    if not wanted:
        return default
    found = {choice.replace("-", "_"): choice for choice in choices}
    if ALSO.get(wanted) in choices:
        wanted = ALSO[wanted]
    if wanted not in found:
        close = nearest(wanted, found, count=1)
        hint = f"did you mean {found[close[0]]}? " if close else ""
        parts = f"parts: {', '.join(choices)}" if choices else "it has no parts"
        raise UsageError(f"'{part[:40]}' is no part of this number", f"{hint}{parts}")
    return found[wanted]


# --- customers


def _parties(app: "App", asked: Asked, filters: str, sort: str = "name") -> Explained:
    text = " ".join(filter(None, (filters, f'owner:"{asked.owner}"' if asked.owner else "")))
    service: Any = app.companies if asked.noun == "company" else app.contacts
    ordered = "" if sort == "name" else f" --sort {sort}"
    command = f"crm {asked.noun} list {_quoted(text)}{ordered}".replace(" ''", "")
    return Explained(asked.noun, service.page(text, sort=sort, limit=asked.limit), command)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _stages(app: "App", asked: Asked) -> Explained:
    stage = _choice(asked.part, (*LIFECYCLE_STAGE, "none"))
    return _parties(app, asked, f"lifecycle_stage:{stage}" if stage else "")


def _retention(app: "App", asked: Asked) -> Explained:
    kept = _choice(asked.part, RETENTION)
    return _parties(app, asked, f"retention:{kept}" if kept else f"retention:{','.join(RETENTION)}")


def _silent(app: "App", asked: Asked) -> Explained:
    _choice(asked.part, ())
    _, since = app.panorama.silent_since()
    ways = " ".join(f"({way}<{since} or {way}:none)" for way in ("last_in", "last_out", "last_order_on"))
    return _parties(app, asked, f"lifecycle_stage:{','.join(CUSTOMERS)} {ways}", "last_in")


def _leads(app: "App", asked: Asked) -> Explained:
    untouched = " last_out:none" if _choice(asked.part, (UNTOUCHED,)) else ""
    working = f" lead_status!:{','.join(LEAD_CLOSED)}" if asked.noun == "contact" else ""
    return _parties(app, asked, f"lifecycle_stage:{','.join(LEAD_STAGES)}{working}{untouched}", "created")


# --- contacts and the queue


def _contacts(app: "App", asked: Asked) -> Explained:
    days = {day.isoformat(): day for day in app.panorama.weeks()}
    parts = [_choice(part, (*WAYS, THIS_WEEK, *days)) for part in asked.part.split(":") if part.strip()]
    parts = [max(days) if part == THIS_WEEK else part for part in parts]
    ways, weeks = [part for part in parts if part in WAYS], [part for part in parts if part in days]
    if len(ways) > 1 or len(weeks) > 1:
        raise UsageError(f"'{asked.part[:40]}' are several parts", "one of in and out, and one week: contacts:out")
    first = days[weeks[0]] if weeks else next(iter(days.values()))
    way = f"direction:{WAYS[ways[0]]}" if ways else "direction!:internal"
    text = f"at>={first}" + (f" at<{first + timedelta(weeks=1)}" if weeks else "") + f" {way}"
    text += f' user:"{asked.owner}"' if asked.owner else ""
    page = app.interactions.page(text, limit=asked.limit)
    return Explained("interaction", page, f"crm interaction list {_quoted(text)}")


def _queue(app: "App", asked: Asked) -> Explained:
    part = _choice(asked.part, (*SOON, "owed"))
    text = f'owner:"{asked.owner}"' if asked.owner else ""
    command = f"crm queue {_quoted(text) + ' ' if text else ''}--everyone"
    if part == "owed":
        found = app.replies.owed(everyone=True, limit=asked.limit, owner=_key(app, asked))
        return Explained("owed", found.page, f"{command} --kind owed")
    page = app.queue.page(text, everyone=True, buckets=(part,) if part else SOON, limit=asked.limit)
    return Explained("followup", page, None if part else command)


# --- deals, orders and cases


def _key(app: "App", asked: Asked) -> int | None:
    return app.users.key(asked.owner) if asked.owner else None


def _cut(rows: list[Row], limit: int | None) -> tuple[list[Row], bool]:
    more = limit is not None and len(rows) > limit
    return (rows[:limit] if more else rows), more


def _pipeline(app: "App", asked: Asked) -> Explained:
    name, rotten = _stage_asked(asked.part)
    chosen = reads.open_stages(app.store)
    if name:
        chosen = _stages_named(chosen, name)
    rows = reads.deals(app.store, [stage["id"] for stage in chosen], _key(app, asked), None if rotten else asked.limit)
    records = [_deal(row, app) for row in rows]
    if rotten:
        records = [record for record in records if record["rotting"]]
    kept, more = _cut(records, asked.limit)
    return Explained("deal", Page(kept, more))


def _stage_asked(part: str) -> tuple[str, bool]:
    """The stage that is meant, "" for all, and whether only what rots there is."""
    name, colon, last = part.rpartition(":")
    if last.strip().lower() == ROTTING:
        return name.strip(), True
    return part if colon else last, False


def _stages_named(stages: list[Row], name: str) -> list[Row]:
    """The stages of that name, in whatever pipeline, or PIPELINE:STAGE. Raises NotFound when there is none."""
    wanted = name_key(name)
    found = [stage for stage in stages if stage["name_key"] == wanted]
    if not found:  # as the screen calls it where there are several pipelines
        wanted = wanted.replace(": ", ":")
        found = [one for one in stages if f"{name_key(one['pipeline'])}:{one['name_key']}".replace(": ", ":") == wanted]
    if found:
        return found
    names = ", ".join(dict.fromkeys(stage["name"] for stage in stages))
    raise NotFound(f"there is no open stage '{name[:40]}'", f"stages: {names or 'none'}; or {ROTTING}")


def _deal(row: Row, app: "App") -> dict[str, Any]:
    before = rotten_before(row, app.clock)
    return {
        "id": ref("deal", row["id"]),
        "name": row["name"],
        "stage": row["stage"],
        **money("amount", row["amount"], row["currency"]),
        "currency": row["currency"],
        "probability": row["probability"],
        "close_date": row["close_date"],
        "stage_days": max(0, (app.clock.now() - instant(row["stage_since"])).days),
        "rotting": before is not None and row["stage_since"] < before,
        **_customer(row),
    }


def _orders(app: "App", asked: Asked) -> Explained:
    first, last = spans(app.clock.today())[_choice(asked.part, SPANS, SPANS[0])]
    rows = reads.orders(app.store, first.isoformat(), last.isoformat(), _key(app, asked), asked.limit)
    kept, more = _cut(rows, asked.limit)
    return Explained("order", Page([_order(row) for row in kept], more))


def _order(row: Row) -> dict[str, Any]:
    return {
        "id": ref("order", row["id"]),
        "number": row["number"],
        "ordered_on": row["ordered_on"],
        "status": row["status"],
        **money("total", row["total"], row["currency"]),
        **money("paid", row["paid"], row["currency"]),
        "currency": row["currency"],
        **_customer(row),
    }


def _cases(app: "App", asked: Asked) -> Explained:
    part = _choice(asked.part, (*OF_OPEN, *reversed(PRIORITY), *OF_ANSWERS), "open")
    if part in OF_ANSWERS:
        rows, command = [row for row in answers(app, _key(app, asked)) if OF_ANSWERS[part](row)], None
    else:
        rows, command = _open_cases(app, asked, part)
    kept, more = _cut(rows, asked.limit)
    known = {row["id"]: row for row in kept}
    found = reads.cases(app.store, list(known))
    return Explained("case", Page([_case(row, known[row["id"]], app.now) for row in found], more), command)


def _open_cases(app: "App", asked: Asked, part: str) -> tuple[list[Row], str]:
    rows = reads.open_cases(app.store, _key(app, asked))
    if part in PRIORITY:
        rows = [row for row in rows if row["priority"] == part]
    else:
        rows = [row for row in rows if OF_OPEN[part](row, app.now)]
    filters = {"open": "", "over": "over:yes", "pending": "status:pending"}.get(part, f"priority:{part}")
    text = " ".join(filter(None, (filters, f'owner:"{asked.owner}"' if asked.owner else "")))
    return rows, f"crm case list {_quoted(text)}".replace(" ''", "")


def _case(row: Row, counted: Row, now: str) -> dict[str, Any]:
    """The record of a case. `breached` is the same as `over` of what is counted as open, else whether it was late."""
    names = ("subject", "status", "priority", "opened_at", "first_response_at", "response_due_at", "resolution_due_at")
    over = any_over(counted, now)
    late = any_late(counted, now) if "in_time" in counted else over
    about = {name: row[name] for name in names}
    return {"id": ref("case", row["id"]), **about, "over": over, "breached": late, **_customer(row)}


def _customer(row: Row) -> dict[str, Any]:
    contact, company = row["contact_id"], row["company_id"]
    return {
        "contact": contact and {"id": ref("contact", contact), "display_name": row["contact_name"]},
        "company": company and {"id": ref("company", company), "name": row["company_name"]},
        "owner": row["owner"],
    }


EXPLAINED: dict[str, Callable[["App", Asked], Explained]] = {
    "silent": _silent,
    "stages": _stages,
    "retention": _retention,
    "contacts": _contacts,
    "queue": _queue,
    "pipeline": _pipeline,
    "orders": _orders,
    "cases": _cases,
    "leads": _leads,
}
"""What can be opened, and how."""
OF_BOTH = ("silent", "stages", "retention", "leads")
