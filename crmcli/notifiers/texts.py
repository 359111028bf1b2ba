import hashlib
from crmcli.notifiers.base import Notice
from crmcli.kernel.text import safe
from crmcli.kernel.clock import stamp


def notice_key(parts):
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def due_notice(items, key, clock, user):
    text = "".join(f"{i['id']} {safe(i['subject'])}\n" for i in items)
    return Notice(key, "due", f"{len(items)} due", text, text, "", tuple(items), user, stamp(clock.now()))


def digest_notice(kind, sections, key, clock, user):
    if not any(sections.values()):
        return None
    text = "".join(
        f"{n}\n" + "".join(f"{i.get('id')} {safe(i['subject'])}\n" for i in its) for n, its in sections.items()
    )
    return Notice(key, kind, kind, text, text, "", (), user, stamp(clock.now()))
