"""What an e-mail address says of its owner: a person's own box, one that several people read, a public host."""

_ROLES = """
abuse accounting accounts admin administrator anfrage auftrag billing bookings buchhaltung careers contact
contacto contato customerservice einkauf enquiries events feedback finance hallo hello help helpdesk hi hola
hr info information inquiries invoice invoices jobs kontakt kundenservice legal mail mailbox marketing media
news newsletter no-reply noreply office orders postmaster press presse privacy purchasing reception rechnung
reservations sales secretary sekretariat service shop staff support team urlaub vertrieb ventas verkauf
verwaltung webmaster
"""
ROLES = frozenset(_ROLES.split())
"""Local parts of boxes that belong to a task and not to a person."""

# Hosts at which anybody can have an address, by the name before the last parts of the domain: yahoo of yahoo.co.uk.
_HOSTS = """
126 163 aim aliyun aol att bigpond bk bluewin bol btinternet comcast cox earthlink fastmail foxmail free
freemail freenet gmail gmx googlemail hey hotmail hushmail icloud inbox interia laposte libero list live mac
mail mailbox me msn naver o2 onet optonline orange outlook pm posteo proton protonmail qq rambler rediffmail
rocketmail rogers sbcglobal seznam sfr shaw sina sky t-online telus tiscali tutanota uol verizon virgilio
virginmedia wanadoo web wp xs4all yahoo yandex ymail zoho
"""
_PUBLIC = frozenset(_HOSTS.split())


def is_role(key: str) -> bool:
    """Whether an address (as its key) is read by whoever does a job: info@, sales@, info-berlin@."""
    local = key.partition("@")[0].partition("+")[0]
    return local in ROLES or local.replace("_", "-").replace(".", "-").partition("-")[0] in ROLES


def is_public(domain: str) -> bool:
    """Whether anybody can have an address in a domain, so that sharing it says nothing."""
    parts = domain.split(".")
    last_two = len(parts) == 3 and parts[1] in ("co", "com", "net", "org")
    return len(parts) < 2 or ((len(parts) == 2 or last_two) and parts[0] in _PUBLIC)
