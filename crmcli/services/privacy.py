"""What is known of a person: erased, and kept from coming back."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel.errors import CrmError, NotFound, UsageError
from crmcli.kernel.ids import noun_of, parse_ref, ref
from crmcli.kernel.page import Page
from crmcli.kernel.place import file_of
from crmcli.services.erasing import erase as erasing
from crmcli.services.erasing import sidecar
from crmcli.services.erasing.erase import OWN_ALONE, Extent
from crmcli.services.erasing.files import is_named
from crmcli.services.erasing.remains import Remains, copies, remains
from crmcli.services.erasing.sidecar import Known
from crmcli.services.erasing.words import Eraser, Words, named_key
from crmcli.services.who import Match
from crmcli.store import erasing as store_erasing
from crmcli.store import erasures, mentions, shred, suppression, upkeep
from crmcli.store.connection import Connection, Row
from crmcli.store.derive import digits, email_key, looks_like_phone
from crmcli.store.erasing import Traces
from crmcli.store.matching import external_key

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

NOUN = "contact"
COUNTED = (
    "email", "phone", "address", "url", "custom_value", "preference", "external_id", "extra_property", "consent",
    "employment", "tagging", "followup", "cadence", "interaction", "message", "attachment", "attachment_content",
    "reminder", "deal", "deal_contact", "support_case",
)  # fmt: skip
OWN = ("followup", "cadence", "deal", "support_case")
MOST_SHARED = 100


class Plan(NamedTuple):
    """Whom an erasure is about, what it would take, and what else was asked for; see `Privacy.plan`."""

    party: Match
    record: dict[str, Any]
    extent: Extent


class Privacy:
    """Erasing people, and keeping them erased."""

    def __init__(self, app: "App") -> None:
        self.app = app
        self._recalling = False

    # --- erasing

    def plan(self, who: str, *, mentions: bool = False, unread_files: bool = False) -> Plan:
        """What erasing a person would take away; deleted ones are found by id or full name.

        The record has `id`, `display_name`, `merged` (ids that are part of the person), `removed` (how many rows, by
        table), `shared` (interactions, deals, orders and cases of others, too, which stay without the person),
        `figures` (orders of which the figures stay), `changes` (of the journal), `mentions` (where else the person is
        named, which stays), `cleaned` (where else the person is named in running text, which goes), and of attached
        files of what is shared `files` (which go) and `unread` (which stay, and cannot be looked into), each with the
        `id` of the interaction and `name`.

        Args:
            who: the person.
            mentions: see `Extent`.
            unread_files: see `Extent`.

        Raises:
            NotFound, Ambiguous: see `Who.find`.
        """
        party = self.person(who)
        extent = Extent(mentions, unread_files)
        found = erasing.look(self.app.store, party.id, extent)
        return Plan(party, self._planned(party, found), extent)

    def person(self, who: str) -> Match:
        """The contact that `who` names, deleted ones included, who are found by id or full name.

        Raises:
            NotFound, Ambiguous: see `Who.find`.
        """
        try:
            return self.app.who.find(who, (NOUN,))
        except NotFound:
            gone = self.app.who.matches(who, (NOUN,), deleted=True)
            if not gone:
                self._refuse_removed(who)
                raise
            return self.app.who.one(gone, who, (NOUN,))

    def _refuse_removed(self, who: str) -> None:
        """Tell of somebody who was purged, or whose adding was taken back, that the journal has the words still."""
        named = parse_ref(who.strip())
        taken = erasures.removed_by(self.app.store.rows, named[1]) if named and named[0] == NOUN else None
        if taken is not None:
            operation = ref("operation", taken)
            raise NotFound(
                f"{who.strip()} was removed by {operation}, and the journal still has what was said",
                f"bring the person back, to be erased then: crm undo {operation}",
            )

    def _planned(self, party: Match, found: erasing.Found) -> dict[str, Any]:
        traces, mine = found.traces, _own(found.traces)
        named = set(found.others.records()) - mine
        cleaned = sorted(ref(noun_of(table), key) for table, key in named)
        return {
            "id": party.ref,
            "display_name": party.name,
            "merged": [ref(NOUN, key) for key in traces.contacts if key != party.id],
            "removed": {table: traces.count(table) for table in COUNTED if traces.count(table)},
            "shared": [ref(noun_of(table), key) for table, key in _common(traces)][:MOST_SHARED],
            "figures": [ref("order", row["id"]) for row in traces.orders],
            "changes": len(traces.changes) + len(found.others.changes),
            "mentions": [name for name in self._mentions(found) if name not in cleaned],
            "cleaned": cleaned,
            "files": [_file(row) for row in found.files.going],
            "unread": [_file(row) for row in found.files.unread],
        }

    def _mentions(self, found: erasing.Found) -> list[str]:
        """The records of others that name the person."""
        mine = _own(found.traces)
        named: Counter[str] = Counter()
        for places in mentions.places(self.app.store, sorted(found.words.forms()), journal=False).places.values():
            for place in places:
                if place.record is not None and place.record not in mine and place.record[0] != "user_account":
                    named[ref(noun_of(place.record[0]), place.record[1])] += 1
        return sorted(named)

    def erase(self, party: Match, reason: str | None = None, extent: Extent = OWN_ALONE) -> dict[str, Any]:
        """Erase a person: from the tables, the search, the journal and the file. It cannot be taken back.

        Beside what `plan` tells the record has `erased_at`; `searched`, how many values were looked for afterwards;
        `left`, those that are still there, with `places`; `others`, how many sentences stand in others' records, too;
        `unsearched`, how many attached files cannot be looked into; `problem`, what could not be done; `copies`, files
        that still hold the person.
        """
        store = self.app.store
        with self.app.writing() as gate:
            shred.prepare(gate.connection)
            found = erasing.look(store, party.id, extent)
            if not found.traces.rows[NOUN]:
                raise NotFound(f"{party.ref} is no more", "somebody erased it meanwhile")
            record = self._planned(party, found)
            details = {"erased_at": gate.now, "actor": gate.actor.name, "reason": reason}
            erasing.erase(gate, store, found, details, self._secret(gate))
            record["erased_at"] = gate.now
        return {**record, **self._settle([found.words], [row["uid"] for row in found.traces.rows[NOUN]])}

    def _secret(self, gate: "Gate") -> str:
        """The secret of new digests, made when it is first needed."""
        known = suppression.secrets(self.app.store.rows)
        if known:
            return known[0]
        made = self.app.randomness(suppression.SECRET_BYTES).hex()
        gate.insert("meta", {"key": suppression.SECRET, "value": made})
        return made

    def _settle(self, words: Sequence[Words], uids: Sequence[str]) -> dict[str, Any]:
        """What follows the commit of an erasure: the list, the file rewritten and searched, the copies named."""
        problem = self._list()
        try:
            problem = shred.shred(self.app.store.idle()) or problem
        except CrmError as error:
            problem = f"the database could not be rewritten: {error.message}"
        every = Words()
        for one in words:
            every.join(one)
        found: Remains = remains(self.app.store, self._files(), every)
        return {**found._asdict(), "problem": problem or None, "copies": self._copies(uids)}

    def _files(self) -> list[Path]:
        """The file of the database and its log; none of PostgreSQL."""
        path = file_of(self.app.place)
        return [] if path is None else [path, path.with_name(f"{path.name}-wal")]

    def _copies(self, uids: Sequence[str]) -> list[str]:
        path = file_of(self.app.place)
        if path is None:
            return []
        backup = upkeep.last(self.app.store.rows).get("backup")
        return copies(path, self.app.database.folders(), uids, Path(backup["detail"]) if backup else None)

    # --- what is known of erasures

    def known(self) -> Known:
        """What this database, as far as it can be read, and the list beside its file know of erasures.

        Raises:
            CrmError: the list cannot be read whole.
        """
        try:
            connection = self.app.peek()
        except CrmError:
            held = Known()
        else:
            try:
                held = _held(connection)
            except CrmError:  # damaged, or older than erasures
                held = Known()
            finally:
                connection.close()
        return sidecar.both(self._listed(), held)

    def _listed(self) -> Known:
        path = file_of(self.app.place)
        return Known() if path is None else sidecar.read(sidecar.path_of(str(path)))

    def relist(self) -> None:
        """Write the list beside the file anew, where somebody was erased. Raises CrmError when it cannot be done."""
        path = file_of(self.app.place)
        held = Known() if path is None else _held(self.app.store.idle())
        if path is not None and (held.erasures or held.suppressions or sidecar.path_of(str(path)).exists()):
            sidecar.write(sidecar.path_of(str(path)), sidecar.renewed(self._listed(), held))

    def is_listed(self, held: Connection) -> bool:
        """Whether the list beside the file has everybody whom a database has erased. Raises CrmError for a bad list."""
        listed = self._listed()
        return {row["uid"] for row in _held(held).erasures} <= {row["uid"] for row in listed.erasures}

    def _list(self) -> str:
        """As `relist`; returns why that failed."""
        try:
            self.relist()
        except CrmError as error:
            return error.message
        return ""

    def carry_over(self, known: Known) -> int:
        """Erase here, in one operation, whom another copy of the database has erased; returns how many people.

        What must not come back there must not come back here either.
        """
        store = self.app.store
        here = _held(store.idle())
        if _says_nothing_new(known, here) and not store_erasing.by_uids(store, _uids(known)):
            return 0
        words: list[Words] = []
        unread: list[Row] = []
        with self.app.writing() as gate:
            shred.prepare(gate.connection)
            for secret in known.secrets:
                suppression.add_secret(gate, store, secret)
            keys = {}
            for row in known.erasures:
                details = {name: row[name] for name in ("erased_at", "actor", "reason")}
                for key in store_erasing.by_uids(store, [row["uid"]]):
                    found = erasing.look(store, key)
                    erasing.erase(gate, store, found, details, self._secret(gate))
                    words.append(found.words)
                    unread += found.files.unread
                values = {"uid": row["uid"], "record_id": row["record_id"], **details}
                keys[row["uid"]] = erasures.keep(gate, values)
            for row in known.suppressions:
                suppression.add(gate, store, keys.get(row["uid"]), row["kind"], [row["digest"]])
        if words:
            told = self._settle(words, _uids(known))
            if told["problem"] or told["left"]:
                self.app.notes.append(told["problem"] or f"{len(told['left'])} values are still named elsewhere")
            if unread:
                files = ", ".join(f"{one['name']} of {one['id']}" for one in map(_file, unread))
                self.app.notes.append(f"nobody knows whether these attached files name the erased: {files}")
        else:
            self._list()
        return len(words)

    def recall(self) -> None:
        """Tell the database that takes the place of a lost one whom the list beside it says to be erased."""
        if self._recalling:
            return
        self._recalling, command, self.app.command = True, self.app.command, "privacy replay"
        try:
            self.carry_over(self._listed())
        finally:
            self._recalling, self.app.command = False, command

    def page(self) -> Page:
        """Every erasure: who (by the former id), when, by whom, why, and what must not come back."""
        entries = sidecar.lines(_held(self.app.store.connection))
        rows = [{**entry, "id": ref(NOUN, entry["id"]), "record_id": entry["id"]} for entry in entries]
        return Page(rows)

    def replay(self, lines: Iterable[str], name: str) -> int:
        """Erase everybody on a list that is here; returns how many people. Raises UsageError for what is no list."""
        return self.carry_over(sidecar.parse(lines, name))

    # --- letting somebody in again

    def readmit(self, what: str) -> int:
        """Let an address, a number, `source:key`, a uid or a name in again; returns how many digests were lifted.

        Raises:
            NotFound: nothing of it is suppressed.
        """
        store, text = self.app.store, what.strip()
        secrets = suppression.secrets(store.rows)
        digests = [suppression.digest(secret, key) for secret in secrets for key in self._keys(text)]
        with self.app.writing() as gate:
            lifted = suppression.lift(gate, store, digests)
            if not lifted:
                raise NotFound(f"'{text}' is not suppressed", "see who was erased: crm privacy list")
        problem = self._list()
        if problem:
            self.app.notes.append(f"{problem}; when that is over: crm db vacuum")
        return lifted

    def _keys(self, text: str) -> list[str]:
        """The keys that a text may stand for."""
        if not text:
            raise UsageError("nothing was named", "an e-mail address, a phone number, SOURCE:KEY or a name")
        keys = [email_key(text), text.lower(), named_key(text)]
        source, colon, key = text.partition(":")
        if colon:
            keys.append(external_key(source.strip().lower(), key.strip()))
        if looks_like_phone(text):
            e164 = self.app.phones.e164(text, None)
            keys += [digits(text), *suppression.asked_number(text, e164), *suppression.kept_number(text, e164)]
        return list(dict.fromkeys(keys))

    # --- for those who take in texts of others

    def cleaner(self, people: Sequence[Mapping[str, Any]]) -> Eraser:
        """What takes the names and addresses of erased people, as a message gives them, out of its texts."""
        words = Words()
        for person in people:
            if person.get("email"):
                words.emails.add(str(person["email"]).strip())
            name = str(person.get("name") or "")
            family, comma, given = name.partition(",")
            if len(name.split()) > 1:
                words.names |= {name, f"{given} {family}"} if comma else {name}
        return Eraser(words)

    def without_named(self, attachments: Iterable[Mapping[str, Any]], eraser: Eraser) -> list[dict[str, Any]]:
        """Attachments of a message, see `Draft`, without the files in which the erased are named, and without them in
        the names of the others."""
        kept = []
        for one in attachments:
            content = one.get("content")
            text = content() if callable(content) else content
            if not (text and is_named(str(text), eraser)):
                kept.append({**one, "name": eraser.clean(one.get("name"))})
        return kept


def _own(traces: Traces) -> set[tuple[str, int]]:
    """The records that are the person's, or are shared with the person."""
    mine = {("contact", key) for key in traces.contacts} | {("interaction", key) for key in traces.alone}
    mine |= {*_common(traces), *(("sales_order", row["id"]) for row in traces.orders)}
    return mine | {(table, row["id"]) for table in OWN for row in traces.rows[table]}


def _common(traces: Traces) -> list[tuple[str, int]]:
    """What others have, too, by table and key."""
    deals = [(table, key) for table, keys in traces.common.items() for key in keys]
    return [*(("interaction", key) for key in traces.shared), *deals]


def _file(row: Row) -> dict[str, Any]:
    return {"id": ref("interaction", row["interaction_id"]), "name": row["name"]}


def _uids(known: Known) -> list[str]:
    return [row["uid"] for row in known.erasures]


def _held(connection: Connection) -> Known:
    """What the tables of a database say."""
    rows = connection.rows
    return Known(erasures.erased(rows), erasures.suppressed(rows), suppression.secrets(rows))


def _says_nothing_new(known: Known, here: Known) -> bool:
    digests = {row["digest"] for row in here.suppressions}
    return set(_uids(known)) <= set(_uids(here)) and all(row["digest"] in digests for row in known.suppressions)
