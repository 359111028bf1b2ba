"""`crm import` of deals: where they stand, whose they are, and that they are known again, on both databases."""

from pathlib import Path

import pytest

from crmcli.app import App
from tests.commands.test_import_orders import rows, written
from tests.commands.test_imports import counts
from tests.conftest import Crm

HUBSPOT = """Record ID,Deal Name,Deal Stage,Pipeline,Amount,Currency,Close Date,Create Date,Deal owner,\
Associated Company,Associated Company IDs,Associated Contact,Associated Contact IDs
7001,Engine No. 2,Closed won,Sales Pipeline,12000.50,EUR,2026-10-30 10:00,2026-09-01 09:00,ada,Engines,900,\
Ada Lovelace (ada@engines.example);Charles Babbage (cb@engines.example),51;52
7002,Engine No. 3,Presentation scheduled,Sales Pipeline,9000,EUR,2026-12-30,2026-11-01 09:00,Grace Hopper,Engines,900,,
7003,Engine No. 4,Trial,Partners,100,EUR,2026-12-30,2026-11-01 09:00,Grace Hopper,Navy,901,,
"""
PLAIN = """Deal,Company,Contact,Email,Stage,Amount,Close date,Owner
Mill,Engines,Ada Lovelace,ada@engines.example,Proposal,12000 EUR,2026-12-01,ada
Loom,Weavers,,,,"3,000",2026-12-01,
"""


def test_deals_get_their_stage_amount_owner_people_and_days(crm: Crm, app: App, tmp_path: Path) -> None:
    assert counts(crm, written(tmp_path, HUBSPOT)) == [3, 0, 0, 0, 0]
    found = rows(
        app,
        "SELECT name, status, amount, currency, close_date, created_at, closed_at, external FROM deal ORDER BY id",
    )
    assert found == [
        ("Engine No. 2", "won", 1200050, "EUR", "2026-10-30", "2026-09-01T09:00:00Z", "2026-10-30T12:00:00Z",
         "hubspot-deal:7001"),
        ("Engine No. 3", "open", 900000, "EUR", "2026-12-30", "2026-11-01T09:00:00Z", None, "hubspot-deal:7002"),
        ("Engine No. 4", "open", 10000, "EUR", "2026-12-30", "2026-11-01T09:00:00Z", None, "hubspot-deal:7003"),
    ]  # fmt: skip
    stands = rows(app, "SELECT p.name AS pipeline, s.name FROM deal d JOIN stage s ON s.id = d.stage_id"
                       " JOIN pipeline p ON p.id = d.pipeline_id ORDER BY d.id")  # fmt: skip
    assert stands == [("Sales", "won"), ("Sales", "proposal"), ("Partners", "Trial")]
    assert rows(app, "SELECT c.name FROM deal d JOIN company c ON c.id = d.company_id ORDER BY d.id") == [
        "Engines",
        "Engines",
        "Navy",
    ]
    assert rows(app, "SELECT display_name FROM contact ORDER BY id") == ["Ada Lovelace", "Charles Babbage"]
    assert rows(app, "SELECT deal_id, contact_id FROM deal_contact") == [(1, 2)]
    assert rows(app, "SELECT custom FROM deal ORDER BY id")[1] == '{"owner_name":"Grace Hopper"}'
    assert rows(app, "SELECT count(*) FROM deal_stage WHERE left_at IS NULL") == [3]


@pytest.mark.parametrize("said", ["ada", "ADA@engines.example", "ada  lovelace"])
def test_an_owner_is_known_by_name_address_and_display_name(crm: Crm, app: App, tmp_path: Path, said: str) -> None:
    crm.ok("user", "edit", "ada", "--email", "ada@engines.example", "--display-name", "Ada Lovelace")
    counts(crm, written(tmp_path, PLAIN.replace(",ada\n", f",{said}\n")), "--currency", "EUR")
    assert rows(app, "SELECT owner_id, custom FROM deal WHERE name = 'Mill'") == [(1, None)]


def test_stages_of_a_file_stand_behind_those_of_their_type(crm: Crm, tmp_path: Path) -> None:
    crm.ok("pipeline", "add-stage", "fitting", "--after", "proposal")
    file = PLAIN.replace(",Proposal,", ",Trial,").replace("Weavers,,,,", "Weavers,,,Visit,")
    assert counts(crm, written(tmp_path, file), "--currency", "EUR") == [2, 0, 0, 0, 0]
    stages = crm.json("pipeline", "list")["items"][0]["stages"]
    names = ["prospecting", "qualification", "proposal", "fitting", "negotiation", "Trial", "Visit", "won", "lost"]
    assert [(one["name"], one["position"]) for one in stages] == [(name, place) for place, name in enumerate(names, 1)]


def test_a_second_time_changes_nothing_and_a_deal_moves_on(crm: Crm, app: App, tmp_path: Path) -> None:
    path = written(tmp_path, HUBSPOT)
    counts(crm, path)
    assert counts(crm, path) == [0, 0, 3, 0, 0]
    written(tmp_path, HUBSPOT.replace("Presentation scheduled", "Closed lost"))
    assert counts(crm, path) == [0, 1, 2, 0, 0]
    assert rows(app, "SELECT status FROM deal WHERE id = 2") == ["lost"]
    stays = rows(app, "SELECT s.name, d.left_at FROM deal_stage d JOIN stage s ON s.id = d.stage_id"
                      " WHERE d.deal_id = 2 ORDER BY d.id")  # fmt: skip
    assert [stay[0] for stay in stays] == ["proposal", "lost"]
    assert [bool(stay[1]) for stay in stays] == [True, False]


def test_a_whole_import_is_taken_back(crm: Crm, app: App, tmp_path: Path) -> None:
    counts(crm, written(tmp_path, HUBSPOT))
    crm.ok("undo", "--yes")
    assert rows(app, "SELECT count(*) FROM deal WHERE deleted_at IS NULL") == [0]
    assert rows(app, "SELECT count(*) FROM company WHERE deleted_at IS NULL") == [0]


def test_any_table_of_deals_is_taken_in_and_known_again_by_name_and_customer(
    crm: Crm, app: App, tmp_path: Path
) -> None:
    path = written(tmp_path, PLAIN)
    assert counts(crm, path, code=5) == [1, 0, 0, 0, 1]
    assert counts(crm, path, "--currency", "EUR") == [1, 0, 1, 0, 0]
    written(tmp_path, PLAIN.replace("12000", "13000"))
    assert counts(crm, path, "--currency", "EUR") == [0, 1, 1, 0, 0]
    assert rows(app, "SELECT name, amount, currency FROM deal ORDER BY id") == [
        ("Mill", 1300000, "EUR"),
        ("Loom", 300000, "EUR"),
    ]
    assert rows(app, "SELECT s.name FROM deal d JOIN stage s ON s.id = d.stage_id ORDER BY d.id") == [
        "proposal",
        "prospecting",
    ]


def test_people_by_an_id_that_nobody_has_are_told(crm: Crm, tmp_path: Path) -> None:
    text = "Record ID,Deal Name,Deal Stage,Amount,Currency,Associated Contact IDs\n1,Mill,Proposal,1,EUR,99\n"
    result = crm("import", written(tmp_path, text))
    assert result.code == 0
    assert "import those first" in result.err


@pytest.mark.parametrize(
    ("row", "why"),
    [("1,,Proposal,1,EUR", "the deal has no name"), ("1,Mill,Proposal,much,EUR", "is no amount of money")],
)
def test_what_is_no_deal_is_refused_with_its_line(crm: Crm, tmp_path: Path, row: str, why: str) -> None:
    path = written(tmp_path, f"Record ID,Deal Name,Deal Stage,Amount,Currency\n{row}\n")
    result = crm("import", path)
    assert result.code == 5
    assert f"{path}:2: " in result.err
    assert why in result.err


def test_an_amount_without_decimals_stays_what_it_is(crm: Crm, app: App, tmp_path: Path) -> None:
    text = "Deal,Company,Stage,Amount\nMill,Engines,Proposal,12000\n"
    assert counts(crm, written(tmp_path, text), "--currency", "JPY") == [1, 0, 0, 0, 0]
    assert rows(app, "SELECT amount, currency FROM deal") == [(12000, "JPY")]


def test_a_table_of_anybodys_deals_is_none_of_hubspots(crm: Crm, tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_text(
        "Deal Name,Amount,Currency,Stage,Close Date,Contact Email,Owner,Probability\n"
        "Won one,5000,EUR,Closed Won,2026-03-01,a@x.example,,\n"
        "Lost one,100,EUR,closedlost,31.12.2026,b@x.example,,\n"
        "Which,100,EUR,Proposal,3/4/2026,b@x.example,,\n"
    )
    result = crm("import", str(path))
    assert (result.code, "'3/4/2026' is no day that can be told for sure" in result.err) == (5, True)
    found = crm.json("deal", "list", "--all-states", "--sort", "name")["items"]
    told = [(one["name"], one["status"], one["close_date"], one["contact"]["display_name"]) for one in found]
    assert told == [
        ("Lost one", "lost", "2026-12-31", "b@x.example"),
        ("Won one", "won", "2026-03-01", "a@x.example"),
    ]


@pytest.mark.parametrize(
    ("titles", "start"),
    [
        ("Record ID,Deal Name,Deal Stage,Close Date", "hubspot-deals"),
        ("Deal - ID,Deal - Title,Deal - Stage,Deal - Expected close date", "pipedrive-deals"),
        ("Opportunity ID,Opportunity Name,Stage,Close Date", "salesforce-opportunities"),
        ("Deal ID,Deal,Stage,Close date", "deals"),
    ],
)
def test_a_close_date_is_read_for_sure_or_its_row_is_refused(crm: Crm, tmp_path: Path, titles: str, start: str) -> None:
    sure = f"{titles}\n1,One,Proposal,2026-12-01\n2,Two,Proposal,31.12.2026\n3,Three,Proposal,\n"
    result = crm("import", written(tmp_path, f"{sure}4,Four,Proposal,05/06/2026\n"))
    assert (result.code, start in result.out) == (5, True)
    assert "'05/06/2026' is no day that can be told for sure" in result.err
    found = crm.json("deal", "list", "--sort", "id")["items"]
    told = {one["name"]: (one["close_date"], one["custom"]) for one in found}
    assert told == {"One": ("2026-12-01", {}), "Two": ("2026-12-31", {}), "Three": (None, {})}
    crm.ok("import", written(tmp_path, f"{sure}4,Four,Proposal,05/06/2026\n5,Five,Proposal,06/30/2026\n"))
    found = crm.json("deal", "list", "--sort", "id")["items"]
    assert [one["close_date"] for one in found if one["name"] in ("Four", "Five")] == ["2026-05-06", "2026-06-30"]


@pytest.mark.parametrize(
    ("done", "stage", "day", "closed", "reason"),
    [
        (("won",), "Closed lost", "", "2026-11-24", None),
        (("won",), "Closed won", "", "2026-11-23", None),
        (("won",), "Proposal", "", None, None),
        (("won",), "Closed lost", "2026-11-22", "2026-11-22", None),
        (("won",), "Closed won", "2026-11-22", "2026-11-23", None),
        (("lost", "--reason", "price"), "Closed lost", "", "2026-11-23", "price"),
        (("lost", "--reason", "price"), "Closed won", "", "2026-11-24", None),
    ],
)
def test_a_deal_that_ended_otherwise_is_closed_when_that_came_in(
    crm: Crm, tmp_path: Path, done: tuple[str, ...], stage: str, day: str, closed: str | None, reason: str | None
) -> None:
    titles = "Deal,Company,Stage,Amount,Currency,Closed at\n"
    path = written(tmp_path, f"{titles}Mill,Engines,Negotiation,12000,EUR,\n")
    crm.ok("import", path)
    verb, *words = done
    crm.ok("deal", verb, "d1", *words, env={"CRM_NOW": "2026-11-23T10:00:00Z"})
    written(tmp_path, f"{titles}Mill,Engines,{stage},12000,EUR,{day}\n")
    later = {"CRM_NOW": "2026-11-24T10:00:00Z"}
    crm.ok("import", path, env=later)
    found = crm.json("deal", "show", "d1", env=later)["item"]
    assert (found["closed_at"] or "")[:10] == (closed or "")
    assert found["lost_reason"] == reason
    crm.ok("db", "verify")
