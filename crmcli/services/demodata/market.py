"""What the workshop offers, the deals that it hopes for, and what goes wrong: all of it made up."""

from typing import NamedTuple

from crmcli.services.demodata.goods import APPLES, MILLS, PARTS, PRESSES, TOOLS


class Article(NamedTuple):
    """A product: its price is in cents, or in pence at the rate of PENCE."""

    sku: str
    name: str
    category: str
    unit: str
    cents: int
    tax: int = 19_000


PENCE = 85
"""So many pence cost what a euro costs."""
ARTICLES = (
    *(
        Article(f"PR-{number}", f"{name} press", "press", "piece", euros * 100)
        for number, (name, euros) in enumerate([*PRESSES["private"], *PRESSES["business"]], 1)
    ),
    Article("MI-1", MILLS["private"], "mill", "piece", 14_900),
    Article("MI-2", MILLS["business"], "mill", "piece", 89_000),
    *(Article(f"PA-{number}", name.capitalize(), "part", "piece", euros * 100)
      for number, (name, euros) in enumerate(PARTS, 1)),
    *(Article(f"TO-{number}", name.capitalize(), "tool", "piece", 3_900 + 1_000 * number)
      for number, name in enumerate(TOOLS, 1)),
    Article("SU-1", "Pressing bags, pair", "supply", "pair", 2_400),
    Article("SU-2", "Pruning wax", "supply", "tin", 1_250),
    Article("SE-1", "Maintenance visit", "service", "visit", 18_000),
    Article("SE-2", "Planning an orchard", "service", "hour", 8_500),
    Article("SE-3", f"Tasting of {len(APPLES)} apples", "service", "evening", 24_000, 7_000),
)  # fmt: skip
SMALL = ("part", "tool", "supply")
"""Categories that are bought again and again."""
MONTHS = (2, 2, 3, 4, 4, 5, 6, 9, 12, 10, 4, 5)
"""How much is ordered in each month: presses are bought before the harvest."""
ORDERS = 80
REPEATERS = 12
"""So many customers order every few months."""

# Stages as terms of the field have them: name, type, percent, category, days until a deal rots.
STAGES = (
    ("prospecting", "open", 10, "pipeline", 30),
    ("qualification", "open", 20, "pipeline", 21),
    ("proposal", "open", 50, "best_case", 14),
    ("negotiation", "open", 80, "commit", 14),
    ("won", "won", 100, "closed", None),
    ("lost", "lost", 0, "omitted", None),
)
REASONS = ("price", "no budget", "chose another", "no answer", "not now")


class Offer(NamedTuple):
    """A deal: what it is called, the article and how many, its stage, how long ago it came there, and when it closes.

    Days are counted from today; of a deal that is over, `close` is when it was closed.
    """

    name: str
    sku: str
    quantity: int
    stage: str
    since: int
    close: int
    reason: str = ""
    role: str = "decision maker"


OFFERS = (
    Offer("Press house for the cooperative", "PR-4", 3, "negotiation", 5, 12),
    Offer("Two presses for the school garden", "PR-2", 2, "negotiation", 20, 9, role="budget"),
    Offer("Pelican with a mill", "PR-4", 1, "negotiation", 3, 30),
    Offer("Autumn stock of the farm shop", "PR-1", 12, "proposal", 6, 20, role="buyer"),
    Offer("A Heron for the monastery", "PR-3", 1, "proposal", 31, -4),
    Offer("Replacing the old screw press", "PR-3", 1, "proposal", 9, 41),
    Offer("Mobile pressing day", "SE-1", 4, "proposal", 2, 25, role="user"),
    Offer("Orchard plan for the new field", "SE-2", 30, "qualification", 8, 60),
    Offer("Dealer shelf for the spring", "TO-1", 40, "qualification", 25, 75, role="buyer"),
    Offer("Second press for the cellar", "PR-4", 1, "qualification", 4, 90),
    Offer("Cider course with a press", "PR-2", 1, "qualification", 11, 50),
    Offer("Fair stand: three enquiries", "PR-1", 3, "prospecting", 3, 100),
    Offer("Pressing for the village feast", "SE-1", 1, "prospecting", 44, 15),
    Offer("Juice for the canteen", "PR-3", 1, "prospecting", 14, 110),
    Offer("Trial weekend with a Robin", "PR-2", 1, "prospecting", 1, 45),
    Offer("Planning of the hillside orchard", "SE-2", 24, "won", 12, -12),
    Offer("Heron and Jay mill", "PR-3", 1, "won", 40, -40),
    Offer("First order of the dealer", "PR-1", 10, "won", 75, -75, role="buyer"),
    Offer("Pelican for the cider house", "PR-4", 1, "won", 130, -130),
    Offer("Racks and trays for the shop", "PA-1", 20, "won", 200, -200),
    Offer("A press for the allotments", "PR-2", 2, "lost", 18, -18, "no budget"),
    Offer("Stainless steel line", "PR-4", 2, "lost", 60, -60, "chose another"),
    Offer("Rented press for a season", "PR-3", 1, "lost", 110, -110, "not now"),
)


class Trouble(NamedTuple):
    """A case: hours ago it was opened, answered and solved (None for not yet), and how satisfied the customer was."""

    subject: str
    description: str
    priority: str
    type: str
    sku: str
    opened: int
    answered: int | None
    solved: int | None = None
    status: str = "open"
    resolution: str = ""
    satisfaction: int | None = None


TROUBLES = (
    Trouble(
        "Press does not build up pressure",
        "In the middle of the harvest, eight tonnes in the yard.",
        "urgent",
        "incident",
        "PR-4",
        30,
        None,
        status="new",
    ),
    Trouble("Handle broke off", "The beech handle broke at the first turn.", "high", "incident", "PA-4", 52, 50),
    Trouble(
        "Which cloth fits the Robin?",
        "We have the cloth of the Wren.",
        "normal",
        "question",
        "PA-5",
        5,
        None,
        status="new",
    ),
    Trouble(
        "Invoice names the wrong company",
        "Please make it out to the farm shop.",
        "normal",
        "request",
        "PR-1",
        76,
        70,
        status="pending",
    ),
    Trouble("Mill is too loud", "The neighbours complain at six in the morning.", "low", "complaint", "MI-1", 200, 190),
    Trouble("Drip tray leaks", "A drop a minute at the left seam.", "normal", "problem", "PA-2", 28, 26),
    Trouble(
        "Spindle squeaks",
        "It squeaks since the last washing.",
        "normal",
        "incident",
        "PR-2",
        400,
        396,
        380,
        "resolved",
        "Washed with soda, a drop of olive oil.",
        5,
    ),
    Trouble(
        "Two boxes short",
        "Two boxes of the delivery are missing.",
        "high",
        "complaint",
        "TO-1",
        900,
        899,
        870,
        "closed",
        "Both were under the bench; sent with the noon van.",
        4,
    ),
    Trouble(
        "How to winter the press",
        "Where do we store the wooden parts?",
        "low",
        "question",
        "PR-3",
        1500,
        1480,
        1479,
        "closed",
        "Dry, in the wind, never in the sun.",
        5,
    ),
    Trouble(
        "Wrong part in the box",
        "The one in the box is for the smaller press.",
        "normal",
        "incident",
        "PA-1",
        700,
        640,
        500,
        "closed",
        "Sent the right one; the other may stay.",
        3,
    ),
)
