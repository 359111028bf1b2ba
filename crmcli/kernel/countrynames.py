"""Countries as people and programs write them: names in the common languages, and codes of three letters."""

from functools import cache

from crmcli.kernel.codes import check_country
from crmcli.kernel.errors import UsageError
from crmcli.kernel.text import fold

# ISO 3166-1: alpha-2, alpha-3, and names, the English one first.
_NAMES = """
AD AND Andorra
AE ARE United Arab Emirates/UAE/Emirates
AF AFG Afghanistan
AL ALB Albania/Albanien
AM ARM Armenia/Armenien
AO AGO Angola
AR ARG Argentina/Argentinien
AT AUT Austria/Österreich/Autriche/Oostenrijk/Rakousko
AU AUS Australia/Australien/Australie
AZ AZE Azerbaijan
BA BIH Bosnia and Herzegovina/Bosnien und Herzegowina/Bosna i Hercegovina
BB BRB Barbados
BD BGD Bangladesh
BE BEL Belgium/Belgien/Belgique/België/Bélgica/Belgio
BG BGR Bulgaria/Bulgarien/България
BH BHR Bahrain
BO BOL Bolivia
BR BRA Brazil/Brasilien/Brasil/Brésil/Brasile
BS BHS Bahamas
BY BLR Belarus
BW BWA Botswana
CA CAN Canada/Kanada
CH CHE Switzerland/Schweiz/Suisse/Svizzera/Zwitserland/Suiza
CI CIV Ivory Coast/Côte d'Ivoire
CL CHL Chile
CM CMR Cameroon/Kamerun/Cameroun
CN CHN China/中国/PR China/People's Republic of China
CO COL Colombia/Kolumbien
CR CRI Costa Rica
CU CUB Cuba/Kuba
CY CYP Cyprus/Zypern/Κύπρος
CZ CZE Czech Republic/Czechia/Tschechien/Tschechische Republik/Česko/Česká republika
DE DEU Germany/Deutschland/Allemagne/Alemania/Germania/Duitsland/Niemcy/Tyskland
DK DNK Denmark/Dänemark/Danmark/Danemark/Dinamarca
DO DOM Dominican Republic/República Dominicana
DZ DZA Algeria/Algerien/Algérie
EC ECU Ecuador
EE EST Estonia/Estland/Eesti
EG EGY Egypt/Ägypten/Égypte
ES ESP Spain/Spanien/España/Espagne/Spagna/Spanje
ET ETH Ethiopia/Äthiopien
FI FIN Finland/Finnland/Suomi/Finlande
FR FRA France/Frankreich/Francia/Frankrijk/França
GB GBR United Kingdom/UK/Great Britain/England/Scotland/Wales/Northern Ireland/Großbritannien/Royaume-Uni
GB GBR Vereinigtes Königreich/Reino Unido/Regno Unito/Verenigd Koninkrijk
GE GEO Georgia/Georgien
GH GHA Ghana
GR GRC Greece/Griechenland/Grèce/Grecia/Ελλάδα
GT GTM Guatemala
HK HKG Hong Kong/香港
HN HND Honduras
HR HRV Croatia/Kroatien/Hrvatska
HU HUN Hungary/Ungarn/Magyarország
ID IDN Indonesia/Indonesien
IE IRL Ireland/Irland/Irlande/Irlanda/Éire
IL ISR Israel/ישראל
IN IND India/Indien/Inde/भारत
IQ IRQ Iraq/Irak
IR IRN Iran
IS ISL Iceland/Island/Ísland
IT ITA Italy/Italien/Italia/Italie/Italië
JM JAM Jamaica
JO JOR Jordan/Jordanien
JP JPN Japan/日本/Japon
KE KEN Kenya/Kenia
KR KOR South Korea/Korea/Republic of Korea/Korea, Republic of/대한민국/Südkorea
KW KWT Kuwait
KZ KAZ Kazakhstan/Kasachstan
LB LBN Lebanon/Libanon/Liban
LI LIE Liechtenstein
LK LKA Sri Lanka
LT LTU Lithuania/Litauen/Lietuva
LU LUX Luxembourg/Luxemburg
LV LVA Latvia/Lettland/Latvija
MA MAR Morocco/Marokko/Maroc
MC MCO Monaco
MD MDA Moldova
ME MNE Montenegro
MK MKD North Macedonia/Macedonia
MT MLT Malta
MU MUS Mauritius
MX MEX Mexico/Mexiko/México/Mexique/Messico
MY MYS Malaysia
MZ MOZ Mozambique
NA NAM Namibia
NG NGA Nigeria
NI NIC Nicaragua
NL NLD Netherlands/The Netherlands/Holland/Niederlande/Nederland/Pays-Bas/Países Bajos/Paesi Bassi
NO NOR Norway/Norwegen/Norge/Norvège
NP NPL Nepal
NZ NZL New Zealand/Neuseeland
OM OMN Oman
PA PAN Panama
PE PER Peru/Perú
PH PHL Philippines/Philippinen
PK PAK Pakistan
PL POL Poland/Polen/Polska/Pologne/Polonia
PR PRI Puerto Rico
PT PRT Portugal
PY PRY Paraguay
QA QAT Qatar/Katar
RO ROU Romania/Rumänien/România
RS SRB Serbia/Serbien/Srbija
RU RUS Russia/Russland/Russian Federation/Россия/Russie
RW RWA Rwanda
SA SAU Saudi Arabia/Saudi-Arabien
SE SWE Sweden/Schweden/Sverige/Suède
SG SGP Singapore/Singapur
SI SVN Slovenia/Slowenien/Slovenija
SK SVK Slovakia/Slowakei/Slovensko
SN SEN Senegal
SV SLV El Salvador
TH THA Thailand
TN TUN Tunisia/Tunesien/Tunisie
TR TUR Turkey/Türkei/Türkiye/Turquie
TT TTO Trinidad and Tobago
TW TWN Taiwan/臺灣/台灣
TZ TZA Tanzania
UA UKR Ukraine/Україна
UG UGA Uganda
US USA United States/United States of America/U.S.A./U.S./America/Vereinigte Staaten
US USA États-Unis/Estados Unidos/Stati Uniti/Verenigde Staten
UY URY Uruguay
UZ UZB Uzbekistan
VE VEN Venezuela
VN VNM Vietnam/Viet Nam
ZA ZAF South Africa/Südafrika
ZM ZMB Zambia
ZW ZWE Zimbabwe
"""


@cache
def _codes() -> dict[str, str]:
    found = {}
    for line in _NAMES.strip().splitlines():
        code, three, names = line.split(" ", 2)
        found.update({fold(name): code for name in (three, *names.split("/"))})
    return found


@cache
def country_code(text: str) -> str | None:
    """The ISO 3166-1 alpha-2 code that a text names, by code or name in a common language; None for none."""
    plain = text.strip()
    if len(plain) == 2:
        try:
            return check_country("GB" if plain.upper() == "UK" else plain)
        except UsageError:
            return None
    return _codes().get(fold(plain))
