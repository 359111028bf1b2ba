"""Thunderbird: an address book as comma, semicolon or tab separated text.

Titles are in the language of the program: English (of the US and the UK), German, French, Italian.
"""

from collections.abc import Sequence

from crmcli.importers.base import CERTAIN, LIKELY, NO, folded, share
from crmcli.importers.table_format import Header, custom_field, table_format

# Target: its titles, with bars between.
_TITLES = {
    "given_name": "First Name|Vorname|Prénom|Nome",
    "family_name": "Last Name|Nachname|Nom de famille|Cognome",
    "name": "Display Name|Anzeigename|Nom à afficher|Nome visualizzato",
    "nickname": "Nickname|Spitzname|Surnom|Soprannome",
    "email": "Primary Email|Primäre E-Mail-Adresse|Adresse électronique principale|Email primaria",
    "email#2": "Secondary Email|Sekundäre E-Mail-Adresse|Adresse électronique secondaire|Email secondaria",
    "set.screen_name": "Screen Name|Messenger-Name|Nom de l’écran|Nome Instant Messenger",
    "phone.work": "Work Phone|Tel. dienstlich|Tél. professionnel|Telefono lavoro",
    "phone.home": "Home Phone|Tel. privat|Tél. personnel|Telefono casa",
    "phone.fax": "Fax Number|Fax-Nummer|Fax|Numero fax",
    "phone.pager": "Pager Number|Pager-Nummer|Pager|Numero cercapersone",
    "phone.mobile": "Mobile Number|Mobil-Tel.-Nr.|Portable|Numero cellulare",
    "address.home.street": "Home Address|Home Address 2|Home Address2|Privat: Adresse|Privat: Adresse 2|Adresse privée"
    "|Adresse privée 2|Indirizzo di casa|Indirizzo di casa 2",
    "address.home.city": "Home City|Privat: Ort|Città di residenza",
    "address.home.region": "Home State|Home County|Privat: Bundesland|Provincia di residenza",
    "address.home.postcode": "Home ZipCode|Home Post Code|Privat: PLZ|CAP di residenza",
    "address.home.country": "Home Country|Privat: Land|Pays/Région (domicile)|Nazione di residenza",
    "address.work.street": "Work Address|Work Address 2|Work Address2|Dienstlich: Adresse|Dienstlich: Adresse 2"
    "|Adresse professionnelle|Adresse professionnelle 2|Indirizzo di lavoro|Indirizzo di lavoro 2",
    "address.work.city": "Work City|Dienstlich: Ort|Città di lavoro",
    "address.work.region": "Work State|Work County|Dienstlich: Bundesland|Provincia di lavoro",
    "address.work.postcode": "Work ZipCode|Work Zip|Work Post Code|Dienstlich: PLZ|CAP di lavoro",
    "address.work.country": "Work Country|Dienstlich: Land|Pays/Région (bureau)|Nazione di lavoro",
    "job_title": "Job Title|Arbeitstitel|Profession|Qualifica",
    "department": "Department|Abteilung|Service|Reparto",
    "company": "Organization|Organisation|Société|Organizzazione",
    "url.work": "Web Page 1|Webseite 1|Website 1|Site web 1|Pagina web 1",
    "url.home": "Web Page 2|Webseite 2|Website 2|Site web 2|Pagina web 2",
    "birth_date.year": "Birth Year|Geburtsjahr|Année de naissance|Anno di nascita",
    "birth_date.month": "Birth Month|Geburtsmonat|Mois|Mese di nascita",
    "birth_date.day": "Birth Day|Geburtstag|Jour|Giorno di nascita",
    "notes": "Notes|Notizen|Note",
}
_CUSTOM = ("Custom", "Benutzerdef.", "Divers", "Personalizzato")
_KNOWN = {folded(title): target for target, titles in _TITLES.items() for title in titles.split("|")}
_KNOWN |= {folded(f"{word} {number}"): f"set.custom_{number}" for word in _CUSTOM for number in range(1, 5)}
# In French both addresses use the same titles, the private one first.
_TWICE = {"ville": "city", "pays/état": "region", "code postal": "postcode"}
_OWN = frozenset(folded(title) for target in ("email", "email#2") for title in _TITLES[target].split("|"))


def _match(header: Header) -> int:
    own = len(_OWN.intersection(header))
    known = share(_KNOWN | _TWICE, header)
    if own == 2 and known >= 0.8:
        return CERTAIN
    return LIKELY if own and known >= 0.6 else NO


def _targets(header: Header) -> Sequence[str]:
    found: list[str] = []
    for place, title in enumerate(header):
        if title in _KNOWN:
            found.append(_KNOWN[title])
        elif title in _TWICE:
            found.append(f"address.{'work' if title in header[:place] else 'home'}.{_TWICE[title]}")
        else:
            found.append(custom_field(title, found) if title else "")
    return found


FORMATS = (table_format("thunderbird", "Thunderbird address book", "contact", _match, _targets),)
