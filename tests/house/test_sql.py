"""SQL is written in store/ (and, one row at a time, in services/), never where something is parsed or drawn."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.source import files, name, tree

SQL = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|INDEX))\b", re.DOTALL
)
WRITES = re.compile(r"\b(INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM)\b")


def texts(path: Path) -> list[str]:
    """All string literals of a file but its docstrings."""
    nodes = list(ast.walk(tree(path)))
    told = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
    ]


@pytest.mark.parametrize(
    "path", [path for path in files() if not name(path).startswith(("store/", "services/", "model/"))], ids=name
)
def test_there_is_no_sql_outside_the_store(path: Path) -> None:
    assert not [text for text in texts(path) if SQL.search(text)]


@pytest.mark.parametrize("path", [path for path in files() if name(path).startswith("services/")], ids=name)
def test_services_write_through_the_gate(path: Path) -> None:
    assert not [text for text in texts(path) if WRITES.search(text)]
