"""Many new records at once are what the service would have made of each, journal and search words included."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.app import App
from crmcli.services.importing.newrows import NewRows, field_name
from crmcli.services.importing.options import Options
from crmcli.services.importing.parties import PartyLanding
from crmcli.services.importing.prepare import Preparer
from crmcli.store.bulk import Bulk

WORDS = st.sampled_from(["Ada", "Lovelace", "Müller", "Grace", "Engines", "山田", "O'Neil", "van der Berg", "x" * 70])
TEXTS = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
EMAILS = st.sampled_from(["ada@engines.example", "A.b@x.example", "odd@x.test", "grace@navy.example", "käse@x.example"])
PHONES = st.sampled_from(["+44 20 7946 0958", "020 7946 0958", "+1 (415) 555-2671", "12345", "+49 30 901820"])
CONTACTS = st.fixed_dictionaries(
    {"name": TEXTS},
    optional={
        "given_name": WORDS,
        "family_name": WORDS,
        "job_title": TEXTS,
        "notes": TEXTS,
        "birth_date": st.sampled_from(["1990-05-12", "--05-12"]),
        "lifecycle_stage": st.sampled_from(["lead", "customer"]),
        "email": st.lists(EMAILS.map(lambda text: {"value": text}), max_size=3),
        "phone": st.lists(PHONES.map(lambda text: {"raw": text, "label": "work"}), max_size=2),
        "url": st.lists(st.sampled_from(["https://engines.example", "https://navy.example"]), max_size=2, unique=True),
        "address": st.lists(
            st.fixed_dictionaries({"locality": WORDS}, optional={"country_code": st.sampled_from(["GB", "Germany"])}),
            max_size=2,
        ),
        "tag": st.lists(st.sampled_from(["vip", "VIP", "fair 2026"]), max_size=2),
        "set": st.lists(st.sampled_from([{"size": "12"}, {"Shoe size": "40"}, {"source": "fair"}]), max_size=2),
        "company": TEXTS.map(lambda text: [{"name": text, "role": "Owner"}]),
        "external": st.lists(st.sampled_from(["hubspot:1", "google:x"]), max_size=1),
    },
)
PLAIN = ("contact", "company", "email", "phone", "url", "address", "external_id", "search_name", "search_text")
HIDDEN = ("id", "uid", "record_id", "row_id", "operation_id", "contact_id", "company_id", "field_id", "tag_id")


def dump(app: App) -> dict[str, list[str]]:
    """All that was written, in a form that can be compared: without keys, which depend on the order of writing."""
    found = {}
    for table in PLAIN:
        rows = app.store.rows(f"SELECT * FROM {table}")
        found[table] = sorted(
            json.dumps({name: value for name, value in row.items() if name not in HIDDEN}) for row in rows
        )
    for table in ("search_name", "search_text"):  # which words, not how often
        found[table] = sorted(str(sorted(set(json.loads(row)["text"].split()))) for row in found[table])
    found["words"] = [json.dumps(row) for row in app.store.rows("SELECT key, word FROM search_word ORDER BY 1, 2")]
    changes = app.store.rows("SELECT table_name, noun, before, after FROM change")
    found["change"] = sorted(json.dumps({**row, "after": _image(row["after"])}) for row in changes)
    found["tags"] = [str(row) for row in app.store.rows("SELECT name FROM tag ORDER BY 1")]
    sql = "SELECT f.name, v.value, v.number FROM custom_value v JOIN custom_field f ON f.id = v.field_id ORDER BY 1, 2"
    found["custom"] = [str(row) for row in app.store.rows(sql)]
    sql = "SELECT c.name, e.role, e.is_primary FROM employment e JOIN company c ON c.id = e.company_id ORDER BY 1, 2"
    found["employment"] = [str(row) for row in app.store.rows(sql)]
    return found


def _image(text: str) -> Any:
    return {name: value for name, value in sorted(json.loads(text).items()) if name not in HIDDEN}


class _Undone(Exception):
    pass


def written(app: App, people: list[dict[str, Any]], *, together: bool) -> dict[str, list[str]]:
    """What is in the database after these are written, together or one by one; afterwards it is empty again."""
    preparer = Preparer(app.clock, app.country)
    chunk = [preparer.one("contact", values, place) for place, values in enumerate(people)]
    try:
        with app.writing() as gate:
            new = NewRows(app, gate, Bulk(gate), "contact")
            if together:
                assert all(outcome.kind == "created" for outcome in new.write(chunk))
            else:
                for one in (ready.prepared() for ready in chunk):
                    app.contacts.add(one.name, {**one.values, **new.left_over(one)})
            gate.refresh()
            found = dump(app)
            raise _Undone
    except _Undone:
        return found


@settings(max_examples=40)
@given(people=st.lists(CONTACTS, min_size=1, max_size=4))
def test_together_is_as_one_by_one(app: App, people: list[dict[str, Any]]) -> None:
    externals: set[str] = set()
    for values in people:  # a foreign key belongs to one record
        values["external"] = [key for key in values.get("external", ()) if key not in externals]
        externals.update(values["external"])
    one_by_one = written(app, people, together=False)
    together = written(app, people, together=True)
    for table, rows in one_by_one.items():
        assert together[table] == rows, table


def test_a_typed_field_that_refuses_a_value_keeps_it_as_text(app: App) -> None:
    app.fields.add("size", "number")
    chunk = [Preparer(app.clock, None).one("contact", {"name": "Ada", "set": [{"size": "large"}]}, 1)]
    with app.writing() as gate:
        NewRows(app, gate, Bulk(gate), "contact").write(chunk)
    assert app.contacts.find("Ada")["custom"] == {"size_text": "large"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Shoe size", "shoe_size"),
        ("1st visit", "field_1st_visit"),
        ("E-mail (old)", "e_mail_old"),
        ("email", "email"),
        ("job_title", "job_title_text"),
        ("???", "field"),
        ("Größe", "größe"),
        ("x" * 80, "x" * 60),
    ],
)
def test_a_column_becomes_the_name_of_a_field(text: str, name: str) -> None:
    assert field_name(text) == name


def test_a_large_load_leaves_the_database_as_it_found_it(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crmcli.store.bulk.PROOF", 1)
    with app.writing() as gate:
        bulk = Bulk(gate)
        landing = PartyLanding(app, gate, bulk, "contact", Options())
        preparer = Preparer(app.clock, None)
        for number in range(4):
            bulk.expect(100_000, matching=True)
            person = {"name": f"Person {number}", "email": [f"p{number}@engines.example"], "notes": "likes apples"}
            landing.land([preparer.one("contact", person, number)])
        landing.land(
            [preparer.one("contact", {"name": "Person 1", "email": ["p1@engines.example"], "notes": "pears"}, 9)]
        )
        bulk.finish()
    assert app.store.rows("SELECT 1 AS one FROM contact WHERE notes = 'pears'") == [{"one": 1}]
    assert [item["id"] for item in app.find.page("pears").items] == ["c2"]
    assert [item["id"] for item in app.find.page("p3@engines.example").items] == ["c4"]
    assert len(app.find.page("apples").items) == 3
    if app.store.dialect == "sqlite":
        made = {row["sql"] for row in app.store.rows("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
        assert any("ix_contact_page" in sql for sql in made)
        assert not any("when old.id" in sql for sql in made)
        assert app.store.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
        for table in ("search_name", "search_text"):
            app.store.rows(f"SELECT count(*) AS n FROM {table}_fts WHERE {table}_fts MATCH 'person'")
