"""What holds of an order however files of it and what is done here follow each other."""

from pathlib import Path
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.commands.test_import_orders import written
from tests.conftest import Crm

TITLES = "Order,Order date,Customer,Item,Qty,Unit price,Line status,Shipping,Total,Currency,Status,Paid,Refunded,Note"
Order = dict[str, Any]

LINES = st.lists(
    st.tuples(st.sampled_from(["Tea", "Cup", "Pot"]), st.integers(1, 3), st.sampled_from(["", "shipped", "pending"])),
    min_size=1,
    max_size=3,
    unique_by=lambda line: line[0],
)
FILES = st.tuples(
    LINES,
    st.sampled_from([0, 4]),
    st.sampled_from(["", "pending", "paid", "shipped", "delivered", "cancelled"]),
    st.sampled_from(["", "0", "0.5", "1"]),
    st.sampled_from(["", "5", "15"]),
    st.sampled_from("ab"),
)
ACTS = st.sampled_from(
    [
        ("pay", "{id}", "5"),
        ("pay", "{id}"),
        ("pay", "{id}", "3", "--refund"),
        ("ship", "{id}", "--line", "1=1"),
        ("ship", "{id}"),
        ("deliver", "{id}"),
        ("cancel", "{id}"),
        ("cancel", "{id}", "--refund"),
        ("return", "{id}", "--line", "1=1"),
        ("return", "{id}", "--line", "1=1", "--refund"),
        ("return", "{id}", "--refund"),
    ]
)


def table(number: str, told: Any) -> str:
    lines, shipping, status, paid, refunded, note = told
    total = sum(quantity * 10 for _, quantity, _ in lines) + shipping
    paid = paid and str(total * float(paid))
    rows = [
        f"{number},2026-11-02,Ada,{item},{quantity},10,{state},{shipping},{total},EUR,{status},{paid},{refunded},{note}"
        for item, quantity, state in lines
    ]
    return "\n".join((TITLES, *rows, ""))


def sums_agree(order: Order) -> None:
    assert order["paid_minor"] == sum(one["amount_minor"] for one in order["payments"])
    assert order["subtotal_minor"] == sum(one["amount_minor"] for one in order["lines"])
    tax = 0 if order["tax_included"] else order["tax_minor"]
    whole = order["subtotal_minor"] - order["discount_minor"] + order["shipping_minor"] + tax
    assert order["total_minor"] == whole


def sent(order: Order) -> dict[str, float]:
    """How much of each line was sent."""
    return {one["name"]: float(one["shipped"]) for one in order["lines"] if float(one["shipped"])}


def quantities_agree(order: Order) -> None:
    own = [one for one in order["lines"] if one["quantity_thousandths"] > 0]
    back = [one for one in order["lines"] if one["return_of"]]
    for one in own:
        of_it = -sum(float(other["quantity"]) for other in back if other["return_of"] == one["line"])
        assert 0 <= float(one["shipped"]) <= float(one["quantity"]), one
        assert of_it <= (float(one["shipped"]) if sent(order) else float(one["quantity"])), one
    if sent(order) and order["fulfillment_status"] != "restocked":
        whole = all(float(one["shipped"]) >= float(one["quantity"]) for one in own)
        assert order["fulfillment_status"] == ("fulfilled" if whole else "partial")
        assert order["status"] not in ("draft", "payment_due")


def of_sign(order: Order, sign: int) -> int:
    return sum(one["amount_minor"] for one in order["payments"] if one["amount_minor"] * sign > 0)


def shown(crm: Crm, number: str) -> Order:
    found: Order = crm.json("order", "show", number)["item"]
    return {name: value for name, value in found.items() if name not in ("updated_at", "history")}


def test_what_was_done_here_stays_whatever_files_say(crm: Crm, tmp_path: Path) -> None:
    numbers = iter(range(1, 10_000))

    @settings(max_examples=12, phases=[Phase.explicit, Phase.generate])
    @given(FILES, st.lists(st.one_of(FILES, ACTS), min_size=2, max_size=7))
    def check(first: Any, then: list[Any]) -> None:
        number = f"C{next(numbers)}"
        crm.ok("import", written(tmp_path, table(number, first)))
        for step in then:
            before = shown(crm, number)
            if isinstance(step[0], str):
                crm("order", *(word.format(id=number) for word in step))
                continue
            path = written(tmp_path, table(number, step))
            crm.ok("import", path)
            after = shown(crm, number)
            sums_agree(after)
            quantities_agree(after)
            assert of_sign(after, 1) >= of_sign(before, 1)
            assert of_sign(after, -1) <= of_sign(before, -1)
            assert all(sent(after).get(name, 0) >= quantity for name, quantity in sent(before).items())
            crm.ok("import", path)
            assert shown(crm, number) == after
            if after != before:
                crm.ok("undo")
                assert shown(crm, number) == before
                crm.ok("redo")
                assert shown(crm, number) == after

    check()
    crm.ok("db", "verify")
