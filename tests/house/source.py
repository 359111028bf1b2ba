"""The source code of the package, read for the tests of the house."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "crmcli"


class Import(NamedTuple):
    """One imported module: where it stands and how."""

    module: str
    line: int
    lazy: bool
    for_types: bool


@cache
def files() -> tuple[Path, ...]:
    """Every Python file of the package."""
    return tuple(sorted(PACKAGE.rglob("*.py")))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text("utf-8"), str(path))


def name(path: Path) -> str:
    """A file as it is written in messages: `store/gate.py`."""
    return path.relative_to(PACKAGE).as_posix()


@cache
def imports(path: Path) -> tuple[Import, ...]:
    """All imports of a file; `from crmcli.store import gate` counts as crmcli.store.gate."""
    return tuple(_imports(tree(path), lazy=False, for_types=False))


def _imports(node: ast.AST, *, lazy: bool, for_types: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        inside = lazy or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        types = for_types or (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING")
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(alias.name, child.lineno, inside, types)
        elif isinstance(child, ast.ImportFrom):
            assert not child.level, "imports are absolute"
            for alias in child.names:
                yield Import(_resolved(str(child.module), alias.name), child.lineno, inside, types)
        else:
            yield from _imports(child, lazy=inside, for_types=types)


def _resolved(module: str, imported: str) -> str:
    if not module.startswith("crmcli"):
        return module
    place = ROOT / Path(*module.split("."), imported)
    return f"{module}.{imported}" if place.is_dir() or place.with_suffix(".py").exists() else module
