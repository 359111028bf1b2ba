"""`crm import`: what a person sees of it, on both databases."""

import json
import os
import threading
from pathlib import Path

import pytest

from tests.conftest import Crm

PEOPLE = """Name,E-mail,Phone,Company,City
Ada Lovelace,ada@engines.example,+44 20 7946 0958,Analytical Engines,London
Grace Hopper,grace@navy.example,,US Navy,Arlington
"""


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, "utf-8")
    return path


def counts(crm: Crm, *args: str, code: int = 0) -> list[int]:
    """Created, updated, unchanged, skipped, rejected of an import."""
    result = crm("import", *args, "--json")
    assert result.code == code, result.err
    item = json.loads(result.out)["item"]
    assert item["total"] == sum(item[kind] for kind in ("created", "updated", "unchanged", "skipped", "rejected"))
    return [item[kind] for kind in ("created", "updated", "unchanged", "skipped", "rejected")]


def test_a_file_is_taken_in_and_a_second_time_changes_nothing(crm: Crm, people: Path) -> None:
    assert counts(crm, str(people)) == [2, 0, 0, 0, 0]
    ada = crm.json("contact", "show", "ada@engines.example")["item"]
    assert ada["phones"][0]["e164"] == "+442079460958"
    assert ada["companies"][0]["name"] == "Analytical Engines"
    assert ada["addresses"][0]["locality"] == "London"
    assert counts(crm, str(people)) == [0, 0, 2, 0, 0]
    assert "Grace Hopper" in crm.ok("find", "hopper")


def test_what_changed_in_the_file_is_brought_up_to_date(crm: Crm, people: Path) -> None:
    counts(crm, str(people))
    people.write_text(PEOPLE.replace("Arlington", "New York").replace("Grace Hopper", "Grace M. Hopper"), "utf-8")
    assert counts(crm, str(people)) == [0, 1, 1, 0, 0]
    assert crm.json("contact", "show", "grace@navy.example")["item"]["display_name"] == "Grace M. Hopper"


def test_a_change_of_ours_stays_when_the_source_has_nothing_new(crm: Crm, people: Path) -> None:
    counts(crm, str(people))
    crm.ok("contact", "edit", "grace@navy.example", "--name", "Admiral Hopper")
    assert counts(crm, str(people)) == [0, 0, 2, 0, 0]
    assert crm.json("contact", "show", "grace@navy.example")["item"]["display_name"] == "Admiral Hopper"


def test_a_dry_run_says_what_the_run_does_and_changes_nothing(crm: Crm, people: Path) -> None:
    would = counts(crm, str(people), "--dry-run")
    assert crm.json("contact", "list")["items"] == []
    assert counts(crm, str(people)) == would


def test_a_dry_run_on_a_terminal_shows_the_columns(crm_sqlite: Crm, people: Path) -> None:
    result = crm_sqlite("import", str(people), "--dry-run", tty=True)
    assert result.code == 0
    assert "E-mail" in result.out
    assert "ada@engines.example" in result.out
    assert "2 records: would be 2 created" in result.out
    assert "nothing was changed" in result.err


def test_undo_takes_a_whole_import_back(crm: Crm, people: Path) -> None:
    crm.ok("contact", "add", "Charles Babbage")
    counts(crm, str(people))
    crm.ok("undo")
    assert [item["display_name"] for item in crm.json("contact", "list")["items"]] == ["Charles Babbage"]
    assert crm.json("company", "list")["items"] == []
    assert "nothing found" in crm("find", "hopper").err
    assert counts(crm, str(people)) == [2, 0, 0, 0, 0]


def test_undo_takes_an_import_in_batches_back_as_one(crm: Crm, people: Path) -> None:
    assert counts(crm, str(people), "--batch", "1") == [2, 0, 0, 0, 0]
    crm.ok("undo")
    assert crm.json("contact", "list")["items"] == []


def test_rejected_records_can_be_mended_and_imported(crm: Crm, people: Path, tmp_path: Path) -> None:
    people.write_text(PEOPLE + 'Charles Babbage,not-an-address,,,\n"Bob,bob@x.example,,,\n', "utf-8")
    bad = tmp_path / "bad.csv"
    assert counts(crm, str(people), "--rejects", str(bad), code=5) == [2, 0, 0, 0, 2]
    lines = bad.read_text("utf-8").splitlines()
    assert lines[0] == "Name,E-mail,Phone,Company,City,_line,_reason"
    assert lines[1].startswith("Charles Babbage,not-an-address,,,,4,")
    assert ",5,a quote is opened and never closed" in lines[2]
    mended = bad.read_text("utf-8").replace("not-an-address", "charles@engines.example").splitlines()[:2]
    bad.write_text("\n".join(mended), "utf-8")
    refused = crm("import", str(bad), "--rejects", str(bad))
    assert (refused.code, "is the file that is read" in refused.err) == (2, True)
    assert counts(crm, str(bad), "--rejects", str(tmp_path / "worse.csv")) == [1, 0, 0, 0, 0]
    assert not (tmp_path / "worse.csv").exists()
    custom = crm.json("contact", "show", "charles@engines.example")["item"]["custom"]
    assert custom == {}


def test_reasons_are_told_with_their_lines(crm_sqlite: Crm, people: Path) -> None:
    people.write_text(PEOPLE + "Charles Babbage,not-an-address,,,\n", "utf-8")
    result = crm_sqlite("import", str(people))
    assert result.code == 5
    assert f"{people}:4: 'not-an-address' is not an e-mail address" in result.err
    assert "--rejects FILE" in result.err


@pytest.mark.parametrize(
    ("words", "email", "title"),
    [
        (["--on-match", "update"], ["ada@engines.example", "ada@home.example"], "Countess"),
        (["--on-match", "fill"], ["ada@engines.example", "ada@home.example"], "Engineer"),
        (["--on-match", "skip"], ["ada@engines.example"], "Engineer"),
    ],
)
def test_what_happens_to_those_who_are_there(
    crm: Crm, tmp_path: Path, words: list[str], email: list[str], title: str
) -> None:
    crm.ok("contact", "add", "Ada Lovelace", "--email", "ada@engines.example", "--job-title", "Engineer")
    path = tmp_path / "more.csv"
    path.write_text(
        "Name,E-mail,Other e-mail,Job title,City\nAda Lovelace,ada@engines.example,ada@home.example,Countess,London\n",
        "utf-8",
    )
    crm.ok("import", str(path), "--map", "Other e-mail=email", *words)
    ada = crm.json("contact", "show", "c1")["item"]
    assert [entry["value"] for entry in ada["emails"]] == email
    assert ada["job_title"] == title
    assert len(crm.json("contact", "list")["items"]) == 1


def test_create_makes_another_one(crm: Crm, people: Path) -> None:
    crm.ok("contact", "add", "Ada Lovelace", "--email", "ada@engines.example")
    assert counts(crm, str(people), "--on-match", "create") == [2, 0, 0, 0, 0]


def test_columns_mean_what_is_said(crm: Crm, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("Wer,Wohin,Geheim,Nr\nAda Lovelace,ada@engines.example,x,17\n", "utf-8")
    said = ("--map", "Wer=name", "--map", "Wohin=email.work", "--skip-column", "Geheim", "--map", "Nr=set.customer_no")
    crm.ok("import", str(path), *said, "--save-map", "odd")
    ada = crm.json("contact", "show", "ada@engines.example")["item"]
    assert ada["emails"][0]["label"] == "work"
    assert ada["custom"] == {"customer_no": "17"}
    path.write_text("Wer,Wohin,Geheim,Nr\nAda King,ada@king.example,x,17\n", "utf-8")
    assert counts(crm, str(path), "--use", "odd", "--key", "set.customer_no") == [0, 1, 0, 0, 0]
    assert crm.json("contact", "show", "c1")["item"]["display_name"] == "Ada King"


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--map", "Nonsense=name"], 2, "there is no column 'Nonsense'"),
        (["--map", "Name=nonsense"], 2, "there is no field 'nonsense'"),
        (["--map", "Name"], 2, "is not COLUMN=FIELD"),
        (["--use", "nothing"], 3, "there is no mapping 'nothing'"),
        (["--as", "gogle"], 2, "did you mean google"),
        (["--on-match", "merge"], 2, "says nothing of matches"),
        (["--key", "shoe"], 2, "cannot be known by 'shoe'"),
        (["--batch", "0"], 2, "a batch has 1 to 1,000,000,000 records"),
        (["--batch", "1" * 40], 2, "a batch has 1 to 1,000,000,000 records"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_written(
    crm_sqlite: Crm, people: Path, words: list[str], code: int, told: str
) -> None:
    result = crm_sqlite("import", str(people), *words)
    assert (result.code, told in result.err) == (code, True), result.err
    assert crm_sqlite.json("contact", "list")["items"] == []


def test_standard_input_is_a_file_too(crm: Crm) -> None:
    result = crm("import", "-", "--json", stdin=PEOPLE)
    assert json.loads(result.out)["item"]["created"] == 2


def test_a_file_that_is_nothing_known_is_refused(crm_sqlite: Crm, tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(bytes(range(256)) * 10)
    result = crm_sqlite("import", str(path))
    assert result.code == 2
    assert "of no kind that is known" in result.err


def test_a_file_that_is_not_there(crm_sqlite: Crm) -> None:
    result = crm_sqlite("import", "nowhere.csv")
    assert (result.code, "there is no file nowhere.csv" in result.err) == (2, True)


def test_all_formats_are_listed(crm_sqlite: Crm) -> None:
    names = crm_sqlite.ok("import", "--list-formats", "--fields", "name").split()
    assert {"google", "outlook", "vcard", "mbox", "csv", "hubspot", "archive"} <= set(names)


def test_someone_who_was_deleted_stays_deleted(crm: Crm, people: Path) -> None:
    counts(crm, str(people))
    crm.ok("contact", "rm", "grace@navy.example", "--yes")
    assert counts(crm, str(people)) == [0, 0, 2, 0, 0]
    people.write_text(PEOPLE.replace("Arlington", "New York"), "utf-8")
    assert counts(crm, str(people)) == [0, 0, 1, 1, 0]
    assert len(crm.json("contact", "list")["items"]) == 1


def test_two_who_share_an_address_are_two(crm: Crm, tmp_path: Path) -> None:
    path = tmp_path / "office.csv"
    path.write_text("Name,E-mail\nAda Lovelace,info@engines.example\nCharles Babbage,info@engines.example\n", "utf-8")
    assert counts(crm, str(path)) == [2, 0, 0, 0, 0]
    path.write_text("Name,E-mail,City\nAda Lovelace,info@engines.example,London\n", "utf-8")
    assert counts(crm, str(path)) == [0, 1, 0, 0, 0]


def test_the_same_person_twice_in_one_file_is_one(crm: Crm, tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text(
        "Name,E-mail,Phone\nAda Lovelace,ada@engines.example,\nA. Lovelace,ada@engines.example,+442079460958\n", "utf-8"
    )
    assert counts(crm, str(path)) == [1, 1, 0, 0, 0]
    assert len(crm.json("contact", "list")["items"]) == 1


@pytest.mark.parametrize("agreed", ["", "granted"])
def test_the_same_person_three_times_in_one_file_is_one(crm: Crm, tmp_path: Path, agreed: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "Name,E-mail,Phone,Agreed\n"
        f"Ada Lovelace,ada@engines.example,,{agreed}\n"
        "A. Lovelace,ada@engines.example,+442079460958,\n"
        "Ada L. Lovelace,ada@engines.example,+442079460959,\n",
        "utf-8",
    )
    assert counts(crm, str(path), "--map", "Agreed=consent.marketing/email") == [1, 2, 0, 0, 0]
    (ada,) = crm.json("contact", "list")["items"]
    assert len(crm.json("contact", "show", ada["id"])["item"]["phones"]) == 2


def test_a_doubtful_match_is_rejected_with_the_candidates(crm: Crm, tmp_path: Path) -> None:
    for _ in range(2):
        crm.ok("contact", "add", "Ada Lovelace", "--email", "ada@engines.example")
    path = tmp_path / "ada.csv"
    path.write_text("Name,E-mail\nAda Lovelace,ada@engines.example\n", "utf-8")
    result = crm("import", str(path))
    assert result.code == 5
    assert "it may be any of c1, c2 (same e-mail)" in result.err


def test_hostile_cells_are_stored_whole_and_shown_escaped(crm: Crm, tmp_path: Path) -> None:
    path = tmp_path / "hostile.csv"
    name = "\x1b]8;;https://evil.example\x07Ada\x1b[31m [/] :smile: =1+1"
    path.write_text(f'Name,E-mail\n"{name}",ada@engines.example\n"Bad\x1b[2J","x\x1b[31m"\n', "utf-8")
    result = crm("import", str(path))
    assert result.code == 5
    assert "\x1b" not in result.out + result.err
    assert crm.json("contact", "show", "c1")["item"]["display_name"] == name


def test_an_owner_whom_nobody_knows_refuses_nobody(crm: Crm, tmp_path: Path) -> None:
    path = tmp_path / "owned.csv"
    path.write_text("Name,E-mail,Owner\nAda Lovelace,ada@engines.example,Charles\n", "utf-8")
    assert counts(crm, str(path), "--map", "Owner=owner") == [1, 0, 0, 0, 0]
    ada = crm.json("contact", "show", "c1")["item"]
    assert (ada["owner"], ada["custom"]) == (None, {"owner_name": "Charles"})


@pytest.mark.parametrize("said", ["ada", "ADA@engines.example", "ada  lovelace", "u1"])
def test_an_owner_is_known_by_name_address_and_display_name(crm: Crm, tmp_path: Path, said: str) -> None:
    crm.ok("user", "edit", "ada", "--email", "ada@engines.example", "--display-name", "Ada Lovelace")
    path = tmp_path / "owned.csv"
    path.write_text(f"Name,E-mail,Owner\nGrace Hopper,grace@navy.example,{said}\n", "utf-8")
    assert counts(crm, str(path), "--map", "Owner=owner") == [1, 0, 0, 0, 0]
    grace = crm.json("contact", "show", "c1")["item"]
    assert (grace["owner"], grace["custom"]) == ("ada", {})


def test_a_parent_company_is_made_when_it_is_named(crm: Crm, tmp_path: Path) -> None:
    path = tmp_path / "companies.csv"
    path.write_text("Company name,Domain,Parent\nEngines Ltd,engines.example,Engines Holding\n", "utf-8")
    crm.ok("import", str(path), "--map", "Parent=parent")
    (found,) = crm.json("company", "list", "domain:engines.example")["items"]
    assert found["parent"]["name"] == "Engines Holding"


def test_an_address_that_is_known_with_more_is_the_same(crm: Crm, tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    for cells in ("Street,City\n1 Mill Lane,London", "City,Country\nLondon,GB", "Street,City\n1 Mill Lane,London"):
        titles, values = cells.split("\n")
        path.write_text(f"Name,E-mail,{titles}\nAda Lovelace,ada@engines.example,{values}\n", "utf-8")
        crm.ok("import", str(path))
    addresses = crm.json("contact", "show", "c1")["item"]["addresses"]
    assert [(one["street_address"], one["locality"], one["country_code"]) for one in addresses] == [
        ("1 Mill Lane", "London", None),
        (None, "London", "GB"),
    ]
    path.write_text(
        "Name,E-mail,Street,City,Country\nAda Lovelace,ada@engines.example,1 Mill Lane,London,GB\n", "utf-8"
    )
    crm.ok("import", str(path))
    (address,) = crm.json("contact", "show", "c1")["item"]["addresses"]
    assert (address["street_address"], address["country_code"]) == ("1 Mill Lane", "GB")


def test_a_rejected_record_that_stands_there_twice_is_rejected_twice(crm_sqlite: Crm, tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text(
        "Name,E-mail\nAda,nonsense\nAda,nonsense\nGrace,grace@navy.example\nGrace,grace@navy.example\n", "utf-8"
    )
    assert counts(crm_sqlite, str(path), code=5) == [1, 0, 1, 0, 2]


def test_an_older_file_of_rejects_is_emptied(crm_sqlite: Crm, people: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("of yesterday", "utf-8")
    counts(crm_sqlite, str(people), "--rejects", str(bad))
    assert bad.read_text("utf-8") == ""


@pytest.mark.parametrize("words", [["--on-match", "create"], ["--key", "email"]])
def test_a_foreign_key_that_is_taken_costs_its_own_record(crm: Crm, tmp_path: Path, words: list[str]) -> None:
    crm.ok("contact", "add", "Charles Babbage", "--external", "hubspot:1")
    path = tmp_path / "keys.csv"
    path.write_text("Name,E-mail,Nr\nAda Lovelace,ada@engines.example,1\nGrace Hopper,grace@navy.example,2\n", "utf-8")
    made = counts(crm, str(path), "--map", "Nr=external.hubspot", *words, code=0 if "create" in words else 5)
    assert made == ([2, 0, 0, 0, 0] if "create" in words else [1, 0, 0, 0, 1])


def test_a_company_and_a_person_may_not_share_a_foreign_key(crm: Crm, tmp_path: Path) -> None:
    crm.ok("company", "add", "Engines", "--external", "crm:7")
    path = tmp_path / "keys.csv"
    path.write_text("Name,E-mail,Nr\nAda Lovelace,ada@engines.example,7\nGrace,g@navy.example,8\n", "utf-8")
    assert counts(crm, str(path), "--map", "Nr=external.crm", code=5) == [1, 0, 0, 0, 1]


@pytest.mark.parametrize("name", ["Bob Smith", "Smith Robert", "Smith, Robert", "R. Smith", "Rob Smith-Jones"])
def test_one_person_is_known_by_many_names(crm: Crm, tmp_path: Path, name: str) -> None:
    crm.ok("contact", "add", "Robert Smith", "--email", "bob@engines.example")
    path = tmp_path / "bob.csv"
    path.write_text(f'Name,E-mail,City\n"{name}",bob@engines.example,London\n', "utf-8")
    assert counts(crm, str(path)) == [0, 1, 0, 0, 0]


@pytest.mark.parametrize(("known", "poorer"), [("Robert Smith", "R. Smith"), ("José Núñez", "Jose Nunez")])
def test_a_poorer_name_takes_nothing_away(crm: Crm, tmp_path: Path, known: str, poorer: str) -> None:
    crm.ok("contact", "add", known, "--email", "x@engines.example")
    path = tmp_path / "poorer.csv"
    path.write_text(f"Name,E-mail\n{poorer},x@engines.example\n", "utf-8")
    counts(crm, str(path))
    assert crm.json("contact", "show", "c1")["item"]["display_name"] == known


def test_companies_are_not_one_by_a_shared_number(crm: Crm, tmp_path: Path) -> None:
    path = tmp_path / "companies.csv"
    path.write_text(
        "Company name,Domain,Phone\nEngines,engines.example,+442079460958\nLooms,looms.example,+442079460958\n", "utf-8"
    )
    assert counts(crm, str(path)) == [2, 0, 0, 0, 0]


def test_a_pipe_may_be_named(crm_sqlite: Crm, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text(PEOPLE, "utf-8"))
    writer.start()
    assert counts(crm_sqlite, str(pipe)) == [2, 0, 0, 0, 0]
    writer.join()


def test_people_and_companies_of_a_foreign_program_in_one_file(crm: Crm, tmp_path: Path) -> None:
    path = tmp_path / "mixed.jsonl"
    path.write_text(
        '{"name":"Ada","email":"a@b.example"}\n{"name":"Firm","industry":"Steel","domains":["x.example"]}\n'
    )
    assert counts(crm, str(path)) == [2, 0, 0, 0, 0]
    assert "Steel" in crm.json("contact", "show", "Firm")["item"]["custom"].values()


def test_new_people_of_a_table_are_leads_where_that_is_asked_for(crm: Crm, tmp_path: Path) -> None:
    crm.ok("contact", "add", "June Harbor", "--email", "june@harborlight.example", "--stage", "customer")
    path = tmp_path / "fair.csv"
    path.write_text(
        "Name,Email,Job title,Lead source,Lifecycle stage,External id\n"
        "Petra Lindqvist,petra@northquay.example,Owner,fair,,a1\n"
        "Olga Brandt,olga@marlow.example,,fair,subscriber,a2\n"
        "June Harbor,june@harborlight.example,,fair,,a3\n"
    )
    assert counts(crm, str(path), "--leads") == [2, 1, 0, 0, 0]
    assert counts(crm, str(path), "--leads") == [0, 0, 3, 0, 0]
    found = {one["display_name"]: (one["lifecycle_stage"], one["lead_status"], one["lead_source"])
             for one in crm.json("contact", "list")["items"]}  # fmt: skip
    assert found == {
        "Petra Lindqvist": ("lead", "new", "fair"),
        "Olga Brandt": ("subscriber", None, "fair"),
        "June Harbor": ("customer", None, "fair"),
    }
    crm.ok("undo")
    assert counts(crm, str(path), "--leads", "--on-match", "create") == [3, 0, 0, 0, 0]
    assert len(crm.json("lead", "list")["items"]) == 2
