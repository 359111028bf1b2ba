"""What to do next about a customer, and why: an ordered table of rules, of which the first that applies is told.

A rule reads a snapshot and gives a step or None. Those about deals, orders and cases stand in `nextsales`.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from crmcli.kernel.clock import Clock, instant
from crmcli.kernel.median import median
from crmcli.kernel.reach import refusal
from crmcli.kernel.relative import ago, date_label, due_phrase, stretch
from crmcli.model.enums import LEAD_STAGES
from crmcli.services import nextsales
from crmcli.services.nextsales import Snapshot, Step, called, given_up, in_touch

SOON_DAYS = 7
SILENT_DAYS = 90
LEAST_SILENCE_DAYS = 14
LEAST_CONTACTS = 4
DAY = 86_400
LEADS = ("subscriber", *LEAD_STAGES)
CHANNELS = {
    "call": "call",
    "email": "e-mail",
    "chat": "chat message",
    "sms": "text message",
    "social": "message",
    "web_form": "request",
    "post": "letter",
}
ANSWERING = ("call", "email", "chat", "sms", "social", "post")
"""Channels by which an answer goes the way that the question came."""

Rule = Callable[[Snapshot, Clock], Step | None]


def next_step(snapshot: Snapshot, clock: Clock) -> dict[str, str | None]:
    """The step that the first applicable rule gives: `rule`, `action`, `reason` and `command`."""
    for name, rule in RULES.items():
        step = rule(snapshot, clock)
        if step is not None:
            return {"rule": name, **step._asdict()}
    return {"rule": "nothing", **Step("nothing for now", "nothing is open")._asdict()}


def _deleted(snapshot: Snapshot, _clock: Clock) -> Step | None:
    noun, record = nextsales.party(snapshot)
    if not record["deleted_at"]:
        return None
    return Step("restore it, or leave it", f"this {noun} is deleted", f"crm {noun} restore {record['id']}")


def _do_not_contact(snapshot: Snapshot, _clock: Clock) -> Step | None:
    noun, record = nextsales.party(snapshot)
    who = "the person" if noun == "contact" else "the company"
    if record["do_not_contact"]:
        return Step("do not contact", f"{who} is marked do-not-contact")
    reason = refusal(record, strict=False)
    return None if reason is None else Step("do not contact", reason)


def _overdue(snapshot: Snapshot, clock: Clock) -> Step | None:
    return _promised(next((one for one in snapshot["followups"] if one["overdue"]), None), clock)


def _reply_owed(snapshot: Snapshot, clock: Clock) -> Step | None:
    if snapshot["balance"]["owes"] != "us":
        return None
    last = snapshot["last_inbound"]
    what = CHANNELS.get(last["channel"], last["channel"].replace("_", " "))
    reason = f"their {what} ({ago(instant(last['occurred_at']), clock)}) is unanswered"
    channel = last["channel"] if last["channel"] in ANSWERING else "email"
    # What is said about the only open case answers that, too.
    cases = snapshot["cases"]["open"]
    of_case = f" --case {cases[0]['id']}" if len(cases) == 1 else ""
    return Step(f"answer {called(snapshot)}", reason, in_touch(nextsales.party(snapshot)[1], channel) + of_case)


def _due_soon(snapshot: Snapshot, clock: Clock) -> Step | None:
    first = next(iter(snapshot["followups"]), None)
    near = first and (instant(first["due_at"]) - clock.now()).total_seconds() <= SOON_DAYS * DAY
    return _promised(first, clock) if near else None


def _unreachable(snapshot: Snapshot, _clock: Clock) -> Step | None:
    noun, record = nextsales.party(snapshot)
    mails = [entry for entry in record["emails"] if not entry["invalid"]]
    if mails or record["phones"] or snapshot.get("people"):
        return None
    reason = "there is no usable e-mail address or phone number"
    return Step("find out how to reach them", reason, f"crm {noun} edit {record['id']} --email ADDRESS")


def _answer_late(snapshot: Snapshot, _clock: Clock) -> Step | None:
    _, record = nextsales.party(snapshot)
    balance = snapshot["balance"]
    late = balance["overdue_by"] is not None and balance["owed_seconds"] <= SILENT_DAYS * DAY
    if not late or given_up(record):
        return None
    usual = balance["usual_reply"]
    habit = "" if usual is None else f"; usually one comes within {stretch(usual)}"
    reason = f"no answer for {stretch(balance['owed_seconds'])}{habit}"
    return Step(f"ask {called(snapshot)} again", reason, in_touch(record))


def _untouched_lead(snapshot: Snapshot, clock: Clock) -> Step | None:
    _, record = nextsales.party(snapshot)
    lead = record["lifecycle_stage"] in LEADS or record.get("lead_status") == "new"
    if not lead or snapshot["timeline"] or snapshot["last_inbound"] or snapshot["last_outbound"]:
        return None
    added = ago(instant(record["created_at"]), clock)
    reason = f"a lead that nobody has contacted yet, added {added}"
    return Step(f"get in touch with {called(snapshot)} for the first time", reason, in_touch(record))


def _cadence(snapshot: Snapshot, clock: Clock) -> Step | None:
    cadence = snapshot["cadence"]
    if cadence is None or cadence["state"] not in ("due", "late"):
        return None
    _, record = nextsales.party(snapshot)
    last = cadence["last_at"]
    known = f"the last was {ago(instant(last), clock)}" if last else "there was none yet"
    reason = f"{known}; wanted {cadence['reason']}"
    return Step(f"get in touch with {called(snapshot)}", reason, in_touch(record, cadence["via"]))


def _silent(snapshot: Snapshot, clock: Clock) -> Step | None:
    _, record = nextsales.party(snapshot)
    last = max(filter(None, (record["last_inbound_at"], record["last_outbound_at"])), default=None)
    # Who has a cadence is silent when that says so.
    if last is None or given_up(record) or snapshot["cadence"]:
        return None
    since = instant(last)
    quiet = (clock.now() - since).total_seconds() / DAY
    usual = usual_gap(snapshot)
    if quiet > SILENT_DAYS:
        reason = f"the last contact was {ago(since, clock)}"
    elif usual is not None and quiet > max(2 * usual, LEAST_SILENCE_DAYS):
        reason = f"the last contact was {ago(since, clock)}; usually one comes every {round(usual) or 1} days"
    else:
        return None
    return Step(f"get in touch with {called(snapshot)}", reason, in_touch(record))


def _nothing_planned(snapshot: Snapshot, clock: Clock) -> Step | None:
    _, record = nextsales.party(snapshot)
    if snapshot["followups"] or given_up(record):
        return None
    cadence = snapshot["cadence"]
    if cadence and cadence["due_on"]:
        day = date_label(date.fromisoformat(cadence["due_on"]), clock)
        return Step("nothing for now", f"the next contact is due {day}, {cadence['reason']}")
    command = f'crm followup add {record["id"]} "Call" --due +1w'
    return Step("plan the next step", "no follow-up is planned", command)


def _planned(snapshot: Snapshot, clock: Clock) -> Step | None:
    first = next(iter(snapshot["followups"]), None)
    if first is None:
        return None
    return Step("nothing for now", f"the next follow-up, {first['id']}, is {due_phrase(first, clock)}")


RULES: dict[str, Rule] = {
    "deleted": _deleted,
    "do_not_contact": _do_not_contact,
    "case_breached": nextsales.case_breached,
    "followup_overdue": _overdue,
    "order_overdue": nextsales.order_overdue,
    "deal_rotting": nextsales.deal_rotting,
    "deal_late": nextsales.deal_late,
    "deal_step": nextsales.deal_step,
    "reply_owed": _reply_owed,
    "case_due": nextsales.case_due,
    "followup_due": _due_soon,
    "unreachable": _unreachable,
    "waiting": _answer_late,
    "lead_untouched": _untouched_lead,
    "order_missing": nextsales.order_missing,
    "cadence": _cadence,
    "silent": _silent,
    "nothing_planned": _nothing_planned,
    "planned": _planned,
}
"""The rules in the order in which they are asked; the name is what a program can tell them by."""


def usual_gap(snapshot: Snapshot) -> float | None:
    """The median number of days between two contacts of the timeline; None when there are too few to tell."""
    moments = [instant(entry["occurred_at"]) for entry in snapshot["timeline"] if entry["direction"] != "internal"]
    if len(moments) < LEAST_CONTACTS:
        return None
    return median(_days(later, earlier) for later, earlier in pairwise(moments))


def _days(later: datetime, earlier: datetime) -> float:
    return (later - earlier).total_seconds() / DAY


def _promised(followup: Mapping[str, Any] | None, clock: Clock) -> Step | None:
    if followup is None:
        return None
    reason = f"{followup['id']} is {due_phrase(followup, clock)}"
    return Step(followup["subject"], reason, f"crm followup done {followup['id']}")
