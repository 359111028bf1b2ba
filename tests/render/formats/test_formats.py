"""The formats as a whole: names, laziness, and that no format lets a control character through to a terminal."""

import pkgutil
import subprocess
import sys
import unicodedata

import pytest

from crmcli.kernel.errors import UsageError
from crmcli.kernel.page import Page
from crmcli.render import formats


def test_every_file_of_the_folder_is_a_format() -> None:
    assert sorted(formats.FORMATS.values()) == sorted(module.name for module in pkgutil.iter_modules(formats.__path__))


@pytest.mark.parametrize("name", formats.FORMATS)
def test_a_format_writes_lists_and_records(name: str) -> None:
    module = formats.load(name)
    assert callable(module.write_list) and callable(module.write_record)


def test_an_unknown_format_names_the_nearest_and_the_choices() -> None:
    with pytest.raises(UsageError, match="'jsno' is not an output format") as caught:
        formats.load("jsno")
    assert caught.value.hint == "did you mean json? the formats are table, json, jsonl, csv, tsv, md, html, ids, plain"


@pytest.mark.parametrize("name", formats.FORMATS)
def test_no_control_character_reaches_a_terminal(name, make_out, view, people) -> None:
    out = make_out(terminal=True, format=name, color="never")
    out.show_list(view, Page(people))
    for record in people:
        out.show_record(view, record)
    assert out.data
    raw = {c for c in out.data if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c == "\u202e"}
    assert raw <= set("\n\t" if name == "tsv" else "\n")


@pytest.mark.parametrize("name", [name for name in formats.FORMATS if name not in formats.HUMAN])
def test_an_empty_list_is_data_too(name, shown) -> None:
    header = "id,display_name,email,tags,last_in"
    expected = {
        "json": '{"schema": "crm.person.list/1", "items": [\n]}\n',
        "csv": header + ",vip,talk,note\n",
        "tsv": header.replace(",", "\t") + "\n",
        "md": "| Id | Name | E-mail | Tags | Last in |\n| --- | --- | --- | --- | --- |\n",
    }
    if name == "html":
        assert "<tbody>\n</tbody>" in shown([], format=name)
    else:
        assert shown([], format=name) == expected.get(name, "")


def test_piped_output_imports_nothing_heavy() -> None:
    script = """
import sys
from crmcli.kernel.clock import Clock
from crmcli.kernel.page import Page
from crmcli.kernel.settings import Settings
from crmcli.render.out import Out
from crmcli.render.view import Column, View
view = View("x", (Column("id", "Id", "id"), Column("at", "At", "time")), ("id",), str)
Out(sys.stdout, sys.stderr, sys.stdin, {}, Settings(), Clock()).show_list(view, Page([{"id": "c1"}]))
heavy = {"rich", "json", "csv", "questionary", "subprocess", "shlex", "tempfile", "logging", "zoneinfo", "dataclasses"}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", script], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("id\tat\nc1\t\n[]\n", "")
