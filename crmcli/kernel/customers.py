"""Whom a record is about: a contact, or a company."""

from collections.abc import Mapping
from typing import Any


def customer(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of `contact` and `company` the one that a record has."""
    found: Mapping[str, Any] = record["contact"] or record["company"]
    return found


def name_of(party: Mapping[str, Any]) -> str:
    """The name of a contact or company; empty where a record has none."""
    return str(party.get("display_name") or party.get("name") or "")
