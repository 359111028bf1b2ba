"""Reads of what was logged: records with their participants, lists, and what a filter may ask about them."""

from collections.abc import Callable, Sequence
from typing import Any

from crmcli.kernel.clock import Clock
from crmcli.kernel.ids import ref
from crmcli.kernel.text import tokens
from crmcli.model.enums import CHANNEL, DIRECTION, OUTCOME
from crmcli.store.connection import Row
from crmcli.store.filter_sql import Field, compile_filter
from crmcli.store.filters import parse
from crmcli.store.names import MOST_WORDS, matching
from crmcli.store.sql import marks, slices
from crmcli.store.store import Store

PLAIN = (
    "uid",
    "direction",
    "channel",
    "occurred_at",
    "duration",
    "subject",
    "body",
    "outcome",
    "satisfaction",
    "message_id",
    "created_at",
    "updated_at",
    "deleted_at",
)
MAIL = ("thread", "in_reply_to", "quoted")
ATTACHMENT = ("name", "media_type", "size", "digest")


def _who(name: str, kind: str, tables: str, inner: str, help: str) -> Field:
    exists = f"exists (select 1 from participant p {tables} where p.interaction_id = interaction.id and {{}})"
    return Field(name, kind, exists=exists, inner=inner, help=help)


_CONTACT = "join contact c on c.id = p.contact_id"
_COMPANY = "join company o on o.id = p.company_id"
_CONTACT_ID = _who("contact", "ref:contact", "", "p.contact_id", "A contact's id")
_COMPANY_ID = _who("company", "ref:company", "", "p.company_id", "A company's id")
_CONTACT_NAME = _who("who", "folded", _CONTACT, "c.name_key", "A contact's name")
_COMPANY_NAME = _who("company_name", "folded", _COMPANY, "o.name_key", "A company's name")
_TAGS = "join tagging g on g.contact_id = p.contact_id join tag on tag.id = g.tag_id"
_FIELDS = (
    Field("id", "ref:interaction", "interaction.id", help="Its id"),
    Field("uid", "exact", "interaction.uid", help="Its uid"),
    Field("direction", "enum", "interaction.direction", values=DIRECTION, help="Who began it"),
    Field("channel", "enum", "interaction.channel", values=CHANNEL, help="How it happened"),
    Field("at", "time", "interaction.occurred_at", help="When it happened"),
    Field("duration", "number", "interaction.duration", help="Seconds"),
    Field("subject", "text", "interaction.subject", help="Subject line"),
    Field("text", "text", "interaction.body", help="What was said"),
    Field("outcome", "enum", "interaction.outcome", values=OUTCOME, help="What came of it"),
    Field("satisfaction", "number", "interaction.satisfaction", help="1 to 5"),
    Field("deal", "ref:deal", "interaction.deal_id", help="The deal that it was about"),
    Field("message_id", "exact", "interaction.message_id", help="Message-ID of the mail"),
    Field("user", "user", "interaction.user_id", help="Who of the team"),
    Field("created", "time", "interaction.created_at", help="When it was logged"),
    Field("order", "ref:order", "interaction.order_id", help="Id of the order that it was about"),
    Field("case", "ref:case", "interaction.case_id", help="Id of the case that it belongs to"),
    Field(
        "thread",
        "exact",
        exists="exists (select 1 from message m where m.interaction_id = interaction.id and {})",
        inner="m.thread",
        help="The first Message-ID of a conversation",
    ),
    _CONTACT_ID._replace(help="A contact's id or name", others=(_CONTACT_NAME,)),
    _COMPANY_ID._replace(help="A company's id or name", others=(_COMPANY_NAME,)),
    _CONTACT_NAME._replace(help="Name or id of a contact or company", others=(_COMPANY_NAME, _CONTACT_ID, _COMPANY_ID)),
    _COMPANY_NAME,
    _who("tag", "tag", _TAGS, "tag.name_key", "A contact's tag"),
)
FIELDS = {field.name: field for field in _FIELDS}
FIELDS.update(occurred_at=FIELDS["at"], body=FIELDS["text"], owner=FIELDS["user"], created_at=FIELDS["created"])


def condition(store: Store, text: str, clock: Clock, user: Callable[[str], int]) -> tuple[str, list[object]]:
    """A filter text as SQL; "" for an empty one."""

    def words(found: str) -> tuple[str, list[object]]:
        sought = tokens(found)[:MOST_WORDS]
        if not sought:
            return "1 = 0", []
        sql, parameters = matching(store.dialect, "search_text", sought)
        return f"interaction.id IN (SELECT record_id FROM search_text WHERE noun = 'interaction' AND {sql})", parameters

    return compile_filter(parse(text), FIELDS, words=words, clock=clock, user=user)


def page(
    store: Store,
    where: tuple[str, list[object]],
    limit: int | None,
    *,
    oldest_first: bool = False,
    deleted: bool = False,
) -> list[Row]:
    """Whole rows that match, newest first; one more than `limit` when there are more."""
    sql, parameters = where
    direction = "ASC" if oldest_first else "DESC"
    conditions = f"interaction.deleted_at IS {'NOT NULL' if deleted else 'NULL'}" + (f" AND {sql}" if sql else "")
    query = (
        f"SELECT interaction.* FROM interaction WHERE {conditions}"
        f" ORDER BY interaction.occurred_at {direction}, interaction.id {direction}"
    )
    if limit is None:
        return store.rows(query, parameters)
    return store.rows(f"{query} LIMIT ?", [*parameters, limit + 1])


def records(store: Store, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The records of whole interaction rows, in their order."""
    users = {row["id"]: row["name"] for row in store.rows("SELECT id, name FROM user_account")} if rows else {}
    keys = [row["id"] for row in rows]
    took_part = _participants(store, keys)
    found = [_record(row, users, took_part.get(row["id"], [])) for row in rows]
    _add_mail(store, keys, found)
    return found


def _add_mail(store: Store, keys: Sequence[int], found: Sequence[dict[str, Any]]) -> None:
    """Add the mail side of interactions, and what is attached, in the order in which it was kept."""
    by_key = dict(zip(keys, found, strict=True))
    for record in found:
        record.update(dict.fromkeys(MAIL), attachments=[])
    for part in slices(keys):
        for row in store.rows(f"SELECT * FROM message WHERE interaction_id IN ({marks(part)})", part):
            by_key[row["interaction_id"]].update({name: row[name] for name in MAIL})
        sql = (
            "SELECT a.*, c.id AS content_id FROM attachment a LEFT JOIN attachment_content c ON c.digest = a.digest"
            f" WHERE a.interaction_id IN ({marks(part)}) ORDER BY a.id"
        )
        for row in store.rows(sql, part):
            entry = {name: row[name] for name in ATTACHMENT}
            by_key[row["interaction_id"]]["attachments"].append({**entry, "stored": row["content_id"] is not None})


def _record(row: Row, users: dict[int, str], people: Sequence[Row]) -> dict[str, Any]:
    record: dict[str, Any] = {"id": ref("interaction", row["id"])}
    record.update((name, row[name]) for name in PLAIN)
    record["user"] = users.get(row["user_id"])
    record["deal_id"] = row["deal_id"] and ref("deal", row["deal_id"])
    record["order_id"] = row["order_id"] and ref("order", row["order_id"])
    record["case_id"] = row["case_id"] and ref("case", row["case_id"])
    contacts = [_contact(person) for person in people if person["contact_id"] is not None]
    companies = [_company(person) for person in people if person["company_id"] is not None]
    record["contact"] = contacts[0] if contacts else None
    record["company"] = companies[0] if companies else None
    record["participants"] = [
        _contact(person) if person["contact_id"] is not None else _company(person) for person in people
    ]
    return record


def _contact(person: Row) -> dict[str, Any]:
    return {"id": ref("contact", person["contact_id"]), "display_name": person["contact_name"]}


def _company(person: Row) -> dict[str, Any]:
    return {"id": ref("company", person["company_id"]), "name": person["company_name"]}


def _participants(store: Store, keys: Sequence[int]) -> dict[int, list[Row]]:
    """The participants of each interaction, in the order in which they were named."""
    found: dict[int, list[Row]] = {}
    for part in slices(keys):
        rows = store.rows(
            "SELECT p.interaction_id, p.contact_id, p.company_id, c.display_name AS contact_name,"
            " o.name AS company_name"
            " FROM participant p LEFT JOIN contact c ON c.id = p.contact_id LEFT JOIN company o ON o.id = p.company_id"
            f" WHERE p.interaction_id IN ({', '.join('?' * len(part))}) ORDER BY p.id",
            part,
        )
        for row in rows:
            found.setdefault(row["interaction_id"], []).append(row)
    return found


def of_case(store: Store, case: int) -> list[Row]:
    """The whole rows of what was logged of a case, the oldest first."""
    return store.rows(
        "SELECT * FROM interaction WHERE case_id = ? AND deleted_at IS NULL ORDER BY occurred_at, id", [case]
    )


def participants(store: Store, key: int) -> list[Row]:
    """The participant rows of one interaction."""
    return store.rows("SELECT * FROM participant WHERE interaction_id = ? ORDER BY id", [key])


def first_who_took_part(store: Store, key: int) -> tuple[str, int, str] | None:
    """The noun, key and name of the first participant who is not deleted; None where nobody is left."""
    row = store.row(
        "SELECT c.id AS contact_id, c.display_name, o.id AS company_id, o.name FROM participant p"
        " LEFT JOIN contact c ON c.id = p.contact_id AND c.deleted_at IS NULL"
        " LEFT JOIN company o ON o.id = p.company_id AND o.deleted_at IS NULL AND p.contact_id IS NULL"
        " WHERE p.interaction_id = ? AND (c.id IS NOT NULL OR o.id IS NOT NULL) ORDER BY p.id LIMIT 1",
        [key],
    )
    if row is None:
        return None
    if row["contact_id"] is None:
        return "company", row["company_id"], row["name"]
    return "contact", row["contact_id"], row["display_name"]


def primary_company(store: Store, contact: int, today: str) -> int | None:
    """The company in whose name a contact speaks on the day `today`."""
    row = store.row(
        "SELECT e.company_id FROM employment e JOIN company c ON c.id = e.company_id AND c.deleted_at IS NULL"
        " WHERE e.contact_id = ? AND (e.ended_on IS NULL OR e.ended_on >= ?) ORDER BY e.is_primary DESC, e.id LIMIT 1",
        [contact, today],
    )
    return None if row is None else row["company_id"]
