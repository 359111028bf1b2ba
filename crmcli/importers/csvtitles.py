"""What the columns of any table may mean, by their titles: English and the common languages of Europe.

Case, accents, spaces, hyphens and points do not count: `E-Mail`, `email` and `e_mail` are the same word. A title may
say which of several is meant: `Work phone`, `Telefon (privat)`, `Billing city`, `E-mail 2`.
"""

import re
from functools import cache

from crmcli.importers.base import folded
from crmcli.kernel.text import fold

# Target: its titles, with bars between.
_TITLES = {
    "name": "name|full name|display name|contact|contact name|contact person|person|customer|customer name|client|lead"
    "|anzeigename|kontakt|ansprechpartner|vollständiger name|nom complet|nom|nombre completo|nombre|nome completo|nome"
    "|naam|volledige naam|nazwa|imię i nazwisko|namn|navn|nimi",
    "given_name": "first name|first|given name|forename|vorname|rufname|prénom|prenom|nombre de pila|primer nombre"
    "|nome di battesimo|primeiro nome|voornaam|imię|förnamn|fornavn|etunimi|křestní jméno",
    "family_name": "last name|last|family name|surname|nachname|familienname|nom de famille|apellido|apellidos|cognome"
    "|sobrenome|apelido|último nome|achternaam|familienaam|nazwisko|efternamn|etternavn|efternavn|sukunimi|příjmení",
    "additional_name": "middle name|middle|second name|further names|weitere vornamen|zweiter vorname|deuxième prénom"
    "|segundo nombre|secondo nome|segundo nome|tussenvoegsel",
    "honorific_prefix": "prefix|name prefix|salutation|anrede|civilité|tratamiento|appellativo|aanhef|tratamento",
    "honorific_suffix": "suffix|name suffix|namenszusatz|suffixe|sufijo|suffisso|achtervoegsel|sufixo",
    "nickname": "nickname|nick name|spitzname|surnom|apodo|soprannome|bijnaam",
    "phonetic_given_name": "phonetic first name|phonetic given name",
    "phonetic_family_name": "phonetic last name|phonetic family name",
    "job_title": "job title|job|position|occupation|function|jobtitel|berufsbezeichnung|funktion|stelle|poste|fonction"
    "|puesto|cargo|posizione|qualifica|functie|stanowisko|befattning|stilling|titel beruf",
    "department": "department|abteilung|service|departamento|reparto|afdeling|dział|avdelning|avdeling|afdeling",
    "role": "role|rolle|rôle|rol|ruolo",
    "company": "company|company name|organization|organisation|organization name|organisation name|account"
    "|account name|employer|business|business name|firm|firma|firmenname|unternehmen|arbeitgeber|société|entreprise"
    "|raison sociale|empresa|compañía|razón social|azienda|società|ragione sociale|ditta|bedrijf|bedrijfsnaam"
    "|organisatie|companhia|firma nazwa|företag|bedrift|virksomhed|yritys",
    "email": "email|mail|email address|mail address|emailadresse|mailadresse|courriel|adresse email|adresse mail"
    "|correo|correo electrónico|dirección de correo|indirizzo email|posta elettronica|emailadres|endereço de email"
    "|adres email|epost|epostadress|sähköposti",
    "phone": "phone|phone number|telephone|telephone number|tel|tel no|telefon|telefonnummer|rufnummer|festnetz"
    "|téléphone|numéro de téléphone|teléfono|telefono|numero di telefono|telefoon|telefoonnummer|telefone|puhelin",
    "phone.mobile": "mobile|mobile phone|mobile number|cell|cell phone|cellphone|handy|handynummer|mobil|mobiltelefon"
    "|mobilnummer|portable|téléphone portable|móvil|celular|cellulare|mobiel|telemóvel|komórka|matkapuhelin"
    "|whatsapp|gsm",
    "phone.fax": "fax|fax number|faxnummer|telefax|télécopie",
    "url.website": "website|web site|web|homepage|web page|url|link|site|internet|internetadresse|webseite|site web"
    "|site internet|sitio web|página web|sito|sito web|website url|strona www|hemsida|hjemmeside",
    "url.linkedin": "linkedin|linkedin url|linkedin profile",
    "url.twitter": "twitter|x handle",
    "url.facebook": "facebook",
    "url.instagram": "instagram",
    "url.xing": "xing",
    "address": "address|postal address|full address|mailing address|adresse|anschrift|adresse postale|dirección"
    "|indirizzo|adres|endereço|adress",
    "address.street": "street|street address|address line|street and number|straße|strasse|straße und hausnummer|rue"
    "|voie|calle|via|straat|rua|ulica|gata|gate|katu",
    "address.extended_address": "extended address|address supplement|suite|apartment|adresszusatz"
    "|complément d'adresse|complemento",
    "address.post_office_box": "po box|post office box|postfach|boîte postale|apartado postal|casella postale|postbus"
    "|caixa postal",
    "address.city": "city|town|locality|ort|stadt|wohnort|ville|commune|ciudad|población|localidad|città|comune|plaats"
    "|woonplaats|stad|cidade|localidade|miasto|miejscowość|ort stad|postort|by|poststed|kaupunki",
    "address.region": "state|region|province|county|state province|bundesland|kanton|région|département|provincia"
    "|estado|comunidad autónoma|regione|provincie|distrito|województwo",
    "address.postcode": "zip|zip code|postcode|postal code|post code|zip postal code|plz|postleitzahl|code postal|cp"
    "|código postal|cap|codice postale|cep|kod pocztowy|postnummer|postinumero",
    "address.country": "country|country code|country name|land|staat|pays|país|paese|nazione|kraj|maa|country region",
    "notes": "notes|note|comment|comments|remark|remarks|description|notiz|notizen|bemerkung|bemerkungen|anmerkung"
    "|anmerkungen|kommentar|remarque|remarques|commentaire|commentaires|notas|nota|observaciones|comentarios|commenti"
    "|osservazioni|opmerking|opmerkingen|notities|observações|comentários|uwagi",
    "tag": "tag|tags|label|labels|category|categories|group|groups|keywords|kategorie|kategorien|gruppe|schlagwörter"
    "|stichwörter|étiquettes|catégorie|catégories|groupe|etiquetas|categoría|categorías|grupo|categoria|categorie"
    "|etichette|categorieën|trefwoorden|categorias",
    "birth_date": "birthday|birth date|birthdate|date of birth|dob|geburtstag|geburtsdatum|date de naissance"
    "|anniversaire|fecha de nacimiento|cumpleaños|data di nascita|compleanno|geboortedatum|verjaardag"
    "|data de nascimento|data urodzenia|födelsedag",
    "birth_date.year": "birth year|geburtsjahr|année de naissance",
    "birth_date.month": "birth month|geburtsmonat|mois de naissance",
    "preferred_language": "language|preferred language|sprache|langue|idioma|lingua|taal|língua|język",
    "timezone": "timezone|time zone|zeitzone|fuseau horaire|zona horaria|fuso orario|tijdzone",
    "currency": "currency|währung|devise|moneda|valuta|moeda",
    "lifecycle_stage": "lifecycle stage|life cycle stage",
    "lead_status": "lead status",
    "lead_source": "lead source|source|quelle|herkunft|origine|origen|fuente|fonte|bron",
    "do_not_contact": "do not contact|do not call|opt out|kontaktsperre",
    "industry": "industry|branche|sector|secteur|secteur d'activité|settore|bedrijfstak|setor|branża|bransch",
    "employee_count": "employee count|employees|number of employees|no of employees|mitarbeiter|mitarbeiterzahl"
    "|anzahl mitarbeiter|effectif|nombre d'employés|empleados|dipendenti|medewerkers|aantal medewerkers|funcionários",
    "legal_name": "legal name|registered name|rechtlicher name|dénomination sociale",
    "domain": "domain|company domain|company domain name|domain name|website domain|domaine|dominio|domein|domínio",
    "parent": "parent company|parent|muttergesellschaft|société mère",
    "uid": "uid",
    # --- what only the program that wrote it needs
    "": "id|created at|created|created date|creation date|updated at|updated|modified|last modified|modified date"
    "|deleted at|last inbound at|last outbound at|last contacted|photo|photo url|avatar|line|reason|erstellt"
    "|erstellt am|geändert am|who id|overdue",
}
# Words beside a title that say which of several is meant.
_LABELS = {
    "work": "work|business|office|geschäftlich|geschäft|dienstlich|beruflich|arbeit|büro|bureau|travail|professionnel"
    "|pro|trabajo|oficina|ufficio|lavoro|werk|zakelijk|comercial|trabalho|praca|arbete",
    "home": "home|private|personal|privat|privée|privé|personnel|domicile|particular|casa|personale|abitazione|thuis"
    "|residencial|pessoal|domowy|hem",
    "mobile": "mobile|cell|mobil|handy|portable|móvil|celular|cellulare|mobiel|telemóvel",
    "main": "main|primary|haupt|principal|principale|hoofd",
    "billing": "billing|invoice|rechnung|rechnungs|facturation|facturación|fatturazione|factuur|faturamento",
    "shipping": "shipping|delivery|liefer|lieferung|livraison|envío|spedizione|bezorg|entrega",
    "": "contact|customer|client|person|mailing|postal|kontakt|kunde",
    "fax": "fax",
    "other": "other|alternative|alternate|second|secondary|weitere|andere|zweite|autre|secondaire|otro|altro|ander"
    "|outro",
}
_LABELLED = ("email", "phone", "url", "address")
# Titles which are the family name where the table has the given name by itself, and the other way round.
FAMILY_NAMES = frozenset({"name", "nom", "naam", "namn", "navn"})
GIVEN_NAMES = frozenset({"nombre", "nome"})
# Titles that are a job in one table and a form of address in another.
TITLES = frozenset({"title", "titel", "titre", "titulo", "titolo"})


def word(title: str) -> str:
    """A title as it is compared here."""
    return "".join(_words(title))


def _words(title: str) -> list[str]:
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", title)
    return re.findall(r"\w+", fold(folded(apart)).replace("_", " "))


@cache
def _known() -> tuple[dict[str, str], dict[str, str]]:
    """Targets by title, and labels by word."""
    titles = {word(title): target for target, names in _TITLES.items() for title in names.split("|")}
    return titles, {word(name): label for label, names in _LABELS.items() for name in names.split("|")}


def target_of(title: str) -> str | None:
    """What a title means: a target, "" for a column of no use here, None for one that is not known."""
    titles, labels = _known()
    words = _words(title)
    if words and words[-1].isdigit() and len(words) > 1 and len(words[-1]) <= 2:
        numbered = target_of(" ".join(words[:-1]))
        return numbered if numbered and _is_several(numbered) else None
    whole = "".join(words)
    if whole in titles:
        return titles[whole]
    if len(words) > 1:
        for label, rest in ((words[0], words[1:]), (words[-1], words[:-1])):
            target = titles.get("".join(rest))
            if label in labels and target and target.partition(".")[0] in _LABELLED:
                return _with_label(target, labels[label])
    return None


def _is_several(target: str) -> bool:
    return target.partition(".")[0] in (*_LABELLED, "tag", "notes")


def _with_label(target: str, label: str) -> str:
    """A target with a label beside what it says already: work and `phone.fax` give `phone.work fax`."""
    field, _, rest = target.partition(".")
    if not label or label == rest:
        return target
    if field == "address":
        return f"address.{label}.{rest}" if rest else f"address.{label}.street"
    return f"{field}.{label}" if rest in ("", "website") else f"{field}.{label} {rest}"
