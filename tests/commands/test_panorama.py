"""`crm panorama` in each of its forms."""

import csv
import io
import json
import unicodedata
from html.parser import HTMLParser
from typing import Any

import pytest

from crmcli.app import App
from crmcli.kernel.settings import Settings
from crmcli.kernel.text import cell_width
from crmcli.render.views.panorama import VIEW
from tests.conftest import Crm, Stream

HOSTILE = "a\x1b]0;x\x07[/x] [red]:smile: \u202eb\tc|\\<script>alert(1)</script>\"'&amp;"
NUMBERS = ("silent", "stages", "retention", "contacts", "queue", "pipeline", "orders", "cases", "leads")


class Reader(HTMLParser):
    """What a page is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str | None]] = set()
        self.open: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= set(attrs)
        if tag not in ("meta", "rect", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= set(attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


def checked(page: str) -> Reader:
    """The page, if it is whole, loads nothing and runs nothing."""
    assert page.startswith("<!DOCTYPE html>") and page.endswith("</html>\n")
    found = Reader(page)
    assert found.open == [] and not found.tags & {"script", "link", "img", "iframe", "object", "base", "form", "a"}
    names = {name for name, _ in found.attributes}
    assert not names & {"href", "src", "srcset", "action", "xlink:href"}
    assert not any(name.startswith("on") for name in names)
    assert "url(" not in page and "@import" not in page and "http" not in page.replace("http-equiv", "")
    assert not {one for one in page if unicodedata.category(one) == "Cc"} - {"\n"} and "\u202e" not in page
    return found


@pytest.fixture
def market(crm: Crm) -> Crm:
    """Something in every number, with names that mean harm."""
    crm.ok("contact", "add", HOSTILE, "--lifecycle-stage", "customer", "--company", HOSTILE, "--email", "a@x.example")
    crm.ok("contact", "add", "Grace Hopper", "--lifecycle-stage", "lead")
    crm.ok("log", "in", "c1", HOSTILE, "--channel", "call", "--at", "-3d")
    crm.ok("followup", "add", "c1", HOSTILE, "--due", "2026-11-20 09:00")
    app = App(Settings(), environ=crm.environ(), streams=(Stream(), Stream(), Stream()), command="test")
    with app.writing() as gate:
        pipeline = gate.insert("pipeline", {"name": HOSTILE})
        stage = gate.insert("stage", {"pipeline_id": pipeline, "name": HOSTILE, "rotting_days": 7, "probability": 20})
        where = {"pipeline_id": pipeline, "stage_id": stage, "stage_since": "2026-11-01T09:00:00Z", "contact_id": 1}
        gate.insert("deal", {"name": HOSTILE, "amount": 100000, "currency": "EUR", **where})
        bought = {"contact_id": 1, "ordered_on": "2026-11-02", "currency": "EUR", "total": 100, "number": HOSTILE}
        order = gate.insert("sales_order", {**bought, "due_on": "2026-11-09"})
        line = {"name": HOSTILE, "quantity": 1000, "unit_price": 100, "amount": 100}
        gate.insert("order_line", {"order_id": order, **line})
        gate.insert("support_case", {"subject": HOSTILE, "contact_id": 1, "opened_at": "2026-11-03T09:00:00Z"})
    app.close()
    return crm


def test_json_keeps_the_contract(market: Crm) -> None:
    document = market.json("panorama")
    assert document["schema"] == "crm.panorama/1" and tuple(document["item"]) == VIEW.json
    item = document["item"]
    assert set(item["pipeline"]) == {"count", "amounts", "weighted", "rotting", "stages"}
    assert set(item["orders"]["spans"][0]) == {"span", "from", "until", "count", "totals", "converted"}
    assert item["pipeline"]["weighted"] == [{"currency": "EUR", "amount": "200.00", "amount_minor": 20000}]


def test_a_pipe_gets_a_number_a_line(market: Crm) -> None:
    lines = [line.split("\t") for line in market.ok("panorama").splitlines()]
    assert lines[0] == ["number", "part", "field", "value"] and all(len(line) == 4 for line in lines)
    assert ["stages", "customer", "contacts", "1"] in lines and ["queue", "", "overdue", "1"] in lines
    assert ["orders", "this_month totals EUR", "total", "1.00"] in lines
    assert ["contacts", "2026-11-16", "inbound", "1"] in lines
    rows = list(csv.reader(io.StringIO(market.ok("panorama", "-o", "csv"), newline="")))
    assert len(rows) == len(lines)


@pytest.mark.parametrize("width", [20, 40, 60, 80, 140, 200])
def test_the_screen_fits_the_terminal(market: Crm, width: int) -> None:
    lines = market.ok("panorama", tty=True, width=width).splitlines()
    assert max(map(cell_width, lines)) <= width
    assert "\x1b" not in "".join(lines) and any(line.startswith("The market") for line in lines)


def test_other_formats(market: Crm) -> None:
    assert market.ok("panorama", "-o", "md").startswith("# The market on 2026-11-20\n")
    assert "Pipeline, weighted: 200.00 EUR" in market.ok("panorama", "--plain").splitlines()
    assert json.loads(market.ok("panorama", "-o", "jsonl"))["cases"]["open"] == 1
    assert market.ok("panorama", "--fields", "date,deals,rotting") == "date\tdeals\trotting\n2026-11-20\t1\t1\n"
    refused = market("panorama", "-o", "ids")
    assert refused.code == 2 and "crm panorama --explain silent -o ids" in refused.err
    assert market("panorama", "-o", "xml").code == 2 and market("panorama", "--limit", "3").code == 2


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv", "tsv", "md", "html", "plain"])
def test_each_number_opens_in_each_format(market: Crm, number: str, form: str) -> None:
    text = market.ok("panorama", "--explain", number, "-o", form)
    if form == "html":
        checked(text)
    if form == "json":
        document: Any = json.loads(text)
        assert isinstance(document["items"], list)


def test_a_number_opens_as_ids_for_other_commands(market: Crm) -> None:
    for number, expected in (
        ("stages:customer", "c1"), ("retention", "c1"), ("contacts", "i1"), ("queue", "f1"), ("pipeline", "d1"),
        ("orders", "o1"), ("cases", "cs1"), ("leads", "c2"),
    ):  # fmt: skip
        assert market.ok("panorama", "--explain", number, "-o", "ids") == f"{expected}\n", number


def test_a_terminal_is_told_the_command_that_lists_the_same(market: Crm) -> None:
    told = market("panorama", "--explain", "leads", tty=True).err
    command = told.partition("the same: crm ")[2].strip()
    args = command.replace("'", "").split(" --sort ")[0].removeprefix("contact list ")
    assert market.ok("contact", "list", args, "-o", "ids") == "c2\n"
    assert market("panorama", "--explain", "pipeline", "--fields", "nonsense").code == 2


def test_pages_load_nothing_and_escape_everything(market: Crm) -> None:
    page = checked(market.ok("panorama", "-o", "html"))
    assert "<script>alert(1)</script>" in page.text and "svg" in page.tags
    for who in ("c1", "co1"):
        page = checked(market.ok("show", who, "-o", "html"))
        assert page.text.count("<script>alert(1)</script>") >= 8


def test_a_page_has_no_empty_places_of_an_empty_market(crm_sqlite: Crm) -> None:
    page = checked(crm_sqlite.ok("panorama", "-o", "html"))
    assert "nobody yet" in page.text
    assert "nobody yet: crm contact add NAME" in crm_sqlite.ok("panorama", tty=True, width=60)


def test_other_lists_are_pages_too(market: Crm) -> None:
    page = checked(market.ok("contact", "list", "-o", "html"))
    assert "table" in page.tags and "Grace Hopper" in page.text
    assert "Grace Hopper" in checked(market.ok("contact", "show", "c2", "-o", "html")).text


def test_the_setting_of_silence(crm_sqlite: Crm) -> None:
    crm_sqlite.ok("contact", "add", "Ada", "--lifecycle-stage", "customer")
    crm_sqlite.ok("log", "in", "c1", "Hello", "--at", "-40d")
    assert crm_sqlite.json("panorama")["item"]["silent"]["contacts"] == 0
    crm_sqlite.ok("config", "set", "panorama.silent", "30 days")
    assert crm_sqlite.json("panorama")["item"]["silent"] == {
        "days": 30, "since": "2026-10-21", "contacts": 1, "companies": 0,
    }  # fmt: skip
    assert crm_sqlite("config", "set", "panorama.silent", "soon").code == 2
