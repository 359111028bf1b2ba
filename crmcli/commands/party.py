"""What `crm contact` and `crm company` do alike."""

from collections.abc import Sequence
from typing import Any

from crmcli.app import App
from crmcli.commands.bulk import agreed, named_or_matching, tell, tell_plan
from crmcli.commands.options import given, list_limit
from crmcli.kernel.errors import UsageError
from crmcli.kernel.ids import parse_ref
from crmcli.render.view import View
from crmcli.services.parties import Parties, shown
from crmcli.services.who import Match


def add(app: App, parties: Parties, view: View, name: str, values: dict[str, Any]) -> None:
    """Add a record and tell its id."""
    if app.prepare(view, one=True):
        record = parties.add(name, given(values))
        app.out.created(f"Added {_named(parties, record)}", view, record)


def edit(app: App, parties: Parties, view: View, who: str, values: dict[str, Any]) -> None:
    """Change a record by flags, or as a document in the editor when there are none."""
    if not app.prepare(view, one=True):
        return
    changes = given(values)
    record, changed = parties.edit(who, changes) if changes else _edit_document(app, parties, who)
    verb = "Changed" if changed else "Nothing to change in"
    app.out.created(f"{verb} {_named(parties, record)}", view, record)


def _edit_document(app: App, parties: Parties, who: str) -> tuple[dict[str, Any], bool]:
    if not app.out.prompting_allowed():
        raise UsageError("nothing to change was given", f"see: crm {parties.noun} edit --help")
    record = parties.find(who)
    with app.edit_text(app.documents.write(parties.noun, record), ".toml") as document:
        changes = {} if document is None else app.documents.read(parties.noun, record, document)
        return parties.edit(record["id"], changes)


def list_(
    app: App,
    parties: Parties,
    view: View,
    query: list[str] | None,
    sort: str,
    limit: int | None,
    everything: bool,
    deleted: bool,
) -> None:
    """List the records that match a filter."""
    if app.prepare(view):
        most = list_limit(app, limit, everything)
        parts = {column.part or column.name for column in app.out.check(view)}
        page = parties.page(" ".join(query or ()), sort=sort, limit=most, deleted=deleted, parts=parts)
        app.show(view, page, filtered=bool(query) or deleted)


def rm(app: App, parties: Parties, who: Sequence[str], where: str, dry_run: bool) -> None:
    """Delete records softly; several only after a yes."""
    named = named_or_matching(app, parties, who, where)
    if dry_run or not named or not agreed(app, parties, named, "delete"):
        return tell_plan(app, named, "would be deleted")
    gone = parties.remove(named)
    back = f"crm {parties.noun} restore {' '.join(party.ref for party in gone)}"
    tell(app, [f"Deleted {_list(gone)}; {back} brings back"], (party.ref for party in gone))


def restore(app: App, parties: Parties, who: Sequence[str]) -> None:
    """Bring records back."""
    named = named_or_matching(app, parties, who, "")
    if not named:
        return tell_plan(app, named, "to restore")
    back = parties.restore(named)
    tell(app, [f"Restored {_list(back)}"], (party.ref for party in back))


def tag(app: App, parties: Parties, words: Sequence[str], where: str, dry_run: bool, *, remove: bool) -> None:
    """Put tags on records, or take them off."""
    who, tags = (words[:0], words) if where else (words[:1], words[1:])
    if not tags:
        raise UsageError("no tag was given", f"for example: crm {parties.noun} tag {words[0]} vip")
    named = named_or_matching(app, parties, who, where)
    if dry_run or not named or (where and not agreed(app, parties, named, "untag" if remove else "tag")):
        return tell_plan(app, named, "would be changed")
    found, changed = parties.tag(named, tags, remove=remove)
    verb = "Untagged" if remove else "Tagged"
    tell(app, [f"{verb} {changed} of {len(found)}"], (party.ref for party in found))


def _list(found: Sequence[Match]) -> str:
    return ", ".join(shown(*party) for party in found)


def _named(parties: Parties, record: dict[str, Any]) -> str:
    parsed = parse_ref(record["id"])
    assert parsed is not None
    return shown(parties.noun, parsed[1], record[parties.name_column])
