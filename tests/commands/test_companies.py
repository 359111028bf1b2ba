"""`crm company`."""


def test_add_and_show(crm):
    added = crm.ok(
        "company", "add", "Analytical Engines", "--domain", "engines.example", "--industry", "Computing",
        "--employee-count", "1,200", "--address", "street=Dorset Street 1; city=London; country=GB",
    )  # fmt: skip
    assert added == "co1\n"
    item = crm.json("company", "show", "analytical engines")["item"]
    assert (item["name"], item["domains"], item["industry"]) == ("Analytical Engines", ["engines.example"], "Computing")
    assert (item["employee_count"], item["addresses"][0]["country_code"]) == (1200, "GB")


def test_json_contract(crm):
    crm.ok("company", "add", "Engines")
    document = crm.json("company", "show", "co1")
    assert document["schema"] == "crm.company/1"
    assert list(document["item"]) == [
        "id", "uid", "name", "legal_name", "industry", "employee_count", "domains", "emails", "phones", "addresses",
        "urls", "tags", "lifecycle_stage", "owner", "parent", "preferred_language", "timezone", "currency",
        "do_not_contact", "preferences", "custom", "external_ids", "notes", "last_inbound_at", "last_outbound_at",
        "created_at", "updated_at", "deleted_at",
    ]  # fmt: skip


def test_a_mail_address_links_to_the_company_of_its_domain(crm):
    crm.ok("company", "add", "Engines", "--domain", "engines.example")
    crm.ok("contact", "add", "Ada", "--email", "ada@engines.example")
    crm.ok("contact", "add", "Eve", "--email", "eve@notengines.example")
    assert [item["companies"] and item["companies"][0]["id"] for item in crm.json("contact", "list")["items"]] == [
        "co1",
        [],
    ]


def test_a_domain_added_later_takes_people_in(crm):
    crm.ok("contact", "add", "Ada", "--email", "ada@engines.example")
    crm.ok("contact", "add", "Eve", "--email", "eve@notengines.example")
    result = crm("company", "add", "Engines", "--domain", "https://www.engines.example/")
    assert "by their mail addresses: c1" in result.err
    assert crm.ok("contact", "list", "company:engines", "-o", "ids") == "c1\n"


def test_a_company_that_was_only_mentioned_is_completed(crm):
    crm.ok("contact", "add", "Ada", "--company", "Analytical Engines")
    assert crm.ok("company", "add", "Analytical  engines", "--industry", "Computing") == "co1\n"
    assert [item["industry"] for item in crm.json("company", "list")["items"]] == ["Computing"]


def test_a_second_company_of_the_same_name_is_told(crm):
    crm.ok("company", "add", "Engines", "--industry", "Computing")
    result = crm("company", "add", "Engines")
    assert (result.code, result.out) == (0, "co2\n")
    assert "another company of this name: co1" in result.err


def test_a_contact_belongs_to_several_companies(crm):
    crm.ok("contact", "add", "Ada", "--company", "One", "--company", "Two")
    crm.ok("contact", "edit", "c1", "--company", "Two", "--role", "adviser")
    companies = crm.json("contact", "show", "c1")["item"]["companies"]
    assert [(one["name"], one["role"], one["is_primary"]) for one in companies] == [
        ("One", None, True),
        ("Two", "adviser", False),
    ]
    crm.ok("contact", "edit", "c1", "--remove-company", "One")
    companies = crm.json("contact", "show", "c1")["item"]["companies"]
    assert [(one["name"], one["is_primary"]) for one in companies] == [("Two", True)]


def test_a_parent_company(crm):
    crm.ok("company", "add", "Holding")
    crm.ok("company", "add", "Works", "--parent", "Holding")
    assert crm.json("company", "show", "works")["item"]["parent"] == {"id": "co1", "name": "Holding"}
    assert crm.ok("company", "list", "parent:co1", "-o", "ids") == "co2\n"


def test_a_bad_domain_is_refused(crm):
    assert crm("company", "add", "Engines", "--domain", "no domain").code == 2
    assert crm.json("company", "list")["items"] == []


def test_list_rm_restore_tag(crm):
    crm.ok("company", "add", "Beta")
    crm.ok("company", "add", "alpha")
    assert crm.ok("company", "list", "-o", "ids") == "co2\nco1\n"
    crm.ok("company", "tag", "beta", "vip")
    assert crm.ok("company", "list", "tag:vip", "-o", "ids") == "co1\n"
    crm.ok("company", "rm", "co1")
    assert crm.ok("company", "list", "-o", "ids") == "co2\n"
    crm.ok("company", "restore", "co1")
    assert crm.json("company", "show", "co1")["item"]["tags"] == ["vip"]
