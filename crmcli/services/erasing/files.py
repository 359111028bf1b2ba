"""Which attached files of messages that others have, too, go with a person, and which somebody has to look at.

What the person sent goes. Of what others sent those files go that name the person; those that cannot be looked into
stay and are told of, unless they are to go as well. A file that another message has, too, keeps its bytes there.
"""

from collections.abc import Sequence
from typing import NamedTuple

from crmcli.services.erasing.contents import Seen, look
from crmcli.services.erasing.words import Eraser
from crmcli.store import erasing, erasing_files
from crmcli.store.connection import Row
from crmcli.store.erasing import Traces
from crmcli.store.store import Store


class Files(NamedTuple):
    """Attachments of what is shared: those that go, and those that stay although nobody knows who is in them."""

    going: Sequence[Row]
    unread: Sequence[Row]


def choose(store: Store, traces: Traces, eraser: Eraser, *, unread_too: bool = False) -> Files:
    """Look into what is attached to the messages that others have, too.

    Args:
        store: the store.
        traces: of the person.
        eraser: of the person's names.
        unread_too: what cannot be looked into goes, too.
    """
    seen: dict[str, Seen] = {}
    going, unread = [], []
    for row in erasing.rows_of_interactions(store, "attachment", traces.shared):
        here = seen.get(row["digest"])
        if here is None:
            data = erasing_files.content(store, row["digest"])
            here = seen[row["digest"]] = Seen.FREE if data is None else look(data, eraser.found)
        if row["interaction_id"] in traces.sent or here == Seen.NAMED or (unread_too and here == Seen.CLOSED):
            going.append(row)
        elif here == Seen.CLOSED:
            unread.append(row)
    # What the person sent, and somebody else, too, stays there: nobody knows whether the person is in it.
    gone = {row["id"] for row in (*going, *unread, *traces.rows["attachment"])}
    for row in going:
        if seen[row["digest"]] == Seen.CLOSED:
            others = erasing_files.having(store, row["digest"], gone)
            unread += others
            gone |= {other["id"] for other in others}
    return Files(going, unread)


def is_named(content: str, eraser: Eraser) -> bool:
    """Whether somebody is named in the bytes of a file, as base64."""
    return look(erasing_files.decoded(content), eraser.found) == Seen.NAMED


def named(store: Store, eraser: Eraser) -> tuple[dict[str, list[str]], list[str]]:
    """Look into every attached file that the database has.

    Returns:
        What of the person stands in one, with the digests of the files; and the digests of those that are closed.
    """
    found: dict[str, list[str]] = {}
    closed = []
    for digest, data in erasing_files.contents(store):
        told: list[str] = []

        def finds(text: str, told: list[str] = told) -> bool:
            value = eraser.found(text)
            told += [value] if value else []
            return bool(value)

        seen = look(data, finds)
        if seen == Seen.CLOSED:
            closed.append(digest)
        for value in told[:1]:
            found.setdefault(value, []).append(digest)
    return found, closed
