"""What a snapshot says in words, for every form that people read. All text is safe to show."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from crmcli.kernel.clock import Clock, instant
from crmcli.kernel.days import MONTHS
from crmcli.kernel.durations import format_duration
from crmcli.kernel.relative import ago, day_label, due_day, due_phrase
from crmcli.kernel.text import safe
from crmcli.render.view import Record
from crmcli.render.views import cadences, followups, parts
from crmcli.render.views.leads import score_style
from crmcli.render.views.snapshot import headline, noun_of, phone_of

LONGEST = 600
DOT = " · "
GRANTED = {"granted": "good", "denied": "overdue", "withdrawn": "overdue"}
STANDING = {"ok": "", "due": "warning", "late": "overdue", "paused": "muted"}
RETENTION = {"new": "good", "active": "good", "repeat": "good", "at_risk": "warning", "lapsed": "overdue"}
KEPT = {"new": "new buyer", "active": "active buyer", "repeat": "repeat buyer"}
SENTENCES = {"us": "you owe an answer", "them": "they owe an answer"}


class Fact(NamedTuple):
    """A label, what it says, and the name of a style."""

    label: str
    text: str
    style: str = ""


def short(text: Any) -> str:
    """A value fit for a screen: safe, and not endless."""
    whole = str(text)
    return safe(whole[:LONGEST]) + ("…" if len(whole) > LONGEST else "")


def joined(*values: Any, by: str = DOT) -> str:
    """What there is of some values."""
    return by.join(short(value) for value in values if value)


def words(value: str | None) -> str:
    """A value of a closed list as a person would say it."""
    return (value or "").replace("_", " ")


# --- who it is


def identity(record: Record) -> list[str]:
    """The lines under the name."""
    party = record[noun_of(record)]
    lines = _person(party) if noun_of(record) == "contact" else _organisation(party)
    return [line for line in lines if line]


def _person(party: Record) -> Iterator[str]:
    names = ("honorific_prefix", "given_name", "additional_name", "family_name", "honorific_suffix")
    formal = joined(*(party[name] for name in names), by=" ")
    phonetic = joined(party["phonetic_given_name"], party["phonetic_family_name"], by=" ")
    nickname = f"“{short(party['nickname'])}”" if party["nickname"] else ""
    yield DOT.join(filter(None, (formal if formal != short(party["display_name"]) else "", phonetic, nickname)))
    job = joined(party["job_title"], party["department"], by=", ")
    roles = {company["role"] for company in party["companies"]}
    job = "" if job in roles else job
    companies = [_employment(company) for company in party["companies"]]
    yield DOT.join(filter(None, (job, *companies)))


def _employment(company: Record) -> str:
    role = f"{short(company['role'])} at " if company["role"] else ""
    until = f", until {company['ended_on']}" if company["ended_on"] else ""
    return f"{role}{short(company['name'])} ({company['id']}){until}"


def _organisation(party: Record) -> Iterator[str]:
    legal = party["legal_name"] if party["legal_name"] != party["name"] else ""
    count = party["employee_count"]
    employees = f"{count:,} {'employee' if count == 1 else 'employees'}" if count is not None else ""
    yield joined(legal, party["industry"], employees)
    if party["parent"]:
        yield f"part of {short(party['parent']['name'])} ({party['parent']['id']})"


def badges(record: Record) -> list[Fact]:
    """Where the customer stands: stage, lead status, tags, owner."""
    party = record[noun_of(record)]
    found = [Fact("Stage", words(party["lifecycle_stage"]), "good")]
    found.append(Fact("Lead status", words(party.get("lead_status"))))
    kept = record["retention"]
    found.append(Fact("Buys", KEPT.get(kept or "", words(kept)), RETENTION.get(kept or "", "")))
    found += [Fact("Tag", short(tag), "tag") for tag in party["tags"]]
    found.append(Fact("Owner", short(party["owner"]) if party["owner"] else ""))
    return [fact for fact in found if fact.text]


def warnings(record: Record, clock: Clock) -> list[str]:
    """What has to be seen before anything else."""
    party = record[noun_of(record)]
    found = []
    if party["deleted_at"]:
        found.append(f"DELETED {ago(instant(party['deleted_at']), clock)}")
    if party["do_not_contact"]:
        found.append("DO NOT CONTACT")
    return found


# --- how to reach them


def reach(record: Record) -> list[Fact]:
    """Addresses of every kind, and the time of day there."""
    party = record[noun_of(record)]
    found = [_email(email) for email in party["emails"]]
    for phone in party["phones"]:
        refused = "opted out" if phone["opted_out"] else ""
        marks = DOT.join(filter(None, (short(phone["label"] or ""), refused)))
        found.append(Fact("Phone", _marked(phone_of(phone), marks), "warning" if refused else ""))
    for address in party["addresses"]:
        line = str(parts.address({"addresses": [address]}) or "")
        found.append(Fact("Address", _marked(line, short(address["label"] or ""))))
    found += [Fact("Link", _marked(url["value"], short(url["label"] or ""))) for url in party["urls"]]
    found += [Fact("Domain", short(domain)) for domain in party.get("domains", ())]
    if record["local_time"]:
        found.append(_local_time(record["local_time"]))
    return found


def _email(email: Record) -> Fact:
    bad = [mark for mark, on in (("invalid", email["invalid"]), ("opted out", email["opted_out"])) if on]
    marks = DOT.join(filter(None, (short(email["label"] or ""), *bad)))
    return Fact("E-mail", _marked(email["value"], marks), "warning" if bad else "")


def _marked(value: str, marks: str) -> str:
    return f"{short(value)}  ({marks})" if marks else short(value)


def _local_time(there: Record) -> Fact:
    phrase, style = parts.PARTS_OF_DAY[there["part_of_day"]]
    return Fact("Time", f"{there['time']}, {phrase} ({short(there['timezone'])})", style)


# --- what else is known


def about(record: Record) -> list[Fact]:
    """Language, money, birthday, source, consents, preferences, fields."""
    party = record[noun_of(record)]
    plain = (
        ("Language", "preferred_language"),
        ("Currency", "currency"),
        ("Source", "lead_source"),
    )
    found = [Fact(label, short(party[name])) for label, name in plain if party.get(name)]
    if "score" in record:
        found.insert(0, _score(record["score"]))
    if party.get("birth_date"):
        found.append(Fact("Birthday", _birthday(party["birth_date"])))
    for consent in party.get("consents", ()):
        text = joined(consent["purpose"], consent["channel"] and f"by {words(consent['channel'])}", by=" ")
        found.append(Fact("Consent", f"{text}: {words(consent['state'])}", GRANTED.get(consent["state"], "")))
    found += [Fact("Prefers", f"{short(key)}: {short(value)}") for key, value in party["preferences"].items()]
    found += [Fact("Field", f"{short(key)}: {short(value)}") for key, value in party["custom"].items()]
    found += [Fact("Known as", short(key)) for key in party["external_ids"]]
    return found


def _score(score: Record) -> Fact:
    """How promising a lead is, and what most of it is for."""
    most = sorted(score["parts"], key=lambda part: -abs(part["points"]))
    told = ", ".join(f"{part['points']:+d} {short(part['reason'])}" for part in most)
    return Fact("Score", f"{score['score']}: {told}" if told else str(score["score"]), score_style(score))


def _birthday(stored: str) -> str:
    """A birthday whose year may not be known: "10 Dec 1815", "10 Dec"."""
    year, month, day = stored.rsplit("-", 2)
    return " ".join(filter(None, (day.lstrip("0"), MONTHS[int(month) - 1], year.strip("-"))))


# --- what passed between us


def last(entry: Record | None, clock: Clock) -> str:
    """When the last contact of a direction was, on which channel and what came of it."""
    if entry is None:
        return "never"
    return joined(ago(instant(entry["occurred_at"]), clock), words(entry["channel"]), words(entry["outcome"]))


def balance(record: Record) -> str:
    """The contacts of a year in numbers."""
    sums = record["balance"]
    notes = sums["internal"]
    tail = f", {notes} {'note' if notes == 1 else 'notes'}" if notes else ""
    return f"{sums['inbound']} in, {sums['outbound']} out{tail}"


def debt(record: Record, clock: Clock) -> Fact | None:
    """Who owes an answer, and since when."""
    owes, seconds = record["balance"]["owes"], record["balance"]["owed_seconds"]
    if owes is None:
        return None
    text = f"{SENTENCES[owes]}, {_waiting(clock.now() - timedelta(seconds=seconds), clock)}"
    return Fact("Answer", text, "warning" if owes == "us" else "muted")


def cadence(record: Record, clock: Clock) -> Fact | None:
    """How often to be in touch, why, and how that stands."""
    found = record["cadence"]
    if found is None:
        return None
    names = ", ".join(filter(None, (found["id"], short(found["filter"] or ""))))
    often = short(found["reason"].removesuffix(f" ({found['filter']})"))
    text = f"{often} ({names}); {cadences.last_contact(found, clock)}; {_next_contact(found, clock)}"
    return Fact("Cadence", text, STANDING[found["state"]])


def _next_contact(found: Record, clock: Clock) -> str:
    if found["state"] == "paused":
        until = found["paused_until"]
        return f"paused until {day_label(clock.local(instant(until)).date(), clock)}" if until else "paused"
    days = clock.midnight(date.fromisoformat(found["due_on"]))
    phrase = f"due {ago(days, clock, whole_day=True)}"
    return f"late, {phrase}" if found["state"] == "late" else phrase


def _waiting(since: datetime, clock: Clock) -> str:
    """A stretch of waiting in days of the calendar; within a day in hours and minutes."""
    days = (clock.today() - clock.local(since).date()).days
    if days > 0:
        return "since yesterday" if days == 1 else f"{days} days"
    minutes = int((clock.now() - since).total_seconds()) // 60
    return format_duration(minutes * 60) if minutes > 0 else "just now"


def when(moment: datetime, clock: Clock) -> str:
    """The date of a contact as it reads fastest: its time of day while that may matter, its year when not this one."""
    local = clock.local(moment)
    if local.year != clock.today().year:
        return f"{local.day} {MONTHS[local.month - 1]} {local.year}"
    return f"{day_label(local.date(), clock)} {local:%H:%M}"


def said(entry: Record) -> str:
    """What a contact was about, without the signs of Markdown."""
    line = headline(entry)
    return short(line if entry["subject"] else line.lstrip("#>*- ").replace("**", "").replace("`", ""))


def aftermath(entry: Record) -> list[str]:
    """What came of a contact: outcome, satisfaction, length."""
    score = f"{entry['satisfaction']}/5" if entry["satisfaction"] else ""
    length = format_duration(entry["duration"]) if entry["duration"] else ""
    return [text for text in (words(entry["outcome"]), score, length) if text]


def others(entry: Record, record: Record) -> str:
    """Who else took part: everybody, seen from a company."""
    names = [short(person["display_name"]) for person in entry["participants"] if person["id"] != record["id"]]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


# --- what is promised, and who is there


def due(followup: Record, clock: Clock) -> Fact:
    """When a follow-up is due."""
    today = due_day(followup, clock) <= clock.today()
    style = "overdue" if followup["overdue"] else "today" if today else ""
    return Fact("Due", due_phrase(followup, clock), style)


def marks(followup: Record) -> str:
    """By which rule a follow-up repeats, and how often it was snoozed, if often."""
    return joined(*followups.marks(followup, followups.rule_words(followup)))


def last_contact(person: Record, clock: Clock) -> str:
    """When somebody was last in contact, either way."""
    moment = max(filter(None, (person["last_inbound_at"], person["last_outbound_at"])), default=None)
    return ago(instant(moment), clock) if moment else "never"


# --- notes


def clipped_notes(record: Record, most_lines: int, most_letters: int) -> tuple[str, bool]:
    """The beginning of the notes, and whether there is more of them."""
    whole = (record[noun_of(record)]["notes"] or "").strip()
    lines: Sequence[str] = whole[:most_letters].split("\n")[:most_lines]
    text = "\n".join(lines).rstrip()
    return safe(text, newlines=True), len(text) < len(whole)
