"""JSON of ours and of others: recognised, read record by record, refused one by one."""

import json
import os
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.app import App
from crmcli.importers import archive, jsonfile
from crmcli.importers.base import CERTAIN, LIKELY, NO, POSSIBLE, Columns, Draft, Item, Refused
from crmcli.importers.jsonkeys import flat, targets
from crmcli.importers.source import Source
from crmcli.kernel.errors import UsageError
from tests.everything import fill
from tests.importers.tables import best, source

FILES = int(os.environ.get("CRM_FUZZ", "1000"))
FORMATS = (*jsonfile.FORMATS, *archive.FORMATS)


def read(content: str | bytes, format: Any = jsonfile.ANY) -> list[Item]:
    return list(format.read(source(content)))


def told(items: list[Item]) -> list[tuple[int, Any]]:
    """Place and values, or place and reason."""
    return [(item.place, item.values if isinstance(item, Draft) else item.reason) for item in items]


def names(content: str) -> list[Any]:
    return [value if isinstance(value, str) else value["name"] for _, value in told(read(content))]


# --- where records are


@pytest.mark.parametrize(
    "content",
    [
        '{"name": "Ada"}\n{"name": "Bob"}\n',
        '\ufeff{"name": "Ada"}\r\n\r\n{"name": "Bob"}',
        '[{"name": "Ada"}, {"name": "Bob"}]',
        ' [\n  {\n    "name": "Ada"\n  },\n  {\n    "name": "Bob"\n  }\n]\n',
        '{\n "name": "Ada"\n}\n{\n "name": "Bob"\n}\n',
        '{"results": [{"name": "Ada"}, {"name": "Bob"}], "paging": {"next": null}}',
        '{"contacts": [{"name": "Ada"},\n {"name": "Bob"}]}',
        '{"schema": "crm.contact.list/1", "items": [\n{"name": "Ada"},\n{"name": "Bob"}\n]}\n',
        '{"schema":"crm.contact.list/1","items":[{"name":"Ada"},{"name":"Bob"}]}',
    ],
)
def test_a_list_in_any_form(content: str) -> None:
    assert names(content) == ["Ada", "Bob"]
    assert names(content.encode("utf-16").decode("utf-16")) == ["Ada", "Bob"]
    assert [item.place for item in read(content)] in ([1, 2], [1, 3])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"name": "Ada"}\n{"name": \n{"name": "Bob"}\n', ["Ada", "not JSON", "Bob"]),
        ('[{"name": "Ada"}, 5, "x", {"name": "Bob"}]', ["Ada", "no object", "Bob"]),
        ('[{"name": "Ada"}, {"name" "Eve"}, {"name": "Bob"}]', ["Ada", "not JSON", "Bob"]),
        ('[{"name": "Ada"}, {"name": "Bo', ["Ada", "ends within"]),
        ('[{"name": "Ada"},', ["Ada", "something may be missing"]),
        ('{"name": "Ada"}\n{"name": NaN}\n{"name": "a", "name": "b"}\n', ["Ada", "NaN", "twice"]),
        ('{"name": "\\ud800"}\n{"name": "\\u0000"}\n{"n\\u0000": "x"}', ["surrogate", "NUL", "NUL"]),
        ('{"name": "Ada"}\n{}\n{"id": 5}\n', ["Ada", "empty", "empty"]),
        ("[" * 5000, ["ends within"]),
        ('{"name": "Ada"}\n[[1]]\nnull\n', ["Ada", "no object", "no object"]),
        ('[{"name": "Ada"}]]]}}', ["Ada"]),
        (json.dumps([{"name": "Ada", "x": "]},{"}, {"name": '"\\'}]), ["Ada", '"\\']),
    ],
)
def test_what_is_broken_costs_no_other_record(content: str, expected: list[str]) -> None:
    found = names(content)
    assert len(found) == len(expected)
    assert all(said in name for said, name in zip(expected, found, strict=True)), found


def test_a_file_without_any_record_is_none() -> None:
    with pytest.raises(UsageError, match="none of the first 10,000"):
        read("[" + "[],{}," * 100_000 + "0]")
    assert read("[]") == []
    assert told(read("[1, 2]")) == [(1, "the record is no object")]


@pytest.mark.parametrize(
    "content",
    [
        "[" + "[]," * 3_400_000 + "0]",
        "[" + "{}," * 3_300_000 + "0]",
        "{}\n" * 3_300_000,
        '[{"name": "' + "x" * 10_000_000,
        '[{"name": "' + '\\"' * 5_000_000 + '"}]',
        "[" + "1," * 5_000_000,
        "[" + "}" * 10_000_000,
        '{"a":' * 2_000_000,
        '{"name": [' + "{}," * 3_000_000 + "0]}",
        '"' * 10_000_000,
    ],
    ids=lambda content: content[:8],
)
def test_ten_megabytes_of_nothing_are_soon_refused(content: str) -> None:
    try:
        items = read(content)
    except UsageError:
        return
    assert len(items) <= 2
    assert all(isinstance(item, Refused) or item.values for item in items)


def test_what_is_too_long_is_refused_without_being_held(monkeypatch: pytest.MonkeyPatch) -> None:
    from crmcli.kernel import jsonlines

    monkeypatch.setattr(jsonlines, "LONGEST_LINE", 1000)
    long = json.dumps({"name": "x" * 1_000_000})
    assert names(f'{{"name": "Ada"}}\n{long}\n{{"name": "Bob"}}') == ["Ada", "the record is too long", "Bob"]
    assert "nothing behind it was read" in names(f'[{{"name": "Ada"}}, {long}, {{"name": "Bob"}}]')[1]


# --- what the keys mean


def test_objects_of_others() -> None:
    (draft,) = read(
        json.dumps(
            {
                "firstName": "Ada",
                "lastName": "Lovelace",
                "emails": [
                    {"value": "ada@engines.example", "type": "work"},
                    {"value": "a@home.example", "type": "home", "primary": True},
                ],
                "phoneNumbers": ["+44 20 7946 0958", "0700"],
                "company": {"name": "Engines", "domain": "engines.example"},
                "address": {"street": "1 Main St", "city": "London", "zip": "SW1", "country": "GB"},
                "tags": ["vip", "press"],
                "jobTitle": "Engineer",
                "shoeSize": 38,
                "vegan": True,
                "none": None,
                "deep": {"a": {"b": [1, {"c": 2}]}},
            }
        )
    )
    assert isinstance(draft, Draft)
    assert draft.noun == "contact"
    assert draft.values == {
        "given_name": "Ada",
        "family_name": "Lovelace",
        "email": [
            {"value": "ada@engines.example", "label": "work"},
            {"value": "a@home.example", "label": "home", "is_primary": "yes"},
        ],
        "phone": [{"raw": "+44 20 7946 0958"}, {"raw": "0700"}],
        "company": [{"name": "Engines", "domain": "engines.example"}],
        "address": [{"street_address": "1 Main St", "locality": "London", "postal_code": "SW1", "country_code": "GB"}],
        "tag": ["vip", "press"],
        "job_title": "Engineer",
        "set": [{"shoesize": "38"}, {"vegan": "yes"}, {"deep_a_b_value": "1"}, {"deep_a_b_2_c": "2"}],
    }


def test_companies_of_others() -> None:
    (draft,) = read('{"name": "Engines", "domain": "engines.example", "industry": "Computing", "employees": 12}')
    assert isinstance(draft, Draft)
    assert (draft.noun, draft.values["employee_count"]) == ("company", "12")


def test_the_fields_of_hubspot_and_salesforce_stand_deeper() -> None:
    (draft,) = read('{"results": [{"id": "5", "properties": {"firstname": "Ada", "email": "ada@engines.example"}}]}')
    assert isinstance(draft, Draft)
    assert draft.values == {"given_name": "Ada", "email": [{"value": "ada@engines.example"}]}


def test_keys_can_be_mapped() -> None:
    file = source('{"Nom": "Ada", "x": "ada@engines.example"}\n{"Nom": "Bob", "late": "kept"}\n')
    columns = jsonfile.ANY.columns
    assert columns is not None and jsonfile.ANY.with_columns is not None
    assert columns(file) == Columns(("Nom", "x", "late"), ("name", "set.x", "set.late"))
    mapped = jsonfile.ANY.with_columns(Columns(("Nom", "x"), ("name", "email.work")))
    assert [item.values for item in mapped.read(file) if isinstance(item, Draft)] == [
        {"name": "Ada", "email": [{"value": "ada@engines.example", "label": "work"}]},
        {"name": "Bob", "set": [{"late": "kept"}]},
    ]


def test_an_object_with_too_many_values_is_refused() -> None:
    items = read(json.dumps({"name": "Ada"}) + "\n" + json.dumps({f"k{n}": n for n in range(2000)}))
    assert "more than 500 values" in told(items)[1][1]


objects = st.dictionaries(
    st.text(max_size=8),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=8,
    ),
    max_size=5,
)


@given(objects)
def test_any_object_is_flattened_and_mapped(record: dict[str, Any]) -> None:
    found = flat(record)
    assert all(isinstance(text, str) for text in found.values())
    assert len(targets(found)) == len(found)


# --- recognising


@pytest.mark.parametrize(
    ("content", "name", "mark"),
    [
        ('{"schema": "crm.contact.list/1", "items": [\n]}\n', "crm-json", CERTAIN),
        ('{"schema": "crm.contact.list/1", "items": [\n{"id":"c1"}\n]}\n', "crm-json", CERTAIN),
        ('{"schema": "crm.contact/1", "item": {"id": "c1", "display_name": "Ada"}}', "crm-json", CERTAIN),
        ('{"uid":"x","display_name":"Ada"}\n', "crm-json", CERTAIN),
        ('{"subject": "Call", "due_at": "2026-01-01T00:00:00Z", "status": "open"}', "crm-json", CERTAIN),
        ('{"schema":"crm.archive/1","version":"0002"}\n', "archive", CERTAIN + 5),
        ('[{"first_name": "Ada", "email": "a@x.example"}]', "json", LIKELY),
        ('{"colour": "red", "size": 5}', "json", POSSIBLE),
        ("[]", "", NO),
        ("name,email\nAda,a@x.example\n", "", NO),
        ("BEGIN:VCARD", "", NO),
        ("", "", NO),
        ("\0\0\0", "", NO),
    ],
)
def test_what_a_file_is(content: str, name: str, mark: int) -> None:
    assert best(FORMATS, source(content)) == (name, mark)


# --- our own


def test_our_own_exports_lose_nothing(app_sqlite: App) -> None:
    """What is exported says as a draft what it said as a record."""
    fill(app_sqlite)
    for what, count in (("contacts", 2), ("companies", 2), ("interactions", 4), ("followups", 4)):
        for form in ("json", "jsonl"):
            content = "".join(app_sqlite.exports.write(what, format=form))
            assert best(FORMATS, source(content)) == ("crm-json", CERTAIN)
            items = read(content, jsonfile.OWN)
            assert len(items) == count and all(isinstance(item, Draft) for item in items)
    ada = read("".join(app_sqlite.exports.write("contacts", format="jsonl")), jsonfile.OWN)[0]
    assert isinstance(ada, Draft)
    record = app_sqlite.contacts.get(1)
    assert ada.values["name"] == record["display_name"]
    assert ada.values["uid"] == record["uid"]
    assert [entry["value"] for entry in ada.values["email"]] == [entry["value"] for entry in record["emails"]]
    assert ada.values["company"][0] | {"uid": ""} == {
        "uid": "", "name": "Analytical Engines", "role": "Engineer", "started_on": "1842-01-01", "is_primary": True,
    }  # fmt: skip
    assert ada.values["consent"][0]["state"] == "granted"
    assert ada.values["do_not_contact"] == "yes"
    assert ada.values["extra"] and ada.values["set"] and ada.values["prefer"] and ada.values["external"]


def test_lists_are_read_as_exports_are() -> None:
    items = read(
        '{"schema": "crm.contact.list/1", "items": [\n'
        '{"id": "c1", "display_name": "Ada", "email": "a@x.example", "company": "Engines"}\n]}',
        jsonfile.OWN,
    )
    assert told(items) == [(1, {"name": "Ada", "email": [{"value": "a@x.example"}], "company": [{"name": "Engines"}]})]


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"emails": "a@x.example"}, "emails is no list of objects"),
        ({"emails": ["a@x.example"]}, "emails is no list of objects"),
        ({"emails": [{"value": ["x"]}]}, "value is a list or object"),
        ({"tags": "vip"}, "tags is no list"),
        ({"custom": [1]}, "custom is no object"),
        ({"custom": {"a": {}}}, "a is a list or object"),
        ({"notes": {"a": 1}}, "notes is a list or object"),
        ({"consents": [{"state": "granted"}]}, "a consent needs purpose and state"),
    ],
)
def test_values_of_another_kind_are_refused(record: dict[str, Any], said: str) -> None:
    (item,) = read(json.dumps({"uid": "x", "display_name": "Ada", **record}), jsonfile.OWN)
    assert isinstance(item, Refused)
    assert said in item.reason


def test_keys_of_ones_own_become_custom_fields() -> None:
    (item,) = read('{"uid": "x", "display_name": "Ada", "shoe": 38}', jsonfile.OWN)
    assert isinstance(item, Draft)
    assert item.values["set"] == [{"shoe": "38"}]


def test_records_that_are_not_imported_say_so(app_sqlite: App) -> None:
    app_sqlite.users.add("bob", {})
    items = read("".join(app_sqlite.exports.write("users", format="json")), jsonfile.OWN)
    assert all("user that is not imported" in item.reason for item in items if isinstance(item, Refused))
    assert len(items) == 2


# --- rejects


def test_rejects_are_json_lines_that_can_be_mended() -> None:
    content = '{"name": "Ada"}\n{"name": NaN}\n[1]\n{"name": "Bob"}\n'
    refused = [item._replace(reason="why") if isinstance(item, Refused) else item for item in read(content)]
    bad = [Refused(item.place, item.raw, getattr(item, "reason", "because")) for item in refused[1:]]
    text = b"".join(jsonfile.rejects(source(content), bad)).decode()
    assert [json.loads(line) for line in text.splitlines()] == [
        {"_text": '{"name": NaN}', "_place": 2, "_reason": "why"},
        {"_text": "[1]", "_place": 3, "_reason": "why"},
        {"name": "Bob", "_place": 4, "_reason": "because"},
    ]
    again = read(text.replace("NaN", '\\"Eve\\"'))
    assert [item.values for item in again if isinstance(item, Draft)] == [{"name": "Eve"}, {"name": "Bob"}]
    assert [item.raw for item in again if isinstance(item, Refused)] == ["[1]"]


# --- odd files


PIECES = [
    "{", "}", "[", "]", ",", ":", '"', "\\", "\n", " ", "null", "true", "NaN", "1e999", "-", "5", '"name"', '"emails"',
    '"uid"', '"display_name"', '"Ada"', "\ufeff", "\0", "\ud800", '"\\ud800"', '"\\u0000"', '{"name":"Ada"}', '{"a":',
    '{"schema":"crm.contact.list/1","items":[', '{"items":[', '"company"', '"tags"', '{"uid":"x","display_name":"A"}',
    '{"direction":"inbound","channel":"call","occurred_at":"x","participants":[{}]}', "é", "🂡", '"_text"', '"_place"',
    '{"subject":"s","due_at":"x","status":"open","contact":5}',
]  # fmt: skip


def test_odd_files_never_raise_and_lose_nothing() -> None:
    chance = random.Random(1)
    for _ in range(FILES):
        content = "".join(chance.choices(PIECES, k=chance.randint(0, 40)))
        file = source(content.encode("utf-8", "surrogatepass"))
        for format in FORMATS:
            assert 0 <= format.match(file) <= 100
            try:
                items = list(format.read(file))
            except UsageError:
                continue
            assert all(isinstance(item, Draft | Refused) for item in items)
            json.dumps([item.values for item in items if isinstance(item, Draft)])
            refused = [item for item in items if isinstance(item, Refused)]
            assert len(b"".join(format.rejects(file, refused)).splitlines()) == len(refused)


def test_the_naughty_strings_come_through() -> None:
    from tests.importers.tables import SAMPLES

    path = SAMPLES / "naughty-strings" / "blns.json"
    if not path.exists():
        pytest.skip(f"{path} is not there: the naughty strings were not tried")
    strings = json.loads(path.read_text("utf-8"))
    content = "\n".join(json.dumps({"name": f"x{text}x", "notes": text}) for text in strings)
    found = [item for item in read(content) if isinstance(item, Draft)]
    assert [item.values["name"] for item in found] == [f"x{text}x".strip() for text in strings]


def test_a_folder_is_no_json(tmp_path: Any) -> None:
    assert best(FORMATS, Source("folder", tmp_path)) == ("", NO)


def test_a_broken_first_line_costs_itself_alone() -> None:
    content = (
        '{bad\n{"name": "Ada", "email": "ada@engines.example"}\n{"name": "Grace", "email": "grace@navy.example"}\n'
    )
    assert best(FORMATS, source(content))[0] == "json"
    first, *others = read(content)
    assert isinstance(first, Refused)
    assert [item.values["name"] for item in others if isinstance(item, Draft)] == ["Ada", "Grace"]
