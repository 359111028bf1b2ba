"""`crm contact`: what a person types, and what they and their scripts get to see."""

import pytest

ADA = (
    "contact", "add", "Ada Lovelace", "--email", "ada@engines.example", "--phone", "+44 20 7946 0958",
    "--company", "Analytical Engines", "--job-title", "Engineer", "--tag", "vip", "--language", "en-GB",
    "--timezone", "Europe/London", "--lifecycle-stage", "lead", "--owner", "me", "--set", "source=fair",
)  # fmt: skip


def test_add_in_a_pipe_prints_the_id_and_nothing_else(crm):
    assert crm.ok(*ADA) == "c1\n"


def test_add_on_a_terminal_says_a_sentence(crm):
    assert crm.ok(*ADA, tty=True) == "Added Ada Lovelace (c1)\n"


def test_every_given_value_comes_back(crm):
    crm.ok(*ADA)
    item = crm.json("contact", "show", "c1")["item"]
    assert item["display_name"] == "Ada Lovelace"
    assert item["emails"] == [
        {"value": "ada@engines.example", "label": None, "is_primary": True, "opted_out": False, "invalid": False}
    ]
    assert item["phones"][0]["e164"] == "+442079460958"
    assert item["phones"][0]["raw"] == "+44 20 7946 0958"
    assert [company["name"] for company in item["companies"]] == ["Analytical Engines"]
    assert (item["job_title"], item["preferred_language"], item["timezone"]) == ("Engineer", "en-GB", "Europe/London")
    assert (item["lifecycle_stage"], item["owner"], item["tags"]) == ("lead", "ada", ["vip"])
    assert item["custom"] == {"source": "fair"}
    assert item["created_at"] == item["updated_at"] == "2026-11-20T10:00:00Z"


def test_json_contract(crm):
    crm.ok("contact", "add", "Ada")
    document = crm.json("contact", "show", "c1")
    assert document["schema"] == "crm.contact/1"
    assert list(document["item"]) == [
        "id", "uid", "display_name", "honorific_prefix", "given_name", "additional_name", "family_name",
        "honorific_suffix", "nickname", "phonetic_given_name", "phonetic_family_name", "job_title", "department",
        "birth_date", "emails", "phones", "addresses", "urls", "companies", "tags", "lifecycle_stage", "lead_status",
        "lead_source", "owner", "preferred_language", "timezone", "currency", "do_not_contact", "consents",
        "preferences", "custom", "external_ids", "notes", "last_inbound_at", "last_outbound_at", "created_at",
        "updated_at", "deleted_at",
    ]  # fmt: skip
    assert crm.json("contact", "list")["schema"] == "crm.contact.list/1"


def test_add_can_answer_with_the_record(crm):
    document = crm.json("contact", "add", "Ada")
    assert (document["schema"], document["item"]["id"]) == ("crm.contact/1", "c1")


def test_edit_adds_and_removes(crm):
    crm.ok(*ADA)
    edited = ("contact", "edit", "c1", "--lifecycle-stage", "customer", "--email", "new@engines.example")
    assert crm.ok(*edited, "--remove-email", "ada@engines.example", "--tag", "b", "--untag", "vip") == "c1\n"
    item = crm.json("contact", "show", "c1")["item"]
    assert item["lifecycle_stage"] == "customer"
    assert [(email["value"], email["is_primary"]) for email in item["emails"]] == [("new@engines.example", True)]
    assert item["tags"] == ["b"]


def test_the_same_edit_twice_changes_nothing_the_second_time(crm):
    crm.ok(*ADA)
    edit = ("contact", "edit", "c1", "--tag", "b", "--phone", "020 7946 0958", "--set", "source=fair")
    crm.ok(*edit, env={"CRM_COUNTRY": "GB"})
    before = crm.json("contact", "show", "c1", env={"CRM_NOW": "2026-11-21T10:00:00Z"})
    later = crm.ok(*edit, tty=True, env={"CRM_COUNTRY": "GB", "CRM_NOW": "2026-11-21T10:00:00Z"})
    assert later.startswith("Nothing to change in Ada Lovelace (c1)")
    assert crm.json("contact", "show", "c1") == before


def test_edit_without_flags_needs_a_terminal(crm):
    crm.ok("contact", "add", "Ada")
    result = crm("contact", "edit", "c1")
    assert result.code == 2
    assert "crm contact edit --help" in result.err


def test_an_empty_value_empties_a_field(crm):
    crm.ok(*ADA)
    crm.ok("contact", "edit", "c1", "--job-title", "", "--owner", "", "--set", "source=")
    item = crm.json("contact", "show", "c1")["item"]
    assert (item["job_title"], item["owner"], item["custom"]) == (None, None, {})


def test_the_primary_one_comes_first(crm):
    crm.ok("contact", "add", "Ada", "--email", "a@x.example", "--email", "work=b@x.example")
    crm.ok("contact", "edit", "c1", "--primary-email", "B@x.example")
    emails = crm.json("contact", "show", "c1")["item"]["emails"]
    assert [(email["value"], email["label"], email["is_primary"]) for email in emails] == [
        ("b@x.example", "work", True),
        ("a@x.example", None, False),
    ]


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--email", "nonsense"), "'nonsense' is not an e-mail address"),
        (("--phone", "no"), "'no' is not a phone number"),
        (("--timezone", "Europe/Lundon"), "Europe/London"),
        (("--currency", "EURO"), "EUR"),
        (("--language", "english!"), "language"),
        (("--lifecycle-stage", "costumer"), "did you mean customer"),
        (("--birth-date", "2026-02-30"), "2026-02-30"),
        (("--owner", "bob"), "there is no user 'bob'"),
        (("--set", "novalue"), "KEY=VALUE"),
        (("--external", "hubspot"), "SOURCE:KEY"),
        (("--address", "planet=Mars"), "an address has no 'planet'"),
        (("--consent", "marketing=maybe"), "'maybe' is not a state"),
        (("--lifecycle-stag", "lead"), "--lifecycle-stage"),
    ],
)
def test_a_bad_value_is_refused_and_leaves_nothing_behind(crm, flags, said):
    result = crm("contact", "add", "Ada", "--company", "New Company", *flags)
    assert result.code in (2, 3)
    assert said in result.err
    assert len(result.err.splitlines()) <= 3
    assert crm.json("contact", "list")["items"] == []
    assert crm.json("company", "list")["items"] == []


@pytest.mark.parametrize("name", ["", "   ", "a\0b", "x" * 501, "\udcff"])
def test_a_bad_name_is_refused(crm, name):
    result = crm("contact", "add", name)
    assert result.code == 2
    assert crm.json("contact", "list")["items"] == []


@pytest.mark.parametrize(
    "name", ["[/x]", ":smile:", "\x1b[31mred", "=1+1", "山田 太郎", "a\tb", "‮evil", 'O\'Brien "x" \\']
)
def test_a_hostile_name_is_stored_whole_and_shown_harmlessly(crm, name):
    crm.ok("contact", "add", "--", name)
    assert crm.json("contact", "show", "c1")["item"]["display_name"] == name.strip()
    for output in (
        crm.ok("contact", "list"),
        crm.ok("contact", "list", tty=True),
        crm.ok("contact", "show", "c1", tty=True),
    ):
        assert "\x1b" not in output
        assert "\u202e" not in output
    if name.isprintable():
        assert name in crm.ok("contact", "list", tty=True, width=200)


def test_a_name_that_looks_like_a_flag(crm):
    assert crm.ok("contact", "add", "--", "-rf") == "c1\n"
    assert crm.ok("contact", "show", "--fields", "display_name", "-o", "plain", "--", "-rf") == "Name: -rf\n"


def test_a_megabyte_of_notes(crm):
    notes = "wheel " * 170_000
    crm.ok("contact", "add", "Ada", "--notes", notes)
    assert crm.json("contact", "show", "c1")["item"]["notes"] == notes
    assert crm.ok("contact", "list", "notes~wheel", "-o", "ids") == "c1\n"


def test_a_doubtful_address_is_kept_and_flagged(crm):
    result = crm("contact", "add", "Ada", "--email", "ada@host.test")
    assert result.code == 0
    assert "looks wrong" in result.err
    assert crm.json("contact", "show", "c1")["item"]["emails"][0]["invalid"] is True


def test_a_number_without_a_country_is_kept_as_written(crm):
    result = crm("contact", "add", "Ada", "--phone", "7946 0958")
    assert "kept as written" in result.err
    assert crm.json("contact", "show", "7946-0958")["item"]["phones"] == [
        {"e164": None, "raw": "7946 0958", "label": None, "is_primary": True, "opted_out": False}
    ]


def test_a_number_is_found_in_any_notation(crm):
    crm.ok(*ADA)
    for text in (
        "+442079460958",
        "+44 (20) 7946-0958",
        "0044 20 7946 0958",
        "020 7946 0958",
        "02079460958",
        "2079460958",
    ):
        assert crm.json("contact", "show", text)["item"]["id"] == "c1", text


def test_numbers_are_understood_by_the_country_of_the_address(crm):
    crm.ok("contact", "add", "Karl", "--address", "city=Berlin; country=DE", "--phone", "030 901820")
    assert crm.json("contact", "show", "+49 30 901820")["item"]["phones"][0]["e164"] == "+4930901820"


def test_rm_is_soft_and_restore_brings_back(crm):
    crm.ok(*ADA)
    before = crm.json("contact", "show", "c1")["item"]
    assert crm.ok("contact", "rm", "c1") == "c1\n"
    assert crm("contact", "show", "c1").code == 3
    assert crm.ok("contact", "list", "-o", "ids") == ""
    assert crm.ok("contact", "list", "--deleted", "-o", "ids") == "c1\n"
    crm.ok("contact", "restore", "Ada Lovelace")
    again = crm("contact", "restore", "c1")
    assert (again.code, again.err) == (3, "crm: Ada Lovelace (c1) is not deleted\nthere is nothing to restore\n")
    assert crm.json("contact", "show", "c1")["item"] == before


def test_many_are_deleted_only_after_a_yes(crm):
    for name in ("A One", "B Two", "C Three"):
        crm.ok("contact", "add", name, "--tag", "old")
    refused = crm("contact", "rm", "--where", "tag:old")
    assert (refused.code, "--yes" in refused.err) == (2, True)
    crm.ok("contact", "rm", "--where", "tag:old", "--dry-run")
    assert len(crm.json("contact", "list")["items"]) == 3
    assert crm.ok("contact", "rm", "--where", "tag:old", "--yes")
    assert crm.json("contact", "list")["items"] == []


def test_an_empty_filter_never_changes_anything(crm):
    crm.ok("contact", "add", "Ada")
    assert crm("contact", "rm", "--where", " ", "--yes").code == 2
    assert len(crm.json("contact", "list")["items"]) == 1


def test_tag_and_untag(crm):
    crm.ok("contact", "add", "Ada")
    crm.ok("contact", "add", "Bob")
    crm.ok("contact", "tag", "c1", "vip", "Press")
    crm.ok("contact", "tag", "--where", "name:bob", "VIP")
    assert [item["tags"] for item in crm.json("contact", "list")["items"]] == [["Press", "vip"], ["vip"]]
    crm.ok("contact", "untag", "ada", "vip,press")
    assert [item["tags"] for item in crm.json("contact", "list")["items"]] == [[], ["vip"]]


def test_ids_from_standard_input(crm):
    crm.ok("contact", "add", "Ada")
    crm.ok("contact", "add", "Bob")
    crm.ok("contact", "rm", "-", "--yes", stdin=crm.ok("contact", "list", "-o", "ids"))
    assert crm.json("contact", "list")["items"] == []


def test_list_filters_sorts_and_limits(crm):
    for name, stage in (("Zoë Adams", "lead"), ("Ångström", "customer"), ("bob", "lead")):
        crm.ok("contact", "add", name, "--lifecycle-stage", stage)
    names = [item["display_name"] for item in crm.json("contact", "list")["items"]]
    assert names == ["Ångström", "bob", "Zoë Adams"]
    assert crm.ok("contact", "list", "stage:lead", "--sort", "-name", "-o", "ids") == "c1\nc3\n"
    assert crm.ok("contact", "list", "--limit", "1", "--sort", "id", "-o", "ids") == "c1\n"
    assert crm.ok("contact", "list", "zoe", "-o", "ids") == "c1\n"


def test_a_bad_filter_names_the_position_and_the_nearest_field(crm):
    result = crm("contact", "list", "tag:vip lifcycle_stage:lead")
    assert result.code == 2
    assert "position 9" in result.err
    assert "lifecycle_stage" in result.err


def test_a_custom_field_can_be_asked_for(crm):
    crm.ok("field", "add", "size", "--type", "number")
    crm.ok("contact", "add", "Ada", "--set", "size=9", "--set", "shoe=red")
    crm.ok("contact", "add", "Bob", "--set", "size=10")
    assert crm.ok("contact", "list", "size>9", "-o", "ids") == "c2\n"
    assert crm.ok("contact", "list", "custom.shoe:RED", "-o", "ids") == "c1\n"
    assert crm("contact", "edit", "c1", "--set", "size=big").code == 2


def test_fields_pick_and_order_columns(crm):
    crm.ok(*ADA)
    assert crm.ok("contact", "list", "--fields", "email,id") == "email\tid\nada@engines.example\tc1\n"
    assert "lifecycle_stage" in crm.ok("contact", "list", "--fields", "help")
    assert crm("contact", "list", "--fields", "emial").code == 2


def test_reading_never_makes_a_file(crm_sqlite, tmp_path):
    place = tmp_path / "none" / "crm.db"
    assert crm_sqlite.json("contact", "list", "--db", str(place))["items"] == []
    assert crm_sqlite("contact", "show", "ada", "--db", str(place)).code == 3
    assert not place.parent.exists()
    crm_sqlite.ok("contact", "add", "Ada", "--db", str(place))
    assert place.stat().st_mode & 0o777 == 0o600


def test_edit_in_the_editor(crm, tmp_path):
    crm.ok(*ADA)
    script = tmp_path / "editor"
    script.write_text(
        "#!/bin/sh\nsed -i -e 's/Ada Lovelace/Ada King/' -e 's/\"vip\"/\"countess\"/' -e 's/fair/book/'"
        ' -e \'/^# nickname/c nickname = "Countess"\' "$1"\n'
    )
    script.chmod(0o755)
    result = crm("contact", "edit", "c1", tty=True, asks=True, env={"CRM_EDITOR": str(script)})
    assert (result.code, result.out) == (0, "Changed Ada King (c1)\n"), result.err
    item = crm.json("contact", "show", "c1")["item"]
    assert (item["display_name"], item["nickname"]) == ("Ada King", "Countess")
    assert (item["tags"], item["custom"]) == (["countess"], {"source": "book"})
    assert item["emails"][0]["value"] == "ada@engines.example"


def test_the_editor_left_as_it_was_changes_nothing(crm, tmp_path):
    crm.ok(*ADA)
    before = crm.json("contact", "show", "c1")
    result = crm(
        "contact", "edit", "c1", tty=True, asks=True, env={"CRM_EDITOR": "true", "CRM_NOW": "2026-12-01T10:00:00Z"}
    )
    assert (result.code, result.out) == (0, "Nothing to change in Ada Lovelace (c1)\n")
    assert crm.json("contact", "show", "c1") == before


def test_a_document_that_is_not_toml_is_refused(crm, tmp_path):
    crm.ok(*ADA)
    script = tmp_path / "editor"
    script.write_text('#!/bin/sh\necho "oops = = 1" >> "$1"\n')
    script.chmod(0o755)
    result = crm("contact", "edit", "c1", tty=True, asks=True, env={"CRM_EDITOR": str(script)})
    assert result.code == 2
    assert "not valid TOML" in result.err


def test_sorting_by_last_contact_loses_nobody(crm):
    for name in ("Never", "Long ago", "Just now"):
        crm.ok("contact", "add", name)
    crm.ok("log", "in", "c2", "x", "--at", "-1y")
    crm.ok("log", "in", "c3", "x")
    assert crm.ok("contact", "list", "--sort", "last_in", "-o", "ids") == "c1\nc2\nc3\n"
    assert crm.ok("contact", "list", "--sort", "-last_in", "-o", "ids") == "c3\nc2\nc1\n"


def test_a_place_in_the_home_of_nobody(crm_sqlite):
    result = crm_sqlite("contact", "add", "Ada", "--db", "~nobody-of-this-name/crm.db")
    assert result.code == 7
    assert len(result.err.splitlines()) <= 3
