"""Sizes: no module over 500 lines, no function over 60, half of all modules at most 150."""

import ast
from pathlib import Path
from statistics import median

import pytest

from tests.house.source import files, name, tree

MODULE = 500
FUNCTION = 60
MEDIAN = 150
GENERATED = ("store/schema.py", "commandtable.py")
WRITTEN = [path for path in files() if name(path) not in GENERATED]


def lines(path: Path) -> int:
    return path.read_text("utf-8").count("\n")


@pytest.mark.parametrize("path", WRITTEN, ids=name)
def test_modules_and_functions_can_be_read_at_once(path: Path) -> None:
    assert lines(path) <= MODULE, f"{name(path)} has {lines(path)} lines"
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= FUNCTION, f"{name(path)}: {node.name} has {length} lines"


def test_most_modules_are_small() -> None:
    sizes = [lines(path) for path in WRITTEN if path.name != "__init__.py"]
    assert median(sizes) <= MEDIAN
