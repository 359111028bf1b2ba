"""Compile the SQLModel tables into what run time reads: `python -m crmcli.model.compile [--check]`.

Writes `store/schema.py` (tables and columns as plain data), the DDL of a fresh database for each dialect, and the new
tables and indexes of the migration that is not released yet. What a migration changes in older tables is written by
hand. With `--check` nothing is written and the exit status says whether the files are up to date.
"""

import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from crmcli.model.search import POSTGRESQL_EXTRAS, SQLITE_EXTRAS
from crmcli.model.tables import metadata

# The newest migration; a fresh database starts there.
VERSION = "0006"
# The newest migration that people's databases may have seen. Set it when others can have the program: from then on the
# files of that migration are frozen, and a change of the model is a new migration and a new VERSION.
RELEASED = "0006"
# Word for word as Alembic makes it.
VERSION_TABLE = [
    "CREATE TABLE schema_version"
    " (version_num VARCHAR(32) NOT NULL, CONSTRAINT schema_version_pkc PRIMARY KEY (version_num))",
    f"INSERT INTO schema_version (version_num) VALUES ('{VERSION}')",
]
STORE = Path(__file__).parent.parent / "store"
VERSIONS = STORE / "migrations" / "versions"


def ddl(dialect: Dialect, extras: list[str]) -> str:
    """The statements that make all tables, indexes and triggers, each on a line of its own ending with `;`."""
    statements = []
    for table in metadata.sorted_tables:
        statements.append(_one_line(CreateTable(table).compile(dialect=dialect)))
        for index in sorted(table.indexes, key=lambda entry: str(entry.name)):
            statements.append(_one_line(CreateIndex(index).compile(dialect=dialect)))
    return _text([*statements, *extras])


def _text(statements: list[str]) -> str:
    return "".join(f"{statement};\n" for statement in statements)


def _one_line(statement: Any) -> str:
    return " ".join(str(statement).split())


def description() -> str:
    """The text of `store/schema.py`."""
    lines = [
        '"""The compiled schema. Made by `python -m crmcli.model.compile`; a test fails when it is stale."""',
        "",
        "from crmcli.store.description import Column, Table",
        "",
        f'VERSION = "{VERSION}"',
        "TABLES = {",
    ]
    for table in metadata.sorted_tables:
        lines += [f'    "{table.name}": Table(', f'        "{table.name}",', "        {"]
        lines += [f'            "{name}": {entry},' for name, entry in _columns(table)]
        lines += ["        },", "    ),"]
    return "\n".join([*lines, "}", ""])


def _columns(table: Table) -> list[tuple[str, str]]:
    found = []
    for entry in table.columns:
        info = dict(entry.info)
        shown = [repr(entry.name), repr(info.pop("kind"))]
        info["required"] = not entry.nullable and entry.name != "id"
        shown += [f"{key}={value!r}" for key, value in info.items() if value]
        if info.get("default") == 0:
            shown.append("default=0")
        found.append((entry.name, f"Column({', '.join(shown)})".replace("'", '"')))
    return found


def outputs() -> dict[Path, str]:
    """Each generated file with the text that it ought to have."""
    ddls = {
        "sqlite": ddl(sqlite.dialect(), SQLITE_EXTRAS),
        "postgresql": ddl(postgresql.dialect(), POSTGRESQL_EXTRAS),  # type: ignore[no-untyped-call]
    }
    found = {STORE / "schema.py": description()}
    for name, text in ddls.items():
        found[STORE / f"schema_{name}.sql"] = text + _text(VERSION_TABLE)
        if VERSION > RELEASED:
            found[VERSIONS / f"{VERSION}_{name}.sql"] = _added(text, name)
    return found


def _added(ddl: str, dialect: str) -> str:
    """The statements that make what no released migration made."""
    released = [path for path in sorted(VERSIONS.glob(f"*_{dialect}.sql")) if path.name[:4] <= RELEASED]
    known = {_made(line) for path in released for line in path.read_text("utf-8").splitlines()}
    return "".join(line for line in ddl.splitlines(keepends=True) if _made(line) not in known)


def _made(statement: str) -> str:
    """How a statement is known again: a table by its name, since later migrations alter it by hand; else all its words.

    So an index or trigger that changed is made anew.
    """
    plain = statement.lower().strip()
    return plain.partition("(")[0].strip() if plain.startswith("create table ") else plain


def main(arguments: list[str]) -> int:
    """Write the stale files, or with `--check` name them; 1 when there were any."""
    stale = [path for path, text in outputs().items() if not path.exists() or path.read_text("utf-8") != text]
    for path in stale:
        sys.stderr.write(f"{path.name} {'is stale' if '--check' in arguments else 'written'}\n")
        if "--check" not in arguments:
            path.write_text(outputs()[path], "utf-8")
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
