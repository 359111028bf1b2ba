"""The columns of Outlook's exports by their titles, which are in the language of the program that wrote them.

English, German, French, Spanish, Italian, Dutch, Portuguese (of Brazil and of Portugal). Outlook leaves some titles of
some languages in English. Those of `Outlook.com` and 365 are English always.
"""

from crmcli.importers.base import folded

# Target: its titles, with bars between.
_TITLES = {
    # --- names and work
    "honorific_prefix": "Title|Anrede|Titolo|Titel|Tratamento|Título",
    "given_name": "First Name|Vorname|Prénom|Nombre|Nome|Voornaam|Primeiro nome",
    "additional_name": "Middle Name|Weitere Vornamen|Deuxième prénom|Segundo nombre|Secondo nome|Middelste naam"
    "|Segundo nome|Outros nomes/apelidos",
    "family_name": "Last Name|Nachname|Nom|Apellidos|Cognome|Achternaam|Sobrenome|Apelido",
    "honorific_suffix": "Suffix|Suffixe|Sufijo|Titolo straniero|Achtervoegsel|Sufixo",
    "nickname": "Nickname",
    "phonetic_given_name": "Given Yomi|Given Name Yomi|Vorname Yomi|Prénom Yomi|Yomi especificada|Yomi fornecido",
    "phonetic_family_name": "Surname Yomi|Family Name Yomi|Nachname Yomi|Nom Yomi|Apellido Yomi|Yomi (sobrenome)",
    "company": "Company|Firma|Société|Organización|Società|Bedrijf|Empresa",
    "department": "Department|Abteilung|Service|Departamento|Reparto|Afdeling",
    "job_title": "Job Title|Position|Titre|Puesto|Posizione|Functie|Cargo",
    # --- e-mail and links
    "email": "E-mail Address|E-Mail-Adresse|Adresse de messagerie|Adresse de courrier|Dirección de correo electrónico"
    "|Indirizzo posta elettronica|E-mailadres|Endereço de email|Endereço de correio electrónico",
    "email#2": "E-mail 2 Address|E-Mail 2: Adresse|Adresse de messagerie 2|Adresse de courrier 2"
    "|Dirección de correo electrónico 2|Indirizzo posta elettronica 2|E-mailadres 2|Endereço de email 2"
    "|Endereço do correio electrónico 2",
    "email#3": "E-mail 3 Address|E-Mail 3: Adresse|Adresse de messagerie 3|Adresse de courrier 3"
    "|Dirección del correo electrónico 3|Dirección de correo electrónico 3|Indirizzo posta elettronica 3"
    "|E-mailadres 3|Endereço de email 3|Endereço do correio electrónico 3",
    "url.website": "Web Page|Webseite|Page Web|Página web|Pagina Web|Webpagina|Página da Web|Página na Web",
    "url.home": "Personal Web Page",
    # --- phones
    "phone.work": "Business Phone|Telefon geschäftlich|Téléphone (bureau)|Teléfono del trabajo|Ufficio|Telefoon op werk"
    "|Telefone comercial|Telefone da empresa",
    "phone.home": "Home Phone|Telefon privat|Telefon (privat)|Téléphone (domicile)|Particular|Abitazione"
    "|Telefoon thuis|Telefone residencial|Telefone da residência",
    "phone.mobile": "Mobile Phone|Mobiltelefon|Tél. mobile|Teléfono móvil|Cellulare|Mobiele telefoon|Telefone celular"
    "|Telemóvel",
    "phone.other": "Other Phone|Weiteres Telefon|Téléphone (autre)|Otro teléfono|Altro telefono|Andere telefoon"
    "|Outro telefone",
    "phone.main": "Primary Phone|Haupttelefon|Téléphone principal|Teléfono principal|Telefono principale|Hoofdtelefoon"
    "|Telefone principal",
    "phone.company": "Company Main Phone|Telefon Firma|Téléphone société|Número de centralita de la organización"
    "|Telefono principale società|Hoofdtelefoon bedrijf|Telefone principal da empresa",
    "phone.car": "Car Phone|Autotelefon|Téléphone (voiture)|Telefono auto|Autotelefoon|Telefone do carro",
    "phone.radio": "Radio Phone|Mobiltelefon 2|Radio téléphone|Radioteléfono|Radiotelefono|Radiotelefoon|Radiofone"
    "|Radiotelefone",
    "phone.pager": "Pager|Récepteur de radiomessagerie|Localizador|Cercapersone",
    "phone.callback": "Callback|Rückmeldung|Rappel|Devolución de llamada|Richiamata automatica|Terugbellen"
    "|Retorno de chamada|Tel. de resposta",
    "phone.work fax": "Business Fax|Fax geschäftlich|Télécopie (bureau)|Fax del trabajo|Fax (uff.)|Fax op werk"
    "|Fax comercial|Fax da empresa",
    "phone.home fax": "Home Fax|Fax privat|Télécopie (domicile)|Fax particular|Fax (ab.)|Fax thuis|Fax residencial"
    "|Fax da residência",
    "phone.fax": "Other Fax|Weiteres Fax|Télécopie (autre)|Otro fax|Altro fax|Andere fax|Outro fax",
    "phone.isdn": "ISDN|RNIS|RDSI|RDIS",
    "phone.telex": "Telex|Télex",
    "phone.tty": "TTY/TDD Phone|Telefon für Hörbehinderte|Téléphone TDD/TTY|Número de teletipo|Telefono TTY/TDD"
    "|Teksttelefoon|Telefone TTY/TDD",
    # --- the address at work
    "address.work.street": "Business Street|Straße geschäftlich|Rue (bureau)|Calle del trabajo|Via (uff.)"
    "|Werkadres, straat|Rua do endereço comercial|Rua da empresa",
    "address.work.city": "Business City|Ort geschäftlich|Ville (bureau)|Ciudad de trabajo|Ciudad del trabajo"
    "|Città (uff.)|Werkadres, plaats|Cidade do endereço comercial|Localidade da empresa",
    "address.work.region": "Business State|Region geschäftlich|Dép/Région (bureau)|Provincia o estado de trabajo"
    "|Provincia (uff.)|Werkadres, provincie|Distrito da empresa",
    "address.work.postcode": "Business Postal Code|Postleitzahl geschäftlich|Code postal (bureau)"
    "|Código postal del trabajo|CAP (uff.)|Werkadres, postcode|CEP do endereço comercial|Código postal da empresa",
    "address.work.country": "Business Country/Region|Business Country|Land/Region geschäftlich|Pays/Région (bureau)"
    "|Pays (bureau)|País o región del trabajo|Paese (uff.)|Paese/area geografica (uff.)|Land/regio (werk)"
    "|País/Região da Empresa",
    "address.work.post_office_box": "Business Address PO Box|Postfach geschäftlich|B.P. professionnelle"
    "|Apartado postal de la dirección del trabajo|Indirizzo (uff.) - Casella postale|Werkadres, postbusnummer"
    "|Caixa postal do endereço comercial|Apartado da empresa",
    # --- the address at home
    "address.home.street": "Home Street|Straße privat|Rue (domicile)|Calle particular|Via (ab.)|Huisadres, straat"
    "|Endereço residencial|Rua da residência",
    "address.home.city": "Home City|Ort privat|Ville (domicile)|Ciudad de residencia|Città (ab.)|Huisadres, plaats"
    "|Cidade do endereço residencial|Localidade da residência",
    "address.home.region": "Home State|Bundesland/Kanton privat|Dép/Région (domicile)|Provincia (ab.)"
    "|Huisadres, provincie|Estado|Distrito da residência",
    "address.home.postcode": "Home Postal Code|Postleitzahl privat|Code postal (domicile)|Código postal particular"
    "|CAP (ab.)|Huisadres, postcode|CEP do endereço residencial|Código postal da residência",
    "address.home.country": "Home Country/Region|Home Country|Land/Region privat|Pays/Région (domicile)|Pays (domicile)"
    "|País o región del domicilio|Paese (ab.)|Paese/area geografica (ab.)|Land/regio (thuis)|País/Região de Residência"
    "|País da Residência/Região",
    "address.home.post_office_box": "Home Address PO Box|Postfach privat|Boîte postale du domicile"
    "|Apartado postal de la dirección personal|Indirizzo (ab.) - Casella postale|Huisadres, postbusnummer"
    "|Caixa postal do endereço residencial|Apartado da residência",
    # --- another address
    "address.other.street": "Other Street|Weitere Straße|Rue (autre)|Otra calle|Altra via|Ander adres, straat"
    "|Outro endereço|Rua do outro endereço",
    "address.other.city": "Other City|Weiterer Ort|Ville (autre)|Otra ciudad|Altra città|Ander adres, plaats|Cidade"
    "|Localidade do outro endereço",
    "address.other.region": "Other State|Weiteres/r Bundesland/Kanton|Dép/Région (autre)|Otra provincia o estado"
    "|Altra provincia|Ander adres, provincie|Outro Estado|Distrito do outro endereço",
    "address.other.postcode": "Other Postal Code|Weitere Postleitzahl|Code postal (autre)|Otro código postal|Altro CAP"
    "|Ander adres, postcode|CEP|Código postal do outro endereço",
    "address.other.country": "Other Country/Region|Other Country|Weiteres/e Land/Region|Pays/Région (autre)"
    "|Pays (autre)|Otro país o región|Altro paese|Altro paese/area geografica|Land/regio (anders)|Outro País/Região",
    "address.other.post_office_box": "Other Address PO Box|Weiteres Postfach|Autre boîte postale|Otro apartado postal"
    "|Altro indirizzo - Casella postale|Ander adres, postbusnummer|Caixa postal de outro endereço"
    "|Apartado do outro endereço",
    # --- what else there is of a person
    "birth_date": "Birthday|Geburtstag|Anniversaire|Cumpleaños|Compleanno|Verjaardag|Data de nascimento",
    "notes": "Notes|Notizen|Notas|Note|Notities|Anotações",
    "tag": "Categories|Kategorien|Catégories|Categorías|Categorie|Categorieën|Categorias",
    "preferred_language": "Language|Sprache|Langue|Idioma|Lingua|Taal",
    "set.anniversary": "Anniversary|Jahrestag|Anniversaire de mariage ou fête|Aniversario|Anniversario|Speciale datum"
    "|Datas especiais|Aniversário",
    "set.assistant": "Assistant's Name|Name Assistent|Assistent(in)|Nom de l'assistant(e)|Nombre del ayudante"
    "|Nome assistente|Naam assistent|Nome do assistente",
    "set.assistant_phone": "Assistant's Phone|Telefon Assistent|Téléphone de l'assistant(e)|Teléfono del ayudante"
    "|Telefono assistente|Telefoon assistent|Telefone do assistente",
    "set.manager": "Manager's Name|Name des/der Vorgesetzten|Responsable|Nombre del director|Nome manager|Naam manager"
    "|Nome do gerenciador|Nome do gestor",
    "set.spouse": "Spouse|Partner|Conjoint(e)|Cónyuge|Nome coniuge/partner|Cônjuge",
    "set.children": "Children|Kinder|Enfants|Hijos|Figli|Kinderen|Filhos",
    "set.profession": "Profession|Beruf|Profesión|Professione|Beroep|Profissão",
    "set.office": "Office Location|Büro|Bureau|Ubicación de la oficina|Ubicazione ufficio|Kantoorlocatie|Sala|Gabinete",
    "set.location": "Location|Ort|Emplacement|Ubicación|Luogo|Locatie|Local|Localização",
    "set.hobby": "Hobby|Passe-temps|Aficiones|Hobby's|Passatempo",
    "set.gender": "Gender|Geschlecht|Sexe|Género|Sexo|Sesso|Geslacht",
    "set.keywords": "Keywords|Stichwörter|Mots clés|Palabras clave|Parole chiave|Trefwoorden|Palavras-chave",
    "set.account": "Account|Konto|Compte|Cuenta|Conta",
    "set.billing_information": "Billing Information|Abrechnungsinformation|Informations facturation|Facturación"
    "|Dati fatturazione|Factuurinformatie|Informações para cobrança|Dados para facturação",
    "set.government_id": "Government ID Number|Regierungsnr.|Code gouvernement|Cod. Fisc./P. IVA|Sofinummer"
    "|Código do governo|Número do BI",
    "set.organization_id": "Organizational ID Number|Organisationsnr.|Numero ID organizzativo",
    "set.referred_by": "Referred By|Empfohlen von|Presentato da",
    "set.im": "IMAddress|IM Address",
    "set.schools": "Schools",
    "set.company_yomi": "Company Yomi|Firma Yomi|Société Yomi|Compañía Yomi|Yomi (empresa)",
    # --- what is of no use outside of Outlook
    "": "E-mail Type|E-mail 2 Type|E-mail 3 Type|E-mail Display Name|E-mail 2 Display Name|E-mail 3 Display Name"
    "|E-Mail-Typ|E-Mail 2: Typ|E-Mail 3: Typ|E-Mail: Angezeigter Name|E-Mail 2: Angezeigter Name"
    "|E-Mail 3: Angezeigter Name|Type de messagerie|Type de messagerie 2|Type de messagerie 3"
    "|Nom complet de l'adresse de messagerie|Nom complet de l'adresse de messagerie 2"
    "|Nom complet de l'adresse de messagerie 3|Tipo de correo electrónico|Tipo de correo electrónico 2"
    "|Tipo de correo electrónico 3|Nombre de pantalla de correo electrónico"
    "|Nombre de pantalla de correo electrónico 2|Nombre de pantalla de correo electrónico 3|Tipo posta elettronica"
    "|Tipo posta elettronica 2|Tipo posta elettronica 3|Nome visualizzato posta elettronica"
    "|Nome visualizzato posta elettronica 2|Nome visualizzato posta elettronica 3|E-mailtype|E-mailtype 2|E-mailtype 3"
    "|Weergavenaam voor e-mail|E-mail, weergegeven naam 2|E-mail, weergegeven naam 3|Tipo de email|Tipo de email 2"
    "|Tipo de email 3|Nome para exibição do email|Nome para exibição do email 2|Nome para exibição do email 3"
    "|Tipo de correio electrónico|Tipo de correio electrónico 2|Tipo de correio electrónico 3"
    "|Nome a apresentar para o correio electrónico|Nome a apresentar para o correio electrónico 2"
    "|Nome a apresentar para o correio electrónico 3"
    "|Initials|Initialen|Initiales|Iniziali|Iniciais|Iniciales|Directory Server|Verzeichnisserver|Server di directory"
    "|Internet Free Busy|Internet-Frei/Gebucht|Disponibilité Internet|Disponibilità Internet"
    "|Internet Beschikbaarheidsinfo|Disponibilidade da Internet|Mileage|Reisekilometer|Kilométrage|Kilometraje"
    "|Indennità trasferta|Reisafstand|Quilometragem|Priority|Priorität|Priorité|Prioridad|Priorità|Prioriteit"
    "|Prioridade|Private|Privat|Privé|Privado|Privato|Sensitivity|Vertraulichkeit|Critère de diffusion|Confidencialidad"
    "|Riservatezza|Gevoeligheid|Sensibilidade|Confidencialidade",
}
# Streets and numbers that Outlook numbers, and how each language does it.
_AGAIN = (
    "Business Street 2|Business Street 3|Straße geschäftlich 2|Straße geschäftlich 3|Rue (bureau) 2|Rue (bureau) 3"
    "|Calle del trabajo 2|Calle del trabajo 3|Via (uff.) 2|Via (uff.) 3|Werkadres 2, straat|Werkadres 3, straat"
    "|Werkadres, straat 2|Werkadres, straat 3|Rua do endereço comercial 2|Rua do endereço comercial 3"
    "|Rua da empresa 2|Rua da empresa 3",
    "Home Street 2|Home Street 3|Straße privat 2|Straße privat 3|Rue (domicile) 2|Rue (domicile) 3|Calle particular 2"
    "|Calle particular 3|Via (ab.) 2|Via (ab.) 3|Huisadres, straat 2|Huisadres, straat 3|Endereço residencial 2"
    "|Endereço residencial 3|Rua da residência (2)|Rua da residência (3)",
    "Other Street 2|Other Street 3|Weitere Straße 2|Weitere Straße 3|Rue (autre) 2|Rue (autre) 3|Otra calle 2"
    "|Otra calle 3|Altra via 2|Altra via 3|Ander adres, straat 2|Ander adres, straat 3|Outro endereço 2"
    "|Outro endereço 3|Rua do outro endereço 2|Rua do outro endereço 3",
    "Business Phone 2|Telefon geschäftlich 2|Téléphone 2 (bureau)|Teléfono del trabajo 2|Ufficio 2|Telefoon op werk 2"
    "|Telefone comercial 2|2º telefone da empresa",
    "Home Phone 2|Telefon privat 2|Telefon (privat 2)|Téléphone 2 (domicile)|Particular 2|Abitazione 2"
    "|Telefoon thuis 2|Telefone residencial 2|2º telefone da residência",
)
_AGAIN_TARGETS = ("address.work.street", "address.home.street", "address.other.street", "phone.work", "phone.home")
_USERS = ("User", "Benutzer", "Utilisateur", "Usuario", "Utente", "Gebruiker", "Personalizado", "Utilizador")


def _known() -> dict[str, str]:
    pairs = [*_TITLES.items(), *zip(_AGAIN_TARGETS, _AGAIN, strict=True)]
    found = {folded(title): target for target, titles in pairs for title in titles.split("|")}
    return found | {folded(f"{word} {n}"): f"set.user_{n}" for word in _USERS for n in range(1, 5)}


TITLES = _known()
"""Folded titles with their targets."""
OWN = frozenset(
    folded(title)
    for target, titles in _TITLES.items()
    if target in ("email#2", "email#3", "phone.callback") or target.startswith(("address.work", "address.other"))
    for title in titles.split("|")
) - {"cidade", "cep"} | {folded("Internet Free Busy")}
"""Titles that other programs hardly use."""
