"""Notices to send, and surroundings to send them from."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crmcli.notifiers.base import Notice, Setup

ITEM = {
    "id": "f1",
    "subject": "Call about the offer",
    "priority": "normal",
    "contact": {"id": "c1", "display_name": "Ada Lovelace"},
    "company": None,
}
NOTICE = Notice(
    key="0123456789abcdef0123456789abcdef",
    kind="due",
    title="Due: Call about the offer (Ada Lovelace)",
    text="A follow-up is due\n.\n..dots\nwith Ünïcode\n",
    markdown="# A follow-up is due\n",
    html="<!DOCTYPE html><p>Call about the <b>offer</b></p>\n",
    items=(ITEM,),
    user="ada",
    at="2026-11-20T10:00:00Z",
)
SECRET = "s3cret-of-ada"


def surroundings(settings: Mapping[str, str], **environ: str) -> Setup:
    """Settings and an environment; standard output must stay empty."""
    return Setup(settings, {"PATH": "/usr/bin:/bin", **environ}, io.StringIO())


def secret_file(folder: Path, text: str = SECRET + "\n", mode: int = 0o600) -> str:
    """A file with a secret; returns its path."""
    path = folder / "secret"
    path.write_text(text)
    path.chmod(mode)
    return str(path)


def script(folder: Path, text: str, name: str = "script") -> str:
    """A program of the shell; returns its path."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def items(*priorities: str) -> tuple[Mapping[str, Any], ...]:
    """Records of follow-ups with these priorities."""
    return tuple({**ITEM, "id": f"f{number}", "priority": name} for number, name in enumerate(priorities, 1))
