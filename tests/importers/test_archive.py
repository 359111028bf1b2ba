"""Our archive read as any other source: record by record, by uid, without what was deleted."""

import json
from typing import Any

import pytest

from crmcli.app import App
from crmcli.importers import archive, jsonfile
from crmcli.importers.base import Draft, Refused
from crmcli.importers.source import Source
from crmcli.kernel.errors import UsageError
from crmcli.kernel.sealed import sealed
from crmcli.store.archive import SCHEMA
from tests.everything import CONTENT, DIGEST, fill
from tests.importers.tables import source

(FORMAT,) = archive.FORMATS


@pytest.fixture
def full(app_sqlite: App) -> str:
    fill(app_sqlite)
    return "".join(app_sqlite.archives.write())


def read(text: str) -> tuple[list[Draft], list[Refused], Source]:
    file = source(text, "archive.jsonl")
    items = list(FORMAT.read(file))
    drafts = [item for item in items if isinstance(item, Draft)]
    return drafts, [item for item in items if isinstance(item, Refused)], file


def plain(values: Any) -> Any:
    """Values in which the order of entries without one does not count."""
    lists = ("tag", "prefer", "set", "external", "consent")
    return {name: sorted(map(str, value)) if name in lists else value for name, value in values.items()}


def uid(values: Any) -> str:
    return str(values["uid"])


def test_it_says_what_exports_say(full: str, app_sqlite: App) -> None:
    drafts, refused, file = read(full)
    assert not refused
    assert file.notes == ["1 records that were deleted were left out"]
    for noun, what in (("contact", "contacts"), ("interaction", "interactions"), ("followup", "followups")):
        exported = jsonfile.OWN.read(source("".join(app_sqlite.exports.write(what, format="jsonl"))))
        expected = [item.values for item in exported if isinstance(item, Draft)]
        found = [draft.values for draft in drafts if draft.noun == noun]
        for values in found:
            for attachment in values.get("attachments", ()):
                assert attachment.pop("content", CONTENT) == CONTENT
        assert list(map(plain, sorted(found, key=uid))) == list(map(plain, sorted(expected, key=uid))), noun


def test_what_was_attached_comes_with_the_first_that_has_it(full: str) -> None:
    drafts, _, _ = read(full)
    attached = [one for draft in drafts for one in draft.values.get("attachments", ())]
    assert [(one["digest"] == DIGEST, "content" in one) for one in attached] == [
        (True, True), (False, False), (True, False),
    ]  # fmt: skip
    assert all(CONTENT not in draft.raw for draft in drafts)


def test_a_parent_that_comes_later_is_told_when_it_is_known(full: str) -> None:
    drafts, _, _ = read(full)
    companies = [draft.values for draft in drafts if draft.noun == "company"]
    assert [(values["name"], values.get("parent")) for values in companies] == [
        ("Analytical Engines", None),
        ("Zuse & Söhne", None),
        ("Analytical Engines", "Zuse & Söhne"),
        ("Zuse & Söhne", "Zuse & Söhne"),
    ]
    assert companies[2]["uid"] == companies[0]["uid"]


def test_who_was_deleted_takes_part_in_nothing(app_sqlite: App) -> None:
    app_sqlite.contacts.add("Ada", {"email": ["ada@engines.example"]})
    app_sqlite.contacts.add("Gone", {})
    app_sqlite.interactions.log("in", ["c1", "c2"], "Hello", {})
    app_sqlite.contacts.remove(["c2"])
    drafts, _, _ = read("".join(app_sqlite.archives.write()))
    (logged,) = [draft for draft in drafts if draft.noun == "interaction"]
    assert [person["name"] for person in logged.values["people"]] == ["Ada"]


def test_rejects_can_be_read_as_our_json(full: str) -> None:
    drafts, _, file = read(full)
    refused = [Refused(draft.place, draft.raw, "because") for draft in drafts]
    again = list(jsonfile.OWN.read(source(b"".join(FORMAT.rejects(file, refused)))))
    assert [item.noun for item in again if isinstance(item, Draft)] == [draft.noun for draft in drafts]


def test_a_damaged_archive_is_refused_whole(full: str) -> None:
    for text in (full[:-30], full[: len(full) // 2], full.replace("Ada Lovelace", "Eve Lovelace")):
        with pytest.raises(UsageError, match="archive.jsonl"):
            read(text)


def test_a_wrong_row_is_refused_by_itself(full: str) -> None:
    lines = [json.loads(line) for line in full.splitlines()[:-1]]
    rows = [line["row"] for line in lines if line.get("table") in ("contact", "email", "interaction")]
    for row in rows:
        row["nonsense"] = 5
    drafts, refused, _ = read("".join(sealed(map(json.dumps, lines), SCHEMA)))
    assert len(refused) == len(rows)
    assert all("no column 'nonsense'" in item.reason for item in refused)
    assert {draft.noun for draft in drafts} == {"company", "followup"}


def test_a_newer_one_is_refused(full: str) -> None:
    lines = full.splitlines()[:-1]
    lines[0] = lines[0].replace('"version":"', '"version":"9')
    with pytest.raises(UsageError, match="newer"):
        read("".join(sealed(lines, SCHEMA)))
