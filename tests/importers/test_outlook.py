"""Outlook: fictional people in the columns of its exports, in each language."""

import pytest

from crmcli.importers.base import CERTAIN, NO
from crmcli.importers.outlook import FORMATS
from tests.importers.tables import best, custom, source, targets, values

(OUTLOOK,) = FORMATS
# The beginning of the classic export in each language: the same columns, in the same order.
CLASSIC = {
    "English": "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,"
    "Business Street 2,Business City,Business State,Business Postal Code,Business Country/Region,Home Street,Home City,"
    "Business Fax,Business Phone,Home Phone,Mobile Phone,Birthday,Categories,E-mail Address,E-mail 2 Address,Notes,"
    "Web Page",
    "German": "Anrede,Vorname,Weitere Vornamen,Nachname,Suffix,Firma,Abteilung,Position,Straße geschäftlich,"
    "Straße geschäftlich 2,Ort geschäftlich,Region geschäftlich,Postleitzahl geschäftlich,Land/Region geschäftlich,"
    "Straße privat,Ort privat,Fax geschäftlich,Telefon geschäftlich,Telefon privat,Mobiltelefon,Geburtstag,Kategorien,"
    "E-Mail-Adresse,E-Mail 2: Adresse,Notizen,Webseite",
    "French": "Titre,Prénom,Deuxième prénom,Nom,Suffixe,Société,Service,Titre,Rue (bureau),Rue (bureau) 2,"
    "Ville (bureau),Dép/Région (bureau),Code postal (bureau),Pays/Région (bureau),Rue (domicile),Ville (domicile),"
    "Télécopie (bureau),Téléphone (bureau),Téléphone (domicile),Tél. mobile,Anniversaire,Catégories,"
    "Adresse de messagerie,Adresse de messagerie 2,Notes,Page Web",
    "Spanish": "Title,Nombre,Segundo nombre,Apellidos,Suffix,Organización,Department,Puesto,Calle del trabajo,"
    "Calle del trabajo 2,Ciudad de trabajo,Provincia o estado de trabajo,Código postal del trabajo,"
    "País o región del trabajo,Home Street,Home City,Business Fax,Teléfono del trabajo,Particular,Mobile Phone,"
    "Birthday,Categorías,E-mail Address,Dirección de correo electrónico 2,Notes,Página web",
    "Italian": "Titolo,Nome,Secondo nome,Cognome,Titolo straniero,Società,Reparto,Posizione,Via (uff.),Via (uff.) 2,"
    "Città (uff.),Provincia (uff.),CAP (uff.),Paese/area geografica (uff.),Via (ab.),Città (ab.),Fax (uff.),Ufficio,"
    "Abitazione,Cellulare,Compleanno,Categorie,Indirizzo posta elettronica,Indirizzo posta elettronica 2,Notes,"
    "Pagina Web",
    "Dutch": 'Titel,Voornaam,Middelste naam,Achternaam,Achtervoegsel,Bedrijf,Afdeling,Functie,"Werkadres, straat",'
    '"Werkadres 2, straat","Werkadres, plaats","Werkadres, provincie","Werkadres, postcode",Land/regio (werk),'
    '"Huisadres, straat","Huisadres, plaats",Fax op werk,Telefoon op werk,Telefoon thuis,Mobiele telefoon,Verjaardag,'
    "Categorieën,E-mailadres,E-mailadres 2,Notities,Webpagina",
    "Portuguese (Brazil)": "Tratamento,Primeiro nome,Segundo nome,Sobrenome,Sufixo,Empresa,Departamento,Cargo,"
    "Business Street,Rua do endereço comercial 2,Business City,Business State,Business Postal Code,"
    "País/Região da Empresa,Endereço residencial,Cidade do endereço residencial,Fax comercial,Telefone comercial,"
    "Telefone residencial,Telefone celular,Birthday,Categorias,E-mail Address,Endereço de email 2,Anotações,"
    "Página da Web",
    "Portuguese (Portugal)": "Título,Primeiro nome,Outros nomes/apelidos,Apelido,Sufixo,Empresa,Departamento,Cargo,"
    "Rua da empresa,Rua da empresa 2,Localidade da empresa,Distrito da empresa,Código postal da empresa,"
    "País/Região da Empresa,Rua da residência,Localidade da residência,Fax da empresa,Telefone da empresa,"
    "Telefone da residência,Telemóvel,Data de nascimento,Categorias,Endereço de correio electrónico,"
    "Endereço do correio electrónico 2,Notas,Página na Web",
}
CELLS = (
    "Lady,Ada,King,Lovelace,FRS,Analytical Engines,Notes,Programmer,1 Mill Lane,Floor 2,London,England,SW1,GB,"
    "12 St James's Square,London,+44 20 7946 0002,+44 20 7946 0958,+44 20 7946 0003,+44 7700 900001,10.12.1815,"
    "VIP;Press,ada@engines.example,ada@home.example,Met at the fair,https://ada.example"
)
PERSON = {
    "honorific_prefix": "Lady",
    "given_name": "Ada",
    "additional_name": "King",
    "family_name": "Lovelace",
    "honorific_suffix": "FRS",
    "company": [{"name": "Analytical Engines"}],
    "department": "Notes",
    "job_title": "Programmer",
    "address": [
        {
            "label": "work",
            "street_address": "1 Mill Lane, Floor 2",
            "locality": "London",
            "region": "England",
            "postal_code": "SW1",
            "country_code": "GB",
        },
        {"label": "home", "street_address": "12 St James's Square", "locality": "London"},
    ],
    "phone": [
        {"raw": "+44 20 7946 0958", "label": "work"},
        {"raw": "+44 20 7946 0003", "label": "home"},
        {"raw": "+44 7700 900001", "label": "mobile"},
        {"raw": "+44 20 7946 0002", "label": "work fax"},
    ],
    "birth_date": "1815-12-10",
    "tag": ["VIP", "Press"],
    "email": [{"value": "ada@engines.example"}, {"value": "ada@home.example"}],
    "notes": "Met at the fair",
    "url": [{"value": "https://ada.example", "label": "website"}],
}


@pytest.mark.parametrize("language", CLASSIC)
def test_the_classic_export_is_understood_in_each_language(language: str) -> None:
    file = source(f"{CLASSIC[language]}\r\n{CELLS}\r\n")
    assert OUTLOOK.match(file) == CERTAIN
    (draft,) = OUTLOOK.read(file)
    assert draft.values == PERSON  # type: ignore[union-attr]


def test_the_encoding_of_western_windows_is_understood() -> None:
    file = source(f"{CLASSIC['French']}\r\n{CELLS}\r\n".encode("cp1252"))
    assert OUTLOOK.match(file) == CERTAIN
    assert "job_title" in next(OUTLOOK.read(file)).values  # type: ignore[union-attr]


BUSINESS = {"First Name": "Ada", "Business Street": "", "Business City": "", "E-mail 2 Address": ""}


def test_a_day_of_zeros_is_none() -> None:
    row = BUSINESS | {"Birthday": "0/0/00", "Anniversary": "0/0/00", "Gender": "Unspecified", "Spouse": "William"}
    assert values(FORMATS, row) == {"given_name": "Ada", "set": [{"spouse": "William"}]}


def test_what_outlook_fills_in_by_itself_is_left_out() -> None:
    row = BUSINESS | {"Priority": "Normal", "Private": "False", "Sensitivity": "Normal", "Initials": "A.L."}
    assert values(FORMATS, row) == {"given_name": "Ada"}


def test_names_of_the_exchange_directory_are_no_addresses() -> None:
    row = BUSINESS | {"E-mail Address": "/o=Engines/ou=Site/cn=Recipients/cn=ada", "E-mail Type": "EX"}
    assert values(FORMATS, row) == {"given_name": "Ada"}


def test_american_and_british_days_are_told_apart_by_their_column() -> None:
    header = "First Name,Business Street,Business City,E-mail 2 Address,Birthday\n"
    for other, day in (("12/31/1980", "1815-03-04"), ("31/12/1980", "1815-04-03"), ("1/2/1980", "3/4/1815")):
        first, _ = OUTLOOK.read(source(f"{header}Ada,,,,3/4/1815\nGrace,,,,{other}\n"))
        assert first.values["birth_date"] == day  # type: ignore[union-attr]


def test_the_primary_phone_is_the_primary_one() -> None:
    row = BUSINESS | {"Business Fax": "11111", "Home Phone": "22222", "Primary Phone": "33333"}
    assert values(FORMATS, row)["phone"] == [
        {"raw": "22222", "label": "home"},
        {"raw": "33333", "label": "main", "is_primary": True},
        {"raw": "11111", "label": "work fax"},
    ]


def test_everything_else_becomes_a_field() -> None:
    row = BUSINESS | {"User 1": "blue", "Manager's Name": "Charles", "Referred By": "Mary", "Shoe size": "38"}
    assert custom(values(FORMATS, row)) == {
        "user_1": "blue",
        "manager": "Charles",
        "referred_by": "Mary",
        "shoe_size": "38",
    }


def test_all_numbers_have_labels() -> None:
    numbers = "Car Phone,Company Main Phone,Home Phone 2,Other Fax,Pager"
    file = source(f"First Name,Business Street,Business City,E-mail 2 Address,{numbers}\n")
    labels = {title: target for title, target in targets(OUTLOOK, file).items() if target.startswith("phone")}
    assert labels == {
        "Car Phone": "phone.car",
        "Company Main Phone": "phone.company",
        "Home Phone 2": "phone.home",
        "Other Fax": "phone.fax",
        "Pager": "phone.pager",
    }


@pytest.mark.parametrize(
    "header",
    [
        "First Name,Last Name,E-mail Address,Company",
        "Vorname,Nachname,E-Mail-Adresse,Firma",
        "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Home City,Work City",
        "Salutation,First Name,Last Name,Title,Mailing Street,Phone,Email,Account Name",
    ],
)
def test_other_tables_are_not_outlooks(header: str) -> None:
    assert best(FORMATS, source(header + "\n")) == ("", NO)
