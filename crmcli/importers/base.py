"""What an importer is: something that recognises a file by its content and reads records from it.

An importer is a module of this package with `FORMATS`, a tuple of `Format`. It decides nothing: it says what the file
holds, in the words of the command line, and the services match it with what is there.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from crmcli.importers.source import Source

# Marks of `Format.match`. What only one program writes, what a standard says, and what could be anything.
CERTAIN, LIKELY, POSSIBLE, NO = 90, 60, 30, 0


class Draft(NamedTuple):
    """A record of the source.

    The values of a contact or company are what `crm batch` takes for `contact.add`: `name`, every settable column by
    its flag's name as text, and the lists `email`, `phone`, `url` (objects of value, label, is_primary), `address`
    (objects of its parts, label), `company` (objects of name, role, domain, external), `domain`, `tag`, `set` (objects
    of key and text), `prefer`, `external` (SOURCE:KEY) and `consent` (PURPOSE/CHANNEL=STATE, or objects of purpose,
    channel, state, legal_basis, source and at); beside those `uid`, and `extra`, the vCard lines that have no other
    place.

    Those of an interaction: `direction` and `channel` as stored, `occurred_at` as a stored instant, `duration` in
    seconds, `subject`, `body`, `outcome`, `uid`, `message_id` (without angle brackets), `thread`, `in_reply_to`,
    `quoted`; `people`, objects of email, name and role (from, to, cc, organizer, attendee) of those who are not the
    team's; `team`, the addresses of those who are, the one who wrote or was written to first; `automatic` of what no
    person wrote; `left_out`, why it is no contact although it is there; `attachments`, objects of name, media_type,
    size, digest (SHA-256), and content (base64 text, or a function that gives it) where it is to be kept. Those of a
    follow-up: `subject`, `note`, `due_at` and `closed_at` as stored instants, `all_day`, `timezone`, `status`,
    `channel`, `priority`, `outcome_note`, `uid`, `people`, `team`.

    Those of an order: `external`, a list whose first text is what it is known by again; `number`, `currency`, the days
    `ordered_on`, `paid_on`, `shipped_on`, `delivered_on`, `cancelled_on` and `due_on`; `status`, `financial_status` and
    `fulfillment_status` in the words of the source; `subtotal`, `discounts`, `shipping`, `taxes`, `total`, `paid`,
    `outstanding` and `refunded` in minor units of the currency, or of `Source.currency` where none is told;
    `payment_method`, `source`, `notes`, `tag`, `set`; `customer`, an object of name, email, phone, company and
    external; `address`; `lines`, objects of product, sku, quantity (thousandths), tax_rate, and of price, discount, tax
    and amount in minor units. Those of a deal: `name`, `external`, `pipeline` and `stage` in the words of the source,
    `type` (open, won or lost), `amount`, an object of minor and currency (None: hundredths of one that is not told),
    `probability`, `forecast_category`, `close_date`, `created_at`, `closed_at`, `owner_name`, `lost_reason`,
    `lead_source`, `notes`, `tag`, `set`, and `contact` and `company`, lists of objects of name, email, phone, domain
    and external.

    Args:
        noun: contact, company, interaction, followup, order or deal.
        values: see above; what is empty is left out.
        place: the line (of a table, of JSON Lines) or the number of the record, from 1.
        raw: the record as it stood there, for `Format.rejects`.
    """

    noun: str
    values: dict[str, Any]
    place: int
    raw: Any


class Refused(NamedTuple):
    """A record that cannot be read, or was read and cannot be taken in: where, as it stood, and why."""

    place: int
    raw: Any
    reason: str


Item = Draft | Refused
Read = Callable[[Source], Iterator[Item]]
Write = Callable[[Source, Iterable[Refused]], Iterator[bytes]]


class Columns(NamedTuple):
    """What the columns of a table mean: `header` as it stands there, and for each a target, "" when it has none.

    Targets are described in `crmcli.importers.targets`. `head` is the number of the header's line.
    """

    header: tuple[str, ...]
    targets: tuple[str, ...]
    head: int = 1


class Format(NamedTuple):
    """A kind of file.

    Args:
        name: what `--as` calls it.
        title: what people call it: "HubSpot contacts".
        noun: what it mostly holds.
        match: how surely a source is of this kind: 0 to 100; see CERTAIN, LIKELY, POSSIBLE.
        read: the records of a source, in order. It never raises for what a file may hold: what cannot be read is
            `Refused`, one by one, and what is no file of this kind at all a UsageError at the first step.
        rejects: refused records in their own format, with place and reason; read again, those two are ignored.
        columns: of a table, what its columns mean; None for formats without columns.
        with_columns: of a table, the format with other meanings, which the person gave.
    """

    name: str
    title: str
    noun: str
    match: Callable[[Source], int]
    read: Read
    rejects: Write
    columns: Callable[[Source], Columns] | None = None
    with_columns: "Callable[[Columns], Format] | None" = None


def folded(text: str) -> str:
    """A header cell or key as it is compared: lower case, white space single, no marks around."""
    return re.sub(r"\s+", " ", text.replace("\ufeff", "").replace("_", " ").strip().strip('*:"').lower()).strip()


def share(known: Sequence[str] | Mapping[str, Any] | frozenset[str], header: Sequence[str]) -> float:
    """How much of a header is known: 0 to 1, empty cells aside."""
    cells = [folded(cell) for cell in header if cell.strip()]
    return sum(cell in known for cell in cells) / len(cells) if cells else 0.0
