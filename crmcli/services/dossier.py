"""Everything that is held on a person, for the person: to be read, and as data."""

import os
from collections.abc import Iterator
from json import loads
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmcli.kernel.errors import CrmError
from crmcli.kernel.ids import PREFIXES, noun_of, parse_ref, ref
from crmcli.store import dossier_sales, dossiers, erasing, erasing_reminders, followups, interactions, parties
from crmcli.store.connection import Row
from crmcli.store.due import horizon
from crmcli.store.erasing import Traces

if TYPE_CHECKING:
    from crmcli.app import App

NOUN = "contact"


class Dossier:
    """What is held on a person. Nothing is changed."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def of(self, who: str) -> dict[str, Any]:
        """Everything about a contact, deleted ones included, who is found by id or full name.

        The record has `id`, `contact` (the whole record), `merged` (records that are part of it), `extra` (vCard
        lines), `consents` (with history), `interactions`, `followups`, `cadences`, `deals`, `orders` (with lines and
        payments), `cases`, `reminders` (`about` which follow-up, case or cadence), `mentions` (ids of others' records
        that name the person; whose words they are, people must judge), `origins` (where each value came from) and
        `changes` (what the journal says: `at`, `by`, `operation`, `command`, `what`, `before`, `after`).

        Raises:
            NotFound, Ambiguous: see `Who.find`.
        """
        party, planned, _ = self.app.privacy.plan(who)
        store = self.app.store
        found = erasing.traces(store, party.id)
        merged = [row for row in found.rows[NOUN] if row["id"] != party.id]
        return {
            "id": party.ref,
            "made_at": self.app.now,
            "contact": self.app.contacts.get(party.id),
            "merged": parties.records(store, NOUN, merged),
            "extra": [row["line"] for row in found.rows["extra_property"]],
            "consents": self.app.consents.of(party),
            "interactions": self._interactions(found),
            "followups": self._followups(found),
            "cadences": [self.app.cadences.get(row["id"]) for row in found.rows["cadence"] if not row["deleted_at"]],
            "deals": self._sales("deal", found),
            "orders": self._sales("sales_order", found),
            "cases": self._sales("support_case", found),
            "reminders": [_reminder(row) for row in self._reminders(found)],
            "mentions": planned["mentions"],
            "origins": self.app.history.origins_of(party),
            "changes": [_change(row) for row in dossiers.journal(store, found.changes)],
        }

    def _interactions(self, found: Traces) -> list[dict[str, Any]]:
        rows = dossiers.interactions(self.app.store, [*found.alone, *found.shared])
        return interactions.records(self.app.store, rows)

    def _followups(self, found: Traces) -> list[dict[str, Any]]:
        at = horizon(self.app.clock)
        rows = [followups.get(self.app.store, row["id"]) for row in found.rows["followup"]]
        return [followups.record(row, at) for row in rows if row is not None]

    def _sales(self, table: str, found: Traces) -> list[dict[str, Any]]:
        own = found.orders if table == "sales_order" else found.rows[table]
        return dossier_sales.records(self.app.store, table, [*(row["id"] for row in own), *found.common[table]])

    def _reminders(self, found: Traces) -> list[Row]:
        of_others = erasing_reminders.told(self.app.store, cases=found.common["support_case"])
        return dossiers.reminders(self.app.store, [row["id"] for row in (*found.rows["reminder"], *of_others)])

    def files(self, record: dict[str, Any], folder: str) -> Iterator[tuple[str, bytes]]:
        """Each attachment whose bytes are kept: a path in `folder` and the bytes."""
        for entry in record["interactions"]:
            for number, attachment in enumerate(entry["attachments"], 1):
                data = dossiers.content(self.app.store, attachment["digest"])
                if data is not None:
                    yield os.path.join(folder, f"{entry['id']}-{number}-{_file_name(attachment['name'])}"), data

    def write(self, record: dict[str, Any], folder: str, texts: dict[str, str]) -> list[str]:
        """Write texts (name -> text) and attachments into a folder, made for its owner alone; returns the paths.

        Raises:
            CrmError: one is there already, or cannot be written.
        """
        written = []
        try:
            Path(folder).mkdir(parents=True, exist_ok=True, mode=0o700)
            whole = [(os.path.join(folder, name), text.encode("utf-8", "replace")) for name, text in texts.items()]
            for path, data in [*whole, *self.files(record, folder)]:
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
                with open(os.open(path, flags, 0o600), "wb") as file:
                    file.write(data)
                written.append(path)
        except OSError as error:
            raise CrmError(f"cannot write {error.filename}: {error.strerror}", "name a new folder") from error
        return written


def _file_name(name: str) -> str:
    """A name that stays in its folder and does no harm there."""
    plain = "".join(letter if letter.isalnum() or letter in "._- " else "_" for letter in name)
    return plain.strip(" .")[-100:] or "attachment"


def _reminder(row: Row) -> dict[str, Any]:
    about = row["occurrence"].partition("@")[0].partition(":")[0]
    return {
        "about": about,
        "followup": about if (parse_ref(about) or (None,))[0] == "followup" else None,
        "subject": row["subject"],
        "due_at": row["due_at"],
        "told_at": row["settled_at"] or row["claimed_at"],
        "status": row["status"],
        "channel": row["channel"],
        "user": row["user_name"],
    }


def _change(row: Row) -> dict[str, Any]:
    noun = noun_of(row["noun"])
    record = ref(noun, row["record_id"]) if noun in PREFIXES else None
    return {
        "at": row["at"],
        "by": row["actor"],
        "operation": ref("operation", row["operation_id"]),
        "command": row["command"],
        "what": row["table_name"],
        "record": record,
        "before": row["before"] and loads(row["before"]),
        "after": row["after"] and loads(row["after"]),
    }
