"""`crm import` of orders that are known: what was done here with them stays, and money is never made up."""

from pathlib import Path
from typing import Any

import pytest

from crmcli.app import App
from tests.commands.test_import_orders import amounts, rows, written
from tests.conftest import Crm

TITLES = "Order,Order date,Customer,Item,Qty,Unit price,Total,Currency,Status"
STATES = "SELECT status, financial_status, fulfillment_status FROM sales_order"
PAYMENTS = "SELECT amount, paid_on FROM payment ORDER BY id"
FURTHER = "orders are further here than the file tells"


def taken(crm: Crm, tmp_path: Path, row: str, titles: str = TITLES) -> str:
    """Import a file of one order; returns what was told beside the counts."""
    result = crm("import", written(tmp_path, f"{titles}\n{row}\n"))
    assert result.code == 0, result.err
    return result.err


def verified(crm: Crm) -> None:
    crm.ok("db", "verify")


def test_what_was_paid_here_stays_paid(crm: Crm, app: App, tmp_path: Path) -> None:
    taken(crm, tmp_path, "C1,2026-11-02,Ada Lovelace,Apples,2,5.00,10.00,EUR,pending")
    crm.ok("order", "pay", "C1", "10")
    told = taken(crm, tmp_path, "C1,2026-11-02,Ada Lovelace,Apples,2,5.00,12.00,EUR,pending")
    assert amounts(app)["C1"][-2:] == (1200, 1000)
    assert rows(app, PAYMENTS) == [(1000, "2026-11-20")]
    assert rows(app, STATES) == [("processing", "partially_paid", "unfulfilled")]
    assert f"{FURTHER}: what was paid, sent or cancelled here stays (1)" in told
    verified(crm)


def test_the_same_file_again_takes_nothing_back(crm: Crm, app: App, tmp_path: Path) -> None:
    row = "C1,2026-11-02,Ada Lovelace,Apples,2,5.00,10.00,EUR,pending"
    taken(crm, tmp_path, row)
    crm.ok("order", "pay", "C1")
    crm.ok("order", "ship", "C1")
    before = crm.json("order", "show", "C1")
    taken(crm, tmp_path, row)
    assert crm.json("order", "show", "C1") == before
    assert rows(app, "SELECT count(*) FROM operation WHERE command LIKE 'import%'") == [1]


def test_what_was_paid_there_since_is_one_payment_more(crm: Crm, app: App, tmp_path: Path) -> None:
    titles = f"{TITLES},Paid,Paid at"
    taken(crm, tmp_path, "C1,2026-11-02,Ada Lovelace,Apples,2,5.00,10.00,EUR,,4.00,2026-11-03", titles)
    told = taken(crm, tmp_path, "C1,2026-11-02,Ada Lovelace,Apples,2,5.00,10.00,EUR,,10.00,2026-11-05", titles)
    assert rows(app, PAYMENTS) == [(400, "2026-11-03"), (600, "2026-11-05")]
    assert FURTHER not in told
    verified(crm)


def test_a_refund_of_the_file_is_written(crm: Crm, app: App, tmp_path: Path) -> None:
    titles = f"{TITLES},Refunded"
    taken(crm, tmp_path, "C1,2026-11-02,Ada Lovelace,Apples,2,5.00,10.00,EUR,delivered,", titles)
    taken(crm, tmp_path, "C1,2026-11-02,Ada Lovelace,Apples,2,5.00,10.00,EUR,delivered,4.00", titles)
    assert [row[0] for row in rows(app, PAYMENTS)] == [1000, -400]
    assert rows(app, STATES) == [("delivered", "partially_refunded", "fulfilled")]
    verified(crm)


def test_a_refund_of_the_file_takes_nothing_of_what_was_paid_here(crm: Crm, app: App, tmp_path: Path) -> None:
    titles = f"{TITLES},Paid,Refunded"
    taken(crm, tmp_path, "C1,2026-11-02,Ada Lovelace,Apples,2,5.00,10.00,EUR,,4.00,", titles)
    crm.ok("order", "pay", "C1", "6")
    taken(crm, tmp_path, "C1,2026-11-02,Ada Lovelace,Apples,2,5.00,10.00,EUR,,4.00,1.00", titles)
    assert [row[0] for row in rows(app, PAYMENTS)] == [400, 600, -100]
    assert amounts(app)["C1"][-2:] == (900, 900)
    before = crm.json("order", "show", "C1")
    taken(crm, tmp_path, "C1,2026-11-02,Ada Lovelace,Apples,2,5.00,10.00,EUR,,4.00,1.00", titles)
    assert crm.json("order", "show", "C1") == before
    verified(crm)


@pytest.mark.parametrize(
    ("done", "there", "found", "noted"),
    [
        (["ship"], "pending", ("in_transit", "pending", "fulfilled"), True),
        (["ship"], "delivered", ("delivered", "paid", "fulfilled"), False),
        (["ship --line 1=1"], "pending", ("processing", "pending", "partial"), True),
        (["ship --line 1=1"], "cancelled", ("cancelled", "voided", "partial"), True),
        (["ship", "deliver"], "processing", ("delivered", "paid", "fulfilled"), True),
        (["cancel"], "processing", ("cancelled", "paid", "unfulfilled"), True),
        (["cancel"], "pending", ("cancelled", "voided", "unfulfilled"), True),
        ([], "cancelled", ("cancelled", "voided", "unfulfilled"), False),
    ],
)
def test_what_was_sent_or_cancelled_here_is(
    crm: Crm, app: App, tmp_path: Path, done: list[str], there: str, found: tuple[str, ...], noted: bool
) -> None:
    taken(crm, tmp_path, "C1,2026-11-02,Ada Lovelace,Apples,2,5.00,10.00,EUR,pending")
    for act in done:
        verb, *words = act.split()
        crm.ok("order", verb, "C1", *words)
    told = taken(crm, tmp_path, f"C1,2026-11-02,Ada Lovelace,Apples,2,6.00,12.00,EUR,{there}")
    assert rows(app, STATES) == [found]
    assert amounts(app)["C1"][4] == 1200
    assert (FURTHER in told) is noted
    if done[:1] == ["ship"]:
        assert crm("order", "ship", "C1").code == 2
    verified(crm)


@pytest.mark.parametrize("acts", [("ship",), ("ship", "deliver")])
def test_what_was_ordered_there_since_is_still_to_be_sent(
    crm: Crm, app: App, tmp_path: Path, acts: tuple[str, ...]
) -> None:
    taken(crm, tmp_path, "C1,2026-11-02,Ada Lovelace,Apples,2,5.00,10.00,EUR,pending")
    for act in acts:
        crm.ok("order", act, "C1")
    taken(crm, tmp_path, "C1,2026-11-02,Ada Lovelace,Apples,3,5.00,15.00,EUR,pending")
    assert rows(app, STATES) == [("processing", "pending", "partial")]
    crm.ok("order", "ship", "C1")
    crm.ok("order", "deliver", "C1")
    assert rows(app, STATES) == [("delivered", "pending", "fulfilled")]


def test_the_rest_that_was_sent_there_is_sent(crm: Crm, app: App, tmp_path: Path) -> None:
    taken(crm, tmp_path, "C1,2026-11-02,Ada Lovelace,Apples,2,5.00,10.00,EUR,pending")
    crm.ok("order", "ship", "C1", "--line", "1=1")
    taken(crm, tmp_path, "C1,2026-11-02,Ada Lovelace,Apples,2,5.00,10.00,EUR,delivered")
    assert rows(app, "SELECT shipped FROM order_line") == [2000]
    crm.ok("order", "return", "C1", "--line", "1=2")


def test_what_was_sent_there_after_it_was_cancelled_here_is_no_more_cancelled(
    crm: Crm, app: App, tmp_path: Path
) -> None:
    titles = f"{TITLES},Shipped at"
    taken(crm, tmp_path, "C1,2026-11-02,Ada Lovelace,Apples,2,5.00,10.00,EUR,pending,", titles)
    crm.ok("order", "cancel", "C1", "--date", "2026-11-05")
    taken(crm, tmp_path, "C1,2026-11-02,Ada Lovelace,Apples,2,5.00,10.00,EUR,shipped,2026-11-08", titles)
    assert rows(app, "SELECT status, cancelled_on, shipped_on FROM sales_order") == [("in_transit", None, "2026-11-08")]


# --- decimals


@pytest.mark.parametrize(
    ("row", "total", "line"),
    [
        ("C1,2026-11-02,Ada Lovelace,Apples,200,1.005,201.00,EUR,delivered", 20100, (101, 0, 20100)),
        ("C1,2026-11-02,Ada Lovelace,Apples,200,1.005,,EUR,delivered", 20100, (101, 0, 20100)),
        ("C1,2026-11-02,Ada Lovelace,Apples,200,1.004,200.80,EUR,delivered", 20080, (100, 0, 20080)),
        ("C1,2026-11-02,Ada Lovelace,Apples,0.3333,300,99.99,EUR,delivered", 9999, (30000, 0, 9999)),
        ("C1,2026-11-02,Ada Lovelace,Apples,3,2.50,7.50,EUR,delivered", 750, (250, 0, 750)),
    ],
)
def test_a_price_with_more_decimals_comes_to_what_it_should(
    crm: Crm, app: App, tmp_path: Path, row: str, total: int, line: tuple[int, ...]
) -> None:
    told = taken(crm, tmp_path, row)
    assert amounts(app)["C1"] == (total, 0, 0, 0, total, total)
    assert rows(app, "SELECT unit_price, discount, amount FROM order_line") == [line]
    assert "do not come to their total" not in told
    verified(crm)


@pytest.mark.parametrize("price", ["1.005", "1.004"])
def test_all_of_it_that_comes_back_is_all_that_was_paid(crm: Crm, app: App, tmp_path: Path, price: str) -> None:
    taken(crm, tmp_path, f"C1,2026-11-02,Ada Lovelace,Apples,200,{price},,EUR,delivered")
    whole: Any = amounts(app)["C1"]
    crm.ok("order", "return", "C1", "--line", "1=100", "--refund")
    assert amounts(app)["C1"][-2:] == (whole[-2] // 2, whole[-1] // 2)
    crm.ok("order", "return", "C1", "--refund")
    assert amounts(app)["C1"] == (0, 0, 0, 0, 0, 0)
    verified(crm)


def test_an_edit_keeps_what_the_file_told_of_the_other_lines(crm: Crm, app: App, tmp_path: Path) -> None:
    taken(crm, tmp_path, "C1,2026-11-02,Ada Lovelace,Apples,200,1.005,,EUR,pending")
    crm.ok("order", "edit", "C1", "--line", "Crate @ 4.00")
    assert amounts(app)["C1"][-2:] == (20500, 0)


# --- what was sent of each line


SHOP = (
    "Name,Email,Financial Status,Fulfillment Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,"
    "Lineitem price,Lineitem fulfillment status,Refunded Amount,Id"
)
SENT = "SELECT name, quantity, shipped FROM order_line ORDER BY position, id"


def shop(crm: Crm, tmp_path: Path, financial: str, sent: str, lines: str, refunded: str = "0") -> str:
    """Import an order of a shop of two lines, 2 x Tea and 1 x Cup, at 10.00 each; `lines` has the status of each."""
    tea, cup = lines.split("/")
    order = f"#1,ada@engines.example,{financial},{sent},EUR,30,2026-11-02"
    text = f"{SHOP}\n{order},2,Tea,10,{tea},{refunded},77\n#1,ada@engines.example,,,,,,1,Cup,10,{cup},,\n"
    result = crm("import", written(tmp_path, text))
    assert result.code == 0, result.err
    return result.err


def test_a_line_that_was_sent_there_counts_as_sent(crm: Crm, app: App, tmp_path: Path) -> None:
    shop(crm, tmp_path, "paid", "partial", "fulfilled/pending")
    assert rows(app, SENT) == [("Tea", 2000, 2000), ("Cup", 1000, 0)]
    assert rows(app, STATES) == [("processing", "paid", "partial")]
    assert crm("order", "return", "#1", "--line", "2=1").code == 2
    crm.ok("order", "return", "#1", "--line", "1=1")
    crm.ok("order", "ship", "#1", "--line", "2=1")
    crm.ok("order", "return", "#1", "--line", "1=1")
    again = crm("order", "return", "#1", "--line", "1=1")
    assert (again.code, "0 is left of it" in again.err) == (2, True)
    verified(crm)


@pytest.mark.parametrize(
    ("sent", "lines", "quantities", "fulfillment"),
    [
        ("partial", "fulfilled/", [2000, 0], "partial"),
        ("", "fulfilled/pending", [2000, 0], "partial"),
        ("partial", "partial/", [1000, 0], "partial"),
        ("partial", "/", [0, 0], "partial"),
        ("partial", "fulfilled/fulfilled", [0, 0], "fulfilled"),
        ("fulfilled", "fulfilled/pending", [0, 0], "fulfilled"),
        ("unfulfilled", "pending/pending", [0, 0], "unfulfilled"),
    ],
)
def test_what_is_told_of_lines_and_of_the_order_agrees(
    crm: Crm, app: App, tmp_path: Path, sent: str, lines: str, quantities: list[int], fulfillment: str
) -> None:
    shop(crm, tmp_path, "paid", sent, lines)
    assert [row[2] for row in rows(app, SENT)] == quantities
    assert rows(app, "SELECT fulfillment_status FROM sales_order") == [fulfillment]


def test_what_was_sent_there_since_is_sent_and_nothing_is_taken_back(crm: Crm, app: App, tmp_path: Path) -> None:
    shop(crm, tmp_path, "pending", "unfulfilled", "pending/pending")
    crm.ok("order", "ship", "#1", "--line", "1=1")
    assert FURTHER not in shop(crm, tmp_path, "pending", "partial", "/fulfilled")
    assert [row[2] for row in rows(app, SENT)] == [1000, 1000]
    assert FURTHER in shop(crm, tmp_path, "paid", "unfulfilled", "pending/pending")
    assert [row[2] for row in rows(app, SENT)] == [1000, 1000]
    assert rows(app, STATES) == [("processing", "paid", "partial")]
    shop(crm, tmp_path, "paid", "fulfilled", "fulfilled/fulfilled")
    assert [row[2] for row in rows(app, SENT)] == [2000, 1000]
    assert rows(app, STATES) == [("delivered", "paid", "fulfilled")]


@pytest.mark.parametrize("title", ["Line status", "Item status", "Line fulfillment status"])
def test_any_table_may_tell_what_was_sent_of_each_line(crm: Crm, app: App, tmp_path: Path, title: str) -> None:
    text = "Order,Order date,Customer,Item,Qty,Unit price,Currency,Payment status," + title
    for line in ("Tea,2,10,EUR,paid,shipped", "Cup,1,10,EUR,paid,open"):
        text += f"\nC1,2026-11-02,Ada Lovelace,{line}"
    crm.ok("import", written(tmp_path, text + "\n"))
    assert rows(app, SENT) == [("Tea", 2000, 2000), ("Cup", 1000, 0)]
    assert rows(app, STATES) == [("processing", "paid", "partial")]


def test_what_comes_back_of_an_order_sent_in_part_was_sent(crm: Crm, app: App, tmp_path: Path) -> None:
    shop(crm, tmp_path, "paid", "partial", "/")
    crm.ok("order", "return", "#1", "--line", "1=1")
    crm.ok("order", "ship", "#1", "--line", "2=1")
    again = crm("order", "return", "#1", "--line", "1=1")
    assert (again.code, "0 is left of it" in again.err) == (2, True)
    assert [row[2] for row in rows(app, SENT)][:2] == [1000, 1000]


def test_what_was_sent_stays_with_what_was_sold(crm: Crm, app: App, tmp_path: Path) -> None:
    taken(crm, tmp_path, "C1,2026-11-02,Ada Lovelace,Tea,2,5.00,10.00,EUR,pending")
    crm.ok("order", "ship", "C1")
    head = "C1,2026-11-02,Ada Lovelace"
    taken(crm, tmp_path, f"{head},Cup,1,5.00,15.00,EUR,pending\n{head},Tea,2,5.00,15.00,EUR,pending")
    assert rows(app, SENT) == [("Cup", 1000, 0), ("Tea", 2000, 2000)]
    for fewer in (f"{head},Cup,1,5.00,5.00,EUR,pending", f"{head},Tea,1,5.00,5.00,EUR,delivered"):
        assert FURTHER in taken(crm, tmp_path, fewer)
        assert rows(app, SENT) == [("Cup", 1000, 0), ("Tea", 2000, 2000)]
        assert amounts(app)["C1"][-2] == 1500
    verified(crm)


# --- what was given back


@pytest.mark.parametrize(
    ("acts", "refunded", "total", "lines"),
    [
        ((("return", "--line", "1=1", "--refund"),), "10", 2000, [-1000]),
        ((("return", "--line", "1=1"),), "10", 2000, [-1000]),
        ((("return", "--line", "1=1", "--refund"),), "15", 1500, [-1000, -500]),
        ((("return", "--line", "1=2", "--refund"),), "15", 1000, [-2000]),
        ((("return", "--line", "1=1", "--refund"),), "30", 0, [-1000, -2000]),
        ((("pay", "10", "--refund"),), "10", 2000, [-1000]),
    ],
)
def test_what_came_back_here_and_is_refunded_there_is_one(
    crm: Crm, app: App, tmp_path: Path, acts: Any, refunded: str, total: int, lines: list[int]
) -> None:
    shop(crm, tmp_path, "paid", "fulfilled", "fulfilled/fulfilled")
    for verb, *words in acts:
        crm.ok("order", verb, "#1", *words)
    status = "refunded" if refunded == "30" else "partially_refunded"
    for _ in range(2):
        shop(crm, tmp_path, status, "fulfilled", "fulfilled/fulfilled", refunded)
        assert rows(app, "SELECT amount FROM order_line WHERE quantity < 0 ORDER BY id") == lines
        assert amounts(app)["#1"][-2] == total
        assert amounts(app)["#1"][-1] == min(total, 3000 - sum(-row[0] for row in rows(app, PAYMENTS) if row[0] < 0))
    verified(crm)


def test_what_comes_back_after_a_refund_there_is_another(crm: Crm, app: App, tmp_path: Path) -> None:
    shop(crm, tmp_path, "partially_refunded", "fulfilled", "fulfilled/fulfilled", "10")
    crm.ok("order", "return", "#1", "--line", "1=1", "--refund")
    before = crm.json("order", "show", "#1")
    shop(crm, tmp_path, "partially_refunded", "fulfilled", "fulfilled/fulfilled", "10")
    assert crm.json("order", "show", "#1") == before
    shop(crm, tmp_path, "partially_refunded", "fulfilled", "fulfilled/fulfilled", "25")
    assert amounts(app)["#1"][-2:] == (500, 500)


def test_a_refund_is_no_piece_that_came_back(crm: Crm, app: App, tmp_path: Path) -> None:
    titles = f"{TITLES},Refunded"
    taken(crm, tmp_path, "C1,2026-11-02,Ada Lovelace,Apples,1,10.00,10.00,EUR,delivered,2.00", titles)
    crm.ok("order", "pay", "C1", "1", "--refund")
    assert rows(app, STATES) == [("delivered", "partially_refunded", "fulfilled")]


def test_a_payment_here_tells_nothing_of_a_delivery_that_only_a_file_had(crm: Crm, app: App, tmp_path: Path) -> None:
    shop(crm, tmp_path, "pending", "unfulfilled", "/")
    crm.ok("order", "pay", "#1")
    shop(crm, tmp_path, "pending", "fulfilled", "/")
    assert rows(app, STATES) == [("delivered", "paid", "fulfilled")]
    shop(crm, tmp_path, "pending", "partial", "/")
    assert rows(app, STATES) == [("processing", "paid", "partial")]


def test_more_that_is_ordered_after_all_came_back_is_still_to_be_sent(crm: Crm, app: App, tmp_path: Path) -> None:
    taken(crm, tmp_path, "C1,2026-11-02,Ada Lovelace,Tea,2,5.00,10.00,EUR,paid")
    crm.ok("order", "ship", "C1")
    crm.ok("order", "return", "C1", "--refund")
    taken(crm, tmp_path, "C1,2026-11-02,Ada Lovelace,Tea,3,5.00,15.00,EUR,paid")
    assert rows(app, STATES)[0][::2] == ("processing", "partial")
    assert amounts(app)["C1"][-2] == 500
    verified(crm)


def test_what_was_paid_in_one_currency_is_not_money_of_another(crm: Crm, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    titles = "Order ID,Order date,Customer,Product,Qty,Unit price,Total,Currency,Status"
    text = f"{titles}\n1,2026-11-01,Ann,Tea,2,10,20,EUR,pending\n"
    file.write_text(text)
    crm.ok("import", str(file))
    file.write_text(text.replace("EUR", "CHF"))
    crm.ok("import", str(file))
    assert crm.json("order", "show", "o1")["item"]["currency"] == "CHF"
    crm.ok("order", "pay", "o1", "4")
    file.write_text(text.replace("EUR", "GBP"))
    refused = crm("import", str(file))
    assert (refused.code, "o1 is in CHF and was paid so, and not in GBP" in refused.err) == (5, True)
    assert crm.json("order", "show", "o1")["item"]["currency"] == "CHF"


def test_what_was_sent_unpaid_can_come_back(crm: Crm, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    titles = "Order ID,Order date,Customer,Product,Qty,Unit price,Total,Currency,Status,Line status"
    file.write_text(f"{titles}\n1,2026-11-01,Ann,Tea,2,10,20,EUR,pending,fulfilled\n")
    crm.ok("import", str(file))
    order = crm.json("order", "show", "o1")["item"]
    assert (order["status"], order["fulfillment_status"], order["unpaid"]) == ("delivered", "fulfilled", "20.00")
    crm.ok("order", "return", "o1", "--line", "1=1")


def test_what_was_sent_here_was_ordered_before(crm: Crm, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    text = "Order ID,Order date,Customer,Product,Qty,Unit price,Total,Currency,Status\n1,{},Ann,Tea,2,10,20,EUR,paid\n"
    file.write_text(text.format("2026-11-01"))
    crm.ok("import", str(file))
    crm.ok("order", "ship", "o1", "--date", "2026-11-05")
    file.write_text(text.format("2026-11-18"))
    crm.ok("import", str(file))
    assert crm.json("order", "show", "o1")["item"]["ordered_on"] == "2026-11-01"


def test_less_than_what_came_back_here_is_owed_to_nobody(crm: Crm, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    titles = "Order ID,Order date,Customer,Product,Qty,Unit price,Currency,Status"
    text = f"{titles}\n1,2026-11-01,Ann,Tea,2,7.00,EUR,paid\n1,2026-11-01,Ann,Basket,1,3.00,EUR,paid\n"
    file.write_text(text)
    crm.ok("import", str(file))
    crm.ok("order", "ship", "o1")
    crm.ok("order", "return", "o1", "--refund")
    file.write_text(text.replace("3.00", "1.00"))
    crm.ok("import", str(file))
    order = crm.json("order", "show", "o1")["item"]
    assert (order["total"], order["paid"], order["status"]) == ("0.00", "0.00", "returned")
    assert crm.ok("db", "verify", "-q") == ""


TAXED = "Order ID,Order date,Customer,Product,Qty,Unit price,Discount,Tax,Shipping,Total,Currency,Status"
SUMS = "SELECT subtotal, tax, total FROM sales_order"


def test_editing_an_order_keeps_what_the_file_gave_back(crm: Crm, app: App, tmp_path: Path) -> None:
    row = "A-1,2026-11-02,Ada Lovelace,Apples,5.00,2,10.00,EUR,processing,3.00"
    taken(crm, tmp_path, row, "Order,Order date,Customer,Item,Unit price,Qty,Total,Currency,Status,Refunded")
    crm.ok("order", "edit", "A-1", "--line", "1=4")
    assert rows(app, SUMS) == [(1700, 0, 1700)]
    verified(crm)
    crm.ok("order", "edit", "A-1", "--shipping", "2", "--tax", "10%", "--discount", "50%")
    assert rows(app, SUMS) == [(1700, 100, 1000)]
    assert rows(app, "SELECT tax FROM order_line ORDER BY position") == [100, 0]
    verified(crm)
    for change in ("--line=2=1", "--remove-line=2"):
        assert "what was given back" in crm("order", "edit", "A-1", change).err


@pytest.mark.parametrize(("total", "tax", "after"), [("14.90", 190, 1590), ("13.00", 190, 1400)])
def test_a_tax_of_the_whole_order_stays_when_only_shipping_changes(
    crm: Crm, app: App, tmp_path: Path, total: str, tax: int, after: int
) -> None:
    taken(crm, tmp_path, f"T-2,2026-11-02,Ada Lovelace,Apples,4,2.50,,1.90,3.00,{total},EUR,pending", TAXED)
    crm.ok("order", "edit", "T-2", "--shipping", "4")
    assert rows(app, SUMS) == [(1000, tax, after)]
    crm.ok("order", "edit", "T-2", "--line", "1=2")
    assert rows(app, SUMS) == [(500, 95, after - 500 - (95 if total == "14.90" else 0))]
    verified(crm)


@pytest.mark.parametrize("parts", [[[]], [["1=1"], ["1=1"], []], [["2"], ["1=2"], ["1"]]])
@pytest.mark.parametrize("total", ["17.81", "15.00"])
def test_a_tax_of_the_whole_order_comes_back_with_it(
    crm: Crm, app: App, tmp_path: Path, parts: list[list[str]], total: str
) -> None:
    first = f"T-1,2026-11-02,Ada Lovelace,Apples,3,3.00,,2.81,,{total},EUR,delivered"
    taken(crm, tmp_path, f"{first}\nT-1,2026-11-02,Ada Lovelace,Basket,2,3.00,,,,,EUR,delivered", TAXED)
    left = [281]
    for part in parts:
        crm.ok("order", "return", "T-1", *(word for name in part for word in ("--line", name)))
        left.append(rows(app, "SELECT tax FROM sales_order")[0])
        verified(crm)
    assert left == sorted(left, reverse=True)
    assert rows(app, SUMS) == [(0, 0, 0)]
    assert rows(app, "SELECT CAST(sum(tax) AS INTEGER) FROM order_line WHERE return_of IS NOT NULL") == [-281]


@pytest.mark.parametrize(
    ("row", "first", "half", "other"),
    [
        ("F-1,2026-11-02,Ada Lovelace,Ticks,1000,0.0004,,,,0.40,EUR,pending", 40, ("500", 20), ("1000", 40)),
        ("F-1,2026-11-02,Ada Lovelace,Fuel,41.37,1.659,,,,68.63,EUR,pending", 6863, ("40", 6636), ("41.37", 6863)),
        ("F-1,2026-11-02,Ada Lovelace,Yen,3,33.333,,,,100,JPY,pending", 100, ("6", 200), ("3", 100)),
    ],
)
def test_what_many_come_to_is_not_reckoned_from_a_rounded_price(
    crm: Crm, app: App, tmp_path: Path, row: str, first: int, half: tuple[str, int], other: tuple[str, int]
) -> None:
    taken(crm, tmp_path, row, TAXED)
    assert rows(app, SUMS) == [(first, 0, first)]
    for quantity, amount in (half, other):
        crm.ok("order", "edit", "F-1", "--line", f"1={quantity}")
        assert rows(app, SUMS) == [(amount, 0, amount)]
        verified(crm)


def test_no_line_of_an_order_that_stays_cancelled_becomes_sent(crm: Crm, app: App, tmp_path: Path) -> None:
    titles = "Order,Order date,Customer,Item,Qty,Unit price,Currency,Status,Line status"
    both = [f"C1,2026-11-02,Ada Lovelace,{what},1,5.00,EUR,{{}},{{}}" for what in ("Apples", "Pears")]
    for status, lines in (("pending", ("pending", "pending")), ("processing", ("fulfilled", "pending"))):
        told = "\n".join(row.format(status, line) for row, line in zip(both, lines, strict=True))
        taken(crm, tmp_path, told, titles)
        if status == "pending":
            crm.ok("order", "cancel", "C1")
    assert rows(app, "SELECT status, fulfillment_status FROM sales_order") == [("cancelled", "unfulfilled")]
    assert rows(app, "SELECT shipped FROM order_line") == [0, 0]
    verified(crm)


@pytest.mark.parametrize("parts", [("1=4", "2=1"), ("",)])
def test_what_was_given_back_before_counts_when_everything_comes_back(
    crm: Crm, tmp_path: Path, parts: tuple[str, ...]
) -> None:
    file = tmp_path / "orders.csv"
    titles = "Order ID,Order date,Customer,Product,Qty,Unit price,Currency,Status,Refunded"
    file.write_text(f"{titles}\n1,2026-11-01,Ann,Tea,4,2.50,EUR,delivered,7.00\n1,2026-11-01,Ann,Cup,1,3.00,EUR,,\n")
    crm.ok("import", str(file))
    assert crm.json("order", "show", "o1")["item"]["total"] == "6.00"
    for part in parts:
        crm.ok("order", "return", "o1", "--refund", *(["--line", part] if part else []))
    order = crm.json("order", "show", "o1")["item"]
    assert (order["total"], order["paid"], order["status"]) == ("0.00", "0.00", "returned")
    assert crm.ok("db", "verify", "-q") == ""
    before = crm.ok("export", "orders", "-o", "json")
    crm.ok("import", str(file))
    assert crm.ok("export", "orders", "-o", "json") == before
