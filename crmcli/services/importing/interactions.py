"""Taking in messages and meetings as logged contacts: each once, with who took part, its thread and attachments."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.importers.base import Draft
from crmcli.kernel.clock import instant
from crmcli.kernel.errors import UsageError
from crmcli.kernel.ids import ref, uid7
from crmcli.kernel.text import tokens
from crmcli.services.importing.options import Options
from crmcli.services.importing.outcome import CREATED, ERASED, REJECTED, SKIPPED, UNCHANGED, UPDATED, Outcome
from crmcli.services.importing.people import Offered, Party, People
from crmcli.services.importing.team import Team
from crmcli.store import messages
from crmcli.store.blank import blank
from crmcli.store.bulk import Bulk
from crmcli.store.gate import checked
from crmcli.store.messages import Known
from crmcli.store.schema import TABLES

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

NOUN = "interaction"
TEXTS = ("uid", "direction", "channel", "occurred_at", "subject", "body", "outcome", "message_id")
NUMBERS = ("duration", "satisfaction")
COLUMNS = tuple(blank(NOUN))
MAIL = ("thread", "in_reply_to", "quoted")
ATTACHMENT = ("name", "media_type", "size", "digest")
Values = Mapping[str, Any]


class Plan(NamedTuple):
    """A new interaction: its place in the chunk, its rows, and who took part."""

    place: int
    row: dict[str, Any]
    mail: dict[str, Any]
    attachments: list[dict[str, Any]]
    parties: list[Party]


class Landing:
    """Taking in interactions.

    Args:
        app: the App.
        gate: of the open transaction.
        options: how the import is meant.
    """

    def __init__(self, app: "App", gate: "Gate", options: Options) -> None:
        self.app = app
        self.gate = gate
        self.options = options
        self.bulk = Bulk(gate)
        self.people = People(app, options)
        self.team = Team(app.store, gate.actor.id)

    @property
    def offered(self) -> Offered:
        """People who are not known."""
        return self.people.offered

    @offered.setter
    def offered(self, offered: Offered) -> None:
        self.people.offered = offered

    def land(self, drafts: Sequence[Draft]) -> list[Outcome]:
        """Write those that are not here yet; returns what became of each, in their order.

        All are checked before any is written, and written together.
        """
        known = self._known(drafts)
        outcomes: dict[int, Outcome] = {}
        plans: list[Plan] = []
        first: dict[str, int] = {}  # the same message twice in this chunk is one
        self.people.look(drafts)
        kept = [self.people.without_erased(draft) for draft in drafts]
        # Of one that an erased person wrote and others have, too, nothing is added to what is here.
        drafts = [_named_alone(draft) if one is None else one for draft, one in zip(drafts, kept, strict=True)]
        for place, draft in enumerate(drafts):
            names = _names(draft)
            met = any(name in first for name in names)
            if met or place in known or self._is_old(draft.values):
                continue
            first.update(dict.fromkeys(names, place))
            result = Outcome(SKIPPED, NOUN, None, ERASED) if kept[place] is None else self._plan(place, draft)
            if isinstance(result, Plan):
                plans.append(result)
            else:
                outcomes[place] = result
        outcomes.update(self._write(plans))
        outcomes.update(self._complete(drafts, known))
        for place, draft in enumerate(drafts):
            if place not in outcomes:
                outcomes[place] = self._left_out(draft, outcomes, first)
        self._keep(drafts, outcomes, {place for place, one in known.items() if one.deleted})
        return [outcomes[place] for place in range(len(drafts))]

    def _known(self, drafts: Sequence[Draft]) -> dict[int, Known]:
        """Those that are here, by their places: by Message-ID, else by uid."""
        by_message = messages.by_message_id(self.app.store, _all(drafts, "message_id"))
        by_uid = messages.by_uid(self.app.store, NOUN, _all(drafts, "uid"))
        found = {}
        for place, draft in enumerate(drafts):
            one = by_message.get(str(draft.values.get("message_id"))) or by_uid.get(str(draft.values.get("uid")))
            if one is not None:
                found[place] = one
        return found

    def _is_old(self, values: Values) -> bool:
        return self.options.since is not None and str(values.get("occurred_at", "")) < self.options.since

    def _left_out(self, draft: Draft, outcomes: Mapping[int, Outcome], first: Mapping[str, int]) -> Outcome:
        """What becomes of one that is too old, or was met in this chunk before."""
        if self._is_old(draft.values):
            return Outcome(SKIPPED, NOUN, None, "it is older than --since")
        met = next(outcomes[first[name]] for name in _names(draft) if name in first)
        return met if met.id is None else Outcome(UNCHANGED, NOUN, met.id)

    # --- new ones

    def _plan(self, place: int, draft: Draft) -> Plan | Outcome:
        values = draft.values
        if values.get("left_out"):
            return Outcome(SKIPPED, NOUN, None, str(values["left_out"]))
        try:
            row, mail, attachments = self._row(values), _mail(values), self._attachments(values)
        except UsageError as error:
            return Outcome(REJECTED, NOUN, None, f"{error.message}; {error.hint}" if error.hint else error.message)
        parties = self.people.of(draft)
        if not parties:
            if any(map(self.people.is_erased, values.get("people", ()))):
                return Outcome(SKIPPED, NOUN, None, ERASED)
            reason = "nobody in it is known" if values.get("people") else "nobody but the team took part"
            return Outcome(SKIPPED, NOUN, None, reason)
        return Plan(place, row, mail, attachments, parties)

    def _row(self, values: Values) -> dict[str, Any]:
        """The row of an interaction. Raises UsageError for what it cannot hold."""
        row = {**blank(NOUN), "uid": self._uid(), "created_at": self.gate.now, "updated_at": self.gate.now}
        row.update({name: str(values[name]) for name in TEXTS if values.get(name) not in (None, "")})
        for name in NUMBERS:
            if values.get(name) is not None:
                if type(values[name]) is not int:
                    raise UsageError(f"'{values[name]}' is not a {name}", "write a whole number")
                row[name] = values[name]
        row["user_id"] = self.team.member(values, "user")
        checked(NOUN, row)
        try:
            instant(row["occurred_at"])
        except ValueError as error:
            raise UsageError(str(error), "for example 2026-11-20T10:00:00Z") from error
        if row["occurred_at"] > self.app.now:
            raise UsageError("it lies in the future", "what is planned is a follow-up")
        return row

    def _attachments(self, values: Values) -> list[dict[str, Any]]:
        found = []
        for entry in values.get("attachments", ()):
            row = {"uid": self._uid(), "interaction_id": 0, **{name: entry.get(name) for name in ATTACHMENT}}
            row["name"] = _cut("attachment", "name", row["name"] or "attachment")
            checked("attachment", row)
            found.append(row)
        return found

    def _uid(self) -> str:
        return uid7(self.gate.moment, self.app.randomness)

    def _write(self, plans: Sequence[Plan]) -> dict[int, Outcome]:
        """Write new interactions and all that belongs to them."""
        if not plans:
            return {}
        self._join_threads(plans)
        numbered = list(enumerate(plans, self.bulk.reserve(NOUN, len(plans))))
        self.bulk.insert(NOUN, ("id", *COLUMNS), [(key, *plan.row.values()) for key, plan in numbered])
        self._take_part([(key, plan.row, party) for key, plan in numbered for party in plan.parties])
        mail = [(key, *(plan.mail.get(name) for name in MAIL)) for key, plan in numbered if plan.mail]
        self.bulk.insert("message", ("interaction_id", *MAIL), mail)
        self._attach([(key, one) for key, plan in numbered for one in plan.attachments])
        self.bulk.index(NOUN, ((key, "", "", _words(plan.row)) for key, plan in numbered))
        self._close(numbered)
        return {plan.place: Outcome(CREATED, NOUN, key) for key, plan in numbered}

    def _take_part(self, entries: Sequence[tuple[int, Values, Party]]) -> None:
        columns = ("interaction_id", "contact_id", "company_id", "occurred_at", "direction")
        rows = [
            (key, party.contact, party.company, row["occurred_at"], row["direction"]) for key, row, party in entries
        ]
        self.bulk.insert("participant", columns, rows)
        for row in rows:
            self.gate.renew("participant", 0, dict(zip(columns, row, strict=True)))

    def _attach(self, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
        columns = ("uid", "interaction_id", *ATTACHMENT)
        values = [tuple({**row, "interaction_id": key}[name] for name in columns) for key, row in rows]
        self.bulk.insert("attachment", columns, values)

    def _join_threads(self, plans: Sequence[Plan]) -> None:
        """Let an answer that names nothing but what it answers belong to the conversation of that."""
        answers = [plan for plan in plans if plan.mail and plan.mail.get("in_reply_to") == plan.mail.get("thread")]
        known = messages.threads(self.app.store, [plan.mail["in_reply_to"] for plan in answers])
        for plan in plans:
            if plan.mail.get("in_reply_to") and plan.mail["in_reply_to"] == plan.mail.get("thread"):
                plan.mail["thread"] = known.get(plan.mail["in_reply_to"], plan.mail["thread"])
            if plan.row["message_id"] and plan.mail.get("thread"):
                known.setdefault(plan.row["message_id"], plan.mail["thread"])

    def _close(self, numbered: Sequence[tuple[int, Plan]]) -> None:
        """Close the follow-ups that events were before they were held."""
        held = {plan.row["uid"]: key for key, plan in numbered if plan.row["channel"] == "meeting"}
        for uid, followup in messages.open_followups(self.app.store, held).items():
            self.app.followups.done([ref("followup", followup)], {})
            self.gate.update("followup", followup, {"closing_interaction_id": held[uid]})

    # --- what is here already

    def _complete(self, drafts: Sequence[Draft], known: Mapping[int, Known]) -> dict[int, Outcome]:
        """Add to those that are here what they lack: the mail side of what was logged by hand, and new leads."""
        living = {place: one.id for place, one in known.items() if not one.deleted}
        mailed = {place: key for place, key in living.items() if drafts[place].values.get("thread")}
        bare = set(mailed.values()) - messages.with_mail(self.app.store, mailed.values())
        people = messages.contacts_of(self.app.store, living.values()) if self.options.leads else {}
        outcomes = {}
        for place, one in known.items():
            changed = False
            if not one.deleted:
                changed = one.id in bare and self._add_mail(one.id, drafts[place].values)
                changed |= one.id in people and self._add_people(one.id, drafts[place], people.pop(one.id))
                bare.discard(one.id)
            if changed:
                self.gate.touch(NOUN, one.id)
            outcomes[place] = Outcome(UPDATED if changed else UNCHANGED, NOUN, one.id)
        return outcomes

    def _add_mail(self, key: int, values: Values) -> bool:
        try:
            mail, attachments = _mail(values), self._attachments(values)
        except UsageError:  # what was logged by hand stays as it is
            return False
        self.gate.insert("message", {"interaction_id": key, **mail})
        if not messages.has_attachments(self.app.store, key):
            self._attach([(key, row) for row in attachments])
        return True

    def _add_people(self, key: int, draft: Draft, took_part: set[int]) -> bool:
        """Let new leads take part, and whoever is known by now where only a company did."""
        parties = [party for party in self.people.of(draft) if party.contact is not None]
        fresh = [party for party in parties if party.contact not in took_part]
        if took_part:
            fresh = [party for party in fresh if party.contact in self.people.made]
        if fresh:
            row = self.gate.fetch(NOUN, key)
            self._take_part([(key, row, party) for party in fresh])
        return bool(fresh)

    def _keep(self, drafts: Sequence[Draft], outcomes: dict[int, Outcome], deleted: set[int]) -> None:
        """Keep the bytes of attachments where they are wanted and not kept yet."""
        entries = [
            (place, one)
            for place, draft in enumerate(drafts)
            if outcomes[place].id is not None and place not in deleted
            for one in draft.values.get("attachments", ())
            if one.get("content")
        ]
        kept = messages.kept(self.app.store, [str(entry["digest"]) for _, entry in entries])
        for place, entry in entries:
            digest, content = str(entry["digest"]), entry["content"]
            if digest in kept or (
                outcomes[place].kind == UNCHANGED and not messages.is_attached(self.app.store, digest)
            ):
                continue  # what was taken off a message does not come back to it
            messages.keep_content(self.gate, digest, content() if callable(content) else str(content))
            kept.add(digest)
            outcome = outcomes[place]
            if outcome.kind == UNCHANGED and outcome.id is not None:
                self.gate.touch(NOUN, outcome.id)
                outcomes[place] = outcome._replace(kind=UPDATED)


def _all(drafts: Sequence[Draft], name: str) -> list[str]:
    return [str(draft.values[name]) for draft in drafts if draft.values.get(name)]


def _named_alone(draft: Draft) -> Draft:
    """A draft of which nothing is left but by what it is known, and when it was."""
    left = ("message_id", "uid", "occurred_at")
    return draft._replace(values={name: draft.values[name] for name in left if name in draft.values})


def _names(draft: Draft) -> list[str]:
    """What a draft is known by."""
    return [f"{name}:{draft.values[name]}" for name in ("message_id", "uid") if draft.values.get(name)]


def _mail(values: Values) -> dict[str, Any]:
    """The mail side of an interaction, without its key. Raises UsageError for what it cannot hold."""
    mail = {name: _cut("message", name, values[name]) for name in MAIL if values.get(name)}
    checked("message", {"interaction_id": 0, **mail})
    return mail


def _cut(table: str, name: str, value: Any) -> str:
    """A text cut to what its column holds: a header can be longer than any honest one."""
    return str(value)[: TABLES[table].columns[name].length]


def _words(row: Mapping[str, Any]) -> str:
    """The words by which an interaction is found."""
    return " ".join(tokens(" ".join(text for text in (row["subject"], row["body"]) if text)))
