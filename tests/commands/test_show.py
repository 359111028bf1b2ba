"""`crm show` in each of its forms."""

import csv
import io
import json

import pytest

from crmcli.render.views import companies, contacts
from tests.conftest import Crm

HOSTILE = "a\x1b]0;x\x07[/x] [red]:smile: \u202eb\tc|\\<b>"
KEYS = (
    "local_time",
    "last_inbound",
    "last_outbound",
    "balance",
    "months",
    "followups",
    "timeline",
    "timeline_more",
    "cadence",
    "deals",
    "orders",
    "cases",
    "retention",
    "next",
)


def test_json_of_a_contact_keeps_the_contract(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada Lovelace", "--email", "ada@engines.example")
    document = crm.json("show", "ada@engines.example")
    assert document["schema"] == "crm.snapshot/1"
    assert tuple(document["item"]) == ("contact", *KEYS)
    assert tuple(document["item"]["contact"]) == contacts.VIEW.json
    assert set(document["item"]["next"]) == {"rule", "action", "reason", "command"}


def test_json_of_a_company_has_its_people(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada Lovelace", "--company", "Engines", "--role", "Chief")
    item = crm.json("show", "Engines")["item"]
    assert tuple(item) == ("company", "people", "people_total", *KEYS)
    assert tuple(item["company"]) == companies.VIEW.json
    assert [person["role"] for person in item["people"]] == ["Chief"]


def test_a_pipe_gets_field_and_value_lines(crm: Crm) -> None:
    crm.ok("contact", "add", HOSTILE, "--email", "a@x.example", "--email", "b@x.example", "--tag", "vip")
    lines = crm.ok("show", "c1").splitlines()
    assert lines[0] == "field\tvalue" and all(line.count("\t") == 1 for line in lines)
    assert [line.split("\t")[1] for line in lines if line.startswith("email\t")] == ["a@x.example", "b@x.example"]
    assert "\x1b" not in "".join(lines) and "tags\tvip" in lines


def test_csv_has_the_same_lines_with_the_values_whole(crm: Crm) -> None:
    crm.ok("contact", "add", HOSTILE)
    rows = list(csv.reader(io.StringIO(crm.ok("show", "c1", "-o", "csv"), newline="")))
    assert rows[0] == ["field", "value"] and ["display_name", HOSTILE] in rows


def test_other_formats(crm_sqlite: Crm) -> None:
    crm = crm_sqlite
    crm.ok("contact", "add", "Ada", "--phone", "+44 20 7946 0958")
    assert crm.ok("show", "c1", "-o", "ids") == "c1\n"
    assert json.loads(crm.ok("show", "c1", "-o", "jsonl"))["contact"]["id"] == "c1"
    assert crm.ok("show", "c1", "-o", "md").startswith("# Ada (c1)\n")
    plain = crm.ok("show", "c1", "--plain").splitlines()
    assert plain[0] == "Contact: Ada (c1)" and "Phone: +44 20 7946 0958" in plain


def test_named_fields_make_one_row(crm_sqlite: Crm) -> None:
    crm_sqlite.ok("contact", "add", "Ada", "--owner", "me")
    assert crm_sqlite.ok("show", "c1", "--fields", "id,owner,inbound") == "id\towner\tinbound\nc1\tada\t0\n"
    item = crm_sqlite.json("show", "c1", "--fields", "next,balance")["item"]
    assert list(item) == ["next", "balance"]
    assert "last_inbound" in crm_sqlite.ok("show", "c1", "--fields", "help")


def test_a_bad_field_or_format_is_refused_before_any_work(crm_sqlite: Crm) -> None:
    assert crm_sqlite("show", "c1", "--fields", "naem").code == 2
    assert crm_sqlite("show", "c1", "-o", "xml").code == 2


def test_the_screen_fits_the_terminal(crm: Crm) -> None:
    crm.ok("contact", "add", "山田 太郎 🎉", "--company", "Engines", "--email", "taro@yamada.example")
    for width in (20, 40, 80, 160):
        out = crm.ok("show", "c1", tty=True, width=width)
        assert "山田 太郎 🎉" in out and "\x1b" not in out and "next:" in out


def test_a_deleted_contact_is_told(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada")
    crm.ok("contact", "rm", "c1")
    out = crm.ok("show", "c1", tty=True)
    assert "DELETED" in out and "crm contact restore c1" in out


def test_an_unknown_name_ends_with_three(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada Lovelace")
    result = crm("show", "Ada Lovelase")
    assert result.code == 3 and "c1 Ada Lovelace" in result.err and result.out == ""


def test_an_interaction_is_no_customer(crm_sqlite: Crm) -> None:
    result = crm_sqlite("show", "i3")
    assert result.code == 2 and "crm interaction show i3" in result.err


@pytest.mark.parametrize("width", [40, 80, 140])
def test_an_order_that_is_to_be_paid_some_day_is_on_the_screen(crm: Crm, width: int) -> None:
    crm.ok("contact", "add", "Ada Lovelace")
    crm.ok("order", "add", "c1", "--line", "Box @ 10 EUR")
    shown = crm.ok("show", "c1", tty=True, width=width)
    assert "10.00 EUR unpaid" in shown and "EUR10.00" not in shown
    assert "10.00 EUR unpaid" in crm.ok("show", "c1", "-o", "md")


def test_a_lead_has_its_score_with_the_points(crm: Crm) -> None:
    crm.ok("lead", "add", "Ada Lovelace", "--email", "ada@engines.example", "--job-title", "Head of Engines")
    score = crm.json("show", "c1")["item"]["score"]
    assert (score["score"], score["sum"], [part["points"] for part in score["parts"]]) == (20, 20, [5, 15])
    shown = " ".join(crm.ok("show", "c1", tty=True, width=100).split())
    assert "Score 20: +15 may decide, by the job title, +5 has an e-mail address" in shown
    assert "score\t20" in crm.ok("show", "c1").splitlines()
    crm.ok("lead", "convert", "c1")
    assert "score" not in crm.json("show", "c1")["item"]
    assert crm.json("show", "c1", "--as-of", "2026-11-20T10:00:00Z")["item"]["contact"]["id"] == "c1"
