"""Compile the SQLModel tables into what run time reads: `python -m crmcli.model.compile [--check]`.

Writes `store/schema.py` (tables and columns as plain data) and the DDL of a fresh database for each dialect. With
`--check` nothing is written and the exit status says whether the files are up to date.
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
VERSION = "0001"
VERSION_TABLE = [
    "CREATE TABLE schema_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)",
    f"INSERT INTO schema_version (version_num) VALUES ('{VERSION}')",
]
STORE = Path(__file__).parent.parent / "store"


def ddl(dialect: Dialect, extras: list[str]) -> str:
    """The statements that make a fresh database, each on a line of its own ending with `;`."""
    statements = []
    for table in metadata.sorted_tables:
        statements.append(_one_line(CreateTable(table).compile(dialect=dialect)))
        for index in sorted(table.indexes, key=lambda entry: str(entry.name)):
            statements.append(_one_line(CreateIndex(index).compile(dialect=dialect)))
    return "".join(f"{statement};\n" for statement in [*statements, *extras, *VERSION_TABLE])


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
    return {
        STORE / "schema.py": description(),
        STORE / "schema_sqlite.sql": ddl(sqlite.dialect(), SQLITE_EXTRAS),
        STORE / "schema_postgresql.sql": ddl(postgresql.dialect(), POSTGRESQL_EXTRAS),
    }


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
