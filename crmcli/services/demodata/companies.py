"""The companies: orchards, cider houses, schools and shops that do not exist, in places that do.

Telephone numbers come from the ranges that a country keeps for films where there is one (GB, US, DE, FR, SE), and are
plainly made up elsewhere.
"""

from typing import Any, NamedTuple


class Place(NamedTuple):
    """A company, and what its people have in common with it."""

    key: str
    name: str
    kind: str
    stage: str
    country: str
    city: str
    street: str
    postcode: str
    language: str
    timezone: str
    currency: str
    phone: str
    domains: tuple[str, ...]
    more: dict[str, Any]


COMPANIES = (
    Place(
        "hollow", "Hollow Tree Cider", "business", "customer", "GB", "Hereford", "3 Wassail Lane", "HR9 0ZZ",
        "en-GB", "Europe/London", "GBP", "+44 1632 960 127", ("hollowtree.example",),
        {"legal_name": "Hollow Tree Cider Ltd", "industry": "Cider", "employee_count": 34, "tag": ["cider", "vip"],
         "url": ["website=https://hollowtree.example/"],
         "set": ["trees=2400", "size=large", "pressing_since=1998-09-01"],
         "prefer": ["delivery=before ten, tail lift"], "external": ["shop:10001"],
         "notes": "Two presses since last year. The yard floods in November: deliver to the **upper gate**."},
    ),
    Place(
        "farmshop", "Hollow Tree Farm Shop", "dealer", "customer", "GB", "Hereford", "1 Wassail Lane", "HR9 0ZZ",
        "en-GB", "Europe/London", "GBP", "+44 1632 960 128", ("shop.hollowtree.example",),
        {"industry": "Retail", "employee_count": 6, "parent": "hollow", "tag": ["dealer"], "set": ["resale=yes"],
         "external": ["shop:10002"]},
    ),
    Place(
        "specht", "Mosterei Grünspecht", "business", "evangelist", "DE", "München", "Streuobstweg 12", "80999",
        "de-DE", "Europe/Berlin", "EUR", "+49 89 99998 120", ("gruenspecht.example", "mosterei-gruenspecht.example"),
        {"legal_name": "Mosterei Grünspecht GmbH & Co. KG", "industry": "Juice", "employee_count": 11,
         "tag": ["juice", "vip"], "set": ["trees=900", "size=medium", "favourite_apple=Gravensteiner"],
         "external": ["shop:10007"], "notes": "They lend our press to the whole valley. Best reference we have."},
    ),
    Place(
        "kirch", "Obsthof Kirchbichler", "business", "customer", "AT", "Graz", "Am Hang 7", "8010",
        "de-AT", "Europe/Vienna", "EUR", "+43 316 000 070", ("kirchbichler.example",),
        {"industry": "Fruit growing", "employee_count": 5, "tag": ["orchard"], "set": ["trees=1800", "size=medium"]},
    ),
    Place(
        "pommier", "Cidrerie du Vieux Pommier", "business", "customer", "FR", "Caen", "14 chemin des Pressoirs",
        "14000", "fr-FR", "Europe/Paris", "EUR", "+33 2 61 91 05 14", ("vieuxpommier.example",),
        {"legal_name": "Cidrerie du Vieux Pommier SARL", "industry": "Cider", "employee_count": 9,
         "tag": ["cider"], "set": ["trees=1500", "size=medium", "favourite_apple=Reinette"],
         "prefer": ["language=French only, please"], "external": ["shop:10011"]},
    ),
    Place(
        "manzana", "Sidrería La Manzana Roja", "business", "opportunity", "ES", "Oviedo", "Calle del Lagar 9", "33001",
        "es-ES", "Europe/Madrid", "EUR", "+34 985 000 009", ("manzanaroja.example",),
        {"industry": "Cider", "employee_count": 14, "tag": ["cider"], "set": ["trees=700", "size=medium"]},
    ),
    Place(
        "lipa", "Tłocznia Pod Lipą", "business", "customer", "PL", "Kraków", "ul. Sadowa 21", "30-001",
        "pl-PL", "Europe/Warsaw", "PLN", "+48 12 000 00 21", ("podlipa.example",),
        {"legal_name": "Tłocznia Pod Lipą sp. z o.o.", "industry": "Juice", "employee_count": 8, "tag": ["juice"],
         "set": ["trees=1100", "size=medium"], "external": ["shop:10015"]},
    ),
    Place(
        "dvir", "Яблуневий двір", "business", "customer", "UA", "Вінниця", "вул. Садова 5", "21000",
        "uk-UA", "Europe/Kyiv", "UAH", "+380 43 000 0005", ("yabluneviy.example",),
        {"industry": "Fruit growing", "employee_count": 17, "tag": ["orchard"], "set": ["trees=3200", "size=large"]},
    ),
    Place(
        "milia", "Κτήμα Μηλιά", "business", "sales_qualified", "GR", "Βόλος", "Οδός Μηλέας 3", "383 33",
        "el-GR", "Europe/Athens", "EUR", "+30 24210 00003", ("ktimamilia.example",),
        {"industry": "Fruit growing", "employee_count": 4, "tag": ["orchard"], "set": ["trees=450", "size=small"]},
    ),
    Place(
        "cedar", "بساتين الأرز", "business", "customer", "LB", "زحلة", "شارع البساتين ٨", "1801",
        "ar-LB", "Asia/Beirut", "USD", "+961 8 000 008", ("cedar-orchards.example",),
        {"industry": "Fruit growing", "employee_count": 12, "tag": ["orchard"], "set": ["trees=2000", "size=large"]},
    ),
    Place(
        "rimon", "מטעי רימון", "business", "lead", "IL", "חיפה", "רחוב המטע 6", "3100001",
        "he-IL", "Asia/Jerusalem", "ILS", "+972 4 000 0006", ("rimon-orchards.example",),
        {"industry": "Fruit growing", "employee_count": 7, "tag": ["orchard"], "set": ["trees=600", "size=small"]},
    ),
    Place(
        "hongguo", "红苹果果汁坊", "business", "customer", "CN", "烟台", "果园路18号", "264000",
        "zh-CN", "Asia/Shanghai", "CNY", "+86 535 000 0018", ("hongpingguo.example",),
        {"legal_name": "红苹果果汁坊有限公司", "industry": "Juice", "employee_count": 26, "tag": ["juice"],
         "set": ["trees=5200", "size=large"], "external": ["shop:10023"]},
    ),
    Place(
        "ringo", "りんご堂", "business", "customer", "JP", "弘前市", "果樹町2丁目4番", "036-0000",
        "ja-JP", "Asia/Tokyo", "JPY", "+81 172 00 0204", ("ringodo.example",),
        {"legal_name": "株式会社りんご堂", "industry": "Juice", "employee_count": 19, "tag": ["juice", "vip"],
         "set": ["trees=1300", "size=medium", "favourite_apple=ふじ"], "external": ["shop:10024"]},
    ),
    Place(
        "sagwa", "사과나무 농원", "business", "opportunity", "KR", "대구", "과수원길 30", "41000",
        "ko-KR", "Asia/Seoul", "KRW", "+82 53 000 0030", ("sagwanamu.example",),
        {"industry": "Fruit growing", "employee_count": 6, "tag": ["orchard"], "set": ["trees=800", "size=small"]},
    ),
    Place(
        "himgiri", "हिमगिरि बाग़", "business", "customer", "IN", "शिमला", "सेब मार्ग 11", "171001",
        "hi-IN", "Asia/Kolkata", "INR", "+91 177 000 0011", ("himgiri.example",),
        {"industry": "Fruit growing", "employee_count": 40, "tag": ["orchard"], "set": ["trees=7500", "size=large"]},
    ),
    Place(
        "mok", "สวนดอยหมอก", "business", "lead", "TH", "เชียงใหม่", "ถนนสวนผลไม้ 9", "50000",
        "th-TH", "Asia/Bangkok", "THB", "+66 53 000 009", ("doimok.example",),
        {"industry": "Fruit growing", "employee_count": 10, "tag": ["orchard"], "set": ["trees=500", "size=small"]},
    ),
    Place(
        "kettle", "Copper Kettle Orchards", "business", "customer", "US", "Asheville", "88 Windfall Road", "28801",
        "en-US", "America/New_York", "USD", "+1 828 555 0142", ("copperkettle.example",),
        {"legal_name": "Copper Kettle Orchards LLC", "industry": "Cider", "employee_count": 22, "tag": ["cider", "vip"],
         "set": ["trees=3600", "size=large", "pressing_since=2004-08-15"], "external": ["shop:10031"],
         "address": {"region": "NC"}},
    ),
    Place(
        "mill", "Old Mill Hardware", "dealer", "customer", "US", "Burlington", "5 Millrace Street", "05401",
        "en-US", "America/New_York", "USD", "+1 802 555 0119", ("oldmill.example",),
        {"industry": "Retail", "employee_count": 15, "parent": "kettle", "tag": ["dealer"],
         "set": ["resale=yes", "shop_page=https://oldmill.example/presses"], "address": {"region": "VT"}},
    ),
    Place(
        "pomar", "Pomar do Vale", "dealer", "opportunity", "BR", "São Joaquim", "Estrada da Maçã, km 4", "88600-000",
        "pt-BR", "America/Sao_Paulo", "BRL", "+55 49 0000 0004", ("pomardovale.example",),
        {"industry": "Retail", "employee_count": 7, "tag": ["dealer"], "set": ["resale=yes"]},
    ),
    Place(
        "skola", "Äppelgårdens skola", "business", "former", "SE", "Göteborg", "Fruktgatan 2", "411 00",
        "sv-SE", "Europe/Stockholm", "SEK", "+46 31 390 06 02", ("appelgarden.example",),
        {"industry": "Education", "employee_count": 48, "tag": ["school"], "set": ["trees=24", "size=small"]},
    ),
)  # fmt: skip
