"""Links in the documents lead somewhere, and the documents speak of the project alone."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.docs.transcripts import ROOT

DOCUMENTS = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("**/*.md")),
    *sorted((ROOT / "tests" / "stories").glob("*.md")),
]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
URL = re.compile(r"\b(?:https?|postgresql)://[^\s`'\"<>)\],;|]*")
# What an example may point to: names that are reserved for examples, whole or cut off.
INVENTED = re.compile(r"^(?:https?|postgresql)://(?:[^/@]*@)?(?:[a-z0-9.-]+(?:\.example|(?=…)))?(?:[:/…]|$)")
FOREIGN = (
    r"\bpypi\b",
    r"pythonhosted",
    r"(?<![\w./~$}])/(?:root|work|tmp|opt|Users|mnt)/",
    r"/home/(?!ada\b)",
    r"\bissue #?\d",
    r"\bTODO\b|\bFIXME\b",
)


def prose(path: Path) -> str:
    """A document without its blocks and its code, in which brackets mean other things."""
    text = re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "`code`", text)


@cache
def anchors(path: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a document."""
    text = re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE):
        plain = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        found.add(
            next(name for name in (plain, *(f"{plain}-{number}" for number in range(1, 99))) if name not in found)
        )
    return found


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_every_link_leads_somewhere(path: Path):
    for link in LINK.findall(prose(path)):
        if "://" in link:
            continue
        file, _, anchor = unquote(link).partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        if anchor:
            assert anchor in anchors(target), link


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_examples_are_invented_and_nothing_foreign_is_named(path: Path):
    text = path.read_text("utf-8")
    assert [url for url in URL.findall(text) if not INVENTED.match(url)] == []
    for pattern in FOREIGN:
        assert re.findall(pattern, text) == [], pattern
    assert [mail for mail in re.findall(r"[\w.+-]+@[\w-]+\.[\w.-]*\w", text) if not mail.endswith(".example")] == []


def test_every_document_is_reached_from_the_readme():
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        if path in reached:
            continue
        reached.add(path)
        links = [unquote(link).partition("#")[0] for link in LINK.findall(prose(path)) if "://" not in link]
        targets = [(path.parent / link).resolve() for link in links if link.endswith(".md")]
        waiting += [target for target in targets if target.exists()]
    assert [named(path) for path in (ROOT / "docs").glob("**/*.md") if path not in reached] == []
