"""The people: all of them made up, with names in the scripts of their countries."""

from typing import Any, NamedTuple

HOME = "home"


class Person(NamedTuple):
    """A contact.

    `family` and `given` are the parts of `name`; `reads` is how both are read where they are not in Latin letters, in
    the order given name, family name. `company` is the key of a company, or "" for a private person; `kind` says which
    stories fit a person without one. `local` is the part of the e-mail address before the `@`.
    """

    name: str
    given: str
    family: str
    reads: str
    company: str
    role: str
    local: str
    stage: str
    phone: str
    more: dict[str, Any]
    kind: str = ""


def _home(
    city: str, street: str, postcode: str, country: str, language: str, zone: str, currency: str
) -> dict[str, Any]:
    address = {"street": street, "city": city, "postcode": postcode, "country": country, "label": HOME}
    return {"address": [address], "preferred_language": language, "timezone": zone, "currency": currency}


PEOPLE = (
    # Hollow Tree Cider and its shop
    Person("Rosalind Thackeray", "Rosalind", "Thackeray", "", "hollow", "Cellar master", "rosalind", "evangelist",
           "+44 7700 900 142", {"birth_date": "1974-05-12", "tag": ["vip", "fair"], "nickname": "Roz",
           "prefer": ["channel=call", "call_time=before eight", "coffee=black"], "set": ["favourite_apple=Foxwhelp"],
           "consent": ["marketing/email=granted", "marketing/call=granted"], "external": ["newsletter:a101"],
           "also": {"farmshop": "Buyer"},
           "url": ["website=https://hollowtree.example/people/roz"],
           "notes": "Knows more about **perry** than anyone we know. Sends us a bottle a year, likes our wax."}),
    Person("Desmond Okafor-Hale", "Desmond", "Okafor-Hale", "", "hollow", "Owner", "desmond", "customer",
           "+44 7700 900 143", {"birth_date": "--11-03", "consent": ["marketing/email=granted"],
           "prefer": ["channel=email"]}),
    Person("Wilf Pargeter", "Wilf", "Pargeter", "", "hollow", "Cellar hand", "wilf", "customer",
           "+44 7700 900 144", {}),
    Person("Imogen Clay", "Imogen", "Clay", "", "farmshop", "Shop manager", "imogen", "customer", "01632 960129",
           {"consent": ["marketing/email=pending"], "external": ["newsletter:a102"]}),
    # Mosterei Grünspecht
    Person("Anna Müller", "Anna", "Müller", "", "specht", "Mostmeisterin", "anna.mueller", "evangelist",
           "+49 171 39200 12", {"birth_date": "1986-09-30", "tag": ["vip"], "prefer": ["channel=email", "du=ja"],
           "set": ["favourite_apple=Gravensteiner"], "consent": ["marketing/email=granted"],
           "external": ["newsletter:a110"]}),
    Person("Dr. Jürgen Weiß", "Jürgen", "Weiß", "", "specht", "Geschäftsführer", "weiss", "customer",
           "+49 89 99998 121", {"honorific_prefix": "Dr.", "birth_date": "1961-02-17",
           "consent": ["marketing/email=denied"]}),
    Person("Leyla Yıldırım", "Leyla", "Yıldırım", "", "specht", "Einkauf", "einkauf", "customer", "+49 89 99998 122",
           {"department": "Einkauf", "prefer": ["invoice=as PDF"]}),
    # Obsthof Kirchbichler
    Person("Sepp Kirchbichler", "Sepp", "Kirchbichler", "", "kirch", "Bauer", "sepp", "customer", "+43 316 000 071",
           {"birth_date": "--06-24", "prefer": ["call_time=after the milking"]}),
    Person("Vroni Kirchbichler", "Vroni", "Kirchbichler", "", "kirch", "Hofladen", "vroni", "customer",
           "+43 316 000 072", {"tag": ["fair"], "consent": ["marketing/post=granted"]}),
    # Cidrerie du Vieux Pommier
    Person("Éloïse Lefèvre-Dubocage", "Éloïse", "Lefèvre-Dubocage", "", "pommier", "Gérante", "eloise", "customer",
           "+33 6 39 98 14 02", {"birth_date": "1990-03-08", "prefer": ["channel=email"],
           "consent": ["marketing/email=granted"], "external": ["newsletter:a121"]}),
    Person("Gaël Quéméneur", "Gaël", "Quéméneur", "", "pommier", "Maître de chai", "gael", "customer",
           "+33 6 39 98 14 03", {"set": ["favourite_apple=Reinette grise"]}),
    Person("François Œillet", "François", "Œillet", "", "pommier", "Comptable", "compta", "other",
           "+33 2 61 91 05 15", {"department": "Comptabilité"}),
    # Sidrería La Manzana Roja
    Person("Íñigo Peñalver Cuétara", "Íñigo", "Peñalver Cuétara", "", "manzana", "Dueño", "inigo", "opportunity",
           "+34 985 000 010", {"lead_source": "fair", "lead_status": "qualified", "tag": ["fair"]}),
    Person("Begoña Urrutia", "Begoña", "Urrutia", "", "manzana", "Maestra sidrera", "begona", "sales_qualified",
           "+34 985 000 011", {"lead_source": "referral", "lead_status": "contacted"}),
    # Tłocznia Pod Lipą
    Person("Małgorzata Świątek", "Małgorzata", "Świątek", "", "lipa", "Właścicielka", "malgorzata", "customer",
           "+48 500 000 021", {"birth_date": "1979-12-01", "nickname": "Gosia",
           "consent": ["marketing/email=granted"]}),
    Person("Zbigniew Żółtowski", "Zbigniew", "Żółtowski", "", "lipa", "Mistrz tłoczni", "zbigniew", "customer",
           "+48 500 000 022", {}),
    # Яблуневий двір
    Person("Оксана Гриценко", "Оксана", "Гриценко", "Oksana Hrytsenko", "dvir", "директорка", "oksana", "customer",
           "+380 50 000 0015", {"birth_date": "1983-08-19", "consent": ["marketing/email=granted"],
           "external": ["newsletter:a131"]}),
    Person("Тарас Їжакевич", "Тарас", "Їжакевич", "Taras Yizhakevych", "dvir", "агроном", "taras", "customer",
           "+380 50 000 0016", {"set": ["favourite_apple=Антонівка"]}),
    # Κτήμα Μηλιά
    Person("Ελένη Παπαδοπούλου", "Ελένη", "Παπαδοπούλου", "Eleni Papadopoulou", "milia", "Ιδιοκτήτρια", "eleni",
           "customer", "+30 690 000 0003", {"lead_source": "web", "birth_date": "--05-21"}),
    Person("Σπύρος Χρυσομηλίδης", "Σπύρος", "Χρυσομηλίδης", "Spyros Chrysomilidis", "milia", "Γεωπόνος", "spyros",
           "sales_qualified", "+30 690 000 0004", {"lead_status": "contacted"}),
    # بساتين الأرز
    Person("ليلى حداد", "ليلى", "حداد", "Layla Haddad", "cedar", "مديرة", "layla", "customer", "+961 3 000 018",
           {"birth_date": "1988-04-02", "consent": ["marketing/email=granted"]}),
    Person("سامي الخوري", "سامي", "الخوري", "Sami Khoury", "cedar", "مهندس زراعي", "sami", "customer",
           "+961 3 000 019", {}),
    # מטעי רימון
    Person("תמר אלון", "תמר", "אלון", "Tamar Alon", "rimon", "מנהלת", "tamar", "customer", "+972 50 000 0006",
           {"lead_source": "web", "prefer": ["call_time=Sunday to Thursday"]}),
    Person("יונתן שקד", "יונתן", "שקד", "Yonatan Shaked", "rimon", "אגרונום", "yonatan", "lead", "+972 50 000 0007",
           {"lead_status": "new"}),
    # 红苹果果汁坊
    Person("王晓梅", "晓梅", "王", "Xiaomei Wang", "hongguo", "总经理", "wang", "customer", "+86 100 0000 0018",
           {"birth_date": "1981-10-10", "consent": ["marketing/email=granted"]}),
    Person("李建国", "建国", "李", "Jianguo Li", "hongguo", "采购", "li", "customer", "+86 100 0000 0019",
           {"department": "采购部"}),
    # りんご堂
    Person("佐藤 美咲", "美咲", "佐藤", "Misaki Sato", "ringo", "代表取締役", "sato", "customer", "+81 90 0000 0204",
           {"birth_date": "1977-07-07", "tag": ["vip"], "prefer": ["channel=email", "greeting=cherry blossom card"],
           "consent": ["marketing/email=granted", "marketing/post=granted"], "set": ["favourite_apple=ふじ"]}),
    Person("高橋 健太", "健太", "高橋", "Kenta Takahashi", "ringo", "工場長", "takahashi", "customer",
           "+81 90 0000 0205", {}),
    # 사과나무 농원
    Person("김서연", "서연", "김", "Seoyeon Kim", "sagwa", "대표", "kim", "opportunity", "+82 10 0000 0030",
           {"lead_source": "fair", "lead_status": "qualified", "birth_date": "1992-01-26"}),
    Person("박준호", "준호", "박", "Junho Park", "sagwa", "과수 담당", "park", "customer", "+82 10 0000 0031", {}),
    # हिमगिरि बाग़
    Person("आशा ठाकुर", "आशा", "ठाकुर", "Asha Thakur", "himgiri", "निदेशक", "asha", "customer", "+91 10000 00011",
           {"birth_date": "1972-03-15", "consent": ["marketing/email=granted"]}),
    Person("राजेश नेगी", "राजेश", "नेगी", "Rajesh Negi", "himgiri", "बाग़ प्रबंधक", "rajesh", "customer",
           "+91 10000 00012", {}),
    # สวนดอยหมอก
    Person("นภา ศรีสวน", "นภา", "ศรีสวน", "Napha Sisuan", "mok", "เจ้าของ", "napha", "customer", "+66 80 000 0009",
           {"lead_source": "social"}),
    # Copper Kettle Orchards and Old Mill Hardware
    Person("Marguerite “Mags” Delacroix", "Marguerite", "Delacroix", "", "kettle", "Owner", "mags", "evangelist",
           "+1 828 555 0143", {"nickname": "Mags", "birth_date": "1968-10-31", "tag": ["vip"],
           "prefer": ["channel=sms", "call_time=never on Sundays"], "consent": ["marketing/email=granted"],
           "external": ["newsletter:a150"]}),
    Person("Tucker Pruitt III", "Tucker", "Pruitt", "", "kettle", "Press house", "tucker", "customer",
           "+1 828 555 0144", {"honorific_suffix": "III"}),
    Person("Mei-Ling Abernathy", "Mei-Ling", "Abernathy", "", "kettle", "Buyer", "buying", "customer",
           "+1 828 555 0145", {"department": "Purchasing", "prefer": ["invoice=net 30"]}),
    Person("Hank Voss", "Hank", "Voss", "", "mill", "Store manager", "hank", "customer", "+1 802 555 0120",
           {"tag": ["fair"]}),
    Person("Priya Raman", "Priya", "Raman", "", "mill", "Web shop", "priya", "customer", "+1 802 555 0121",
           {"consent": ["marketing/email=unknown"]}),
    # Pomar do Vale
    Person("João Batista da Conceição", "João", "da Conceição", "", "pomar", "Gerente", "joao", "opportunity",
           "+55 49 90000 0004", {"lead_source": "web", "lead_status": "nurturing"}),
    Person("Inês Magalhães", "Inês", "Magalhães", "", "pomar", "Compras", "ines", "customer", "+55 49 90000 0005", {}),
    # Äppelgårdens skola
    Person("Åsa Öhrström", "Åsa", "Öhrström", "", "skola", "Rektor", "asa", "former", "+46 70 174 06 08",
           {"birth_date": "1965-06-06", "consent": ["marketing/email=withdrawn"]}),
    Person("Björn Sjöåker", "Björn", "Sjöåker", "", "skola", "Vaktmästare", "bjorn", "customer",
           "+46 70 174 06 09", {}),
    # Private people, reporters, carriers
    Person("Anna Müller", "Anna", "Müller", "", "", "", "anna@rosenapfel.example", "customer", "+41 44 000 00 17",
           {**_home("Zürich", "Im Baumgarten 4", "8000", "CH", "de-CH", "Europe/Zurich", "CHF"), "tag": ["garden"],
            "birth_date": "1959-04-23", "consent": ["marketing/post=granted"]}, "private"),
    Person("Siobhán Ní Bhriain", "Siobhán", "Ní Bhriain", "", "", "", "siobhan@ullord.example", "customer",
           "+353 20 910 0017", {**_home("Galway", "2 Orchard Row", "H91 X0X0", "IE", "en-IE", "Europe/Dublin", "EUR"),
           "tag": ["garden"]}, "private"),
    Person("Nguyễn Thị Bích Ngọc", "Thị Bích Ngọc", "Nguyễn", "", "", "", "ngoc@vuontao.example", "lead",
           "+84 24 0000 0012",
           {**_home("Đà Lạt", "12 đường Vườn Táo", "66000", "VN", "vi-VN", "Asia/Ho_Chi_Minh", "VND"),
           "lead_source": "social", "lead_status": "nurturing"}, "private"),
    Person("Wanjiru Kamau", "Wanjiru", "Kamau", "", "", "", "wanjiru@limuru.example", "customer", "+254 700 000 031",
           {**_home("Nairobi", "31 Tea Garden Lane", "00100", "KE", "en-KE", "Africa/Nairobi", "KES"),
            "tag": ["garden", "fair"]}, "private"),
    Person("Matteo Melograni", "Matteo", "Melograni", "", "", "", "matteo@melograni.example", "customer",
           "+39 0471 000 005", {**_home("Bolzano", "Via del Frutteto 5", "39100", "IT", "it-IT", "Europe/Rome", "EUR"),
           "birth_date": "--08-10", "tag": ["garden"]}, "private"),
    Person("Nino Vashlidze", "Nino", "Vashlidze", "", "", "", "nino@vashli.example", "subscriber", "+995 32 000 0007",
           {**_home("Tbilisi", "7 Orchard Street", "0100", "GE", "ka-GE", "Asia/Tbilisi", "GEL"),
            "consent": ["marketing/email=granted"], "external": ["newsletter:a160"]}, "private"),
    Person("Elif Elmacı", "Elif", "Elmacı", "", "", "", "elif@elmabahce.example", "marketing_qualified",
           "+90 212 000 0014", {**_home("İstanbul", "Elma Sokağı 14", "34000", "TR", "tr-TR", "Europe/Istanbul", "TRY"),
           "lead_source": "newsletter", "lead_status": "nurturing", "consent": ["marketing/email=granted"]}, "private"),
    Person("Bartholomew Quince", "Bartholomew", "Quince", "", "", "", "b.quince@quincegarden.example", "former",
           "+44 1632 960 233", {**_home("Bath", "9 Medlar Close", "BA1 0ZZ", "GB", "en-GB", "Europe/London", "GBP"),
           "birth_date": "1944-11-28", "nickname": "Barty"}, "private"),
    Person("Zoë Appleyard", "Zoë", "Appleyard", "", "", "", "zoe@appleyard.example", "other", "+44 20 7946 0311",
           {"job_title": "Reporter", "preferred_language": "en-GB", "timezone": "Europe/London", "tag": ["press"]},
           "reporter"),
    Person("Jan-Willem van der Berg", "Jan-Willem", "van der Berg", "", "", "", "janwillem@holtransport.example",
           "other", "+31 20 000 0016", {"job_title": "Carrier", "preferred_language": "nl-NL",
           "timezone": "Europe/Amsterdam", "tag": ["supplier"]}, "carrier"),
    Person("Aurel Făgărășanu", "Aurel", "Făgărășanu", "", "", "", "aurel@lemnbun.example", "other", "+40 21 000 0009",
           {"job_title": "Timber merchant", "preferred_language": "ro-RO", "timezone": "Europe/Bucharest",
            "tag": ["supplier"]}, "timber"),
    Person("Ivan Petrov", "Ivan", "Petrov", "", "", "", "ivan@petrovgarden.example", "lead", "+359 2 000 0008",
           {**_home("Plovdiv", "8 Cherry Street", "4000", "BG", "bg-BG", "Europe/Sofia", "EUR"),
            "lead_status": "unqualified", "do_not_contact": True,
            "consent": ["marketing/email=denied", "marketing/call=denied"]}, "private"),
    Person("Freya Lindqvist", "Freya", "Lindqvist", "", "", "", "freya@vinteräpple.example", "customer",
           "+46 8 465 004 11", {**_home("Uppsala", "Äppelgränd 11", "753 00", "SE", "sv-SE", "Europe/Stockholm", "SEK"),
           "tag": ["garden"]}, "private"),
    Person("Søren Æblegaard", "Søren", "Æblegaard", "", "", "", "soren@aeblegaard.example", "customer",
           "+45 00 00 00 21", {**_home("Aarhus", "Æblevej 21", "8000", "DK", "da-DK", "Europe/Copenhagen", "DKK")},
           "private"),
    Person("Guðrún Eplisdóttir", "Guðrún", "Eplisdóttir", "", "", "", "gudrun@epli.example", "subscriber",
           "+354 000 0019", {**_home("Reykjavík", "Garðastræti 19", "101", "IS", "is-IS", "Atlantic/Reykjavik", "ISK"),
           "consent": ["marketing/email=pending"], "external": ["newsletter:a171"]}, "private"),
    Person("Tāne Rangihuna", "Tāne", "Rangihuna", "", "", "", "tane@hawkesfruit.example", "marketing_qualified",
           "+64 6 000 0023", {**_home("Hastings", "23 Windfall Road", "4120", "NZ", "en-NZ", "Pacific/Auckland", "NZD"),
           "lead_source": "referral", "lead_status": "contacted"}, "private"),
    Person("Amélie Tremblay-Roy", "Amélie", "Tremblay-Roy", "", "", "", "amelie@vergerbleu.example", "customer",
           "+1 514 555 0177",
           {**_home("Montréal", "77 rue du Verger", "H2X 0A0", "CA", "fr-CA", "America/Toronto", "CAD"),
           "tag": ["garden", "fair"], "birth_date": "1995-02-28"}, "private"),
    Person("Lwazi Ndlovu", "Lwazi", "Ndlovu", "", "", "", "lwazi@elginfruit.example", "lead", "+27 21 000 0025",
           {**_home("Cape Town", "25 Grabouw Street", "8000", "ZA", "en-ZA", "Africa/Johannesburg", "ZAR"),
            "lead_source": "web", "lead_status": "new"}, "private"),
)  # fmt: skip
