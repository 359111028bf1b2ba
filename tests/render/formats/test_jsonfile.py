"""JSON: the contract that scripts and agents rely on."""

import json

from crmcli.kernel.page import Page


def test_a_list_names_its_schema(shown, people, view) -> None:
    document = json.loads(shown(people, format="json"))
    assert list(document) == ["schema", "items"]
    assert document["schema"] == "crm.person.list/1"
    assert [list(item) for item in document["items"]] == [list(view.json)] * 4
    assert document["items"][1]["display_name"] == people[1]["display_name"]
    assert document["items"][0]["emails"] == [{"value": "ada@engines.example", "label": "work", "is_primary": True}]


def test_a_record_names_its_schema(make_out, view, people) -> None:
    out = make_out(format="json")
    out.show_record(view, people[0])
    document = json.loads(out.data)
    assert (document["schema"], document["item"]["custom"]) == ("crm.person/1", {"source": "fair"})


def test_it_is_printable_ascii(shown, people) -> None:
    text = shown(people, format="json")
    assert text.isascii() and text.replace("\n", "").isprintable()


def test_a_list_that_is_cut_off_says_so_beside_the_data(make_out, view, people) -> None:
    out = make_out(format="json")
    out.show_list(view, Page(people[:1], more=True))
    assert list(json.loads(out.data)) == ["schema", "items"]
    assert out.said == "1 shown; --limit N shows more\n"


def test_fields_are_columns_or_keys_of_the_contract(shown, people) -> None:
    first = json.loads(shown(people, format="json", fields="email,id,emails"))["items"][0]
    assert list(first) == ["email", "id", "emails"]
    assert (first["email"], first["emails"][0]["value"]) == ("ada@engines.example", "ada@engines.example")


def test_further_lists_stand_beside_the_items(make_out, view, people) -> None:
    for beside in ({"owed": []}, {"owed": [{"id": "c1"}, {"id": "é"}], "waiting": [{"id": "c2"}]}):
        out = make_out(format="json", fields="id")
        out.show_list(view, Page(people[:1], beside=beside))
        assert json.loads(out.data) == {"schema": "crm.person.list/1", "items": [{"id": "c1"}], **beside}
