"""What the workshop makes, and what it costs where."""

from random import Random

from crmcli.kernel.codes import format_money, minor_units

# Names and prices in euros, by who buys them.
PRESSES = {
    "private": (("Wren 12", 189), ("Robin 40", 640)),
    "business": (("Heron 90", 1290), ("Pelican 200", 3850)),
    "dealer": (("Wren 12", 189), ("Robin 40", 640)),
}
MILLS = {"private": "Magpie mill", "business": "Jay mill", "dealer": "Magpie mill"}
PARTS = (("beech rack", 74), ("drip tray", 39), ("pressing plate", 58), ("beech handle", 27), ("press cloth set", 46))
TOOLS = ("pole pruner", "telescopic picker", "pole saw", "long lopper")
APPLES = ("Boskoop", "Cox", "Gravenstein", "Bramley", "Russet", "Reinette", "Kaiser Wilhelm", "Winter Banana")

# How many of the currency make a euro, roughly; offers only have to look right.
RATES = {
    "EUR": 1.0, "GBP": 0.85, "USD": 1.1, "CAD": 1.5, "CHF": 0.95, "SEK": 11, "DKK": 7.5, "ISK": 150, "PLN": 4.3,
    "UAH": 45, "ILS": 4, "CNY": 7.8, "JPY": 160, "KRW": 1450, "INR": 92, "THB": 39, "BRL": 6, "VND": 27_000,
    "KES": 142, "GEL": 3, "TRY": 35, "NZD": 1.8, "ZAR": 20,
}  # fmt: skip

# How cities are read that are not written in Latin letters.
CITIES = {
    "Вінниця": "Vinnytsia", "Βόλος": "Volos", "زحلة": "Zahle", "חיפה": "Haifa", "烟台": "Yantai", "弘前市": "Hirosaki",
    "대구": "Daegu", "शिमला": "Shimla", "เชียงใหม่": "Chiang Mai",
}  # fmt: skip


def price(euros: float, currency: str) -> str:
    """A price in a currency, rounded as price lists are."""
    amount = euros * RATES[currency]
    step = 10 ** max(0, len(str(int(amount))) - 3)
    return format_money(round(amount / step) * step * 10 ** minor_units(currency), currency)


def basket(random: Random, kind: str, currency: str) -> dict[str, str]:
    """What one customer has bought, or is thinking of, as words for the stories."""
    press, euros = random.choice(PRESSES.get(kind, PRESSES["private"]))
    part, part_euros = random.choice(PARTS)
    trees = random.randint(6, 40) if kind not in ("business", "dealer") else random.randint(30, 300) * 10
    return {
        "press": press,
        "price": price(euros, currency),
        "mill": MILLS.get(kind, MILLS["private"]),
        "part": part,
        "part_price": price(part_euros, currency),
        "tool": random.choice(TOOLS),
        "apple": random.choice(APPLES),
        "trees": str(trees),
        "qty": str(random.randint(6, 24)),
    }
