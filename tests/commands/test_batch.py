"""`crm batch`: many operations in one process."""

import json

import pytest


def lines(*operations):
    return "".join(json.dumps(operation) + "\n" for operation in operations)


ALL = lines(
    {"op": "company.add", "name": "Engines", "domain": "engines.example"},
    {
        "op": "contact.add",
        "name": "Ada Lovelace",
        "email": ["ada@engines.example"],
        "tag": "vip",
        "set": {"source": "fair"},
    },
    {"op": "log.in", "who": "ada lovelace", "text": "Asked", "channel": "call", "at": "2026-11-19 10:00"},
    {"op": "log.out", "who": "ada@engines.example", "text": "Answered", "channel": "email", "followup": "+3d"},
    {"op": "followup.add", "who": "c1", "subject": "Call", "due": "tomorrow", "priority": "high"},
    {"op": "followup.done", "id": "f2", "note": "Agreed"},
    {"op": "contact.edit", "who": "c1", "job-title": "Engineer", "remove_email": []},
    {"op": "contact.tag", "who": ["c1"], "tag": ["press"]},
    {"op": "interaction.edit", "id": "i1", "outcome": "connected"},
    {"op": "followup.snooze", "id": "f1", "when": "+1w"},
)


def test_every_kind_of_operation(crm):
    assert crm.ok("batch", stdin=ALL).split() == ["co1", "c1", "i1", "i2", "f2", "f2", "c1", "c1", "i1", "f1"]
    item = crm.json("contact", "show", "c1")["item"]
    assert (item["job_title"], item["tags"], item["custom"]) == ("Engineer", ["press", "vip"], {"source": "fair"})
    assert item["companies"][0]["name"] == "Engines"
    assert crm.json("interaction", "show", "i1")["item"]["outcome"] == "connected"


def test_cadences(crm):
    crm.ok("contact", "add", "Ada Lovelace")
    operations = lines(
        {"op": "cadence.set", "who": "c1", "every": "6w", "max": "8w", "via": "call", "owner": "me"},
        {"op": "cadence.set", "where": "tag:vip", "noun": "company", "every": "3m"},
        {"op": "cadence.set", "id": "cad1", "every": "7w"},
        {"op": "cadence.pause", "id": ["cad1", "cad2"], "until": "+1w"},
        {"op": "cadence.resume", "who": "c1"},
        {"op": "cadence.rm", "id": "cad2"},
    )
    assert crm.ok("batch", stdin=operations).split() == ["cad1", "cad2", "cad1", "cad1", "cad2", "cad1", "cad2"]
    (item,) = crm.json("cadence", "list")["items"]
    assert (item["ideal"], item["maximum"], item["via"], item["state"]) == ("7w", "11w", "call", "ok")
    refused = crm("batch", stdin=lines({"op": "cadence.set", "every": "6w"}))
    assert "the line names no record" in refused.err


def test_it_is_one_operation_in_the_journal(app, crm):
    crm.ok("batch", stdin=ALL)
    assert [row["command"] for row in app.store.rows("SELECT command FROM operation")] == ["batch"]


def test_all_or_nothing(crm):
    result = crm("batch", stdin=ALL + lines({"op": "log.in", "who": "nobody", "text": "x"}))
    assert result.code == 3
    assert "line 11" in result.err
    assert result.out == ""
    assert crm.json("contact", "list")["items"] == []
    assert crm.ok("contact", "add", "Bob") == "c1\n" or crm.dialect == "postgresql"


def test_keep_going_reports_each_line(crm):
    crm.ok("contact", "add", "Ada")
    operations = lines({"op": "log.in", "who": "c1", "text": "one"}) + "nonsense\n" + lines(
        {"op": "log.in", "who": "nobody", "text": "two"},
        {"op": "contact.add", "name": "Bob", "email": "bad"},
        {"op": "log.in", "who": "c1", "text": "three"},
    )  # fmt: skip
    result = crm("batch", "--keep-going", "--json", stdin=operations)
    assert result.code == 5
    items = json.loads(result.out)["items"]
    assert [(item["line"], item["ok"]) for item in items] == [(1, True), (2, False), (3, False), (4, False), (5, True)]
    assert items[2]["error"]["kind"] == "not_found"
    assert [item["body"] for item in crm.json("interaction", "list", "--sort", "at")["items"]] == ["one", "three"]
    assert len(crm.json("contact", "list")["items"]) == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "not JSON"),
        ("[]", "not an object"),
        ('{"who": "c1"}', "no op"),
        ('{"op": "log.inn"}', "did you mean log.in?"),
        ('{"op": "log.in", "txt": "x"}', "did you mean text?"),
        ('{"op": "log.in", "text": "x"}', "names no record"),
        ('{"op": "log.in", "who": "c1", "who": "c2"}', "stands twice"),
        ('{"op": "log.in", "who": "c1", "duration": NaN}', "NaN"),
        ("[" * 100_000, "too deeply"),
        ('{"op": "log.in", "who": "c1", "text": "\\ud800"}', "UTF-8"),
        ('{"op": "log.in", "who": "c1", "text": "a\\u0000b"}', "NUL"),
        ('{"op": ["log.in"]}', "no operation"),
        ('{"op": "followup.edit", "id": "f1", "due_at": "today"}', "no key 'due_at'"),
        ('{"op": "interaction.edit", "id": "i1", "followup": "+1d"}', "no key 'followup'"),
        ('{"op": "company.add", "name": "X", "role": "y"}', "no key 'role'"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_changed(crm, line, said):
    crm.ok("contact", "add", "Ada")
    result = crm("batch", stdin='{"op": "log.in", "who": "c1", "text": "fine"}\n' + line + "\n")
    assert result.code in (2, 3), result.err
    assert "line 2" in result.err
    assert said in result.err
    assert crm.json("interaction", "list")["items"] == []


def test_bytes_that_are_not_utf8(crm):
    result = crm("batch", stdin=b'{"op": "contact.add", "name": "\xff"}\n')
    assert result.code == 2
    assert crm.json("contact", "list")["items"] == []


def test_no_operations(crm):
    assert crm.ok("batch", stdin="\n\n") == ""
    assert crm("batch", tty=True).code == 2


def test_the_same_person_named_in_several_ways_takes_part_once(crm):
    crm.ok("contact", "add", "Ada", "--email", "ada@engines.example")
    crm.ok("batch", stdin=lines({"op": "log.in", "who": "c1", "with": ["ada@engines.example", "Ada"], "text": "x"}))
    assert len(crm.json("interaction", "show", "i1")["item"]["participants"]) == 1


def test_a_full_disk_ends_a_batch_that_keeps_going(crm_sqlite, monkeypatch):
    crm_sqlite.ok("contact", "add", "Ada")
    from crmcli.kernel.errors import DatabaseUnavailable
    from crmcli.services.interactions import Interactions

    def full(*_: object) -> int:
        raise DatabaseUnavailable("the disk is full")

    monkeypatch.setattr(Interactions, "write", full)
    result = crm_sqlite("batch", "--keep-going", stdin=lines({"op": "log.in", "who": "c1", "text": "x"}) * 3)
    assert result.code == 7
    assert "the disk is full" in result.err


def test_null_says_that_nothing_is_given(crm):
    assert crm("batch", stdin=lines({"op": "contact.add", "name": None})).code == 2
    crm.ok("batch", stdin=lines({"op": "contact.add", "name": "Ada", "job_title": None}))
    assert crm.json("contact", "show", "ada")["item"]["job_title"] is None
    assert crm("batch", stdin=lines({"op": "contact.tag", "who": "ada", "tag": [None]})).code == 2


def test_a_dry_run_changes_nothing(crm):
    result = crm("batch", "--dry-run", stdin=ALL)
    assert (result.code, "10 of 10 operations would be applied" in result.err) == (0, True)
    assert crm.json("contact", "list")["items"] == []


def test_a_line_with_broken_bytes_leaves_the_others_alone(crm):
    crm.ok("contact", "add", "Ada")
    bad = '{"op": "log.in", "who": "\\udc80", "text": "x"}\n'
    result = crm("batch", "--keep-going", stdin=bad + lines({"op": "log.in", "who": "c1", "text": "fine"}))
    assert result.code == 5
    assert [item["body"] for item in crm.json("interaction", "list")["items"]] == ["fine"]


@pytest.mark.parametrize(
    "line",
    [
        {"op": "contact.add", "name": ["Ada"]},
        {"op": "lead.add", "name": {"a": 1}},
        {"op": "deal.add", "name": 1.5, "contact": "c1"},
        {"op": "product.add", "name": ["Apples"]},
        {"op": "order.add", "who": ["c1"]},
        {"op": "pipeline.add", "name": "Lease", "stage": {"a": 40}},
    ],
)
def test_what_is_no_text_names_nothing(crm, line):
    assert "is no text" in crm.batch(line, code=2)
