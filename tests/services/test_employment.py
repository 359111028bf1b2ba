"""Who works where, however the company is named."""

import pytest


def companies(crm, who="c1"):
    return [one["name"] for one in crm.json("contact", "show", who)["item"]["companies"]]


def test_a_part_of_a_name_never_links(crm):
    crm.ok("company", "add", "Acme Inc. Holdings", "--industry", "Tools")
    crm.ok("company", "add", "Müller & Co. KG", "--industry", "Tools")
    crm.ok("contact", "add", "Ada", "--company", "Acme Inc.", "--company", "Co.")
    assert companies(crm) == ["Acme Inc.", "Co."]


@pytest.mark.parametrize("named", ["co1", "CO1", "acme inc. holdings", "acme.example", "erp:77"])
def test_a_company_is_named_by_id_name_domain_or_foreign_key(crm, named):
    crm.ok("company", "add", "Acme Inc. Holdings", "--domain", "acme.example", "--external", "erp:77")
    crm.ok("contact", "add", "Ada", "--company", named)
    assert companies(crm) == ["Acme Inc. Holdings"]
    assert len(crm.json("company", "list")["items"]) == 1


def test_an_id_that_no_company_has_is_not_a_name(crm):
    result = crm("contact", "add", "Ada", "--company", "co99")
    assert result.code == 3
    assert crm.json("company", "list")["items"] == []


def test_a_role_in_the_company_of_the_mail_domain(crm):
    crm.ok("company", "add", "Engines", "--domain", "engines.example")
    crm.ok("contact", "add", "Ada", "--email", "ada@engines.example", "--role", "Engineer")
    assert crm.json("contact", "show", "c1")["item"]["companies"][0]["role"] == "Engineer"


def test_what_was_logged_before_counts_for_the_company_of_a_domain_added_later(crm):
    crm.ok("contact", "add", "Ada", "--email", "ada@engines.example")
    crm.ok("log", "in", "c1", "Hello", "--at", "2026-11-19 09:00")
    crm.ok("company", "add", "Engines", "--domain", "engines.example")
    assert crm.json("company", "show", "co1")["item"]["last_inbound_at"] == "2026-11-19T09:00:00Z"


def test_nobody_speaks_for_a_company_that_is_deleted_or_was_left(crm):
    crm.ok("contact", "add", "Ada", "--company", "Old", "--company", "New")
    crm.ok("company", "rm", "Old")
    crm.ok("log", "in", "c1", "Hello")
    assert crm.json("interaction", "show", "i1")["item"]["company"]["name"] == "New"
    assert crm.ok("contact", "list", "company:old", "-o", "ids") == ""
    crm.ok("contact", "edit", "c1", "--remove-company", "Old")
    assert companies(crm) == ["New"]


def test_a_company_that_somebody_knows_more_of_is_not_completed(crm):
    crm.ok("company", "add", "Acme", "--tag", "partner", "--currency", "EUR")
    result = crm("company", "add", "ACME", "--tag", "other")
    assert result.out == "co2\n"
    assert [one["tags"] for one in crm.json("company", "list", "--sort", "id")["items"]] == [["partner"], ["other"]]


def test_a_company_does_not_belong_to_itself(crm):
    crm.ok("company", "add", "One")
    crm.ok("company", "add", "Two", "--parent", "One")
    for args in (("co1", "--parent", "co1"), ("co1", "--parent", "Two")):
        assert crm("company", "edit", *args).code == 2
    assert crm.json("company", "show", "co1")["item"]["parent"] is None


def test_the_days_of_a_place_in_a_company(crm):
    crm.ok("contact", "add", "Ada", "--company", "Engines", "--role", "Engineer", "--started-on", "2020-01-07")
    crm.ok("contact", "edit", "c1", "--company", "Looms", "--role", "Adviser")
    crm.ok("contact", "edit", "c1", "--ended-on", "2026-03-31")
    found = crm.json("contact", "show", "c1")["item"]["companies"]
    assert [(one["name"], one["role"], one["started_on"], one["ended_on"]) for one in found] == [
        ("Engines", "Engineer", "2020-01-07", "2026-03-31"),
        ("Looms", "Adviser", None, None),
    ]
    crm.ok("log", "in", "c1", "Hello")
    assert crm.json("interaction", "show", "i1")["item"]["company"]["name"] == "Looms"
    crm.ok("contact", "edit", "c1", "--company", "Engines", "--ended-on", "")
    assert crm.json("contact", "show", "c1")["item"]["companies"][0]["ended_on"] is None
    assert crm("contact", "edit", "c1", "--started-on", "2026-02-30").code == 2
