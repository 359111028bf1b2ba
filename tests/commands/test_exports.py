"""`crm export`."""

import csv
import io
import json
import os
import stat
from pathlib import Path

import pytest

from crmcli.app import App
from crmcli.services.exports import KINDS
from crmcli.store import exports
from tests.conftest import Crm
from tests.everything import AWKWARD, fill

FORMATS = [(what, form) for what, kind in KINDS.items() for form in kind.formats]


@pytest.fixture
def full(crm: Crm, app: App) -> Crm:
    """The program over a database with a row in every table."""
    fill(app)
    app.close()
    return crm


@pytest.fixture
def full_sqlite(crm_sqlite: Crm, app_sqlite: App) -> Crm:
    fill(app_sqlite)
    app_sqlite.close()
    return crm_sqlite


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_canonical_calls(full: Crm) -> None:
    names = [row["display_name"] for row in rows(full.ok("export", "contacts", "-o", "csv"))]
    assert names == ["Ada Lovelace", "山田 太郎"]
    assert json.loads(full.ok("export", "all").splitlines()[0])["schema"] == "crm.archive/1"


@pytest.mark.parametrize(("what", "form"), FORMATS)
def test_every_kind_in_every_format(full_sqlite: Crm, what: str, form: str, tmp_path: Path) -> None:
    printed = full_sqlite.ok("export", what, "-o", form)
    assert printed
    path = tmp_path / "out"
    full_sqlite.ok("export", what, "-o", form, "--to", str(path))
    assert path.read_bytes() == printed.encode()


def test_both_databases_give_the_same_bytes(full: Crm) -> None:
    for what in ("contacts", "companies", "interactions", "followups", "users", "tags", "fields"):
        for line in full.ok("export", what, "-o", "jsonl").splitlines():
            record = json.loads(line)
            assert not {"id", "created_at", "updated_at"} & record.keys()
    ada = json.loads(full.ok("export", "contacts", "-o", "jsonl").splitlines()[0])
    assert [(entry["name"], entry["role"]) for entry in ada["companies"]] == [
        ("Analytical Engines", "Engineer"),
        ("Zuse & Söhne", None),
    ]
    assert [entry["purpose"] for entry in ada["consents"]] == ["marketing", "press"]
    assert ada["extra"] == ["X-SKYPE;TYPE=work:ada\\, " + AWKWARD]


def test_json_is_a_list_as_lists_are(full_sqlite: Crm) -> None:
    document = full_sqlite.json("export", "companies")
    assert document["schema"] == "crm.company.list/1"
    assert [item["name"] for item in document["items"]] == ["Analytical Engines", "Zuse & Söhne"]
    assert full_sqlite.json("export", "contacts", "name:nobody")["items"] == []
    lines = full_sqlite.ok("export", "companies", "-o", "jsonl").splitlines()
    assert [json.loads(line) for line in lines] == document["items"]


def test_csv_holds_the_values_themselves(full_sqlite: Crm) -> None:
    ada, yamada = rows(full_sqlite.ok("export", "contacts"))
    assert yamada["notes"] == AWKWARD.replace("\r\n", "\n")
    assert ada["emails"] == "work=info@engines.example; home=b@engines.example"
    assert ada["companies"] == "Analytical Engines; role=Engineer; started_on=1842-01-01 | Zuse & Söhne"
    assert ada["custom.shoe_size"] == "38.5"
    assert ada["owner"] == "bob"
    assert "id" not in ada


def test_fields_of_others_get_no_column(full_sqlite: Crm) -> None:
    full_sqlite.ok("company", "edit", "co2", "--set", "trees=3")
    assert "custom.trees" not in full_sqlite.ok("export", "contacts").splitlines()[0]
    assert "custom.trees" in full_sqlite.ok("export", "companies").splitlines()[0]
    assert "custom.shirt" not in full_sqlite.ok("export", "companies", "name:zuse*").splitlines()[0]


def test_excel_safe_protects_what_would_be_calculated(crm_sqlite: Crm) -> None:
    crm_sqlite.ok("contact", "add", "=1+1", "--job-title", "@SUM(A1)", "--nickname", "'=x", "--department", "-")
    plain = rows(crm_sqlite.ok("export", "contacts"))[0]
    assert [plain[name] for name in ("display_name", "job_title", "nickname")] == ["=1+1", "@SUM(A1)", "''=x"]
    text = crm_sqlite.ok("export", "contacts", "--excel-safe")
    assert text.startswith("\ufeffuid,")
    safe = rows(text)[0]
    assert [safe[name] for name in ("display_name", "job_title", "nickname", "department")] == [
        "'=1+1", "'@SUM(A1)", "''=x", "'-",
    ]  # fmt: skip


def test_filters_are_those_of_lists(full: Crm) -> None:
    assert [row["display_name"] for row in rows(full.ok("export", "contacts", "tag:vip"))] == ["Ada Lovelace"]
    assert len(rows(full.ok("export", "contact", "lovelace", "owner:bob"))) == 1
    assert len(rows(full.ok("export", "interactions", "channel:email"))) == 1
    assert [row["status"] for row in rows(full.ok("export", "followups"))] == ["open", "done", "open", "open"]
    assert len(rows(full.ok("export", "followups", "status:open company.domain:engines.example"))) == 1
    result = full("export", "contacts", "tagg:vip")
    assert (result.code, "tag" in result.err) == (2, True)


def test_fields_pick_the_columns_of_lists(full_sqlite: Crm) -> None:
    text = full_sqlite.ok("export", "contacts", "--fields", "id,display_name,email")
    assert text.splitlines() == [
        "id,display_name,email",
        "c1,Ada Lovelace,info@engines.example",
        "c2,山田 太郎,yamada@engines.example",
    ]
    item = full_sqlite.json("export", "contacts", "--fields", "id,tags")["items"][0]
    assert item == {"id": "c1", "tags": ["press", "VIP"]}
    assert "display_name" in full_sqlite.ok("export", "contacts", "--fields", "help")
    assert full_sqlite("export", "contacts", "--fields", "id", "-o", "vcf").code == 2
    assert full_sqlite("export", "contacts", "--fields", "nme").code == 2


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("contact", "-o", "ics"), "cannot be written as ics\nuse one of: csv, tsv, json, jsonl, md, vcf"),
        (("contacts", "-o", "table"), "cannot be written as table"),
        (("contacts", "-o", "jsn"), "did you mean json"),
        (("all", "-o", "csv"), "use one of: jsonl"),
        (("all", "tag:vip"), "leave the filter out"),
        (("tags", "vip"), "leave the filter out"),
        (("contcts",), "did you mean contacts"),
        (("",), "cannot be exported"),
        (("contacts", "--excel-safe", "--json"), "--excel-safe is of CSV"),
        (("contacts", "--vcard-version", "3.0"), "--vcard-version is of vCards"),
        (("contacts", "-o", "vcf", "--vcard-version", "5"), "vCard 5"),
    ],
)
def test_what_cannot_be_is_refused(crm_sqlite: Crm, args: tuple[str, ...], said: str) -> None:
    result = crm_sqlite("export", *args)
    assert (result.code, result.out) == (2, "")
    assert said in result.err


def test_the_format_comes_from_the_name_of_the_file(full_sqlite: Crm, tmp_path: Path) -> None:
    for name, begins in (("a.vcf", "BEGIN:VCARD"), ("a.JSONL", '{"uid"'), ("a.txt", "uid,"), ("a.md", "| Id")):
        result = full_sqlite("export", "contacts", "--to", str(tmp_path / name))
        assert (result.code, result.out) == (0, "")
        assert result.err == f"Wrote contacts to {tmp_path / name}\n"
        assert (tmp_path / name).read_text().startswith(begins)
    full_sqlite.ok("export", "contacts", "-o", "csv", "--output-file", str(tmp_path / "b.json"))
    assert (tmp_path / "b.json").read_text().startswith("uid,")
    assert full_sqlite.ok("export", "all", "--to", str(tmp_path / "all.csv")) == ""
    assert stat.S_IMODE(os.stat(tmp_path / "all.csv").st_mode) == 0o600


def test_a_usual_format_counts_where_it_fits(full_sqlite: Crm) -> None:
    assert full_sqlite.ok("export", "contacts", env={"CRM_FORMAT": "jsonl"}).startswith('{"uid"')
    assert full_sqlite.ok("export", "contacts", env={"CRM_FORMAT": "table"}).startswith("uid,")
    assert full_sqlite.ok("export", "all", env={"CRM_FORMAT": "csv"}).startswith('{"schema"')


def test_a_file_that_cannot_be_written(full_sqlite: Crm, tmp_path: Path) -> None:
    for place, code in ((str(tmp_path), 2), ("/dev/null", 2), (str(tmp_path / "no" / "a.csv"), 1)):
        result = full_sqlite("export", "contacts", "--to", place)
        assert result.code == code
        assert place in result.err


def test_on_a_terminal_no_value_drives_it(full_sqlite: Crm) -> None:
    for what, form in FORMATS:
        text = full_sqlite.ok("export", what, "-o", form, tty=True)
        assert not set(text) & {"\x1b", "\x7f", "\u202e", "\r", "\ufeff"}, (what, form)


def test_an_empty_database(crm: Crm) -> None:
    assert crm.ok("export", "contacts").startswith("uid,display_name,")
    assert crm.ok("export", "contacts", "-o", "jsonl") == ""
    assert crm.json("export", "followups") == {"schema": "crm.followup.list/1", "items": []}
    assert crm.ok("export", "all").count("\n") == 3


def test_exports_are_read_in_pages(full: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [full.ok("export", what, "-o", "jsonl") for what in ("contacts", "interactions", "followups")]
    monkeypatch.setattr(exports, "PAGE", 1)
    assert [full.ok("export", what, "-o", "jsonl") for what in ("contacts", "interactions", "followups")] == whole


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "jsonl"])
@pytest.mark.parametrize("what", ["users", "tags", "fields"])
def test_an_export_of_users_tags_or_fields_is_not_taken_for_people(
    crm_sqlite: Crm, tmp_path: Path, what: str, form: str
) -> None:
    crm_sqlite.ok("contact", "add", "Ada Lovelace", "--tag", "vip")
    crm_sqlite.ok("field", "add", "size")
    path = tmp_path / f"file.{form}"
    path.write_text(crm_sqlite.ok("export", what, "-o", form), "utf-8")
    result = crm_sqlite("import", str(path))
    assert result.code == 2
    assert f"is an export of {what}, which are not imported by themselves" in result.err
    assert "crm export all" in result.err
    assert len(crm_sqlite.json("contact", "list")["items"]) == 1


def test_a_table_of_people_that_looks_like_users_is_one_of_people(crm_sqlite: Crm, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name,email,role\nAda Lovelace,ada@engines.example,admin\n", "utf-8")
    crm_sqlite.ok("import", str(path))
    assert len(crm_sqlite.json("contact", "list")["items"]) == 1
