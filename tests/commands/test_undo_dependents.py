"""`crm undo --with-dependents`: what builds on an operation goes with it, and comes back with it."""

import pytest

from tests.conftest import Crm


@pytest.fixture
def busy(crm: Crm) -> Crm:
    """op1 adds Ada, op2 and op3 change her, op4 talks with her, op5 is about somebody else."""
    crm.ok("contact", "add", "Ada Lovelace", "--tag", "vip")
    crm.ok("contact", "edit", "c1", "--job-title", "Engineer")
    crm.ok("contact", "edit", "c1", "--job-title", "Chief")
    crm.ok("log", "in", "c1", "Asked", "--followup", "+3d")
    crm.ok("contact", "add", "Grace Hopper")
    return crm


def people(crm: Crm) -> list[str]:
    return [item["display_name"] for item in crm.json("contact", "list")["items"]]


def test_what_builds_on_it_goes_too_and_what_does_not_stays(busy: Crm) -> None:
    document = busy.json("undo", "op1", "--with-dependents", "--yes")["item"]
    assert document["undone"] == ["op4", "op3", "op2", "op1"]
    assert (document["command"], document["id"]) == ("contact add", document["steps"][-1]["id"])
    assert [step["undone"] for step in document["steps"]] == [["op4"], ["op3"], ["op2"], ["op1"]]
    assert people(busy) == ["Grace Hopper"]
    assert busy.json("interaction", "list")["items"] == []


@pytest.mark.parametrize("back", ["redo", "undo"])
def test_all_of_it_comes_back_at_once(busy: Crm, back: str) -> None:
    before = busy.json("show", "c1")
    undo = busy.ok("undo", "op1", "--with-dependents", "--yes").strip()
    busy.ok("redo") if back == "redo" else busy.ok("undo", undo)
    assert busy.json("show", "c1") == before
    busy.ok("undo")
    assert people(busy) == ["Grace Hopper"]
    busy.ok("redo")
    assert busy.json("show", "c1") == before


def test_more_than_what_was_named_needs_a_yes(busy: Crm, app) -> None:
    result = busy("undo", "op1", "--with-dependents")
    assert result.code == 2
    assert result.err.splitlines() == [
        "  op4 log in, Fri 20 Nov 10:00 by ada",
        "  op3 contact edit, Fri 20 Nov 10:00 by ada",
        "  op2 contact edit, Fri 20 Nov 10:00 by ada",
        "  op1 contact add, Fri 20 Nov 10:00 by ada",
        "crm: this needs a yes: take back these 4 operations?",
        "give --yes",
    ]
    assert app.store.value("SELECT count(*) AS n FROM operation") == 5


def test_nothing_is_asked_where_nothing_builds_on_it(busy: Crm) -> None:
    assert busy.ok("undo", "op5", "--with-dependents").startswith("op")
    assert people(busy) == ["Ada Lovelace"]


def test_a_dry_run_lists_what_would_go(busy: Crm, app) -> None:
    result = busy("undo", "op2", "--with-dependents", "--dry-run")
    assert (result.code, result.out) == (0, "")
    assert result.err.splitlines() == [
        "Would take back op2 contact edit, Fri 20 Nov 10:00 by ada, with 1 more: 2 changes: c1",
        "  op3 contact edit, Fri 20 Nov 10:00 by ada",
        "  op2 contact edit, Fri 20 Nov 10:00 by ada",
        "Nothing was changed",
    ]
    assert app.store.value("SELECT count(*) AS n FROM operation") == 5


def test_what_builds_on_what_builds_on_it_goes_too(busy: Crm) -> None:
    busy.ok("followup", "done", "f1", "--note", "Agreed", "--next", "+2w")
    assert busy.json("undo", "op1", "--with-dependents", "--yes")["item"]["undone"] == [
        "op6",
        "op4",
        "op3",
        "op2",
        "op1",
    ]
    busy.ok("redo")
    assert busy.json("followup", "show", "f1")["item"]["outcome_note"] == "Agreed"


def test_a_whole_import_goes_with_what_was_done_since(crm: Crm, tmp_path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,email\n" + "".join(f"P{n},p{n}@works.example\n" for n in range(30)))
    crm.ok("import", str(file), "--batch", "10")
    for key in range(1, 8):
        crm.ok("contact", "edit", f"c{key}", "--job-title", "Chief")
        crm.ok("contact", "edit", f"c{key}", "--department", "Mills")
    undone = crm.json("undo", "op1", "--with-dependents", "--yes")["item"]
    assert len(undone["steps"]) == 15
    assert people(crm) == []
    crm.ok("redo")
    assert len(people(crm)) == 30
    assert crm.json("contact", "show", "c7")["item"]["department"] == "Mills"


def test_what_was_there_before_and_was_brought_back_is_not_in_the_way(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada")
    crm.ok("log", "out", "c1", "Hello", "--channel", "email")
    crm.ok("interaction", "rm", "i1", "--yes")
    crm.ok("interaction", "restore", "i1")
    crm.ok("undo", "op2")
    crm.ok("redo")
    refused = crm("undo", "op3")
    assert "op4 (interaction restore) changed" in refused.err
    assert crm.json("undo", "op3", "--with-dependents", "--yes")["item"]["undone"] == ["op4", "op3"]
    assert crm.json("interaction", "list")["items"][0]["id"] == "i1"


def test_what_was_brought_back_together_is_taken_back_together(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada")
    for title in ("Engineer", "Chief"):
        crm.ok("contact", "edit", "c1", "--job-title", title)
    for line in ("undo", "undo", "redo", "redo"):
        crm.ok(line)
    refused = crm("undo", "op2")
    assert "op6, which brought back op2, cannot be taken back: op7 (contact edit, brought back) changed" in refused.err
    assert crm.json("undo", "op2", "--with-dependents", "--yes")["item"]["undone"] == ["op7", "op6"]
    assert crm.json("contact", "show", "c1")["item"]["job_title"] is None


def test_a_purge_of_who_was_merged_is_done_again(crm: Crm) -> None:
    for name in ("Ada", "Bob"):
        crm.ok("contact", "add", name)
    crm.ok("contact", "merge", "c1", "c2", "--yes")
    crm.ok("contact", "rm", "c1", "--yes")
    crm.ok("db", "purge", "--older-than", "now", "--yes")
    purged = crm.ok("export", "all")
    crm.ok("undo")
    assert "Bob" in crm.ok("export", "all")
    crm.ok("redo")
    assert [line for line in crm.ok("export", "all").splitlines() if '"table":"contact"' in line] == [
        line for line in purged.splitlines() if '"table":"contact"' in line
    ]


def test_an_undo_that_is_in_the_way_is_taken_back_too(crm: Crm) -> None:
    crm.ok("company", "add", "Engines")
    crm.ok("contact", "add", "Ada")
    crm.ok("contact", "edit", "c1", "--company", "Engines")
    crm.ok("contact", "edit", "c1", "--remove-company", "Engines")
    crm.ok("undo", "op1")
    assert crm("undo", "op4").code == 1
    assert crm.json("undo", "op4", "--with-dependents", "--yes")["item"]["undone"] == ["op5", "op4"]
    assert crm.json("contact", "show", "c1")["item"]["companies"][0]["name"] == "Engines"
