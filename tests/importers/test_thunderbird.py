"""Thunderbird: fictional people in the columns of its address book, in each language."""

import pytest

from crmcli.importers.base import CERTAIN, NO
from crmcli.importers.thunderbird import FORMATS
from tests.importers.tables import best, custom, source, values

(THUNDERBIRD,) = FORMATS
ENGLISH = (
    "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Screen Name,Work Phone,Home Phone,"
    "Fax Number,Pager Number,Mobile Number,Home Address,Home Address 2,Home City,Home State,Home ZipCode,Home Country,"
    "Work Address,Work Address 2,Work City,Work State,Work ZipCode,Work Country,Job Title,Department,Organization,"
    "Web Page 1,Web Page 2,Birth Year,Birth Month,Birth Day,Custom 1,Custom 2,Custom 3,Custom 4,Notes,"
)
HEADERS = {
    "English (US)": ENGLISH,
    "English (UK)": ENGLISH.replace("State", "County").replace("ZipCode", "Post Code").replace("Organiz", "Organis"),
    "German": "Vorname,Nachname,Anzeigename,Spitzname,Primäre E-Mail-Adresse,Sekundäre E-Mail-Adresse,Messenger-Name,"
    "Tel. dienstlich,Tel. privat,Fax-Nummer,Pager-Nummer,Mobil-Tel.-Nr.,Privat: Adresse,Privat: Adresse 2,Privat: Ort,"
    "Privat: Bundesland,Privat: PLZ,Privat: Land,Dienstlich: Adresse,Dienstlich: Adresse 2,Dienstlich: Ort,"
    "Dienstlich: Bundesland,Dienstlich: PLZ,Dienstlich: Land,Arbeitstitel,Abteilung,Organisation,Webseite 1,Webseite 2,"
    "Geburtsjahr,Geburtsmonat,Geburtstag,Benutzerdef. 1,Benutzerdef. 2,Benutzerdef. 3,Benutzerdef. 4,Notizen,",
    "French": "Prénom,Nom de famille,Nom à afficher,Surnom,Adresse électronique principale,"
    "Adresse électronique secondaire,Nom de l’écran,Tél. professionnel,Tél. personnel,Fax,Pager,Portable,"
    "Adresse privée,Adresse privée 2,Ville,Pays/État,Code postal,Pays/Région (domicile),Adresse professionnelle,"
    "Adresse professionnelle 2,Ville,Pays/État,Code postal,Pays/Région (bureau),Profession,Service,Société,Site web 1,"
    "Site web 2,Année de naissance,Mois,Jour,Divers 1,Divers 2,Divers 3,Divers 4,Notes,",
}
CELLS = (
    "Ada,Lovelace,Ada Lovelace,A. A. L.,ada@engines.example,ada@home.example,ada_l,+44 20 7946 0958,+44 20 7946 0003,"
    "+44 20 7946 0002,,+44 7700 900001,12 St James's Square,,London,England,SW1,GB,1 Mill Lane,Floor 2,Paris,,75001,FR,"
    "Programmer,Notes,Analytical Engines,https://engines.example,https://ada.example,1815,12,10,blue,,,,"
    "Met at the fair,"
)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("language", HEADERS)
def test_an_address_book_is_understood_in_each_language(language: str, delimiter: str) -> None:
    file = source(f"{HEADERS[language]}\n{CELLS}\n".replace(",", delimiter))
    assert THUNDERBIRD.match(file) == CERTAIN
    (draft,) = THUNDERBIRD.read(file)
    assert draft.values == {  # type: ignore[union-attr]
        "given_name": "Ada",
        "family_name": "Lovelace",
        "name": "Ada Lovelace",
        "nickname": "A. A. L.",
        "email": [{"value": "ada@engines.example"}, {"value": "ada@home.example"}],
        "phone": [
            {"raw": "+44 20 7946 0958", "label": "work"},
            {"raw": "+44 20 7946 0003", "label": "home"},
            {"raw": "+44 7700 900001", "label": "mobile"},
            {"raw": "+44 20 7946 0002", "label": "fax"},
        ],
        "address": [
            {
                "street_address": "12 St James's Square",
                "locality": "London",
                "region": "England",
                "postal_code": "SW1",
                "country_code": "GB",
                "label": "home",
            },
            {
                "street_address": "1 Mill Lane, Floor 2",
                "locality": "Paris",
                "postal_code": "75001",
                "country_code": "FR",
                "label": "work",
            },
        ],
        "job_title": "Programmer",
        "department": "Notes",
        "company": [{"name": "Analytical Engines"}],
        "url": [
            {"value": "https://engines.example", "label": "work"},
            {"value": "https://ada.example", "label": "home"},
        ],
        "birth_date": "1815-12-10",
        "set": [{"screen_name": "ada_l"}, {"custom_1": "blue"}],
        "notes": "Met at the fair",
    }


def test_columns_of_an_extension_become_fields() -> None:
    row = {
        "First Name": "Ada",
        "Last Name": "L",
        "Display Name": "",
        "Primary Email": "",
        "Secondary Email": "",
        "Shoe": "38",
    }
    assert custom(values(FORMATS, row)) == {"shoe": "38"}


def test_other_tables_are_not_thunderbirds() -> None:
    assert best(FORMATS, source("First Name,Last Name,Email,Organization\n")) == ("", NO)
