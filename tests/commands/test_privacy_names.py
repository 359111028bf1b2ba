"""Former names of people who are erased: the search knows their misspellings, and forgets them."""

from pathlib import Path

import pytest

from crmcli.app import App
from tests.conftest import Crm

FORMER = {
    "--nickname": "Zappomuk",
    "--given-name": "Givelin",
    "--additional-name": "Addimund",
    "--family-name": "Famigold",
    "--phonetic-given-name": "Phonegil",
    "--phonetic-family-name": "Phonefam",
}


def spelt(app: App) -> set[str]:
    """The words of which the search knows misspellings."""
    words = {row["word"] for row in app.store.rows("SELECT word FROM search_word")}
    app.close()
    return words


def holding(crm: Crm, words: list[str]) -> list[str]:
    """Which of these words the bytes of the file hold."""
    if crm.dialect == "postgresql":
        return []
    data = Path(crm.place).read_bytes().lower()
    return [word for word in words if word.lower().encode() in data]


@pytest.mark.parametrize("way", ["edit", "import", "merge"])
def test_a_former_name_is_forgotten(crm: Crm, app: App, tmp_path: Path, way: str) -> None:
    words = list(FORMER.values())
    flags = [text for pair in FORMER.items() for text in pair]
    names = ["Xaviera", "Quibbleton"]
    if way == "merge":
        crm.ok("contact", "add", "Xaviera Quibbleton")
        crm.ok("contact", "add", "Xaviera Quibbleton", *flags)
        crm.ok("contact", "merge", "c1", "c2")
    else:
        crm.ok("contact", "add", "Xaviera Quibbleton", "--email", "x@quib.example", *flags)
    if way == "import":
        (tmp_path / "again.csv").write_text("email,nickname\nx@quib.example,Yellomuk\n")
        crm.ok("import", str(tmp_path / "again.csv"), "--yes")
    crm.ok("contact", "edit", "c1", *[text for flag in FORMER for text in (flag, "Yellomuk")])
    crm.ok("contact", "add", "Other")
    assert set(map(str.lower, words)) <= spelt(app)
    done = crm("--yes", "privacy", "erase", "c1")
    assert done.code == 0, done.err
    assert spelt(app) == {"other"}
    assert holding(crm, [*words, *names, "Yellomuk"]) == []


def test_a_word_that_somebody_else_is_called_by_stays(crm: Crm, app: App) -> None:
    crm.ok("contact", "add", "Xaviera Quibbleton", "--nickname", "Zappo")
    crm.ok("contact", "edit", "c1", "--nickname", "Yello")
    crm.ok("company", "add", "Zappo Paints")
    assert crm("--yes", "privacy", "erase", "c1").code == 0
    assert spelt(app) == {"zappo", "paints"}
    assert crm.json("find", "zapo paints")["items"][0]["id"] == "co1"
    crm.ok("db", "verify")


def test_a_word_that_is_left_in_the_index_is_told(crm: Crm, app: App) -> None:
    """Such as one that an older version of the program left there."""
    from crmcli.services.erasing.remains import remains
    from crmcli.services.erasing.words import Words

    crm.ok("contact", "add", "Other", "--nickname", "Zappo")
    crm.ok("contact", "edit", "c1", "--nickname", "Yello")
    words = Words()
    words.add("contact", {"nickname": "Zappo"})
    words.add("contact", {"nickname": "Yello"})
    told = remains(app.store, [], words)
    assert told.left == [{"value": "zappo", "places": ["the search index"]}]


@pytest.mark.parametrize(("gone", "left"), [("c2", "c1"), ("c1", "c2")])
def test_a_merge_that_was_taken_back_leaves_nothing_and_is_not_done_again(crm: Crm, gone: str, left: str) -> None:
    illness = "She suffers from a long secret illness"
    told = {"c1": ("Pat One", ()), "c2": ("Pat Two", ("--job-title", "Secret Boss", "--notes", illness))}
    for name, more in told.values():
        crm.ok("contact", "add", name, *more)
    crm.ok("log", "in", "c2", "by two", "--channel", "call")
    crm.ok("contact", "merge", "c1", "c2", "--yes")
    crm.ok("contact", "edit", "c1", "--department", "Mills")
    crm.ok("undo")
    crm.ok("undo")
    before = crm.json("contact", "show", left)["item"]
    crm.ok("privacy", "erase", gone, "--yes")
    if gone == "c2":
        assert [word for word in ("Secret Boss", illness) if word in crm.ok("export", "all")] == []
    refused = crm("undo", "op7")
    assert "its data was erased" in refused.err
    assert crm.json("contact", "show", left)["item"] == before
    assert crm.ok("contact", "list", "-o", "ids").split() == [left]
    assert crm.ok("db", "verify", "-q") == ""
