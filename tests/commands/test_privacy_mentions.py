"""`crm privacy erase --mentions`: out of what is written on others, and out of what the journal says of it."""

from pathlib import Path

import pytest

from crmcli.app import App
from crmcli.store import chain
from tests.conftest import Crm


@pytest.fixture
def office(crm: Crm) -> Crm:
    """Grace, and others in whose records she is named, or was."""
    crm.ok("contact", "add", "Grace Hopper", "--email", "grace@navy.example")
    crm.ok("company", "add", "Navy", "--notes", "Founded by Grace Hopper (grace@navy.example)")
    crm.ok("contact", "add", "Ada Lovelace", "--notes", "Knows grace hopper")
    crm.ok("contact", "edit", "c2", "--notes", "Likes engines")
    crm.ok("log", "in", "c2", "grace-hopper.pdf is on the way", "--channel", "call", "--followup", "+3d",
           "--followup-subject", "Ask about Grace Hopper")  # fmt: skip
    return crm


def everything(crm: Crm) -> str:
    """All that the database gives out, and its file."""
    text = crm.ok("export", "all").encode().decode("unicode_escape")
    raw = b"" if crm.dialect == "postgresql" else Path(crm.place).read_bytes()
    return (text + raw.decode("latin-1")).lower()


def test_the_names_go_from_texts_and_journal(office: Crm, app: App) -> None:
    planned = office("privacy", "erase", "c1", "--dry-run")
    assert "(--mentions: out of their texts and the journal): co1, f1, i1" in planned.err
    planned = office("privacy", "erase", "c1", "--mentions", "--dry-run")
    assert "named in the texts of these, which stay with [erased] instead: co1, f1, i1" in planned.err
    assert "grace hopper" in everything(office)
    done = office("--yes", "privacy", "erase", "c1", "--mentions")
    assert (done.code, "none of" in done.err) == (0, True), done.err
    assert [word for word in ("grace", "hopper") if word in everything(office)] == []
    assert office.json("company", "show", "co1")["item"]["notes"] == "Founded by [erased] ([erased])"
    assert office.json("contact", "show", "c2")["item"]["notes"] == "Likes engines"
    assert office.json("interaction", "show", "i1")["item"]["body"] == "[erased].pdf is on the way"
    assert office.json("followup", "show", "f1")["item"]["subject"] == "Ask about [erased]"
    assert list(chain.breaks(app.store.connection)) == []
    app.close()
    assert office.ok("db", "verify", "-q") == ""


def test_without_it_they_stay_and_are_told(office: Crm) -> None:
    done = office("--yes", "privacy", "erase", "c1")
    assert done.code == 1
    assert "notes of co1" in done.err and "the journal of c2" in done.err
    assert "grace hopper" in everything(office)


def test_what_others_are_called_stays(crm: Crm) -> None:
    crm.ok("contact", "add", "Grace Hopper", "--email", "one@navy.example")
    crm.ok("contact", "add", "Grace Hopper", "--email", "two@navy.example", "--job-title", "Not that Grace Hopper")
    crm.ok("company", "add", "Grace Hopper")
    done = crm("--yes", "privacy", "erase", "c1", "--mentions")
    assert done.code == 1
    other = crm.json("contact", "show", "c2")["item"]
    assert (other["display_name"], other["job_title"]) == ("Grace Hopper", "Not that [erased]")
    assert crm.json("company", "show", "co1")["item"]["name"] == "Grace Hopper"
    assert "display name of c2" in done.err and "name of co1" in done.err
