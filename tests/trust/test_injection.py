"""Words of other languages are words: in searches, filters, names, orders; in paths, and in arguments of programs."""

import json
import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crmcli.app import App
from crmcli.kernel.errors import CrmError
from crmcli.kernel.text import fold
from tests.conftest import Crm
from tests.trust import naughty
from tests.trust.world import quoted

TEXTS = [*naughty.QUERIES, *naughty.SHELL, *naughty.NUMBERS, *naughty.BROKEN, *naughty.FORMULAS]


@pytest.fixture
def three(app: App) -> App:
    for name in ("Ada Lovelace", "Bob", "x'); DROP TABLE contact;--"):
        app.contacts.add(name, {"tag": ["vip"], "set": ["size=1"]})
    app.deals.add("Engine", {"contact": "c1", "amount": "12", "currency": "EUR", "set": ["size=1"]})
    return app


ASKED: dict[str, Callable[[App, str], object]] = {
    "search": lambda app, text: app.find.page(text),
    "filter": lambda app, text: app.contacts.page(text),
    "value": lambda app, text: app.contacts.page(f'name~"{quoted(text)}" or tag:"{quoted(text)}"'),
    "key": lambda app, text: app.contacts.page(f'custom.size:"{quoted(text)}" or external:"{quoted(text)}"'),
    "field": lambda app, text: app.contacts.page(f"{text}:x"),
    "custom field": lambda app, text: app.contacts.page(f"custom.{text}:x"),
    "order": lambda app, text: app.contacts.page("", sort=text),
    "who": lambda app, text: app.contacts.find(text),
    "tag": lambda app, text: app.contacts.edit("c1", {"tag": [text]}),
    "set": lambda app, text: app.contacts.edit("c1", {"set": [f"{text}={text}"]}),
    "interactions": lambda app, text: app.interactions.page(f'text~"{quoted(text)}" or subject~"{quoted(text)}"'),
    "followups": lambda app, text: app.followups.page(f'subject~"{quoted(text)}" or owner:"{quoted(text)}"'),
    "deals": lambda app, text: app.deals.page(f'name~"{quoted(text)}" or stage:"{quoted(text)}"'),
    "deal's own": lambda app, text: app.deals.page(f"custom.{text}:x"),
    "deal's value": lambda app, text: app.deals.page(f'custom.size:"{quoted(text)}" or amount>"{quoted(text)}"'),
    "deal": lambda app, text: app.deals.find(text),
    "deal's order": lambda app, text: app.deals.page(sort=text),
    "deal's line": lambda app, text: app.deals.edit("d1", {"add_line": [text]}),
    "deal's stage": lambda app, text: app.deals.move(["d1"], text),
    "deal's field": lambda app, text: app.deals.edit("d1", {"set": [f"{text}={text}"]}),
    "board": lambda app, text: app.boards.board(text, f'name~"{quoted(text)}"'),
    "pipeline": lambda app, text: app.pipelines.add(text, {"stage": [text], "lost_reason": [text]}),
}


@pytest.mark.parametrize("asked", ASKED)
def test_no_text_becomes_a_query(three: App, asked: str) -> None:
    for text in TEXTS:
        try:
            ASKED[asked](three, text)
        except CrmError as error:
            assert error.message, text
    names = [record["display_name"] for record in three.contacts.page("").items]
    assert sorted(names) == ["Ada Lovelace", "Bob", "x'); DROP TABLE contact;--"]


def test_a_filter_finds_the_words_themselves(three: App) -> None:
    for text in [text for text in TEXTS if naughty.storable(text) and len(text) < 100 and fold(text).strip()]:
        three.contacts.edit("c1", {"nickname": text})
        found = three.contacts.page(f'nickname:"{quoted(text)}"').items
        assert [record["id"] for record in found] == ["c1"], text


WITNESS = "#!{python}\nimport json, sys\nopen({calls!r}, 'a').write(json.dumps(sys.argv[1:]) + '\\n')\n"


@pytest.fixture
def witness(tmp_path: Path) -> Path:
    """A program with a space in its name that writes down its arguments."""
    path = tmp_path / "a program"
    path.write_text(WITNESS.format(python=sys.executable, calls=str(tmp_path / "calls")))
    path.chmod(0o700)
    return path


def called(tmp_path: Path) -> list[list[str]]:
    calls = tmp_path / "calls"
    return [json.loads(line) for line in calls.read_text().splitlines()] if calls.exists() else []


@pytest.mark.parametrize(
    "name", ["-rf", "--help", "$(touch owned)", "; touch owned", "`touch owned`", "@x", "+!touch owned"]
)
def test_a_name_is_no_argument_of_the_editor(crm_sqlite: Crm, tmp_path: Path, witness: Path, name: str) -> None:
    crm_sqlite.ok("contact", "add", "--", name)
    env = {"EDITOR": f"{shlex.quote(str(witness))} --wait", "TMPDIR": str(tmp_path)}
    crm_sqlite("contact", "edit", "c1", tty=True, asks=True, env=env)
    ((wait, path),) = called(tmp_path)
    assert wait == "--wait"
    assert os.path.isabs(path) and name not in path
    assert not list(tmp_path.rglob("owned"))


@pytest.mark.parametrize("name", ["../up.csv", "-x.csv", "a b.csv", "$(touch owned).csv", "--.csv", "~.csv"])
def test_a_file_is_written_where_it_was_said(
    crm_sqlite: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = tmp_path / "deep"
    folder.mkdir()
    monkeypatch.chdir(folder)
    crm_sqlite.ok("contact", "add", "Ada")
    crm_sqlite.ok("export", "contacts", f"--to={name}")
    assert (folder / name).read_text().count("Ada") == 1
    assert not list(tmp_path.rglob("owned"))


def test_a_link_is_replaced_and_not_followed_to_a_place_of_others(crm_sqlite: Crm, tmp_path: Path) -> None:
    crm_sqlite.ok("contact", "add", "Ada")
    precious, link = tmp_path / "precious", tmp_path / "out.csv"
    precious.write_text("mine")
    link.symlink_to(precious)
    crm_sqlite("export", "contacts", "--to", str(link))
    assert precious.read_text() == "mine" or "Ada" in precious.read_text()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".out.csv")]


def test_the_name_of_an_attachment_is_no_path(crm_sqlite: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = ("../../up.pdf", "/tmp/crm-owned.pdf", "-rf", "a\x1b[31m.pdf", "..", "C:\\x.pdf", "a\r\nBcc: x.pdf")
    parts = "".join(
        f'--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename="{name}"\n\nx\n'
        for name in names
    )
    letter = tmp_path / "letter.eml"
    letter.write_bytes(
        b"From: Ada <ada@engines.example>\nTo: me@shop.example\nDate: Thu, 19 Nov 2026 09:00:00 +0100\nSubject: x\n"
        b'Content-Type: multipart/mixed; boundary="b"\n\n' + parts.encode() + b"--b--\n"
    )
    crm_sqlite.ok("config", "set", "team.addresses", "me@shop.example")
    crm_sqlite.ok("import", str(letter), "--leads", "--attachments")
    before = sorted(tmp_path.rglob("*"))
    shown = crm_sqlite.ok("interaction", "show", "i1", tty=True)
    assert "\x1b" not in shown
    crm_sqlite.ok("export", "all")
    assert sorted(tmp_path.rglob("*")) == before
    assert not Path("/tmp/crm-owned.pdf").exists()


def test_a_traceback_drives_no_terminal(crm_sqlite: Crm) -> None:
    result = crm_sqlite("contact", "list", "--sort", "\x1b[31m\x9b2J", "--debug")
    assert "Traceback" in result.err
    assert "\\x1b[31m\\x9b2J" in result.err
    assert "\x1b" not in result.err and "\x9b" not in result.err
