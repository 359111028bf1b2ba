"""What `crm contact` and `crm company` do alike."""

from collections.abc import Sequence
from typing import Any

from crmcli.app import App
from crmcli.commands.options import given, list_limit
from crmcli.kernel.errors import UsageError
from crmcli.kernel.ids import parse_ref
from crmcli.render.view import View
from crmcli.services.parties import Parties, shown


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
    if not changes:
        changes = _edited(app, parties, who)
    record, changed = parties.edit(who, changes)
    verb = "Changed" if changed else "Nothing to change in"
    app.out.created(f"{verb} {_named(parties, record)}", view, record)


def _edited(app: App, parties: Parties, who: str) -> dict[str, Any]:
    if not app.out.prompting_allowed():
        raise UsageError("nothing to change was given", f"see: crm {parties.noun} edit --help")
    record = parties.find(who)
    before = app.documents.write(parties.noun, record)
    after = app.edit_text(before, ".toml")
    return {} if after is None else app.documents.read(parties.noun, record, after)


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
    if dry_run or not _agreed(app, parties, named, "delete"):
        return _tell_plan(app, named, "would be deleted")
    gone = parties.remove(named)
    back = f"crm {parties.noun} restore {' '.join(party.ref for party in gone)}"
    _tell(app, f"Deleted {', '.join(shown(*party) for party in gone)}; {back} brings back", gone)


def restore(app: App, parties: Parties, who: Sequence[str]) -> None:
    """Bring records back."""
    back = parties.restore(named_or_matching(app, parties, who, ""))
    _tell(app, f"Restored {', '.join(shown(*party) for party in back)}", back)


def tag(app: App, parties: Parties, words: Sequence[str], where: str, dry_run: bool, *, remove: bool) -> None:
    """Put tags on records, or take them off."""
    who, tags = (words[:0], words) if where else (words[:1], words[1:])
    if not tags:
        raise UsageError("no tag was given", f"for example: crm {parties.noun} tag {words[0]} vip")
    named = named_or_matching(app, parties, who, where)
    if dry_run or (where and not _agreed(app, parties, named, "untag" if remove else "tag")):
        return _tell_plan(app, named, "would be changed")
    found, changed = parties.tag(named, tags, remove=remove)
    _tell(app, f"{'Untagged' if remove else 'Tagged'} {changed} of {len(found)}", found)


def named_or_matching(app: App, parties: Parties, who: Sequence[str], where: str) -> list[str]:
    """What the words name, the ids on standard input for `-`, or all that match `--where`."""
    if where and who:
        raise UsageError("both names and --where were given", "give one of them")
    if where:
        return parties.matching(where)
    found: list[str] = []
    for word in who:
        if word == "-":
            found += [
                line.split()[0] for line in app.stdin.read().splitlines() if line.strip() and line.strip() != "id"
            ]
        else:
            found.append(word)
    if not found:
        raise UsageError("nobody was named", f"name a {parties.noun}, or give --where FILTER")
    return list(dict.fromkeys(found))


def _agreed(app: App, parties: Parties, named: Sequence[str], verb: str) -> bool:
    return len(named) <= 1 or app.confirm(f"{verb} {len(named)} {parties.noun} records?")


def _named(parties: Parties, record: dict[str, Any]) -> str:
    parsed = parse_ref(record["id"])
    assert parsed is not None
    return shown(parties.noun, parsed[1], record[parties.name_column])


def _tell(app: App, sentence: str, found: Sequence[Any]) -> None:
    """A sentence on a terminal, the ids in a pipe."""
    if app.out.on_terminal:
        app.out.sentence(sentence)
    else:
        app.out.emit(party.ref for party in found)


def _tell_plan(app: App, named: Sequence[str], what: str) -> None:
    app.out.message(f"{len(named)} {what}: {', '.join(named[:20])}{' …' if len(named) > 20 else ''}")
