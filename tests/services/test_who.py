"""Who is meant: what names somebody, and what must not."""

import pytest

JOHN = ("contact", "add", "John Smith", "--email", "js@acme.example", "--phone", "+43 660 1234567")


@pytest.mark.parametrize(
    "text",
    [
        "c1", "C1", "john smith", "JOHN  SMITH", "smith", "joh smi", "js@acme.example", "JS@ACME.EXAMPLE",
        "+43 660 1234567", "+43-660-1234567", "0043 660 1234567", "0660 1234567", "06601234567",
    ],
)  # fmt: skip
def test_what_names_somebody(crm, text):
    crm.ok(*JOHN)
    assert crm.json("contact", "show", text)["item"]["id"] == "c1"


@pytest.mark.parametrize(
    "text",
    [
        "john@acme.example", "smith@acme.example", "john.smith@acme.example", "+43 660 123", "+43660123456",
        "0660 123456", "c3", "c77", "jones", "hubspot:1",
    ],
)  # fmt: skip
def test_what_names_nobody(crm, text):
    crm.ok(*JOHN)
    crm.ok("contact", "add", "c77 Johnson")
    result = crm("log", "in", text, "hello")
    assert result.code == 3
    assert crm.json("interaction", "list")["items"] == []


def test_an_address_that_was_taken_off_names_nobody(crm):
    crm.ok(*JOHN)
    crm.ok("contact", "edit", "c1", "--remove-email", "js@acme.example")
    assert crm("log", "in", "js@acme.example", "hello").code == 3


def test_a_foreign_key_names_a_record(crm):
    crm.ok(*JOHN, "--external", "hubspot:1234")
    assert crm.json("contact", "show", "HubSpot:1234")["item"]["id"] == "c1"


def test_a_deleted_record_is_said_to_be_deleted(crm):
    crm.ok(*JOHN)
    crm.ok("contact", "rm", "c1")
    assert "crm contact restore c1" in crm("log", "in", "c1", "hello").err


@pytest.mark.parametrize(
    "flag", ["--tag", "--owner", "--company", "--external", "--email", "--phone", "--set", "--notes"]
)
def test_bytes_that_are_no_text_are_refused(crm, flag):
    result = crm("contact", "add", "Ada", flag, "a:b=\udcff")
    assert result.code in (2, 3), result.err
    assert crm.json("contact", "list")["items"] == []


@pytest.mark.parametrize("verb", ["show", "rm", "restore"])
def test_a_name_that_is_no_text_is_refused(crm, verb):
    assert crm("contact", verb, "\udcff").code in (2, 3)
