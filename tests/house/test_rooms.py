"""The table of rooms names every file of commands/, and every file offers what the table promises."""

from importlib import import_module

import pytest

from crmcli import cli
from crmcli.commands.room import Room
from tests.house.source import PACKAGE

TABLED = {module for module, _ in cli.ROOMS.values()} | {cli.DEFAULT[0]}


def test_the_table_names_every_file_that_offers_something() -> None:
    modules = [import_module(f"crmcli.commands.{path.stem}") for path in (PACKAGE / "commands").glob("[a-z]*.py")]
    offering = {
        module.__name__.rpartition(".")[2] for module in modules if hasattr(module, "COMMAND") or is_room(module)
    }
    assert offering == TABLED


def is_room(module: object) -> bool:
    return isinstance(getattr(module, "ROOM", None), Room)


@pytest.mark.parametrize("module", sorted(TABLED))
def test_a_room_has_verbs_with_a_line_of_help_each(module: str) -> None:
    loaded = import_module(f"crmcli.commands.{module}")
    verbs = loaded.ROOM.verbs.values() if is_room(loaded) else [loaded.COMMAND]
    assert verbs
    assert all((verb.__doc__ or "").strip() for verb in verbs)


def test_help_is_one_short_line() -> None:
    for summary in [line for _, line in cli.ROOMS.values()]:
        assert summary
        assert len(summary) <= 60
        assert not summary.endswith(".")
