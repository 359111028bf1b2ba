"""Whom we may contact, as SQL: for lists, exports and proposals. See `crmcli.services.consents` for the rules."""

from crmcli.kernel.reach import BY_MAIL, BY_PHONE, EVERYDAY, REFUSED

# Who is not to be contacted at all, by the mark or by a refusal of everyday contact on every channel.
_REFUSING = ", ".join(f"'{state}'" for state in REFUSED)


def reachable(noun: str, channel: str = "") -> str:
    """The condition under which somebody is proposed to be contacted: neither marked nor refusing.

    `channel` is SQL for how, where that is known: who refused it is not proposed either.
    """
    by_it = f" OR consent.channel = {channel}" if channel else ""
    marked = f"{noun}.do_not_contact = 0"
    if noun != "contact":
        return marked
    return (
        f"{marked} AND NOT EXISTS (SELECT 1 FROM consent WHERE consent.contact_id = contact.id"
        f" AND consent.purpose = '{EVERYDAY}' AND (consent.channel IS NULL{by_it}) AND consent.state IN ({_REFUSING}))"
    )


def allowed(purpose: str, channel: str | None) -> tuple[str, list[object]]:
    """The condition under which a contact may be contacted for a purpose by a channel, with its parameters."""
    conditions = ["contact.do_not_contact = 0"]
    parameters: list[object] = []
    if channel in BY_MAIL:
        conditions.append(
            "EXISTS (SELECT 1 FROM email WHERE email.contact_id = contact.id AND email.opted_out = 0"
            " AND email.invalid = 0)"
        )
    if channel in BY_PHONE:
        conditions.append("EXISTS (SELECT 1 FROM phone WHERE phone.contact_id = contact.id AND phone.opted_out = 0)")
    for asked in dict.fromkeys((purpose, EVERYDAY)):
        unsaid, test = ("1", "1") if asked == EVERYDAY else ("0", _GRANTED)
        where, bound = _said(channel)
        conditions.append(
            f"coalesce((SELECT CASE WHEN consent.state IN ({_REFUSING}) THEN 0 ELSE {test} END FROM consent"
            f" WHERE consent.contact_id = contact.id AND consent.purpose = ? AND {where} LIMIT 1), {unsaid}) = 1"
        )
        parameters += [asked, *bound]
    return f"({' AND '.join(conditions)})", parameters


# What rests on another basis than consent needs none.
_GRANTED = (
    "CASE WHEN consent.state = 'granted' OR coalesce(consent.legal_basis, 'consent') <> 'consent' THEN 1 ELSE 0 END"
)


def _said(channel: str | None) -> tuple[str, list[object]]:
    """The rows that may decide, the one that does first: what was said of the channel, the last of it."""
    order = "ORDER BY CASE WHEN consent.channel IS NULL THEN 1 ELSE 0 END, consent.at DESC, consent.id DESC"
    if channel is None:
        return f"consent.channel IS NULL {order}", []
    return f"(consent.channel IS NULL OR consent.channel = ?) {order}", [channel]
