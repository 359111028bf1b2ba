"""What was promised: planning follow-ups, putting them off, giving them to others, and closing them.

One that repeats plans its next occurrence when it is closed, in the same transaction; see `Recurring`.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.kernel import dates
from crmcli.kernel.clock import check_zone, instant
from crmcli.kernel.customers import customer, name_of
from crmcli.kernel.errors import Ambiguous, NotFound, UsageError
from crmcli.kernel.ids import key_of, parse_ref, ref, uid7
from crmcli.kernel.page import Page
from crmcli.kernel.sorting import sort_key
from crmcli.kernel.text import check_text
from crmcli.services import aftercare, duedates
from crmcli.services.users import ME
from crmcli.store import followups, occurrences
from crmcli.store.connection import Row
from crmcli.store.due import horizon
from crmcli.store.filters import mentions, parse

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

LONGEST_SUBJECT = 1000
MOST_CANDIDATES = 10
LOG_FLAGS = ("channel", "outcome", "duration", "at", "satisfaction")
REPEATING = ("every", "workdays")
SKIPPED = "skipped"


class Followups:
    """Follow-ups. A record is closed by being done or cancelled, and stays."""

    noun = "followup"

    def __init__(self, app: "App") -> None:
        self.app = app

    # --- reading

    def get(self, key: int) -> dict[str, Any]:
        """The record with this key.

        Raises:
            NotFound: there is none.
        """
        return self.record(self._row(key))

    def record(self, row: Row) -> dict[str, Any]:
        """The record of a row that a read of `crmcli.store.followups` returned."""
        return followups.record(row, horizon(self.app.clock))

    def find(self, which: str) -> dict[str, Any]:
        """The record that is meant: by its id, or by whom its only open follow-up is about.

        One about a customer who was deleted can only be named by its id; that is told beside the result.
        """
        return self.get(self._key(which))

    def detail(self, which: str) -> dict[str, Any]:
        """As `find`, with `moves` and `assignments`, lists of `at`, `by`, `from` and `to`."""
        record = self.find(which)
        key = key_of(record["id"])
        return {
            **record,
            "moves": self.app.moves.moves(key),
            "assignments": self.app.moves.assignments(key),
        }

    def occurrences(self, which: str) -> Page:
        """All occurrences of a follow-up that repeats, open or closed, in the order in which they were planned."""
        record = self.find(which)
        at = horizon(self.app.clock)
        if not record["series"]:
            return Page([record])
        return Page([followups.record(row, at) for row in occurrences.of_series(self.app.store, record["series"])])

    def page(self, text: str = "", *, sort: str = "due", limit: int | None = None, all_states: bool = False) -> Page:
        """The follow-ups that match a filter.

        Args:
            text: the filter. Without one that asks for a status, or `all_states`, only open ones match.
            sort: due, priority or created; a leading `-` reverses.
            limit: how many at most; None for all.
            all_states: those that are done or cancelled too.
        """
        sort = sort_key("follow-ups", sort, followups.SORTS, {"due_at": "due", "created_at": "created"})
        node = parse(text)
        at = horizon(self.app.clock)
        where = followups.condition(self.app.store, node, self.app.clock, self.app.users.key, at)
        only_open = not all_states and not mentions(node, "status", "closed", "closed_at")
        rows = followups.page(self.app.store, where, sort, limit, only_open=only_open)
        more = limit is not None and len(rows) > limit
        return Page([followups.record(row, at) for row in (rows[:limit] if more else rows)], more)

    def matching(self, text: str) -> list[str]:
        """The ids of all open follow-ups that match a filter that is not empty."""
        if not text.strip():
            raise UsageError("an empty filter would mean every follow-up", "write a filter such as 'overdue:yes'")
        return [str(item["id"]) for item in self.page(text).items]

    def due_text(self, record: Mapping[str, Any]) -> str:
        """When it is due, in the zone that is meant: "Tue 24 Nov 2026 15:00 Europe/Berlin"."""
        clock = duedates.in_zone(self.app.clock, record["timezone"])
        moment = instant(record["due_at"])
        local = clock.local(moment)
        return dates.describe(dates.When(local.date(), None if record["all_day"] else local.time(), moment, ""), clock)

    # --- changing

    def add(self, who: str, subject: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Plan something about a contact or company; returns the record.

        Args:
            who: the contact or company.
            subject: what to do.
            given: `due`, a date as people write it (needed without `every`); `every`, a rule by which it repeats, and
                `workdays`, the country whose working days count; priority, owner (me), channel, note, timezone (mine);
                `deal` and `order`, what it is about; `case`, the case that it belongs to, or `case_id`, its key; and
                `interaction_id`, the key of what it was promised in.

        Raises:
            UsageError: a value that cannot be understood.
            NotFound, Ambiguous: see `Who.find`.
        """
        party = self.app.who.find(who)
        uid = uid7(self.app.clock.now(), self.app.randomness)
        due = self._planned(given, uid)
        with self.app.writing() as gate:
            self.app.consents.warn(party, given.get("channel"))
            values = {
                "uid": uid,
                "subject": _subject(subject),
                **self._columns({"owner": ME, **given}),
                **due,
                "first_due_at": due["due_at"],
                f"{party.noun}_id": party.id,
                "interaction_id": given.get("interaction_id"),
                "case_id": self._case(given),
            }
            return self.get(gate.insert("followup", values))

    def edit(self, which: str, given: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
        """Put a follow-up right; returns the record, and whether anything differed.

        `given` is as for `add`; `none` as `every` or `workdays` ends that. Of one that repeats a new date moves this
        occurrence alone, and a new time of day or rule counts from now on.
        """
        before = self.find(which)
        key = key_of(before["id"])
        values: dict[str, Any] = {}
        if given.get("due") is not None:
            values = self._due(given["due"], given.get("timezone"))
        elif given.get("timezone") is not None:
            values = self._moved(before, str(given["timezone"]))
        if any(given.get(name) is not None for name in REPEATING):
            values = self.app.recurring.change(self._row(key), given, values)
        if "due_at" in values and not before["snooze_count"]:
            values["first_due_at"] = values["due_at"]
        if given.get("subject") is not None:
            values["subject"] = _subject(given["subject"])
        if given.get("case") is not None:
            values["case_id"] = self._case(given)
        with self.app.writing() as gate:
            changed = gate.update("followup", key, {**self._columns(given), **values})
            record = self.get(key)
            if changed:
                self._warn(record)
            return record, changed

    def done(self, which: Sequence[str], given: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Close follow-ups as done; returns each record, followed by the next one if one was planned.

        One that repeats plans its next occurrence by its rule; `next` is refused for it.

        Args:
            which: ids, or contacts and companies with only one open follow-up.
            given: `note`, what came of it; `log`, in or out, to record the contact that it was, with `channel`,
                `outcome`, `duration`, `at` and `satisfaction`, and `no_aftercare` as in `Interactions.write`; `next`, a
                date to plan the next one for, and `next_subject`. What is logged belongs to the case of the follow-up.

        Raises:
            UsageError: one of them is closed already, or a value cannot be understood; nothing is changed then.
        """
        stray = [name for name in LOG_FLAGS if given.get(name) is not None and not given.get("log")]
        if stray:
            raise UsageError(f"--{stray[0]} tells of a contact that is not logged", "add --log in or --log out")
        if given.get("next_subject") and not given.get("next"):
            raise UsageError("--next-subject plans nothing without a date", "add --next, for example --next +2w")
        if given.get("next"):
            self._due(given["next"], None)
        keys = self._keys(which)
        found = []
        with self.app.writing() as gate:
            for key in keys:
                record = self._still_open(key)
                if record["recurrence"] and given.get("next"):
                    raise _next_is_known(record)
                row, contact = self._row(key), self._log(record, given)
                self._close(gate, key, "done", given.get("note"), contact)
                found.append(self.get(key))
                if given.get("next"):
                    found.append(self._next(record, given))
                done_at = gate.fetch("interaction", contact)["occurred_at"] if contact else gate.now
                found += self._warned(self._following(gate, row, done_at))
        return found

    def skip(self, which: Sequence[str]) -> list[dict[str, Any]]:
        """Leave out this occurrence of follow-ups that repeat; returns each record, followed by the next one.

        Raises:
            UsageError: one of them does not repeat, or is closed already; nothing is changed then.
        """
        keys = self._keys(which)
        found = []
        with self.app.writing() as gate:
            for key in keys:
                if not self._still_open(key)["recurrence"]:
                    mine = ref("followup", key)
                    raise UsageError(f"{mine} does not repeat", f"to close it undone: crm followup cancel {mine}")
                row = self._row(key)
                self._close(gate, key, "cancelled", SKIPPED, None)
                found += [self.get(key), *self._warned(self._following(gate, row, gate.now))]
        return found

    def snooze(self, which: Sequence[str], when: str, *, timezone: str | None = None) -> list[dict[str, Any]]:
        """Put open follow-ups off until `when`; returns the records, which keep when they were due at first.

        `+1d` is counted from today: one that was due only after that comes earlier now, which is noted.
        """
        due = self._due(when, timezone)
        keys = self._keys(which)
        with self.app.writing() as gate:
            for key in keys:
                record = self._still_open(key)
                if due["due_at"] < record["due_at"]:
                    told = self.due_text(record)
                    self.app.notes.append(
                        f"{record['id']} comes earlier now: it was due {told}; crm undo takes it back"
                    )
                times = record["snooze_count"] + 1
                gate.update("followup", key, {**due, "snooze_count": times})
            return self._warned([self.get(key) for key in keys])

    def assign(self, which: Sequence[str], user: str | None) -> list[dict[str, Any]]:
        """Give open follow-ups to a user; returns the records.

        Args:
            which: ids, or contacts and companies with only one open follow-up.
            user: the name of a user, or `me`; None for nobody.

        Raises:
            UsageError: one of them is closed; nothing is changed then.
            NotFound: there is no such user.
        """
        keys = self._keys(which)
        with self.app.writing() as gate:
            owner = self._columns({"owner": user or ""})
            for key in keys:
                self._still_open(key)
                gate.update("followup", key, owner)
            return [self.get(key) for key in keys]

    def cancel(self, which: Sequence[str], reason: str | None = None) -> list[dict[str, Any]]:
        """Close follow-ups that are not to be done; returns the records. One that repeats does so no more."""
        keys = self._keys(which)
        with self.app.writing() as gate:
            for key in keys:
                record = self._still_open(key)
                self._close(gate, key, "cancelled", reason, None)
                if record["recurrence"] and not occurrences.later(self.app.store, record["series"], key):
                    told = f"it repeated {record['recurrence']['words']} and does so no more"
                    self.app.notes.append(f"{record['id']}: {told}; to leave out one alone: crm followup skip ID")
            return [self.get(key) for key in keys]

    def reopen(self, which: Sequence[str]) -> list[dict[str, Any]]:
        """Open closed follow-ups again, named by their ids; returns the records.

        What one that repeats was followed by stays, and is not planned again when this one is closed again.
        """
        keys = list(dict.fromkeys(self._key(one, only_ids=True) for one in which))
        nothing = dict.fromkeys(("closed_at", "outcome_note", "closing_interaction_id"))
        with self.app.writing() as gate:
            for key in keys:
                if self.get(key)["status"] == "open":
                    raise UsageError(f"{ref('followup', key)} is open", "there is nothing to reopen")
                gate.update("followup", key, {"status": "open", **nothing})
            return self._warned([self.get(key) for key in keys])

    def _warned(self, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The same; of those whose customer is not to be contacted that is told."""
        for record in records:
            # Without a channel what the record says is all that there is to say.
            if record["do_not_contact"] or record["channel"]:
                self._warn(record)
        return records

    def _warn(self, record: Mapping[str, Any]) -> None:
        self.app.consents.warn_of(customer(record)["id"], record["channel"])

    # --- which one

    def _keys(self, which: Sequence[str]) -> list[int]:
        return list(dict.fromkeys(self._key(one) for one in which))

    def _key(self, which: str, *, only_ids: bool = False) -> int:
        named = parse_ref(which.strip())
        if named and named[0] == "followup":
            row = self._row(named[1])
            if row["customer_deleted_at"]:
                record = self.record(row)
                about = customer(record)
                told = f"{name_of(about)} ({about['id']})"
                self.app.notes.append(f"{record['id']} is about {told}, which is deleted")
            return named[1]
        if only_ids:
            raise UsageError(f"'{which}' is not the id of a follow-up", "an id looks like f12")
        party = self.app.who.find(which)
        rows = followups.open_of(self.app.store, party.noun, party.id, MOST_CANDIDATES)
        if len(rows) == 1:
            return int(rows[0]["id"])
        if not rows:
            hint = f"plan one: crm followup add {party.ref} TEXT --due WHEN"
            raise NotFound(f"there is no open follow-up about {party.name} ({party.ref})", hint)
        records = [self.record(row) for row in rows]
        options = [(str(entry["id"]), f"{self.due_text(entry)}: {entry['subject']}") for entry in records]
        picked = self.app.choose(f"Which follow-up about {party.name}?", options)
        if picked is None:
            hint = f"say it with the id, for example {options[0][0]}"
            raise Ambiguous(f"there are several open follow-ups about {party.name}", options, hint)
        return next(key_of(entry["id"]) for entry in records if entry["id"] == picked)

    def _row(self, key: int) -> Row:
        row = followups.get(self.app.store, key)
        if row is None:
            raise NotFound(f"there is no follow-up {ref('followup', key)}", "see: crm followup list")
        return row

    def _still_open(self, key: int) -> dict[str, Any]:
        record = self.get(key)
        if record["status"] != "open":
            hint = f"to open it again: crm followup reopen {record['id']}"
            raise UsageError(f"{record['id']} is {record['status']} already", hint)
        return record

    # --- values

    def _columns(self, given: Mapping[str, Any]) -> dict[str, Any]:
        names = ("priority", "owner", "channel", "note", "deal", "order")
        return self.app.values.clean("followup", {name: given[name] for name in names if given.get(name) is not None})

    def _case(self, given: Mapping[str, Any]) -> int | None:
        """The key of the case that a follow-up belongs to, if it is given one."""
        if given.get("case"):
            return self.app.cases.key(str(given["case"]))
        key: int | None = given.get("case_id")
        return key

    def _due(self, text: object, zone: object) -> dict[str, Any]:
        """The columns that say when something is due. A change of clocks, and a time that is over, are noted."""
        if text is None or not str(text).strip():
            raise UsageError("a follow-up needs a date", "give --due: --due tomorrow, --due 'next tue 3pm', --due +3d")
        clock = duedates.in_zone(self.app.clock, check_zone(str(zone)) if zone else None)
        when = dates.parse(str(text), clock)
        columns = duedates.columns(when, clock)
        if when.note:
            self.app.notes.append(when.note)
        if when.instant < clock.now() and (when.time is not None or when.date < clock.today()):
            self.app.notes.append(f"{dates.describe(when, clock)} has passed: it is overdue already")
        return columns

    def _moved(self, record: Mapping[str, Any], zone: str) -> dict[str, Any]:
        """The same wall time in another zone."""
        clock = duedates.in_zone(self.app.clock, check_zone(zone))
        columns, note = duedates.on(*duedates.wall(record, self.app.clock), clock)
        if note:
            self.app.notes.append(note)
        return columns

    def _planned(self, given: Mapping[str, Any], uid: str) -> dict[str, Any]:
        """The columns that say when a new follow-up is due, and by which rule it repeats."""
        due = None
        if given.get("due") is not None or given.get("every") is None:
            due = self._due(given.get("due"), given.get("timezone"))
        if due is not None and not any(given.get(name) for name in REPEATING):
            return due
        zone = check_zone(str(given["timezone"])) if given.get("timezone") else None
        return self.app.recurring.begin(given, due, zone, uid)

    # --- closing

    def _close(self, gate: "Gate", key: int, status: str, note: object, interaction: int | None) -> None:
        values = {"status": status, "closed_at": gate.now, "closing_interaction_id": interaction}
        gate.update("followup", key, {**values, "outcome_note": str(note).strip() or None if note else None})

    def _log(self, record: Mapping[str, Any], given: Mapping[str, Any]) -> int | None:
        """Record the contact by which a follow-up was done; returns its key."""
        if not given.get("log"):
            return None
        values = {name: given.get(name) for name in LOG_FLAGS}
        # What was planned by hand, or is itself the question whether it was solved, is not followed by that question.
        by_hand = given.get("no_aftercare") or given.get("next")
        values["no_aftercare"] = by_hand or record["subject"] == aftercare.SUBJECT
        values["channel"] = values["channel"] or record["channel"]
        values |= {"subject": record["subject"], "deal": self._deal(record)}
        values |= {"case": record["case_id"], "was_asked": record["subject"] == aftercare.SUBJECT}
        if values["was_asked"] and given["log"] == "in" and not values.get("outcome"):
            values["outcome"] = aftercare.outcome(values.get("satisfaction"))
        text = str(given["note"]) if given.get("note") else None
        return self.app.interactions.write(str(given["log"]), [customer(record)["id"]], text, values)

    def _following(self, gate: "Gate", row: Row, done_at: str) -> list[dict[str, Any]]:
        """The record of the occurrence that follows one that is closed, if one does."""
        key = self.app.recurring.plan_next(gate, row, done_at) if row["recurrence"] else None
        return [] if key is None else [self.get(key)]

    def _deal(self, record: Mapping[str, Any]) -> str | None:
        """The deal that a follow-up is about, unless it was deleted."""
        deal = record["deal_id"]
        return str(deal) if deal and not self.app.deals.row(key_of(deal))["deleted_at"] else None

    def _next(self, record: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
        kept = {name: record[name] for name in ("priority", "channel")}
        kept |= {"deal": self._deal(record), "order": record["order_id"], "case": record["case_id"]}
        planned = {**kept, "owner": record["owner"] or "", "due": given["next"]}
        return self.add(customer(record)["id"], str(given.get("next_subject") or record["subject"]), planned)


def _subject(text: object) -> str:
    subject = check_text(text, what="subject", max_length=LONGEST_SUBJECT)
    if not subject:
        raise UsageError("a follow-up needs a subject", "say what to do, for example: 'Call about the offer'")
    return subject


def _next_is_known(record: Mapping[str, Any]) -> UsageError:
    message = f"{record['id']} repeats {record['recurrence']['words']}: its next one is planned without --next"
    return UsageError(message, "leave --next out, and move the next one with crm followup snooze")
