"""Imports point down only, stand at the top of the file, and each library has its place."""

import ast
import sys
from pathlib import Path

import pytest

from tests.house.source import Import, files, imports, name, tree

FLOORS = {
    "kernel": 0,
    "model": 1,
    "store": 2,
    "services": 3,
    "importers": 3,
    "exporters": 3,
    "reports": 3,
    "notifiers": 3,
    "render": 4,
    "completion": 4,  # as fast as can be: neither services nor anything that draws
    "commandtable": 0,  # generated: plain data
    "commands": 5,
    "mcp": 5,
}
TOP = 6
DOORS = ("cli.py", "app.py", "capabilities.py", "__main__.py", "api.py")
LOADERS = (
    "commands/loader.py",
    "render/loader.py",
    "importers/loader.py",
    "exporters/loader.py",
    "notifiers/loader.py",
)
LAZY = ("cli.py", "app.py", "capabilities.py", "__main__.py", *LOADERS, "kernel/clock.py")

# Where each library that is not Python's own may be imported: a file or a folder.
PLACES = {
    "alembic": ("store/migrate.py", "store/migrations/"),
    "sqlalchemy": ("model/", "store/migrate.py", "store/migrations/", "api.py"),
    "sqlmodel": ("model/", "store/migrations/", "api.py"),
    "psycopg": ("store/postgresql.py",),
    "pysqlite3": ("store/sqlite.py", "store/suggestions.py"),
    "typer": ("cli.py", "commands/"),
    "rich": ("render/",),
    "questionary": ("render/prompts.py",),
    "prompt_toolkit": ("render/prompts.py",),
    "email_validator": ("services/emails.py",),
    "phonenumbers": ("services/phones.py",),
    "platformdirs": ("kernel/paths.py",),
    "holidays": ("services/workdays.py",),
    "openpyxl": ("importers/xlsx_reader.py",),
    "apprise": ("notifiers/apprise.py",),
    "tomli_w": ("kernel/config.py", "services/documents.py"),
}

every_file = pytest.mark.parametrize("path", files(), ids=name)


def floor(place: str) -> int:
    """The floor of a file (`store/gate.py`)."""
    return FLOORS.get(place.split("/")[0].removesuffix(".py"), TOP)


def ours(path: Path) -> list[tuple[Import, str]]:
    """What a file imports of the package, each with its place: `store/gate`."""
    found = [(entry, entry.module.replace(".", "/")) for entry in imports(path)]
    return [(entry, place.removeprefix("crmcli/")) for entry, place in found if place.startswith("crmcli/")]


@every_file
def test_imports_point_down(path: Path) -> None:
    here = name(path)
    for entry, place in ours(path):
        if place == "app":  # see the next test
            continue
        assert entry.for_types or floor(place) <= floor(here), f"{here}:{entry.line} imports {place} from below"


@every_file
def test_nobody_but_commands_and_doors_knows_the_app(path: Path) -> None:
    here = name(path)
    known = [entry for entry, place in ours(path) if place in ("app", "cli") and not entry.for_types]
    assert here.startswith("commands/") or here in DOORS or not known, f"{here} imports the app"
    assert not here.startswith("commands/") or all(entry.module != "crmcli.cli" for entry in known)


@every_file
def test_render_draws_what_it_is_given(path: Path) -> None:
    if name(path).startswith("render/"):
        met = [place for _, place in ours(path) if place.startswith(("store/", "services/"))]
        assert not met, f"{name(path)} knows {met}"


@every_file
def test_of_the_store_commands_know_its_description_alone(path: Path) -> None:
    if name(path).startswith("commands/"):
        met = {place for _, place in ours(path) if place.startswith("store")}
        assert met <= {"store/schema", "store/description", "store/nouns"}


@every_file
def test_at_run_time_nothing_but_enums_is_taken_from_the_model(path: Path) -> None:
    if not name(path).startswith("model/") and name(path) != "api.py":
        met = {place for _, place in ours(path) if place.startswith("model")}
        assert met <= {"model/enums"}


@every_file
def test_imports_stand_at_the_top(path: Path) -> None:
    here = name(path)
    if here in LAZY:
        return
    lazy = [f"{here}:{entry.line} imports {entry.module}" for entry in imports(path) if entry.lazy]
    lazy += [
        f"{here}:{node.lineno} imports by name"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Name | ast.Attribute)
        and ast.unparse(node) in ("import_module", "importlib.import_module", "__import__")
    ]
    assert not lazy


@every_file
def test_each_library_has_its_place(path: Path) -> None:
    here = name(path)
    for entry in imports(path):
        library = entry.module.split(".")[0]
        if library != "crmcli" and library not in sys.stdlib_module_names:
            assert here.startswith(PLACES.get(library, ())), f"{here}:{entry.line} imports {library}"


def test_no_place_is_kept_for_a_library_that_left() -> None:
    used = {entry.module.split(".")[0] for path in files() for entry in imports(path)}
    assert PLACES.keys() <= used


def test_every_folder_is_on_a_floor() -> None:
    folders = {name(path).split("/")[0] for path in files() if "/" in name(path)}
    assert folders <= FLOORS.keys()
