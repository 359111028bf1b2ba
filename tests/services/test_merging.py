"""Merging: nothing that belonged to a record is lost, whatever the order, and one undo takes it back."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.app import App
from crmcli.kernel.errors import NotFound, UsageError
from crmcli.services.uniting.fields import joined
from crmcli.services.uniting.rows import SAME
from crmcli.store.merges import references
from tests.conftest import Crm

PEOPLE = ("Bob Brown", "Robert Brown", "R. Brown")


def test_every_table_that_refers_to_a_contact_or_company_is_thought_of() -> None:
    """A new table needs a line in SAME: by which columns two of its rows say the same, if by any."""
    there = {place for noun in ("contact", "company") for place in references(noun)}
    assert there == set(SAME)


def person(app: App, name: str, **given: Any) -> str:
    return str(app.contacts.add(name, given)["id"])


def values(record: dict[str, Any], part: str, key: str = "value") -> list[Any]:
    return [row[key] for row in record[part]]


# --- rows


def test_lists_come_together_and_the_primary_one_stays(app: App) -> None:
    person(app, "Bob", email=["bob@x.example"], phone=["+442079460958"], url=["https://a.example"], tag=["vip"])
    person(app, "Rob", email=["ROB@x.example", "Bob@X.example"], phone=["+44 20 7946 0958", "+442079460111"],
           url=["https://a.example"], tag=["vip", "press"], address=["city=Berlin; country=DE"])  # fmt: skip
    record = app.merging.merge("contact", ["c1", "c2"]).record
    assert values(record, "emails") == ["bob@x.example", "ROB@x.example"]
    assert [email["is_primary"] for email in record["emails"]] == [True, False]
    assert values(record, "phones", "e164") == ["+442079460958", "+442079460111"]
    assert values(record, "urls") == ["https://a.example"]
    assert record["tags"] == ["press", "vip"]
    assert (values(record, "addresses", "locality"), values(record, "addresses", "is_primary")) == (["Berlin"], [True])


def test_what_one_row_says_more_is_kept(app: App) -> None:
    person(app, "Bob", email=["bob@x.example"])
    person(app, "Rob", email=[{"value": "bob@x.example", "label": "work", "opted_out": True}])
    (email,) = app.merging.merge("contact", ["c1", "c2"]).record["emails"]
    assert (email["label"], email["opted_out"]) == ("work", True)


def test_the_stricter_consent_wins_and_nobody_is_contacted_who_did_not_want_it(app: App) -> None:
    person(app, "Bob", consent=["news/email=granted", "calls=pending", "sms=withdrawn"])
    person(app, "Rob", consent=["news/email=withdrawn", "calls=granted", "sms=granted", "post=denied"],
           do_not_contact=True)  # fmt: skip
    record = app.merging.merge("contact", ["c1", "c2"]).record
    states = {f"{row['purpose']}/{row['channel']}": row["state"] for row in record["consents"]}
    assert states == {
        "news/email": "withdrawn",
        "calls/None": "granted",
        "sms/None": "withdrawn",
        "post/None": "denied",
    }
    assert record["do_not_contact"] is True


def test_who_works_where(app: App) -> None:
    person(app, "Bob", company=[{"name": "Engines", "role": ""}, "Mills"])
    person(app, "Rob", company=[{"name": "Engines", "role": "Fitter", "ended_on": "2020-01-01"}, "Looms"])
    companies = app.merging.merge("contact", ["c1", "c2"]).record["companies"]
    assert [(row["name"], row["role"], row["is_primary"]) for row in companies] == [
        ("Engines", "Fitter", True),
        ("Mills", None, False),
        ("Looms", None, False),
    ]
    assert companies[0]["ended_on"] is None  # a place that Bob has today


def test_nobody_takes_part_twice(app: App) -> None:
    person(app, "Bob"), person(app, "Rob"), person(app, "Ada")
    app.interactions.log("in", ["c1", "c2", "c3"], "All three", {"at": "2026-11-18 10:00"})
    app.interactions.log("out", ["c2"], "Rob alone", {"at": "2026-11-19 10:00"})
    app.interactions.log("in", ["c2"], "Gone", {"at": "2026-11-17 10:00"})
    app.interactions.remove(["i3"])
    record = app.merging.merge("contact", ["c1", "c2"]).record
    assert (record["last_inbound_at"], record["last_outbound_at"]) == ("2026-11-18T10:00:00Z", "2026-11-19T10:00:00Z")
    first = app.interactions.get(1)
    assert [row["id"] for row in first["participants"]] == ["c1", "c3"]
    assert app.store.value("SELECT count(*) AS n FROM participant WHERE contact_id = 2") == 0
    app.interactions.restore(["i3"])
    assert [row["id"] for row in app.interactions.get(3)["participants"]] == ["c1"]
    gone = app.store.row("SELECT last_inbound_at, last_outbound_at FROM contact WHERE id = 2")
    assert gone == {"last_inbound_at": None, "last_outbound_at": None}


def test_what_was_promised_open_or_done_is_the_kept_ones(app: App) -> None:
    person(app, "Bob"), person(app, "Rob")
    app.followups.add("c2", "Call", {"due": "+1d"})
    app.followups.add("c2", "Write", {"due": "+2d"})
    app.followups.done(["f1"], {})
    app.merging.merge("contact", ["c1", "c2"])
    assert {app.followups.get(key)["contact"]["id"] for key in (1, 2)} == {"c1"}


def test_companies_bring_people_domains_and_subsidiaries(app: App) -> None:
    app.companies.add("Acme", {"domain": ["acme.example"]})
    app.companies.add("Acme Ltd", {"domain": ["acme.example", "ac.example"]})
    app.companies.add("Acme Shop", {"parent": "co2"})
    person(app, "Bob", company=["co1", "co2"]), person(app, "Ada", company=["co2"])
    app.interactions.log("in", ["Ada"], "Hello", {})
    record = app.merging.merge("company", ["co1", "co2"]).record
    assert record["domains"] == ["acme.example", "ac.example"]
    assert app.companies.get(3)["parent"] == {"id": "co1", "name": "Acme"}
    assert [[row["id"] for row in app.contacts.get(key)["companies"]] for key in (1, 2)] == [["co1"], ["co1"]]
    assert all(app.contacts.get(key)["companies"][0]["is_primary"] for key in (1, 2))
    assert record["last_inbound_at"] == "2026-11-20T10:00:00Z"


def test_a_primary_place_in_the_company_that_goes_stays_the_primary_one(app: App) -> None:
    app.companies.add("Acme", {}), app.companies.add("Acme Ltd", {})
    person(app, "Bob", company=["co2", "co1"])
    app.merging.merge("company", ["co1", "co2"])
    assert [(row["id"], row["is_primary"]) for row in app.contacts.get(1)["companies"]] == [("co1", True)]


def test_no_company_belongs_to_itself(app: App) -> None:
    for name, parent in (("Group", None), ("Middle", "co1"), ("Works", "co2")):
        app.companies.add(name, {"parent": parent} if parent else {})
    assert app.merging.merge("company", ["co3", "co1"]).record["parent"] is None
    assert app.companies.get(2)["parent"]["id"] == "co3"


# --- fields


def test_the_kept_value_wins_and_what_is_empty_is_filled(app: App) -> None:
    person(app, "Bob Brown", job_title="Fitter", birth_date="--05-12", notes="Likes tea", set=["source=fair"])
    person(app, "Robert Brown", job_title="Engineer", department="Press", birth_date="1990-05-12", given_name="Robert",
           family_name="Brown", notes="Tall", set=["source=web", "size=9"])  # fmt: skip
    record = app.merging.merge("contact", ["c1", "c2"]).record
    assert (record["job_title"], record["department"], record["birth_date"]) == ("Fitter", "Press", "1990-05-12")
    assert record["notes"] == "Likes tea\n\nTall"
    assert record["custom"] == {"source": "fair", "size": "9"}
    # A part of a name that is not in the name would be somebody else's.
    assert (record["display_name"], record["given_name"], record["family_name"]) == ("Bob Brown", None, "Brown")


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({}, ("Bob", "Fitter", "fair")),
        ({"prefer": "other"}, ("Robert", "Engineer", "web site")),
        ({"prefer": "newest"}, ("Bob", "Fitter", "fair")),
        ({"prefer": "longest"}, ("Robert", "Engineer", "web site")),
        ({"take": {"job-title": "c2"}}, ("Bob", "Engineer", "fair")),
        ({"take": {"name": "c2", "custom.source": "c2"}}, ("Robert", "Fitter", "web site")),
        ({"keep": "c2"}, ("Robert", "Engineer", "web site")),
        ({"keep": "c2", "take": {"name": "c1"}}, ("Bob", "Engineer", "web site")),
    ],
)
def test_rules_choose(crm: Crm, app: App, rules: dict[str, Any], expected: tuple[str, ...]) -> None:
    crm.ok(
        "contact",
        "add",
        "Bob",
        "--job-title",
        "Fitter",
        "--set",
        "source=fair",
        env={"CRM_NOW": "2026-11-20T11:00:00Z"},
    )
    crm.ok("contact", "add", "Robert", "--job-title", "Engineer", "--set", "source=web site")
    record = app.merging.merge("contact", ["c1", "c2"], **rules).record
    assert (record["display_name"], record["job_title"], record["custom"]["source"]) == expected
    assert record["id"] == rules.get("keep", "c1")


def test_three_at_once(app: App) -> None:
    person(app, "Bob", job_title="Fitter"), person(app, "Rob", department="Press"), person(app, "R", nickname="Bobby")
    record = app.merging.merge("contact", ["c1", "c2", "c3"]).record
    assert (record["job_title"], record["department"], record["nickname"]) == ("Fitter", "Press", "Bobby")
    assert app.who.find("c3").ref == app.who.find("c2").ref == "c1"


def test_what_has_to_be_chosen(app: App) -> None:
    person(app, "Bob", job_title="Fitter", department="Press", set=["source=fair"], notes="a")
    person(app, "Rob", job_title="Engineer", department="Press", set=["source=web"], notes="b")
    assert app.merging.differences("contact", ["c2", "c1"]) == [
        ("name", [("c2", "Rob"), ("c1", "Bob")]),
        ("job_title", [("c2", "Engineer"), ("c1", "Fitter")]),
        ("custom.source", [("c2", "web"), ("c1", "fair")]),
    ]


def test_notes_are_not_repeated() -> None:
    assert joined(["Likes tea", "Likes tea", "tea"]) == "Likes tea"
    assert joined(["Likes tea", "Tall"]) == "Likes tea\n\nTall"
    assert joined([]) is None


# --- what stands for what


def test_old_ids_and_uids_go_on_naming_the_kept_one(app: App) -> None:
    for name in PEOPLE:
        person(app, name, external=[f"crm:{name}"])
    uids = [app.contacts.get(key)["uid"] for key in (1, 2, 3)]
    app.merging.merge("contact", ["c2", "c1"])
    app.merging.merge("contact", ["c3", "c2"])
    for text in ("c1", "c2", "C3", *uids, "crm:Bob Brown"):
        assert app.who.find(text).ref == "c3"
    assert "c1 was merged into R. Brown (c3)" in app.notes
    app.contacts.remove(["c3"])
    with pytest.raises(NotFound) as caught:
        app.who.find("c1")
    assert caught.value.hint == "it was merged into c3, which is deleted; crm contact restore c3 brings it back"


def test_a_merged_record_is_not_restored_but_the_merge_taken_back(app: App) -> None:
    person(app, "Bob"), person(app, "Rob")
    app.merging.merge("contact", ["c1", "c2"])
    with pytest.raises(UsageError) as caught:
        app.contacts.restore(["c2"])
    assert caught.value.message == "Rob (c2) was merged into c1"
    assert caught.value.hint == "to part them again, take the merge back: crm undo op3"
    with pytest.raises(NotFound):
        app.contacts.restore(["Rob"])


@pytest.mark.parametrize(
    ("who", "options", "said"),
    [
        (["c1"], {}, "only one contact was named"),
        (["c1", "Bob"], {}, "Bob (c1) is named twice, the second time as 'Bob'"),
        (["c1", "co1"], {}, "co1 is a company"),
        (["c1", "c3"], {}, "there is no contact 'c3'"),
        (["c1", "c2"], {"keep": "c4"}, "Ada (c4) is not one of those to merge"),
        (["c1", "c2"], {"prefer": "best"}, "there is no rule 'best'"),
        (["c1", "c2"], {"take": {"job_titel": "c2"}}, "a contact has no field 'job_titel'"),
        (["c1", "c2"], {"take": {"job_title": "c4"}}, "Ada (c4) is not one of those to merge"),
    ],
)
def test_what_is_refused(app: App, who: list[str], options: dict[str, Any], said: str) -> None:
    person(app, "Bob", company=["Acme"]), person(app, "Rob"), person(app, "Gone"), person(app, "Ada")
    app.contacts.remove(["c3"])
    with pytest.raises((UsageError, NotFound)) as caught:
        app.merging.merge("contact", who, **options)
    assert caught.value.message == said
    assert app.store.value("SELECT count(*) AS n FROM merged_record") == 0


def test_a_dry_run_changes_nothing(app: App) -> None:
    person(app, "Bob"), person(app, "Rob", email=["rob@x.example"], job_title="Fitter")
    done = app.merging.merge("contact", ["c1", "c2"], dry_run=True)
    assert (done.record["job_title"], done.moved["email"]) == ("Fitter", 1)
    assert values(app.contacts.get(2), "emails") == ["rob@x.example"]
    assert app.contacts.get(1)["job_title"] is None


def test_one_undo_takes_it_back(crm: Crm) -> None:
    crm.ok("contact", "add", "Bob Brown", "--email", "bob@x.example", "--tag", "vip", "--company", "Acme")
    crm.ok("contact", "add", "Robert Brown", "--email", "BOB@x.example", "--email", "r@x.example", "--tag", "vip",
           "--tag", "b", "--set", "a=1", "--job-title", "Fitter", "--external", "x:1", "--company", "Acme")  # fmt: skip
    crm.ok("log", "in", "c2", "Hello", "--followup", "+1d")
    before = [crm.json(*words) for words in READS]
    crm.ok("contact", "merge", "c1", "c2")
    assert [crm.json(*words) for words in READS] != before
    crm.ok("undo")
    assert [crm.json(*words) for words in READS] == before
    assert crm.json("contact", "show", "c2")["item"]["display_name"] == "Robert Brown"


READS = [
    ("contact", "list"),
    ("contact", "list", "--deleted"),
    ("interaction", "list"),
    ("followup", "list"),
    ("show", "co1"),
    ("find", "Robert"),
]


# --- the law


OWNED = st.fixed_dictionaries(
    {
        "email": st.lists(st.sampled_from(["a@x.example", "b@x.example", "A@X.example"]), max_size=2, unique=True),
        "phone": st.lists(st.sampled_from(["+442079460958", "020 7946 0958", "12345"]), max_size=2, unique=True),
        "tag": st.lists(st.sampled_from(["vip", "press", "fair"]), max_size=2, unique=True),
        "company": st.lists(st.sampled_from(["Acme", "Mills"]), max_size=2, unique=True),
        "prefer": st.lists(st.sampled_from(["tea=no", "tea=yes", "cake=no"]), max_size=1),
    }
)


@settings(max_examples=6)
@given(st.tuples(OWNED, OWNED, OWNED), st.sampled_from(list(permutations(range(3)))), st.booleans())
def test_in_whatever_order_nothing_is_lost(
    app: App, owned: tuple[dict[str, Any], ...], order: tuple[int, ...], at_once: bool
) -> None:
    keys = [str(app.contacts.add(name, given)["id"]) for name, given in zip(PEOPLE, owned, strict=True)]
    for key in keys:
        app.contacts.edit(key, {"external": [f"test:{key}"]})
        app.interactions.log("in", [key], f"Said by {key}", {})
        app.followups.add(key, f"Promised to {key}", {"due": "+1d"})
    app.interactions.log("out", keys, "To all", {})
    promised = len(app.followups.page(all_states=True).items)
    first, second, third = (keys[place] for place in order)
    if at_once:
        app.merging.merge("contact", [first, second, third])
    else:
        app.merging.merge("contact", [second, third])
        app.merging.merge("contact", [first, second])
    record = app.contacts.find(first)
    texts = {email.lower() for given in owned for email in given["email"]}
    assert {email["value"].lower() for email in record["emails"]} == texts
    assert len(record["emails"]) == len(texts)
    digits = {"".join(filter(str.isdigit, phone)) for given in owned for phone in given["phone"]}
    assert {"".join(filter(str.isdigit, phone["raw"])) for phone in record["phones"]} == digits
    assert set(record["tags"]) == {tag for given in owned for tag in given["tag"]}
    assert {row["name"] for row in record["companies"]} == {name for given in owned for name in given["company"]}
    assert set(record["preferences"]) == {text.partition("=")[0] for given in owned for text in given["prefer"]}
    assert set(record["external_ids"]) == {f"test:{key}" for key in keys}
    for part in ("emails", "phones", "companies"):
        assert sum(row["is_primary"] for row in record[part]) == bool(record[part])
    logged = app.interactions.page(f"contact:{first}").items
    assert {entry["body"] for entry in logged} == {"To all", *(f"Said by {key}" for key in keys)}
    assert [len(entry["participants"]) for entry in logged if entry["body"] == "To all"] == [1]
    mine = [entry for entry in app.followups.page(all_states=True).items if entry["contact"]["id"] == first]
    assert {entry["subject"] for entry in mine} == {f"Promised to {key}" for key in keys}
    assert len(app.followups.page(all_states=True).items) == promised
    assert {app.who.find(key).ref for key in keys} == {first}
