"""`crm contact merge` and `crm company merge`."""

import json

import pytest

from tests.conftest import Crm


@pytest.fixture
def bobs(crm: Crm) -> Crm:
    """Bob, entered twice."""
    crm.ok("contact", "add", "Bob Brown", "--email", "bob@x.example", "--job-title", "Fitter")
    crm.ok(
        "contact", "add", "Robert Brown", "--email", "r@x.example", "--job-title", "Engineer", "--department", "Press"
    )
    crm.ok("log", "in", "c2", "Hello")
    return crm


def test_a_pipe_gets_the_kept_id_and_a_terminal_a_sentence(bobs: Crm) -> None:
    assert bobs.ok("contact", "merge", "c1", "c2") == "c1\n"
    bobs.ok("undo")
    said = bobs.ok("contact", "merge", "c1", "c2", tty=True)
    assert said == "Merged Robert Brown (c2) into Bob Brown (c1), with 1 e-mail address, 1 logged contact\n"


def test_json_is_the_record(bobs: Crm) -> None:
    document = bobs.json("contact", "merge", "c1", "c2", "--prefer", "other", "--take", "department=c1")
    assert document["schema"] == "crm.contact/1"
    item = document["item"]
    assert (item["id"], item["display_name"], item["job_title"], item["department"]) == (
        "c1",
        "Robert Brown",
        "Engineer",
        None,
    )


def test_keep_another_than_the_first(bobs: Crm) -> None:
    assert bobs.ok("contact", "merge", "c1", "c2", "--keep", "robert brown") == "c2\n"


def test_a_dry_run_says_what_would_happen(bobs: Crm) -> None:
    result = bobs("contact", "merge", "c1", "c2", "--dry-run")
    assert (result.code, result.out) == (0, "")
    assert result.err.splitlines() == [
        "Would merge Robert Brown (c2) into Bob Brown (c1), with 1 e-mail address, 1 logged contact",
        "  department: Press",
        "Nothing was changed",
    ]
    assert bobs.json("contact", "merge", "c1", "c2", "--dry-run")["item"]["department"] == "Press"
    assert len(bobs.json("contact", "list")["items"]) == 2


def test_a_person_leaves_a_company_by_its_old_id(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada", "--company", "Engines")
    crm.ok("company", "add", "Engines Ltd")
    crm.ok("company", "merge", "co2", "co1")
    crm.ok("contact", "edit", "Ada", "--remove-company", "co1")
    assert crm.json("contact", "show", "Ada")["item"]["companies"] == []


def test_the_old_id_finds_the_kept_one(bobs: Crm) -> None:
    bobs.ok("contact", "merge", "c1", "c2")
    assert [item["id"] for item in bobs.json("find", "c2")["items"]] == ["c1"]


def test_the_old_id_shows_the_kept_one_and_says_so(bobs: Crm) -> None:
    bobs.ok("contact", "merge", "c1", "c2")
    shown = bobs("show", "c2", "--json")
    assert json.loads(shown.out)["item"]["contact"]["id"] == "c1"
    assert shown.err == "c2 was merged into Bob Brown (c1)\n"
    assert bobs.ok("log", "out", "c2", "Hello again") == "i2\n"
    assert bobs.json("interaction", "show", "i2")["item"]["participants"][0]["id"] == "c1"
    assert bobs.ok("contact", "edit", "c2", "--tag", "vip") == "c1\n"
    restored = bobs("contact", "restore", "c2")
    assert (restored.code, restored.err.splitlines()[-1]) == (
        2,
        "to part them again, take the merge back: crm undo op4",
    )


def test_search_finds_the_kept_one_by_what_both_were_known_by(bobs: Crm) -> None:
    bobs.ok("contact", "merge", "c1", "c2")
    for words in ("r@x.example", "bob@x.example", "Engineer", "Fitter"):
        found = [item["id"] for item in bobs.json("find", words)["items"]]
        assert found == ([] if words == "Engineer" else ["c1"])
    bobs.ok("undo")
    assert [item["id"] for item in bobs.json("find", "r@x.example")["items"]] == ["c2"]


def test_an_old_company_id_names_the_kept_one_for_people(crm: Crm) -> None:
    crm.ok("company", "add", "Acme"), crm.ok("company", "add", "Acme Ltd")
    assert crm.ok("company", "merge", "co1", "co2") == "co1\n"
    crm.ok("contact", "add", "Ada", "--company", "co2")
    assert crm.json("contact", "show", "c1")["item"]["companies"][0]["id"] == "co1"
    crm.ok("company", "add", "Works", "--parent", "co2")
    assert crm.json("company", "show", "co3")["item"]["parent"]["id"] == "co1"


def test_a_person_at_a_terminal_chooses_what_differs(bobs: Crm) -> None:
    result = bobs("contact", "merge", "c1", "c2", tty=True, asks=True, env={"TERM": "dumb"}, stdin="1\n2\n")
    assert result.code == 0, result.err
    assert "Which job title?\n1. Fitter  (c1)\n2. Engineer  (c2)\n" in result.err
    item = bobs.json("contact", "show", "c1")["item"]
    assert (item["display_name"], item["job_title"], item["department"]) == ("Bob Brown", "Engineer", "Press")


@pytest.mark.parametrize("rule", [("--yes",), ("--prefer", "kept"), ("--take", "name=c1", "--take", "job-title=c1")])
def test_who_gives_rules_is_not_asked(bobs: Crm, rule: tuple[str, ...]) -> None:
    result = bobs("contact", "merge", "c1", "c2", *rule, tty=True, asks=True, env={"TERM": "dumb"})
    assert (result.code, result.err) == (0, "")
    assert bobs.json("contact", "show", "c1")["item"]["job_title"] == "Fitter"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("contact", "merge"), 2, "no contact was named"),
        (("contact", "merge", "c1"), 2, "only one contact was named"),
        (("contact", "merge", "c1", "c9"), 3, "there is no contact 'c9'"),
        (("company", "merge", "c1", "c2"), 2, "c1 is a contact"),
        (("contact", "merge", "c1", "c2", "--take", "job_title"), 2, "'job_title' is not FIELD=WHO"),
        (("contact", "merge", "c1", "c2", "--prefer", "mine"), 2, "there is no rule 'mine'"),
    ],
)
def test_what_is_refused(bobs: Crm, words: tuple[str, ...], code: int, said: str) -> None:
    result = bobs(*words)
    assert (result.code, result.out) == (code, "")
    assert said in result.err


def test_batch(bobs: Crm) -> None:
    line = {"op": "contact.merge", "who": ["c1", "c2"], "take": {"job_title": "c2"}, "keep": "c1", "prefer": "kept"}
    assert bobs.ok("batch", stdin=json.dumps(line)) == "c1\n"
    assert bobs.json("contact", "show", "c2")["item"]["job_title"] == "Engineer"
    refused = bobs("batch", stdin=json.dumps({"op": "contact.merge", "who": ["c1", "c2"], "take": "c2"}))
    assert (refused.code, "take is not an object" in refused.err) == (2, True)
