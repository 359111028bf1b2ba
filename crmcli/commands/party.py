"""What `crm contact` and `crm company` do alike."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.app import App
from crmcli.commands.bulk import agreed, named_or_matching, tell, tell_plan
from crmcli.commands.options import given, list_limit
from crmcli.kernel.errors import UsageError
from crmcli.kernel.ids import parse_ref
from crmcli.render.values import flat
from crmcli.render.view import View
from crmcli.render.views.origins import VIEW as ORIGINS
from crmcli.services.parties import Parties, shown
from crmcli.services.who import Match

if TYPE_CHECKING:
    from crmcli.services.merging import Outcome


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


def show(app: App, parties: Parties, view: View, who: str, origins: bool, as_of: str) -> None:
    """Show every field of a record, now or as it was, or where the values of its fields came from."""
    if origins and as_of:
        raise UsageError("both --origins and --as-of were given", "give one of them")
    if origins:
        if app.prepare(ORIGINS):
            app.show(ORIGINS, app.history.origins(who, parties.noun))
    elif app.prepare(view, one=True) and as_of:
        then = app.past.then(as_of, who, (parties.noun,))
        there = type(parties)(then.app)
        then.app.show(view.of_the_past(), {**there.get(then.key), "as_of": then.at})
    elif not as_of:
        app.show(view, parties.find(who))


def rm(app: App, parties: Parties, who: Sequence[str], where: str, dry_run: bool) -> None:
    """Delete records softly; several only after a yes."""
    named = named_or_matching(app, parties, who, where)
    if dry_run or not named or not agreed(app, parties, named, "delete"):
        return tell_plan(app, named, "would be deleted")
    gone = parties.remove(named)
    back = f"crm {parties.noun} restore {' '.join(party.ref for party in gone)}"
    tell(
        app,
        [f"Deleted {_list(gone)}; {back} brings {'it' if len(gone) == 1 else 'them'} back"],
        (party.ref for party in gone),
    )


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


class MergeOptions(NamedTuple):
    """The flags of `merge`."""

    keep: str | None
    prefer: str | None
    take: Sequence[str]
    dry_run: bool


def merge(app: App, parties: Parties, view: View, who: Sequence[str], options: MergeOptions) -> None:
    """Make one record of several; where they differ, a person at a terminal is asked."""
    if not app.prepare(view, one=True):
        return
    found = app.merging.named(parties.noun, named_or_matching(app, parties, who, ""), options.keep)
    named = [party.ref for party in found]
    take = {app.merging.field(field): record for field, record in _taken(options.take).items()}
    by_rule = options.prefer is not None or options.dry_run or app.settings.yes
    if app.out.on_terminal and not by_rule:
        take |= choose_fields(app, parties.noun, named, take)
    prefer = options.prefer or "kept"
    done = app.merging.merge(parties.noun, named, prefer=prefer, take=take, dry_run=options.dry_run)
    if not options.dry_run:
        app.out.created(f"Merged {_merged(parties.noun, done)}", view, done.record)
    elif app.out.format in ("tsv", "table", "plain"):
        fields = sorted(name.removesuffix("_id") for name in done.changed)
        values = [f"  {name}: {flat(done.record[name])}" for name in fields]
        app.out.message(f"Would merge {_merged(parties.noun, done)}", *values, "Nothing was changed")
    else:
        app.show(view, done.record)


# What came over as a person would say it, one and several; rows of other tables go without saying.
WORDS = {
    "email": ("e-mail address", "e-mail addresses"),
    "phone": ("phone number", "phone numbers"),
    "address": ("postal address", "postal addresses"),
    "url": ("link", "links"),
    "company_domain": ("domain", "domains"),
    "tagging": ("tag", "tags"),
    "custom_value": ("field", "fields"),
    "preference": ("preference", "preferences"),
    "consent": ("consent", "consents"),
    "external_id": ("external id", "external ids"),
    "company": ("subsidiary", "subsidiaries"),
    "participant": ("logged contact", "logged contacts"),
    "followup": ("follow-up", "follow-ups"),
    "cadence": ("cadence", "cadences"),
    "deal": ("deal", "deals"),
    "sales_order": ("order", "orders"),
    "support_case": ("case", "cases"),
}
PLACES = {"contact": ("company", "companies"), "company": ("person", "people")}


def _merged(noun: str, done: "Outcome") -> str:
    words = {**WORDS, "employment": PLACES[noun]}
    came = [f"{count:,} {words[table][count > 1]}" for table, count in done.moved.items() if count and table in words]
    return f"{_list(done.gone)} into {shown(*done.kept)}" + (f", with {', '.join(came)}" if came else "")


def choose_fields(
    app: App, noun: str, who: Sequence[str], taken: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """Let the person choose a value for each field in which records differ; returns field -> id of the record.

    Where nobody can be asked nothing is chosen. Of the records the one that is kept comes first.
    """
    chosen: dict[str, str] = {}
    if not app.out.prompting_allowed():
        return chosen
    for field, values in app.merging.differences(noun, who):
        if field not in taken:
            options = [(record, f"{text}  ({record})") for record, text in values]
            picked = app.choose(f"Which {field.replace('_', ' ')}?", options)
            if picked is not None:
                chosen[field] = picked
    return chosen


def _taken(texts: Sequence[str]) -> dict[str, str]:
    """What `--take FIELD=WHO` says."""
    found = {}
    for text in texts:
        field, equals, who = text.partition("=")
        if not equals or not field.strip() or not who.strip():
            raise UsageError(f"'{text}' is not FIELD=WHO", "for example: --take job_title=c2")
        found[field.strip()] = who.strip()
    return found


def _list(found: Sequence[Match]) -> str:
    return ", ".join(shown(*party) for party in found)


def _named(parties: Parties, record: dict[str, Any]) -> str:
    parsed = parse_ref(record["id"])
    assert parsed is not None
    return shown(parties.noun, parsed[1], record[parties.name_column])
