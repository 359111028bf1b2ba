"""Helpers of the tests of vCards: sources of bytes, what is in them, and the record that a draft becomes."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from crmcli.importers import vcard
from crmcli.importers.base import Draft, Item, Refused
from crmcli.importers.source import Source

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
FILES = sorted([*SAMPLES.glob("vcard-android/*.vcf"), *SAMPLES.glob("ics-vobject/*.vcf")])
needs_samples = pytest.mark.skipif(not FILES, reason=f"no samples of vCards in {SAMPLES}")


def source(data: bytes) -> Source:
    """A source that holds these bytes."""
    held = tempfile.TemporaryFile()  # noqa: SIM115 - the source keeps it
    held.write(data)
    held.flush()
    return Source("cards.vcf", held=held)


def items(text: str | bytes) -> list[Item]:
    """What the reader makes of a file."""
    return list(vcard.read(source(text.encode() if isinstance(text, str) else text)))


def drafts(text: str | bytes) -> list[Draft]:
    """The drafts of a file of which no card is refused."""
    found = items(text)
    assert not [one for one in found if isinstance(one, Refused)], found
    return [one for one in found if isinstance(one, Draft)]


def card(*lines: str, version: str = "3.0") -> str:
    """A card of these lines."""
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def values(*lines: str, version: str = "3.0") -> dict[str, Any]:
    """The values of a card of these lines."""
    return drafts(card(*lines, version=version))[0].values


PARTS = (
    "street_address",
    "extended_address",
    "post_office_box",
    "locality",
    "region",
    "postal_code",
    "country_code",
)
CONSENT = ("purpose", "channel", "state", "legal_basis", "source", "at")


def record(draft: Draft) -> dict[str, Any]:
    """The record that a draft becomes when it is taken in as a new one, as exports get it."""
    given = dict(draft.values)
    name = given.pop("name")
    found: dict[str, Any] = {"display_name" if draft.noun == "contact" else "name": name}
    for many, one, text in (("emails", "email", "value"), ("phones", "phone", "raw"), ("urls", "url", "value")):
        found[many] = [{**_flags(entry), text: entry["value"]} for entry in given.pop(one, ())]
    found["addresses"] = [
        {**_flags(entry), **{part: entry.get(part) for part in PARTS}} for entry in given.pop("address", ())
    ]
    found["companies"] = [
        {"role": None, "started_on": None, "ended_on": None, **entry} for entry in given.pop("company", ())
    ]
    found["tags"] = given.pop("tag", [])
    found["domains"] = given.pop("domain", [])
    found["external_ids"] = given.pop("external", [])
    found["custom"] = {key: text for pair in given.pop("set", ()) for key, text in pair.items()}
    found["preferences"] = {key: text for pair in given.pop("prefer", ()) for key, text in pair.items()}
    found["consents"] = [{**dict.fromkeys(CONSENT), **entry} for entry in given.pop("consent", ())]
    found["extra"] = given.pop("extra", [])
    if "parent" in given:
        found["parent"] = {"id": "co1", "name": given.pop("parent")}
    if "do_not_contact" in given:
        found["do_not_contact"] = given.pop("do_not_contact") == "yes"
    return {**found, **given}


def _flags(entry: Mapping[str, Any]) -> dict[str, Any]:
    flags = {flag: entry.get(flag, False) for flag in ("is_primary", "opted_out", "invalid")}
    return {"label": entry.get("label"), **flags}
