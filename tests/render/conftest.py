"""A small noun, records that mean harm, and an output whose streams can be looked at."""

import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from crmcli.kernel.clock import Clock
from crmcli.kernel.page import Page
from crmcli.kernel.settings import Settings
from crmcli.render.out import Out
from crmcli.render.view import Column, View

NOW = datetime(2026, 11, 21, 14, tzinfo=UTC)

VIEW = View(
    schema="crm.person",
    columns=(
        Column("id", "Id", "id", help="the short id"),
        Column("display_name", "Name"),
        Column("email", "E-mail", get=lambda r: r["emails"][0]["value"] if r["emails"] else None, drop=2),
        Column("tags", "Tags", "tags", drop=3),
        Column("last_in", "Last in", "time", drop=1, style=lambda r: "" if r["last_in"] else "overdue"),
        Column("vip", "VIP", "bool", shown=False),
        Column("talk", "Talk", "duration", shown=False),
        Column("note", "Note", wide=True, shown=False),
    ),
    json=("id", "display_name", "emails", "tags", "last_in", "vip", "custom"),
    title=lambda r: str(r["display_name"]),
    empty="No people yet. Add one: crm person add NAME",
)


def person(ref: str, name: str, email: str | None = None, tags: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    """A record of VIEW."""
    emails = [{"value": email, "label": "work", "is_primary": True}] if email else []
    empty = {"last_in": None, "vip": False, "talk": None, "note": "", "custom": {}}
    return {"id": ref, "display_name": name, "emails": emails, "tags": list(tags), **empty, **more}


ADA = person("c1", "Ada Lovelace", "ada@engines.example", ("vip", "b"), last_in="2026-11-18T09:15:00Z", vip=True,
             talk=3900, note="Asked about\ndelivery", custom={"source": "fair"})  # fmt: skip
HOSTILE = person("c2", "a\x1b]0;x\x07[/x] [red]:smile: \u202eb\tc\nd\x7f\x9b|\\<b>", "=1+1@x.example", ("[on red]",))
YAMADA = person("c3", "山田 太郎 さんの名前はとてもとても長いのです", "taro@yamada.example", ("日本",))
FAMILY = person("c4", "👨‍👩‍👧 Emoji 👍🏽 e\u0301 ❤️ 🇩🇪 family", None, ("🚀",))
PEOPLE = [ADA, HOSTILE, YAMADA, FAMILY]


class Stream(io.StringIO):
    """A stream in memory that may claim to be a terminal."""

    def __init__(self, text: str = "", *, terminal: bool = False) -> None:
        super().__init__(text)
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


class Written(Out):
    """An Out over streams in memory."""

    @property
    def data(self) -> str:
        """What the standard output got."""
        return str(self.stdout.getvalue())  # type: ignore[attr-defined]

    @property
    def said(self) -> str:
        """What the standard error got."""
        return str(self.stderr.getvalue())  # type: ignore[attr-defined]


MakeOut = Callable[..., Written]


@pytest.fixture
def make_out() -> MakeOut:
    """A maker of outputs: `terminal` for all three streams, `environ`, `typed` on the standard input, and settings."""

    def make(
        *, terminal: bool = False, environ: Mapping[str, str] | None = None, typed: str = "", **settings: Any
    ) -> Written:
        streams = Stream(terminal=terminal), Stream(terminal=terminal), Stream(typed, terminal=terminal)
        return Written(*streams, {"COLUMNS": "80", "PAGER": "", **(environ or {})}, Settings(**settings), Clock(NOW))

    return make


@pytest.fixture
def shown(make_out: MakeOut) -> Callable[..., str]:
    """The data written for a list of PEOPLE (or of the `items` given)."""

    def show(items: list[dict[str, Any]] = PEOPLE, **how: Any) -> str:
        out = make_out(**how)
        out.show_list(VIEW, Page(items))
        return out.data

    return show


@pytest.fixture
def view() -> View:
    """The small noun."""
    return VIEW


@pytest.fixture
def people() -> list[dict[str, Any]]:
    """Ada, whose fields are all filled; a hostile one; names in Japanese; and one in emoji, with hardly a field."""
    return PEOPLE
