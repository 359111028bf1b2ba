"""What is made from the command tree is as the tree is."""

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from crmcli import cli, commandtable
from crmcli.store import suggestions

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    """The program docs/generate.py."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs/generate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["table", "reference", "manual"])
def test_nothing_is_stale(generate: ModuleType, name: str) -> None:
    made = getattr(generate, name)()
    assert generate.TARGETS[name].read_text("utf-8") == made, "run: python docs/generate.py"


def test_every_command_is_described() -> None:
    text = (ROOT / "docs/reference.md").read_text("utf-8")
    for name in cli.ROOMS:
        assert f"\n## crm {name}\n" in text


def test_links_of_the_reference_lead_somewhere() -> None:
    text = (ROOT / "docs/reference.md").read_text("utf-8")
    headings = {line[3:].replace(" ", "-") for line in text.splitlines() if line.startswith("## ")}
    assert set(re.findall(r"\(#([\w-]+)\)", text)) <= {heading.lower() for heading in headings}


def test_every_kind_can_be_completed() -> None:
    kinds = {kind for _, arguments, flags in commandtable.COMMANDS.values() for kind in arguments}
    kinds |= {kind or "" for _, _, flags in commandtable.COMMANDS.values() for _, kind, _ in flags}
    kinds.update(*(fields.values() for fields in commandtable.FILTERS.values()))
    known = {"", "command", "flag", "file", "when", "columns", *suggestions.KINDS}
    for kind in kinds:
        plain = kind.removesuffix("*")
        assert plain in known or plain.startswith("=") or plain.removeprefix("filter:") in commandtable.FILTERS, kind


@pytest.mark.skipif(not shutil.which("mandoc"), reason="NO MANDOC on this machine")
def test_the_manual_page_is_sound() -> None:
    command = ["mandoc", "-T", "lint", "-W", "error", str(ROOT / "docs/man/crm.1")]
    assert subprocess.run(command, capture_output=True, text=True, check=False, timeout=60).stdout == ""


def test_the_manual_page_holds_every_command() -> None:
    text = (ROOT / "docs/man/crm.1").read_text("utf-8").replace("\\-", "-")
    for name in commandtable.COMMANDS:
        assert f'.SS "crm {name}' in text or not name
