"""Erasures: what was, or would be, erased, and the list of those that were."""

from collections.abc import Iterator, Mapping
from typing import Any

from crmcli.render.view import Column, Record, View

WORDS = {
    "email": ("e-mail address", "e-mail addresses"),
    "phone": ("phone number", "phone numbers"),
    "address": ("postal address", "postal addresses"),
    "url": ("link", "links"),
    "custom_value": ("field", "fields"),
    "preference": ("preference", "preferences"),
    "external_id": ("key of another system", "keys of other systems"),
    "extra_property": ("vCard property", "vCard properties"),
    "consent": ("consent", "consents"),
    "employment": ("place in a company", "places in companies"),
    "tagging": ("tag", "tags"),
    "followup": ("follow-up", "follow-ups"),
    "cadence": ("cadence", "cadences"),
    "interaction": ("logged contact", "logged contacts"),
    "message": ("mail", "mails"),
    "attachment": ("attachment", "attachments"),
    "attachment_content": ("attached file", "attached files"),
    "reminder": ("reminder told", "reminders told"),
    "deal": ("deal", "deals"),
    "deal_contact": ("part in a deal", "parts in deals"),
    "support_case": ("case", "cases"),
}
MOST = 10


def _counts(record: Record) -> str:
    return ", ".join(counted(record["removed"]))


def counted(removed: Mapping[str, int]) -> Iterator[str]:
    """How many of each there are, in words."""
    for table, number in removed.items():
        yield f"{number:,} {WORDS[table][number > 1]}"


ERASED = View(
    schema="crm.privacy.erasure",
    columns=(
        Column("id", "Id", "id", help="Former id of the person"),
        Column("removed", "Removed", get=_counts, wide=True, help="How many rows of each kind"),
        Column("shared", "Shared", "list", help="Contacts, deals, orders and cases of others, too, which stay"),
        Column("figures", "Figures", "list", help="Orders of which the figures stay, as the law wants"),
        Column("changes", "Journal", "number", help="How many changes of the journal are emptied"),
        Column("mentions", "Named in", "list", help="Where else the person is named, which stays"),
        Column("cleaned", "Cleaned", "list", help="What of others the names are taken out of"),
        Column("files", "Files", "list", get=lambda record: _names(record["files"]),
               help="Attached files of what others have, too, which go"),
        Column("unread", "Not read", "list", get=lambda record: _names(record["unread"]),
               help="Attached files that cannot be looked into, and stay"),
        Column("searched", "Searched", "number", help="How many values were looked for afterwards"),
        Column("left", "Left", "list", get=lambda record: list(_left(record)), help="Those that are still there"),
        Column("copies", "Copies", "list", help="Files that still hold the person"),
    ),
    json=("id", "dry_run", "merged", "removed", "shared", "figures", "changes", "mentions", "erased_at", "searched",
          "left", "others", "problem", "copies", "cleaned", "files", "unread", "unsearched"),
    title=lambda record: str(record["id"]),
)  # fmt: skip
HELD = View(
    schema="crm.privacy.export",
    columns=(
        Column("id", "Id", "id", help="Id of the person"),
        Column("made_at", "As of", "time", help="When it was made"),
    ),
    json=("id", "made_at", "contact", "merged", "extra", "consents", "interactions", "followups", "cadences",
          "deals", "orders", "cases", "reminders", "mentions", "origins", "changes"),
    title=lambda record: str(record["id"]),
)  # fmt: skip
LIST = View(
    schema="crm.privacy.erased",
    columns=(
        Column("id", "Id", "id", help="Former id of the person"),
        Column("erased_at", "When", "time", help="When it was done"),
        Column("actor", "By", help="Who did it"),
        Column("reason", "Why", drop=1, wide=True, help="What was given as the reason"),
        Column("suppressed", "Kept away", "number", get=lambda record: len(record["suppressed"]),
               help="How many addresses, numbers and keys are not taken in again"),
        Column("uid", "Uid", shown=False, help="By which an older copy of the database knows the person"),
    ),
    json=("id", "record_id", "uid", "erased_at", "actor", "reason", "secrets", "suppressed"),
    title=lambda record: str(record["id"]),
    empty="Nobody was erased.",
)  # fmt: skip


def _left(record: Record) -> Iterator[str]:
    for entry in record.get("left") or ():
        yield f"{entry['value']} in {', '.join(entry['places'])}"


def _names(files: Any) -> list[str]:
    return [f"{one['name']} of {one['id']}" for one in files]


def planned(record: Record, *, mentions: bool = False) -> list[str]:
    """What an erasure would take, a line each; with `mentions` out of texts on others, too."""
    merged = f" and {', '.join(record['merged'])}, merged into it" if record["merged"] else ""
    lines = [f"{record['display_name']} ({record['id']}){merged}: everything that is held on this person goes"]
    if record["removed"]:
        lines.append(f"  {_counts(record)}")
    lines.append(f"  what {record['changes']:,} changes of the journal say; their digests stay")
    if record["shared"]:
        lines.append(
            f"  others have it, too: stays with name, addresses and numbers as [erased]: {_some(record['shared'])}"
        )
    if record["figures"]:
        lines.append(
            "  orders, whose figures the law keeps (GDPR Art. 17(3)(b)), stay without a word of the person:"
            f" {_some(record['figures'])}"
        )
    if record["files"]:
        lines.append(f"  attached to what others have, too, and goes: {_some(_names(record['files']))}")
    if record["unread"]:
        lines.append(
            "  attached to what others have, too, and stays, since nobody can look into it"
            f" (--unread-files: it goes): {_some(_names(record['unread']))}"
        )
    if record["cleaned"]:
        lines.append(f"  named in the texts of these, which stay with [erased] instead: {_some(record['cleaned'])}")
    if record["mentions"]:
        how = "" if mentions else " (--mentions: out of their texts and the journal)"
        lines.append(f"  named in these, which stay as they are{how}: {_some(record['mentions'])}")
    return lines


def told(record: Record, *, file: bool) -> list[str]:
    """What came of an erasure, a line each."""
    where = "the file" if file else "the tables"
    lines = []
    if record["left"]:
        left = list(_left(record))
        lines.append(f"searched {where}: {len(left)} of {record['searched']:,} values are left")
        lines += [f"  {entry}" for entry in left[:MOST]]
        lines += [f"  and {len(left) - MOST:,} more"] if len(left) > MOST else []
    else:
        lines.append(f"searched {where}: none of {record['searched']:,} values is left")
    if record["unread"]:
        lines.append("nobody knows whether these attached files name the person, look at them:")
        lines += [f"  {name}" for name in _names(record["unread"])]
    elif record["unsearched"]:
        number = record["unsearched"]
        lines.append(f"{number:,} attached {'file' if number == 1 else 'files'} of others cannot be looked into")
    if record["others"]:
        lines.append(f"what is held on others says {record['others']:,} of the person's sentences, too, and stays")
    if record["problem"]:
        lines.append(f"{record['problem']}; when that is over: crm db vacuum")
    for copy in record["copies"]:
        lines.append(f"this copy still holds the person: {copy}")
    if record["copies"]:
        lines.append("crm db restore of one erases the person again")
    if not file:
        lines.append("dumps and archived WAL of the server still hold the person until they expire")
    return lines


def _some(names: Any) -> str:
    more = f" and {len(names) - MOST:,} more" if len(names) > MOST else ""
    return ", ".join(names[:MOST]) + more
