"""What hangs on a record: each value is known in every spelling, and written once."""

from typing import Any

import pytest

from crmcli.app import App
from crmcli.kernel.errors import UsageError


@pytest.fixture
def ada(app: App) -> str:
    given = {
        "email": ["work=ada@x.example", "b@x.example"],
        "phone": ["+44 20 7946 0958"],
        "address": ["Fore Street 1"],
    }
    return str(app.contacts.add("Ada", given)["id"])


def edit(app: App, who: str, **given: Any) -> dict[str, Any]:
    return app.contacts.edit(who, given)[0]


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("emails", {"remove_email": ["b@x.example", "B@x.example"]}),
        ("phones", {"remove_phone": ["+44 20 7946 0958", "+442079460958", "0044 20 79460958"]}),
        ("addresses", {"remove_address": ["fore", "street"]}),
    ],
)
def test_a_value_that_is_removed_in_several_spellings_is_removed_once(
    app: App, ada: str, key: str, given: dict[str, Any]
) -> None:
    app.phones.country = "GB"
    before = app.contacts.find(ada)[key]
    assert len(edit(app, ada, **given)[key]) == len(before) - 1


def test_a_value_that_is_added_and_removed_in_another_spelling_is_respelled(app: App, ada: str) -> None:
    record = edit(app, ada, email=["ADA@x.example"], remove_email=["ada@x.example"])
    assert [(row["value"], row["label"], row["is_primary"]) for row in record["emails"]] == [
        ("ADA@x.example", "work", True),
        ("b@x.example", None, False),
    ]
    record = edit(app, ada, phone=["+44 (0)20 79460958"], remove_phone=["+44 20 7946 0958"])
    assert [row["raw"] for row in record["phones"]] == ["+44 (0)20 79460958"]


def test_what_is_not_there_cannot_be_removed(app: App, ada: str) -> None:
    for given in ({"remove_email": ["c@x.example"]}, {"remove_phone": ["x"]}, {"remove_url": ["https://x.example"]}):
        with pytest.raises(UsageError, match="Ada has no (email|phone|url)"):
            edit(app, ada, **given)
    with pytest.raises(UsageError) as caught:
        edit(app, ada, remove_email=["c@x.example"])
    assert caught.value.hint == "there is: ada@x.example, b@x.example"


def test_none_empties_a_detail_and_what_is_not_given_stays(app: App, ada: str) -> None:
    record = edit(app, ada, email=[{"value": "ada@x.example", "opted_out": True}])
    assert (record["emails"][0]["label"], record["emails"][0]["opted_out"]) == ("work", True)
    record = edit(app, ada, email=[{"value": "ada@x.example", "label": None, "opted_out": None}])
    assert (record["emails"][0]["label"], record["emails"][0]["opted_out"]) == (None, False)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"email": [{"value": "z@x.example", "contact_id": 9}]}, "an entry of email has no 'contact_id'"),
        ({"email": [{"value": "z@x.example", "lable": "x"}]}, "an entry of email has no 'lable'"),
        ({"email": [{"label": "work"}]}, "the email is empty"),
        ({"email": [{"value": "z@x.example", "opted_out": "perhaps"}]}, "neither yes nor no"),
        ({"url": [""]}, "the url is empty"),
        ({"address": ["city="]}, "the address is empty"),
    ],
)
def test_an_entry_is_checked(app: App, ada: str, given: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        edit(app, ada, **given)
    assert said in caught.value.message


def test_a_row_is_updated_when_its_number_is_understood_at_last(app: App) -> None:
    bob = str(app.contacts.add("Bob", {"phone": ["020 7946 0958"]})["id"])
    app.phones.country = "GB"
    record = edit(app, bob, phone=["020 7946 0958"])
    assert [(row["raw"], row["e164"]) for row in record["phones"]] == [("020 7946 0958", "+442079460958")]


def test_an_external_id_is_told_with_its_owner(app: App, ada: str) -> None:
    edit(app, ada, external=["shop:1815"])
    company = app.companies.add("Engines", {})["id"]
    with pytest.raises(UsageError) as caught:
        app.companies.edit(company, {"external": ["Shop:1815"]})
    assert (caught.value.message, caught.value.hint) == ("shop:1815 belongs to Ada (c1)", "see: crm show c1")
    app.contacts.remove([ada])
    with pytest.raises(UsageError) as caught:
        app.contacts.add("Ada", {"external": ["shop:1815"]})
    assert caught.value.message == "shop:1815 belongs to Ada (c1), which is deleted"
    assert caught.value.hint == "bring it back with: crm contact restore c1"
