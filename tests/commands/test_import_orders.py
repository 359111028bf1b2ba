"""`crm import` of orders: what a person sees of it, and what then stands in the tables, on both databases."""

from pathlib import Path
from typing import Any

import pytest

from crmcli.app import App
from tests.commands.test_imports import counts
from tests.conftest import Crm
from tests.importers.tables import SAMPLES

ORDERS = """Order ID,Order date,Customer,E-mail,Product,SKU,Qty,Unit price,Shipping,Total,Currency,Status
A-1,2026-11-02,Ada Lovelace,ada@engines.example,Red apples,APL,2,1.50,4.00,10.00,EUR,delivered
A-1,2026-11-02,Ada Lovelace,ada@engines.example,Basket,BSK,1,3.00,4.00,10.00,EUR,delivered
A-2,2026-11-09,Grace Hopper,grace@navy.example,Red apples,APL,1,1.50,,1.50,EUR,pending
"""
SHOPIFY = """Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,\
Discount Code,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,\
Billing Phone,Cancelled at,Refunded Amount,Id
#1001,ada@engines.example,partially_refunded,2026-09-03 10:20:00 -0400,fulfilled,EUR,48.00,6.00,0.00,54.00,FALL5,5.00,\
2026-09-03 22:14:00 -0400,2,Red apples,16.50,'0815,Ada Lovelace,'+442079460958,,10.00,5550000001
#1001,ada@engines.example,,,,,,,,,,,,1,Basket,20.00,,,,,,
#1002,grace@navy.example,pending,,,EUR,16.50,0.00,2.63,16.50,,0.00,2026-09-04 09:00:00 -0400,1,Red apples,16.50,'0815,\
Grace Hopper,,,0.00,5550000002
#1003,grace@navy.example,refunded,,restocked,EUR,16.50,0.00,2.63,16.50,,0.00,2026-09-04 09:00:00 -0400,1,Red apples,\
16.50,'0815,Grace Hopper,,2026-09-05 09:00:00 -0400,16.50,5550000003
"""


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS, "utf-8")
    return path


def written(tmp_path: Path, text: str, name: str = "file.csv") -> str:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return str(path)


def rows(app: App, sql: str) -> list[Any]:
    """The values of the rows, one without the other where there is but one column."""
    app.close()  # what another command wrote is seen afresh
    found = [tuple(row.values()) for row in app.store.rows(sql)]
    return [row[0] for row in found] if found and len(found[0]) == 1 else found


def amounts(app: App, column: str = "number") -> dict[str, tuple[int, ...]]:
    """Subtotal, discount, shipping, tax, total and paid of each order."""
    sql = f"SELECT {column}, subtotal, discount, shipping, tax, total, paid FROM sales_order ORDER BY id"
    return {row[0]: tuple(row[1:]) for row in rows(app, sql)}


def test_orders_are_taken_in_with_customers_products_lines_and_payments(crm: Crm, app: App, orders: Path) -> None:
    assert counts(crm, str(orders)) == [2, 0, 0, 0, 0]
    assert amounts(app) == {"A-1": (600, 0, 400, 0, 1000, 1000), "A-2": (150, 0, 0, 0, 150, 0)}
    assert rows(app, "SELECT status, financial_status, fulfillment_status FROM sales_order ORDER BY id") == [
        ("delivered", "paid", "fulfilled"),
        ("payment_due", "pending", "unfulfilled"),
    ]
    assert rows(app, "SELECT p.name, l.quantity, l.unit_price, l.amount FROM order_line l JOIN product p"
                     " ON p.id = l.product_id ORDER BY l.id") == [
        ("Red apples", 2000, 150, 300), ("Basket", 1000, 300, 300), ("Red apples", 1000, 150, 150),
    ]  # fmt: skip
    assert rows(app, "SELECT name, sku FROM product ORDER BY id") == [("Red apples", "APL"), ("Basket", "BSK")]
    assert rows(app, "SELECT amount, paid_on FROM payment") == [(1000, "2026-11-02")]
    assert rows(app, "SELECT display_name, order_count, first_order_on, last_order_on FROM contact ORDER BY id") == [
        ("Ada Lovelace", 1, "2026-11-02", "2026-11-02"),
        ("Grace Hopper", 1, "2026-11-09", "2026-11-09"),
    ]


def test_a_second_time_changes_nothing_and_what_changed_is_brought_up_to_date(crm: Crm, app: App, orders: Path) -> None:
    counts(crm, str(orders))
    assert counts(crm, str(orders)) == [0, 0, 2, 0, 0]
    orders.write_text(ORDERS.replace("pending", "shipped").replace(",1,1.50,,1.50", ",3,1.50,,4.50"), "utf-8")
    assert counts(crm, str(orders)) == [0, 1, 1, 0, 0]
    assert amounts(app)["A-2"] == (450, 0, 0, 0, 450, 450)
    assert rows(app, "SELECT status, financial_status FROM sales_order WHERE number = 'A-2'") == [
        ("in_transit", "paid")
    ]
    assert rows(app, "SELECT count(*) FROM order_line") == [3]
    assert rows(app, "SELECT count(*) FROM operation") == [2]


@pytest.mark.parametrize("part", [("--line", "1=1"), ()])
def test_what_came_back_here_stays_when_an_order_changes_there(
    crm: Crm, app: App, orders: Path, part: tuple[str, ...]
) -> None:
    counts(crm, str(orders))
    crm.ok("order", "return", "o1", *part, "--refund")
    before = amounts(app)["A-1"]
    orders.write_text(ORDERS.replace("10.00,EUR", "11.00,EUR").replace("BSK,1,3.00", "BSK,1,4.00"), "utf-8")
    assert counts(crm, str(orders)) == [0, 1, 1, 0, 0]
    after = amounts(app)["A-1"]
    assert [new - old for old, new in zip(before, after, strict=True)] == [100, 0, 0, 0, 100, 100]
    crm.ok("db", "verify")
    states = rows(app, "SELECT status, financial_status FROM sales_order WHERE number = 'A-1'")
    assert states == [("delivered" if part else "returned", "partially_refunded")]  # of the 11.00 that came now


def test_a_whole_import_is_taken_back_and_done_again(crm: Crm, app: App, orders: Path) -> None:
    counts(crm, str(orders))
    crm.ok("undo", "--yes")
    for table in ("sales_order", "contact", "product"):
        assert rows(app, f"SELECT count(*) FROM {table} WHERE deleted_at IS NULL") == [0]
    assert counts(crm, str(orders)) == [2, 0, 0, 0, 0]
    assert rows(app, "SELECT order_count FROM contact WHERE deleted_at IS NULL") == [1, 1]


def test_a_dry_run_changes_nothing(crm: Crm, app: App, orders: Path) -> None:
    assert counts(crm, str(orders), "--dry-run") == [2, 0, 0, 0, 0]
    assert rows(app, "SELECT count(*) FROM sales_order") == [0]


def test_customers_are_found_as_contacts_are(crm: Crm, app: App, tmp_path: Path) -> None:
    crm.ok("contact", "add", "Ada Lovelace", "--email", "ada@engines.example", "--phone", "+44 20 7946 0958")
    crm.ok("contact", "add", "Grace Hopper", "--external", "customer:77")
    crm.ok("contact", "add", "Alan Turing")
    crm.ok("company", "add", "Analytical Engines")
    text = """Order,Date,Customer,Customer ID,Email,Phone,Company,Total,Currency
1,2026-11-02,A. Lovelace,,ada@engines.example,,,10,EUR
2,2026-11-02,Ada Lovelace,,,020 7946 0958,,10,EUR
3,2026-11-02,,77,,,,10,EUR
4,2026-11-02,alan  turing,,,,,10,EUR
5,2026-11-02,,,,,analytical engines,10,EUR
6,2026-11-02,Analytical Engines,,,,,10,EUR
7,2026-11-02,,,,,,10,EUR
8,2026-11-02,Karen Jones,,,,,10,EUR
"""
    crm.ok("config", "set", "country", "GB")
    assert counts(crm, written(tmp_path, text)) == [8, 0, 0, 0, 0]
    whose = rows(app, "SELECT contact_id, company_id FROM sales_order ORDER BY id")
    assert whose == [(1, None), (1, None), (2, None), (3, None), (None, 1), (None, 1), (None, None), (4, None)]
    assert rows(app, "SELECT display_name FROM contact ORDER BY id")[-1] == "Karen Jones"
    assert rows(app, "SELECT order_count FROM company") == [2]


def test_who_ordered_is_a_customer(crm: Crm, app: App, tmp_path: Path) -> None:
    crm.ok("contact", "add", "Ada Lovelace", "--email", "ada@engines.example", "--lifecycle-stage", "lead")
    crm.ok("contact", "add", "Grace Hopper", "--email", "grace@navy.example", "--lifecycle-stage", "evangelist")
    text = """Order,Date,Email,Total,Currency,Status
1,2026-11-02,ada@engines.example,10,EUR,delivered
2,2026-11-02,grace@navy.example,10,EUR,delivered
3,2026-11-02,bob@looms.example,10,EUR,delivered
4,2026-11-02,eve@looms.example,10,EUR,cancelled
"""
    counts(crm, written(tmp_path, text))
    stages = rows(app, "SELECT lifecycle_stage AS a, display_name FROM contact ORDER BY id")
    assert [stage for stage, _ in stages] == ["customer", "evangelist", "customer", None]


def test_an_order_that_may_be_anybody_s_is_refused(crm: Crm, tmp_path: Path) -> None:
    for _ in range(2):
        crm.ok("contact", "add", "Karen Jones")
    result = crm("import", written(tmp_path, "Order,Date,Customer,Total,Currency\n1,2026-11-02,Karen Jones,10,EUR\n"))
    assert result.code == 5
    assert "it may be of any of c1, c2" in result.err


def test_shopify_orders_keep_refunds_discounts_and_protecting_apostrophes(crm: Crm, app: App, tmp_path: Path) -> None:
    assert counts(crm, written(tmp_path, SHOPIFY)) == [3, 0, 0, 0, 0]
    assert amounts(app) == {
        "#1001": (4300, 500, 600, 0, 4400, 4400),
        "#1002": (1650, 0, 0, 263, 1650, 0),
        "#1003": (0, 0, 0, 263, 0, 0),
    }
    assert rows(app, "SELECT ordered_on, status, financial_status, tax_included FROM sales_order ORDER BY id") == [
        ("2026-09-03", "delivered", "partially_refunded", 0),
        ("2026-09-04", "payment_due", "pending", 1),
        ("2026-09-04", "cancelled", "refunded", 1),
    ]
    assert rows(app, "SELECT order_id, name, amount FROM order_line WHERE quantity < 0 ORDER BY id") == [
        (1, "Refund", -1000),
        (3, "Refund", -1650),
    ]
    assert rows(app, "SELECT order_id, amount, paid_on FROM payment ORDER BY id") == [
        (1, 5400, "2026-09-03"),
        (1, -1000, "2026-09-03"),
        (3, 1650, "2026-09-04"),
        (3, -1650, "2026-09-05"),
    ]
    assert rows(app, "SELECT name, sku FROM product ORDER BY id") == [("Red apples", "0815"), ("Basket", None)]
    assert rows(app, "SELECT external FROM sales_order ORDER BY id")[0] == "shopify-order:5550000001"
    assert '"discount_code":"FALL5"' in rows(app, "SELECT custom FROM sales_order ORDER BY id")[0]
    assert rows(app, "SELECT e164 FROM phone") == ["+442079460958"]


def test_cancelled_orders_count_for_nothing(crm: Crm, app: App, tmp_path: Path) -> None:
    counts(crm, written(tmp_path, SHOPIFY))
    assert rows(app, "SELECT display_name, order_count FROM contact ORDER BY id") == [
        ("Ada Lovelace", 1),
        ("Grace Hopper", 1),
    ]


def test_amounts_that_do_not_add_up_are_kept_and_told_once(crm: Crm, app: App, tmp_path: Path) -> None:
    text = "Order,Date,Email,Product,Qty,Price,Total,Currency\n"
    text += "".join(f"{number},2026-11-02,ada@engines.example,Apple,1,1.00,7.00,EUR\n" for number in range(3))
    result = crm("import", written(tmp_path, text))
    assert result.err.count("do not come to their total") == 1
    assert "(3)" in result.err
    assert rows(app, "SELECT subtotal, discount, shipping, tax, total FROM sales_order LIMIT 1") == [
        (100, 0, 0, 0, 700)
    ]


def test_a_total_on_each_row_is_that_of_the_line(crm: Crm, app: App, tmp_path: Path) -> None:
    text = """Order,Date,Email,Product,Qty,Price,Total,Currency
1,2026-11-02,ada@engines.example,Apple,2,1.00,2.00,EUR
1,2026-11-02,ada@engines.example,Pear,1,2.00,2.00,EUR
2,2026-11-02,ada@engines.example,Apple,1,,1.00,EUR
2,2026-11-02,ada@engines.example,Pear,3,,5.00,EUR
"""
    assert counts(crm, written(tmp_path, text)) == [2, 0, 0, 0, 0]
    assert amounts(app) == {"1": (400, 0, 0, 0, 400, 400), "2": (600, 0, 0, 0, 600, 600)}
    assert rows(app, "SELECT unit_price, amount FROM order_line WHERE order_id = 2 ORDER BY id") == [
        (100, 100),
        (167, 500),
    ]


def test_taxes_of_each_row_are_added_up(crm: Crm, app: App, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(
        "Order ID,Order date,Customer,Product,Qty,Unit price,Discount,Tax,Shipping,Total,Currency,Status\n"
        "1,2026-11-02,Ada,Tea,2,1.50,0.50,0.48,4.00,10.55,EUR,paid\n"
        "1,2026-11-02,Ada,Cup,1,3.00,,0.57,4.00,10.55,EUR,paid\n"
        "2,2026-11-02,Ada,Tea,2,1.50,0.25,0.50,4.00,9.75,EUR,paid\n"
        "2,2026-11-02,Ada,Cup,1,3.00,0.50,0.50,4.00,9.75,EUR,paid\n"
    )
    done = crm("import", str(file))
    assert "do not come to their total" not in done.err
    both = [app.orders.get(key) for key in (1, 2)]
    assert [(one["tax"], one["shipping"], one["discount"], one["total"]) for one in both] == [
        ("1.05", "4.00", "0.50", "10.55"),
        ("0.50", "4.00", "0.75", "9.75"),
    ]


@pytest.mark.parametrize(
    ("rows_of_it", "found", "tax_included"),
    [
        (("4,2.50,1.00,0.90,2.00,11.90", "1,3.00,0.50,0.25,3.00,5.75"), (1300, 150, 500, 115, 1765, 1765), 0),
        (("4,2.50,1.00,0.90,2.00,11.90", "4,2.50,1.00,0.90,2.00,11.90"), (2000, 200, 400, 180, 2380, 2380), 0),
        (("4,2.50,1.00,1.44,2.00,11.00", "1,3.00,,0.48,2.00,5.00"), (1300, 100, 400, 192, 1600, 1600), 1),
        (("200,1.005,,38.19,,239.19", "1,3.00,,0.57,,3.57"), (20400, 0, 0, 3876, 24276, 24276), 0),
        (("1,2.50,,,4.00,9.50", "1,3.00,,,0.00,9.50"), (550, 0, 400, 0, 950, 950), 0),
    ],
)
def test_a_total_on_each_row_may_hold_its_own_tax_shipping_and_discount(
    crm: Crm, app: App, tmp_path: Path, rows_of_it: tuple[str, ...], found: tuple[int, ...], tax_included: int
) -> None:
    titles = "Order ID,Order date,Customer,Product,Qty,Unit price,Discount,Tax,Shipping,Total,Currency,Status\n"
    lines = [f"1,2026-11-02,Ada,Thing {place},{row},EUR,paid\n" for place, row in enumerate(rows_of_it)]
    done = crm("import", written(tmp_path, titles + "".join(lines)))
    assert "do not come to their total" not in done.err
    assert amounts(app) == {"1": found}
    assert rows(app, "SELECT sum(amount) FROM order_line") == [found[0]]
    assert rows(app, "SELECT tax_included FROM sales_order") == [tax_included]
    crm.ok("db", "verify")


def test_rows_of_different_currencies_are_no_order(crm: Crm, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(
        "Order ID,Order date,Customer,Product,Qty,Unit price,Total,Currency\n"
        "1,2026-11-02,Ada,Tea,2,1.50,3.00,EUR\n"
        "1,2026-11-02,Ada,Cup,2,1.50,3.00,USD\n"
    )
    refused = crm("import", str(file))
    assert refused.code == 5
    assert "its rows are in different currencies: EUR, USD" in refused.err
    assert crm.json("order", "list")["items"] == []


def test_lines_of_an_order_that_stand_apart_are_refused(crm: Crm, app: App, tmp_path: Path) -> None:
    lines = ORDERS.splitlines()
    text = "\n".join([lines[0], lines[1], lines[3], lines[2]])
    rejects = tmp_path / "rejects.csv"
    path = written(tmp_path, text)
    assert counts(crm, path, "--rejects", str(rejects), code=5) == [2, 0, 0, 0, 1]
    assert counts(crm, path, code=5) == [0, 0, 2, 0, 1]
    assert "must follow each other" in rejects.read_text("utf-8")
    assert len(rows(app, "SELECT id FROM order_line")) == 2


def test_the_same_order_twice_is_one(crm: Crm, tmp_path: Path) -> None:
    assert counts(crm, written(tmp_path, ORDERS + "".join(ORDERS.splitlines(keepends=True)[1:]))) == [2, 0, 2, 0, 0]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("1,someday,ada@engines.example,10,EUR", "'someday' is no day"),
        ("1,2026-11-02,ada@engines.example,much,EUR", "'much' is no amount of money"),
        ("1,2026-11-02,ada@engines.example,10.005,EUR", "more decimals than EUR"),
        ("1,2026-11-02,ada@engines.example,10,EURO", "'EURO' is no currency"),
        ("1,2026-11-02,ada@engines.example,10,", "no currency; name it with --currency"),
        ("1,2026-11-02,no address,10,EUR", "e-mail"),
        (",2026-11-02,ada@engines.example,10,EUR", "the order has no number"),
        ("1,2026-11-02,ada@engines.example,99999999999999.99,EUR", "is no amount of money"),
    ],
)
def test_what_is_no_order_is_refused_with_its_line_and_reason(crm: Crm, tmp_path: Path, row: str, why: str) -> None:
    path = written(tmp_path, f"Order,Date,Email,Total,Currency\n9,2026-11-02,bob@x.example,1,EUR\n{row}\n")
    result = crm("import", path)
    assert result.code == 5
    assert f"{path}:3: " in result.err
    assert why in result.err
    assert counts(crm, path, code=5) == [0, 0, 1, 0, 1]


def test_a_currency_is_named_in_the_file_by_a_flag_or_by_a_setting(crm: Crm, app: App, tmp_path: Path) -> None:
    path = written(tmp_path, "Order,Date,Email,Total\n1,2026-11-02,ada@engines.example,10\n")
    result = crm("import", path)
    assert result.code == 2
    assert "--currency" in result.err
    assert counts(crm, path, "--currency", "jpy") == [1, 0, 0, 0, 0]
    crm.ok("config", "set", "currency", "CHF")
    other = written(tmp_path, "Order,Date,Email,Total\n2,2026-11-02,ada@engines.example,10\n", "other.csv")
    assert counts(crm, other) == [1, 0, 0, 0, 0]
    assert rows(app, "SELECT currency, total FROM sales_order ORDER BY id") == [("JPY", 10), ("CHF", 1000)]


def test_transactions_without_numbers_are_known_again_by_customer_and_day(crm: Crm, app: App, tmp_path: Path) -> None:
    text = "Customer ID,Date,Amount\n7,2026-01-02,12.50\n7,2026-01-02,12.50\n8,03.01.2026,1\n"
    path = written(tmp_path, text)
    assert counts(crm, path, "--currency", "EUR") == [3, 0, 0, 0, 0]
    assert counts(crm, path, "--currency", "EUR") == [0, 0, 3, 0, 0]
    assert rows(app, "SELECT count(*) FROM contact") == [2]
    longer = written(tmp_path, text + "8,2026-01-04,2\n", "longer.csv")
    assert counts(crm, longer, "--currency", "EUR") == [1, 0, 3, 0, 0]


def test_columns_that_are_not_known_are_mapped_by_hand(crm: Crm, app: App, tmp_path: Path) -> None:
    path = written(tmp_path, "Wer,Wann,Wieviel\nAda Lovelace,2026-01-02,12.50\n")
    maps = ["--map", "Wer=customer_name", "--map", "Wann=ordered_at", "--map", "Wieviel=total"]
    assert counts(crm, path, "--as", "orders", *maps, "--currency", "EUR") == [1, 0, 0, 0, 0]
    assert rows(app, "SELECT o.total, c.display_name FROM sales_order o JOIN contact c ON c.id = o.contact_id") == [
        (1250, "Ada Lovelace")
    ]


def test_what_was_deleted_here_does_not_come_back(crm: Crm, app: App, orders: Path) -> None:
    counts(crm, str(orders))
    with app.writing() as gate:
        gate.update("sales_order", 1, {"deleted_at": gate.now})
    orders.write_text(ORDERS.replace("10.00", "11.00"), "utf-8")
    assert counts(crm, str(orders)) == [0, 0, 1, 1, 0]


def test_whoever_was_erased_does_not_come_back_with_an_order(crm: Crm, app: App, orders: Path) -> None:
    crm.ok("contact", "add", "Ada Lovelace", "--email", "ada@engines.example")
    crm.ok("privacy", "erase", "c1", "--yes")
    assert counts(crm, str(orders)) == [1, 0, 0, 1, 0]
    assert rows(app, "SELECT number FROM sales_order") == ["A-2"]


# --- lists as CDNOW's

CDNOW = """ 00004 0001 19970101  2   29.33
 00004 0001 19970118  2   29.73
 00021 0002 19970101  3   63.34
 00021 0002 19970101  3   63.34
"""


def test_a_transaction_list_without_a_header_is_known_for_certain(crm: Crm, app: App, tmp_path: Path) -> None:
    path = written(tmp_path, CDNOW, "list.txt")
    assert crm("import", path).code == 2
    assert counts(crm, path, "--currency", "USD") == [4, 0, 0, 0, 0]
    assert counts(crm, path, "--currency", "USD") == [0, 0, 4, 0, 0]
    assert amounts(app, "external")["cdnow:00004:1997-01-01"] == (2933, 0, 0, 0, 2933, 2933)
    assert rows(app, "SELECT name, quantity, unit_price, amount FROM order_line LIMIT 1") == [("CD", 2000, 1467, 2933)]
    assert rows(app, "SELECT display_name, order_count FROM contact ORDER BY id") == [
        ("Customer 00004", 2),
        ("Customer 00021", 2),
    ]


def test_lines_that_are_no_transaction_are_refused(crm: Crm, tmp_path: Path) -> None:
    broken = CDNOW + " 00021 0002 19970231  3   63.34\n 00021 19970201  3\n\n 00021 19970201  3 1.234\n"
    rejects = tmp_path / "rejects.txt"
    path = written(tmp_path, broken, "list.txt")
    assert counts(crm, path, "--as", "cdnow", "--currency", "USD", "--rejects", str(rejects), code=5) == [4, 0, 0, 0, 3]
    told = rejects.read_text("utf-8")
    assert "19970231 is no day" in told
    assert '"_line": 6' in told


@pytest.mark.skipif(not SAMPLES.exists(), reason=f"{SAMPLES} is not there")
def test_the_cdnow_sample_comes_to_its_published_numbers(crm_sqlite: Crm, app_sqlite: App) -> None:
    (path,) = (SAMPLES / "cdnow").iterdir()
    assert counts(crm_sqlite, str(path), "--currency", "USD") == [6919, 0, 0, 0, 0]
    assert rows(app_sqlite, "SELECT count(*), sum(order_count) FROM contact") == [(2357, 6919)]
    told = sum(round(float(line.split()[4]) * 100) for line in path.read_text().splitlines())
    assert rows(app_sqlite, "SELECT sum(total), sum(paid) FROM sales_order") == [(told, told)]
    assert counts(crm_sqlite, str(path), "--currency", "USD") == [0, 0, 6919, 0, 0]


@pytest.mark.skipif(not SAMPLES.exists(), reason=f"{SAMPLES} is not there")
def test_the_shopify_sample_is_taken_in_whole(crm_sqlite: Crm, app_sqlite: App) -> None:
    (path,) = (SAMPLES / "csv-shopify").iterdir()
    assert counts(crm_sqlite, str(path)) == [8, 0, 0, 0, 0]
    assert rows(app_sqlite, "SELECT sum(total), sum(paid) FROM sales_order") == [(98500, 98500)]
    assert rows(app_sqlite, "SELECT count(*) FROM sales_order WHERE contact_id IS NULL") == [1]


def test_lines_that_changed_come_in_again(crm: Crm, tmp_path: Path) -> None:
    head = "order_id,date,customer,product,qty,price,currency\n"
    path = written(tmp_path, f"{head}A1,2026-01-05,Dora,Socks,2,5,EUR\n")
    assert counts(crm, path) == [1, 0, 0, 0, 0]
    written(tmp_path, f"{head}A0,2026-01-05,Dora,Hat,1,7,EUR\nA1,2026-01-05,Dora,Red socks,1,10,EUR\n")
    later = {"CRM_NOW": "2026-11-21T10:00:00Z"}
    assert crm.ok("import", path, "--fields", "created,updated,rejected", env=later).split()[3:] == ["1", "1", "0"]
    order = crm.json("order", "show", "A1")["item"]
    assert [(line["name"], line["quantity"]) for line in order["lines"]] == [("Red socks", "1")]


def test_a_status_that_is_not_understood_is_refused_where_nothing_else_tells(crm: Crm, tmp_path: Path) -> None:
    head = "order_id,date,email,total,status,paid,currency\n"
    rows = "1,2026-01-05,a@x.example,50,Weird,,EUR\n2,2026-01-05,a@x.example,50,storniert,,EUR\n"
    path = written(tmp_path, f"{head}{rows}3,2026-01-05,a@x.example,50,Weird,20,EUR\n")
    result = crm("import", path)
    assert result.code == 5
    assert "how far the order is cannot be told: its status is 'Weird'; write one of: draft, payment_due" in result.err
    found = crm.json("order", "list", "--sort", "date")["items"]
    told = [(one["number"], one["status"], one["financial_status"], one["custom"]) for one in found]
    assert told == [
        ("2", "cancelled", "voided", {}),
        ("3", "payment_due", "partially_paid", {"status_text": "Weird"}),
    ]


def test_a_column_tells_what_its_marks_mean(crm: Crm, tmp_path: Path) -> None:
    head = "Order;Date;Customer;Item;Qty;Price;Currency\n"
    rows = (
        "X1;2026-01-05;Dora;A;1,5;4,50;EUR\nX2;2026-01-05;Dora;A;1;1.049,50;EUR\nX3;2026-01-05;Dora;A;1.000;1.250;EUR\n"
    )
    assert counts(crm, written(tmp_path, head + rows)) == [3, 0, 0, 0, 0]
    totals = {one["number"]: one["total"] for one in crm.json("order", "list")["items"]}
    assert totals == {"X1": "6.75", "X2": "1049.50", "X3": "1250000.00"}
    points = "Y1;2026-01-05;Dora;A;1;4.50;EUR\nY2;2026-01-05;Dora;A;1;1,250;EUR\n"
    assert counts(crm, written(tmp_path, head + points, "points.csv")) == [2, 0, 0, 0, 0]
    totals = {one["number"]: one["total"] for one in crm.json("order", "list")["items"]}
    assert (totals["Y1"], totals["Y2"]) == ("4.50", "1250.00")
