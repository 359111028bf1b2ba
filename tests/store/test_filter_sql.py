"""The filter language against real rows: what a filter finds, and what it refuses."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.kernel.clock import Clock
from crmcli.kernel.errors import NotFound, UsageError
from crmcli.kernel.text import fold
from crmcli.store.filter_sql import Field, compile_filter
from crmcli.store.filters import MAX_NESTING, MAX_TERMS, MAX_VALUE, parse

BERLIN = Clock(datetime(2026, 11, 21, 14, 0, tzinfo=UTC), "Europe/Berlin")
USERS = {"me": 1, "ada": 1, "bob": 2}
STAGES = ("lead", "sales_qualified", "customer")

TABLES = """
create table contact (
    id integer primary key, name text, stage text, owner_id integer, score integer, ratio double precision,
    dnc integer not null default 0, birth_date text, seen_at text, ext text, company_id integer
);
create table email (contact_id integer, address text);
create table tag (contact_id integer, name text);
create table phone (contact_id integer, e164 text);
create table custom_value (contact_id integer, field text, value text, number double precision);
insert into contact values
    (1, 'Ada Lovelace', 'customer', 1, 10, 0.5, 0, '1815-12-10', '2026-11-20T23:30:00Z', 'HubSpot:12', 7),
    (2, 'Zoë Müller', 'lead', 2, 200, 1.25, 1, '--05-12', '2026-11-20T22:59:59Z', 'hubspot:12', 8),
    (3, '100% O''Brien_!', null, null, null, null, 0, null, null, null, null),
    (4, '', 'sales_qualified', 1, -3, -2, 0, '1990-05-12', '2026-11-21T23:00:00Z', '', 7);
insert into email values (1, 'ada@engines.example'), (1, 'ada@home.example'), (2, 'zoe@home.example'), (4, '');
insert into tag values (1, 'vip'), (1, 'chess club'), (2, 'vip'), (4, 'none');
insert into phone values (1, '+442079460958'), (4, '+4915112345678');
insert into custom_value values (1, 'source', 'Fair', null), (2, 'size', '42', 42);
"""

OF_CONTACT = "exists (select 1 from {0} where {0}.contact_id = contact.id and {{}})"
EMAIL = Field("email", "folded", exists=OF_CONTACT.format("email"), inner="email.address")
FIELDS = {
    "id": Field("id", "ref:contact", "contact.id"),
    "name": Field("name", "text", "contact.name"),
    "lifecycle_stage": Field("lifecycle_stage", "enum", "contact.stage", values=STAGES),
    "owner": Field("owner", "user", "contact.owner_id"),
    "score": Field("score", "number", "contact.score"),
    "ratio": Field("ratio", "real", "contact.ratio"),
    "do_not_contact": Field("do_not_contact", "bool", "contact.dnc"),
    "birth_date": Field("birth_date", "day", "contact.birth_date"),
    "seen": Field("seen", "time", "contact.seen_at"),
    "last_seen": Field("last_seen", "time", "(select max(c.seen_at) from contact c where c.id = contact.id)"),
    "external": Field("external", "exact", "contact.ext"),
    "company": Field("company", "ref:company", "contact.company_id"),
    "email": EMAIL,
    "mail": EMAIL,
    "tag": Field("tag", "tag", exists=OF_CONTACT.format("tag"), inner="tag.name"),
    "phone": Field("phone", "phone", exists=OF_CONTACT.format("phone"), inner="phone.e164"),
    "whom": Field(
        "whom",
        "ref:contact",
        "contact.id",
        others=(Field("name", "text", "contact.name"), Field("external", "exact", "contact.ext")),
    ),
    "part": Field("part", "folded", "contact.stage", known=("lead", "leader", "sales_qualified", "customer")),
}


def custom(name: str) -> Field | None:
    known = {"custom.source": ("text", "value"), "custom.size": ("number", "number")}
    if name not in known:
        return None
    kind, column = known[name]
    exists = (
        "exists (select 1 from custom_value where custom_value.contact_id = contact.id"
        f" and custom_value.field = '{name.removeprefix('custom.')}' and {{}})"
    )
    return Field(name, kind, exists=exists, inner=f"custom_value.{column}")


def user(text: str) -> int:
    if text not in USERS:
        raise NotFound(f"no user '{text}'")
    return USERS[text]


def words(text: str) -> tuple[str, list[object]]:
    return "replace(coalesce(crm_fold(contact.name), ''), ?, '') <> coalesce(crm_fold(contact.name), '')", [fold(text)]


def compiled(text: str) -> tuple[str, list[object]]:
    return compile_filter(parse(text), FIELDS, words=words, clock=BERLIN, user=user, dynamic=custom)


@pytest.fixture(scope="module")
def database() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.create_function("crm_fold", 1, lambda text: None if text is None else fold(text), deterministic=True)
    connection.executescript(TABLES)
    yield connection
    connection.close()


Find = Callable[[str], set[int]]


@pytest.fixture(scope="module")
def find(database: sqlite3.Connection) -> Find:
    """Return the ids that a filter finds, having checked that it is never NULL and holds no literal `%`."""

    def found(text: str) -> set[int]:
        condition, bound = compiled(text)
        assert "%" not in condition
        assert condition.count("?") == len(bound)
        rows = database.execute(f"select id, {condition} from contact", bound).fetchall()
        assert {truth for _, truth in rows} <= {0, 1}
        return {number for number, truth in rows if truth}

    return found


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("name:'ada lovelace'", {1}),
        ("name:' ADA  lovelace'", set()),
        ("name~mull", {2}),
        ("name~MÜLL,brien", {2, 3}),
        ("name!~a", {2, 3, 4}),
        ("name~%", {3}),
        ("name~_!", {3}),
        ("name~0%", {3}),
        ("name:none", {4}),
        ("name!:none", {1, 2, 3}),
        ("zoe", {2}),
        ('"ada love"', {1}),
        ("not zoe", {1, 3, 4}),
        ("lifecycle-stage:Customer", {1}),
        ("LIFECYCLE_STAGE:sales-qualified,lead", {2, 4}),
        ("lifecycle_stage!:customer", {2, 3, 4}),
        ("lifecycle_stage:none", {3}),
        ("lifecycle_stage:lead,none", {2, 3}),
        ("lifecycle_stage!:lead,none", {1, 4}),
        ("owner:me", {1, 4}),
        ("owner!:ada", {2, 3}),
        ("not owner:ada", {2, 3}),
        ("not (owner:ada or score>100)", {3}),
        ("not (owner!:ada score:none)", {1, 2, 4}),
        ("owner:none", {3}),
        ("owner!:none", {1, 2, 4}),
        ("score>10", {2}),
        ("score>=10", {1, 2}),
        ("score<10.5", {1, 4}),
        ("not score<10.5", {2, 3}),
        ("score:10,-3", {1, 4}),
        ("score<99999999999999999999", {1, 2, 4}),
        ("ratio:1.25", {2}),
        ("ratio<=0.5", {1, 4}),
        ("ratio>+1", {2}),
        ("do_not_contact:yes", {2}),
        ("do_not_contact:FALSE", {1, 3, 4}),
        ("do_not_contact!:1", {1, 3, 4}),
        ("birth_date:1815-12-10", {1}),
        ("birth_date:--05-12", {2, 4}),
        ("birth_date!:--05-12", {1, 3}),
        ("birth_date<1990-05-12", {1}),
        ("birth_date<=1990-05-12", {1, 4}),
        ("birth_date>1500-01-01", {1, 4}),
        ("birth_date:none", {3}),
        # In Berlin 21 November lasts from 23:00 UTC on the 20th to 23:00 UTC on the 21st.
        ("seen:today", {1}),
        ("seen:2026-11-21", {1}),
        ("seen:yesterday,today", {1, 2}),
        ("seen!:today", {2, 3, 4}),
        ("seen<today", {2}),
        ("seen<=today", {1, 2}),
        ("seen>today", {4}),
        ("seen>=today", {1, 4}),
        ("seen<'2026-11-21 00:30'", {2}),
        ("seen<='2026-11-21 00:30'", {1, 2}),
        ("seen:'2026-11-21 00:30'", {1}),
        ("seen>'2026-11-21 00:30'", {4}),
        ("seen:none", {3}),
        ("last_seen<=today", {1, 2}),
        ("last_seen!:today", {2, 3, 4}),
        ("not last_seen:none", {1, 2, 4}),
        ("external:hubspot:12", {2}),
        ("external~Hub", {1}),
        ("external!~Hub", {2, 3, 4}),
        ("external:none", {3, 4}),
        ("id:c1,C4", {1, 4}),
        ("id!:c1", {2, 3, 4}),
        ("company:co7", {1, 4}),
        ("company:none", {3}),
        ("email:ADA@home.example", {1}),
        ("mail~home", {1, 2}),
        ("mail!~engines", {2, 3, 4}),
        ("email:none", {3, 4}),
        ("tag:vip", {1, 2}),
        ("tag:VIP,x", {1, 2}),
        ("tag!:vip", {3, 4}),
        ("not tag:vip", {3, 4}),
        ("tag:'Chess Club'", {1}),
        ("tag~club", {1}),
        ("tag:none", {3}),
        ("tag:'none'", {4}),
        ("tag:none,vip", {1, 2, 3}),
        ("phone:'020 7946'", {1}),
        ("phone:'+44 (20) 7946-0958'", {1}),
        ("phone~0049151", {4}),
        ("phone:٢٠٧", {1}),
        ("phone!:0049151", {1, 2, 3}),
        ("phone:none", {2, 3}),
        ("custom.source:fair", {1}),
        ("Custom.Source:none", {2, 3, 4}),
        ("custom.size>41", {2}),
        ("not custom.size>41", {1, 3, 4}),
        ("whom:c1", {1}),
        ("whom:C2,'Ada Lovelace'", {1, 2}),
        ("whom:hubspot:12", {2}),
        ("whom:none", set()),
        ("whom!:none", {1, 2, 3, 4}),
        ("whom:none,c4,'ada lovelace'", {1, 4}),
        ("whom!:c1,hubspot:12", {3, 4}),
        ("not whom!:c1,hubspot:12", {1, 2}),
        ("whom~ada", {1}),
        ("whom~hub", {2}),
        ("whom!~ada,hub", {3, 4}),
        ("whom:co7", set()),  # no id of a contact, so it may be a name
        ("part:lead", {2}),
        ("part:cust", {1}),
        ("part:qualified,' CUSTOMER'", {1, 4}),
        ("part!:sal", {1, 2, 3}),
        ("part:none", {3}),
        ("part~le", {2, 4}),
        ("tag:vip owner:bob or score<0", {2, 4}),
        ("tag:vip (owner:bob or score:10)", {1, 2}),
    ],
)
def test_a_filter_finds(find: Find, text: str, ids: set[int]) -> None:
    assert find(text) == ids


def test_no_filter_is_no_condition() -> None:
    assert compiled("  ") == ("", [])


def test_values_never_become_sql(find: Find) -> None:
    hostile = "x' or '1'='1"
    condition, bound = compiled(f'name:"{hostile}" or tag~"{hostile}"')
    assert hostile not in condition
    assert bound == [hostile, f"%{hostile}%"]
    assert find(f'name:"{hostile}"') == set()


def test_a_condition_may_stand_beside_others(database: sqlite3.Connection) -> None:
    condition, bound = compiled("owner:bob or owner:ada")
    assert database.execute(f"select id from contact where id = 3 and {condition}", bound).fetchall() == []


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            "lifcycle_stage:lead",
            "unknown field 'lifcycle_stage' at position 1",
            "did you mean lifecycle_stage?",
        ),
        ("a or 12:30", "unknown field '12' at position 6", "fields such as id, name"),
        ("custom.sorce:x", "unknown field 'custom.sorce' at position 1", "fields such as id, name"),
        (
            "lifecycle_stage:custmer",
            "'custmer' is no value of lifecycle_stage at position 17",
            "did you mean customer?",
        ),
        ("do_not_contact:maybe", "'maybe' is no value of do_not_contact at position 16", "yes, no"),
        ("owner>me", "owner does not take '>' at position 1", "owner takes : !:"),
        ("lifecycle_stage~cust", "lifecycle_stage does not take '~' at position 1", "lifecycle_stage takes : !:"),
        ("tag<a", "tag does not take '<' at position 1", "tag takes : !: ~ !~"),
        ("seen~2026", "seen does not take '~' at position 1", "seen takes : !: < <= > >="),
        ("score>1,000", "'>' takes one value, not 2 at position 9", "write 1000"),
        ("seen<none", "'<' cannot compare with none at position 6", "seen:none"),
        ("score:1e3", "'1e3' is not a number at position 7", "score>1200"),
        ("score:1,000", "'000' is not a number at position 9", "score>1200"),
        ("score:nan", "'nan' is not a number at position 7", "score>1200"),
        ("ratio<" + "9" * 400, "a number beyond all bounds at position 7", "digits"),
        ("id:co1", "'co1' is no contact id at position 4", "c12"),
        ("id:12", "'12' is no contact id at position 4", "c12"),
        ("phone:abc", "'abc' is no part of a phone number at position 7", "digits"),
        ("birth_date<--05-12", "'--05-12' has no year at position 12", "birth_date:--05-12"),
        ("birth_date:now", "'now' has a time of day at position 12", "birth_date takes only a day"),
        ("seen<9999-12-31", "'9999-12-31' is the end of the calendar at position 6", "earlier"),
        ("whom<c1", "whom does not take '<' at position 1", "whom takes : !: ~ !~"),
        ("score:1 part:le", "'le' may be several of the names of a part at position 14", "one of lead, leader; or all"),
        ("part:e", "'e' may be several of the names of a part at position 6", "part~e"),
        ("part:custmer", "there is no part 'custmer' at position 6", "did you mean customer?"),
        ("name~\u200b", "a value without visible characters at position 6", "field:none"),
        ("name:\u00b4", "an accent alone at position 6", "without accents; add a letter"),
        ("tag:\u0301", "a value without visible characters at position 5", "field:none"),
    ],
)
def test_what_cannot_be_understood_is_refused(text: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        compiled(text)
    assert caught.value.message == f"{message} of the filter"
    assert hint in caught.value.hint


@pytest.mark.parametrize("text", ["seen<someday", "birth_date:2026-02-30", "birth_date:--13-45"])
def test_a_bad_date_names_field_and_position(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        compiled(text)
    field = text.split("<")[0].split(":")[0]
    assert caught.value.message.startswith(f"{field}: ")
    assert caught.value.message.endswith(f" at position {len(field) + 2} of the filter")
    assert caught.value.hint


def test_an_unknown_user_is_not_found() -> None:
    with pytest.raises(NotFound):
        compiled("owner:nobody")


def test_the_largest_filters_run(find: Find) -> None:
    """SQLite limits the depth of expressions, its parser's stack, and the length of a LIKE pattern."""
    assert find(" or ".join(["seen:today"] * MAX_TERMS)) == {1}
    assert find("seen:" + ",".join(["today"] * MAX_TERMS)) == {1}
    assert find("name~" + "\ufdfa" * MAX_VALUE) == set()
    levels = MAX_NESTING // 2
    leaf = "custom.source:fair,none"
    assert find(f"({leaf} or {leaf} and " * levels + leaf + ")" * levels) == {1, 2, 3, 4}
    assert find(f"({leaf} or {leaf} not " * levels + leaf + ")" * levels) == {1, 2, 3, 4}


class Contact(NamedTuple):
    """A row as Python sees it."""

    id: int
    name: str
    stage: str | None
    owner: int | None
    score: int | None
    tags: frozenset[str]


CONTACTS = (
    Contact(1, "ada lovelace", "customer", 1, 10, frozenset({"vip", "chess club"})),
    Contact(2, "zoe muller", "lead", 2, 200, frozenset({"vip"})),
    Contact(3, "100% o'brien_!", None, None, None, frozenset()),
    Contact(4, "", "sales_qualified", 1, -3, frozenset({"none"})),
)
Case = tuple[str, Callable[[Contact], bool]]


def leaf(text: str, holds: Callable[[Contact], bool]) -> Case:
    return text, holds


LEAVES: list[Case] = [
    leaf("o", lambda c: "o" in c.name),
    leaf("name~e", lambda c: "e" in c.name),
    leaf("name!:none", lambda c: c.name != ""),
    leaf("lifecycle_stage:lead,none", lambda c: c.stage in ("lead", None)),
    leaf("lifecycle_stage!:customer", lambda c: c.stage != "customer"),
    leaf("owner:me", lambda c: c.owner == 1),
    leaf("owner!:bob", lambda c: c.owner != 2),
    leaf("owner:none", lambda c: c.owner is None),
    leaf("score<11", lambda c: c.score is not None and c.score < 11),
    leaf("score>=10", lambda c: c.score is not None and c.score >= 10),
    leaf("tag:vip", lambda c: "vip" in c.tags),
    leaf("tag!:vip,'chess club'", lambda c: not c.tags & {"vip", "chess club"}),
    leaf("tag:none", lambda c: not c.tags),
]


def negation(case: Case) -> Case:
    text, holds = case
    return f"not ({text})", lambda c: not holds(c)


def conjunction(cases: list[Case]) -> Case:
    return " ".join(f"({text})" for text, _ in cases), lambda c: all(holds(c) for _, holds in cases)


def disjunction(cases: list[Case]) -> Case:
    return " or ".join(f"({text})" for text, _ in cases), lambda c: any(holds(c) for _, holds in cases)


def grown(inner: st.SearchStrategy[Case]) -> st.SearchStrategy[Case]:
    several = st.lists(inner, min_size=1, max_size=3)
    return inner.map(negation) | several.map(conjunction) | several.map(disjunction)


@settings(max_examples=200)
@given(st.recursive(st.sampled_from(LEAVES), grown, max_leaves=12))
def test_sql_agrees_with_plain_logic(find: Find, case: Case) -> None:
    text, holds = case
    assert find(text) == {contact.id for contact in CONTACTS if holds(contact)}


VALUES = st.one_of(
    st.text(max_size=8), st.sampled_from(["none", "today", "--05-12", "1", "c1", "me", "9" * 400, "%", "!"])
)


@given(st.sampled_from([*FIELDS, "custom.size", "nothing"]), st.sampled_from([":", "!:", "~", "!~", "<", ">="]), VALUES)
def test_any_value_is_run_or_refused(find: Find, field: str, operator: str, value: str) -> None:
    try:
        find(f"{field}{operator}{value}")
    except (UsageError, NotFound) as error:
        assert error.message
