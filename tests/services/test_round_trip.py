"""What is exported and imported again is exported as the same bytes."""

import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.app import App
from crmcli.kernel.settings import Settings
from tests.conftest import Crm, Stream
from tests.everything import fill

FORMATS = {
    "jsonl": (),
    "json": (),
    "csv": (),
    "csv-safe": ("--excel-safe",),
    "vcf": (),
    "vcf-3": ("--vcard-version", "3.0"),
}
LETTERS = "aÅé山🂡1=+-@'\"\\;,|[]:/.&<%#"
# Texts as records hold them: without white space at their ends, and in names and places no more than one between words.
words = st.text(st.sampled_from(LETTERS), min_size=1, max_size=8).map(lambda text: f"x{text}x")
lines = st.lists(words, min_size=1, max_size=3).map("\n".join)
names = st.lists(words, min_size=1, max_size=3).map(" ".join)
keys = st.from_regex(r"[a-z]{3,8}", fullmatch=True).map(lambda key: f"k_{key}")
labels = st.sampled_from(["work", "home", "mobile", "website", "other", "my own; label"])
emails = st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8})?@[a-z]{3,8}\.example", fullmatch=True)
numbers = st.from_regex(r"\+44 20 7946 0[0-9]{3}|\+49 30 901820[0-9]{2}|0207 946 0[0-9]{3}", fullmatch=True)


def entries(part: str, texts: st.SearchStrategy[str]) -> st.SearchStrategy[list[dict[str, Any]]]:
    entry = st.fixed_dictionaries({part: texts}, optional={"label": labels})
    return st.lists(entry, max_size=2, unique_by=lambda one: "".join(filter(str.isalnum, one[part])).lower())


def dates() -> st.SearchStrategy[str]:
    return st.dates(date(1800, 1, 1), date(2026, 1, 1)).map(date.isoformat)


shared = {
    "email": entries("value", emails),
    "phone": entries("raw", numbers),
    "url": entries("value", words.map(lambda text: f"https://x.example/{text}")),
    "address": st.lists(
        st.fixed_dictionaries(
            {"street_address": names}, optional={"locality": names, "postal_code": words, "country_code": st.just("GB")}
        ),
        max_size=2,
        unique_by=lambda one: one["street_address"],
    ),
    "tag": st.lists(words.filter(lambda text: "," not in text and ";" not in text), max_size=2, unique_by=str.casefold),
    "set": st.dictionaries(keys, names, max_size=2).map(lambda found: [found] if found else []),
    "prefer": st.dictionaries(keys, names, max_size=2).map(lambda found: [found] if found else []),
    "notes": lines,
    "timezone": st.sampled_from(["Europe/London", "Asia/Tokyo"]),
    "do_not_contact": st.booleans(),
    "lifecycle_stage": st.sampled_from(["lead", "customer"]),
}
contacts = st.fixed_dictionaries(
    {},
    optional={
        **shared,
        "given_name": names,
        "family_name": names,
        "job_title": names,
        "department": words,
        "birth_date": dates() | st.just("--05-12"),
        "consent": st.just(["marketing/email=granted", "press=denied"]),
        "company": st.lists(
            st.fixed_dictionaries({"name": names}, optional={"role": names, "started_on": dates()}),
            max_size=2,
            unique_by=lambda one: one["name"].casefold(),
        ),
    },
)
companies = st.fixed_dictionaries({}, optional={**shared, "legal_name": names, "employee_count": st.integers(1, 10**6)})


@pytest.fixture(scope="module")
def template(sqlite_template: Path) -> Path:
    return sqlite_template


class Pair:
    """Two databases, the second of them empty."""

    def __init__(self, template: Path, folder: Path) -> None:
        self.folder = folder
        (folder / "home").mkdir()
        self.first, self.second = (self._made(template, name) for name in ("first", "second"))

    def _made(self, template: Path, name: str) -> Crm:
        return Crm("sqlite", str(shutil.copy(template, self.folder / f"{name}.db")), self.folder / "home")

    def app(self) -> App:
        """An App over the first."""
        return App(Settings(), environ=self.first.environ(), streams=(Stream(), Stream(), Stream()), command="test")

    def there_and_back(self, what: str, form: str) -> None:
        """Export from the first, import into the second, export from there: the same bytes."""
        path = self.folder / f"{what}.{form.partition('-')[0]}"
        args = ("export", what, "-o", form.partition("-")[0], *FORMATS[form])
        before = self.first.ok(*args)
        path.write_bytes(before.encode())
        result = self.second("import", str(path), "--json")
        assert result.code == 0, result.err + result.out
        after = self.second.ok(*args)
        assert after.split("\n") == before.split("\n")
        assert after == before
        again = self.second("import", str(path), "--json")
        assert '"created":0' in again.out.replace(" ", "") and '"updated":0' in again.out.replace(" ", ""), again.out


@pytest.mark.parametrize("form", FORMATS)
@given(data=st.data())
@settings(max_examples=8)
def test_contacts_and_companies_come_back(form: str, data: st.DataObject, template: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        pair = Pair(template, Path(folder))
        app = pair.app()
        for number, values in enumerate(data.draw(st.lists(companies, min_size=1, max_size=2))):
            app.companies.add(f"Company {number}", values)
        for number, values in enumerate(data.draw(st.lists(contacts, min_size=1, max_size=3))):
            app.contacts.add(f"Person {number}", values)
        app.close()
        pair.there_and_back("companies", form)
        pair.there_and_back("contacts", form)


def no_circles(app: App) -> None:
    """Of the two companies that own each other and themselves, let one own the other."""
    app.companies.edit("co1", {"parent": ""})
    app.companies.edit("co2", {"parent": "co1"})


@pytest.mark.parametrize("form", FORMATS)
def test_a_database_with_a_row_in_every_table_comes_back(form: str, template: Path, tmp_path: Path) -> None:
    pair = Pair(template, tmp_path)
    app = pair.app()
    fill(app)
    no_circles(app)
    app.close()
    pair.second.ok("user", "add", "bob")
    pair.there_and_back("companies", form)
    pair.there_and_back("contacts", form)


@pytest.mark.parametrize("what", ["interactions", "followups"])
def test_what_was_logged_and_promised_comes_back_after_its_people(what: str, template: Path, tmp_path: Path) -> None:
    pair = Pair(template, tmp_path)
    app = pair.app()
    fill(app)
    no_circles(app)
    app.close()
    pair.second.ok("user", "add", "bob")
    for people in ("companies", "contacts"):
        pair.there_and_back(people, "jsonl")
    pair.there_and_back(what, "jsonl")


def test_an_archive_is_restored_where_nothing_is(template: Path, tmp_path: Path) -> None:
    pair = Pair(template, tmp_path)
    app = pair.app()
    fill(app)
    app.close()
    path = tmp_path / "archive.jsonl"
    path.write_text(pair.first.ok("export", "all"))
    assert '"created": 17' in pair.second.ok("import", str(path), "--dry-run", "--json")
    pair.second.ok("import", str(path))
    assert pair.second.ok("export", "all") == path.read_text()


def test_an_archive_is_an_import_where_something_is(template: Path, tmp_path: Path) -> None:
    pair = Pair(template, tmp_path)
    app = pair.app()
    fill(app)
    no_circles(app)
    app.close()
    path = tmp_path / "archive.jsonl"
    path.write_text(pair.first.ok("export", "all"))
    pair.second.ok("user", "add", "bob")
    pair.second.ok("contact", "add", "Somebody Else", "--email", "else@engines.example")
    assert pair.second.json("import", str(path))["item"]["rejected"] == 0
    assert pair.second.json("import", str(path))["item"]["created"] == 0
    ours = pair.second.ok("export", "contacts", "name:ada*", "-o", "jsonl")
    assert ours == pair.first.ok("export", "contacts", "name:ada*", "-o", "jsonl")
    for what in ("interactions", "followups"):
        assert pair.second.ok("export", what, "-o", "jsonl") == pair.first.ok("export", what, "-o", "jsonl")
