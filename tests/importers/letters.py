"""Messages and calendars for tests: sources made of bytes, and what importers read from them."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crmcli.importers import calendar, mail
from crmcli.importers.base import Draft, Item, Refused
from crmcli.importers.source import Source

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
TEAM = frozenset({"me@shop.example", "@works.example"})
SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
FORMATS = {found.name: found for found in (*mail.FORMATS, *calendar.FORMATS)}


def source(path: Path, *, zone: str = "UTC", team: frozenset[str] = TEAM, attachments: bool = False) -> Source:
    """A source as the import engine would give it."""
    made = Source(path.name, path)
    made.team, made.zone, made.now, made.keep_attachments = team, zone, NOW, attachments
    return made


def read(kind: str, made: Source) -> list[Item]:
    """All items of a source."""
    return list(FORMATS[kind].read(made))


def letter(**fields: str) -> str:
    """A message from Ada to the team; fields can be changed, or left out with "". Underscores are dashes."""
    usual = {
        "From": "Ada Lovelace <ada@engines.example>",
        "To": "me@shop.example",
        "Date": "Thu, 19 Nov 2026 09:00:00 +0100",
        "Message-ID": "<1@engines.example>",
        "Subject": "Delivery",
    }
    body = fields.pop("body", "When does it come?\n")
    given = {name.replace("_", "-"): text for name, text in fields.items()}
    merged = {**{name: text for name, text in usual.items() if name not in given}, **given}
    return "".join(f"{name}: {text}\n" for name, text in merged.items() if text) + "\n" + body


def values(folder: Path, text: str | bytes, **options: bool) -> dict:  # type: ignore[type-arg]
    """What is read from one message."""
    (item,) = items(folder, text, **options)
    assert isinstance(item, Draft), item
    return item.values


def items(folder: Path, text: str | bytes, **options: bool) -> list[Item]:
    """The items of a file that holds one message."""
    path = folder / "letter.eml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read("eml", source(path, **options))


def reason(folder: Path, text: str | bytes) -> str:
    """Why a message is refused."""
    (item,) = items(folder, text)
    assert isinstance(item, Refused), item
    return item.reason


def samples(name: str) -> list[Path]:
    """The files of a folder of samples, which is beside the checkout on some machines only."""
    folder = SAMPLES / name
    if not folder.is_dir():
        pytest.skip(f"there are no samples in {folder}")
    return sorted(folder.iterdir())


def mutations(originals: list[bytes], count: int, seed: int) -> Iterator[bytes]:
    """Texts that were damaged at random: pieces cut out, doubled, exchanged, and strange bytes put in."""
    dice = random.Random(seed)
    strange = [
        b"\0",
        b"\xff",
        b"\n\n",
        b"\r",
        b"--",
        b'"',
        b"<",
        b"=?",
        b"?=",
        b"\xe2\x80\xae",
        b"BEGIN:",
        b"END:",
        b"From ",
    ]
    for _ in range(count):
        data = bytearray(dice.choice(originals))
        for _ in range(dice.randint(1, 8)):
            place, length = dice.randint(0, len(data)), dice.choice((1, 1, 3, 20, 200))
            action = dice.randrange(5)
            if action == 0:
                del data[place : place + length]
            elif action == 1:
                data[place:place] = data[place : place + length] * dice.randint(1, 3)
            elif action == 2:
                data[place:place] = dice.choice(strange)
            elif action == 3:
                other = dice.choice(originals)
                start = dice.randint(0, len(other))
                data[place : place + length] = other[start : start + length]
            elif place < len(data):
                data[place] = dice.randrange(256)
        yield bytes(data)
