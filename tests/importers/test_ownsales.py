"""Our own orders, products, deals and cases in JSON, read again by their uids, on both databases."""

import json
from pathlib import Path
from typing import Any

import pytest

from crmcli.app import App
from tests.commands.test_import_orders import rows, written
from tests.commands.test_imports import counts
from tests.conftest import Crm

ADA = {"uid": "01a223d9-1130-7793-910f-c89d20bc7140", "display_name": "Ada Lovelace", "email": "ada@engines.example"}
PRODUCT = {
    "uid": "01a223d9-1900-762d-af98-cbce6fdfbd2e", "name": "Red apples", "sku": "APL", "category": "fruit",
    "unit": None,
    "description": None, "tax_rate": "7%", "active": True, "external": None, "custom": {},
    "price_list": [{"currency": "EUR", "amount": "1.50", "from": None}],
}  # fmt: skip
LINE = {
    "line": 1, "product_uid": PRODUCT["uid"], "name": "Red apples", "sku": "APL", "quantity": "2", "unit_price": "7.50",
    "discount": "1.50", "tax_rate": "19%", "tax": "2.57", "amount": "13.50", "shipped": "2", "return_of": None,
    "returned_on": None,
}  # fmt: skip
BACK = {**LINE, "line": 2, "quantity": "-1", "discount": "-0.75", "tax": "-1.28", "amount": "-6.75", "return_of": 1,
        "returned_on": "2026-11-19"}  # fmt: skip
ORDER = {
    "uid": "01a223d9-4bc8-7f20-9780-3c26c7eeb0d0", "number": "A-1", "ordered_on": "2026-11-18", "contact": ADA,
    "company": None, "status": "delivered", "financial_status": "partially_refunded", "fulfillment_status": "fulfilled",
    "currency": "EUR", "tax_included": False, "subtotal": "6.75", "discount": "0.00", "shipping": "4.00", "tax": "1.29",
    "total": "12.04", "paid": "12.04", "due_on": None, "paid_on": "2026-11-18", "deal": None, "owner": "ada",
    "source": None, "note": "Ring twice", "recurrence": None, "series": None, "occurs_on": None, "external": "web:A-1",
    "custom": {"gift": "yes"}, "lines": [LINE, BACK],
    "payments": [{"amount": "20.07", "paid_on": "2026-11-18", "method": "card", "reference": None},
                 {"amount": "-8.03", "paid_on": "2026-11-19", "method": None, "reference": None}],
}  # fmt: skip
DEAL = {
    "uid": "01a223d9-8278-7f06-8b20-05649f242d45", "name": "Engine No. 2", "status": "open", "pipeline": "Sales",
    "stage": "proposal", "amount": "12000.00", "currency": "EUR", "probability": None, "forecast_category": None,
    "close_date": "2026-12-15", "contact": ADA, "company": None, "owner": "ada", "source": None, "lost_reason": None,
    "closed_at": None, "external": None, "custom": {}, "lines": [], "note": None,
    "contacts": [{"uid": "01a223d9-1130-7793-910f-c89d20bc7141", "display_name": "Charles Babbage",
                  "email": "cb@engines.example", "role": "decision maker"}],
    "stages": [{"stage": "prospecting", "entered_at": "2026-11-10T10:00:00Z", "left_at": "2026-11-12T10:00:00Z"},
               {"stage": "proposal", "entered_at": "2026-11-12T10:00:00Z", "left_at": None}],
}  # fmt: skip
CASE = {
    "uid": "01a223d9-6b08-7f90-a7fe-580c1df6005d", "subject": "It squeaks", "description": None, "status": "pending",
    "priority": "high", "type": "incident", "channel": None, "contact": ADA, "company": None,
    "product": {"uid": PRODUCT["uid"], "name": "Red apples", "sku": "APL"},
    "order": {"uid": ORDER["uid"], "number": "A-1"}, "owner": "ada", "opened_at": "2026-11-18T20:29:41Z",
    "first_response_at": None, "response_due_at": "2026-11-19T13:00:00Z", "resolution_due_at": None,
    "resolved_at": None,
    "closed_at": None, "resolution": None, "reopen_count": 0, "satisfaction": None, "external": None, "custom": {},
}  # fmt: skip
EVERYTHING = {"product": PRODUCT, "order": ORDER, "deal": DEAL, "case": CASE}


def exported(tmp_path: Path, noun: str, **changed: Any) -> str:
    record = {**EVERYTHING[noun], **changed}
    text = json.dumps({"schema": f"crm.{noun}.list/1", "items": [record]})
    return written(tmp_path, text, f"{noun}.json")


def test_all_of_them_come_back_and_a_second_time_changes_nothing(crm: Crm, app: App, tmp_path: Path) -> None:
    for noun in EVERYTHING:
        path = exported(tmp_path, noun)
        assert counts(crm, path) == [1, 0, 0, 0, 0]
        assert counts(crm, path) == [0, 0, 1, 0, 0]
        assert counts(crm, path, "--on-match", "fill") == [0, 0, 1, 0, 0], "told by its uid, not by its text alone"
    assert rows(app, "SELECT uid, display_name FROM contact ORDER BY id") == [
        (ADA["uid"], "Ada Lovelace"),
        (DEAL["contacts"][0]["uid"], "Charles Babbage"),  # type: ignore[index]
    ]
    assert rows(app, "SELECT number, subtotal, total, paid, custom FROM sales_order") == [
        ("A-1", 675, 1204, 1204, '{"gift":"yes"}')
    ]
    assert rows(app, "SELECT product_id, quantity, unit_price, tax_rate, tax, amount, return_of FROM order_line") == [
        (1, 2000, 750, 19000, 257, 1350, None),
        (1, -1000, 750, 19000, -128, -675, 1),
    ]
    assert rows(app, "SELECT amount, method FROM payment ORDER BY id") == [(2007, "card"), (-803, None)]
    assert rows(app, "SELECT tax_rate, sku FROM product") == [(7000, "APL")]
    assert rows(app, "SELECT amount, currency, valid_from FROM price") == [(150, "EUR", "0001-01-01")]
    assert rows(app, "SELECT role, contact_id FROM deal_contact") == [("decision maker", 2)]
    assert rows(app, "SELECT entered_at, left_at FROM deal_stage ORDER BY id") == [
        ("2026-11-10T10:00:00Z", "2026-11-12T10:00:00Z"),
        ("2026-11-12T10:00:00Z", None),
    ]
    assert rows(app, "SELECT contact_id, product_id, order_id, status FROM support_case") == [(1, 1, 1, "pending")]
    assert rows(app, "SELECT status, entered_at FROM case_status") == [("pending", "2026-11-18T20:29:41Z")]
    assert rows(app, "SELECT order_count AS n, display_name FROM contact ORDER BY id")[0] == (1, "Ada Lovelace")


def test_what_changed_there_changes_here(crm: Crm, app: App, tmp_path: Path) -> None:
    counts(crm, exported(tmp_path, "order"))
    assert counts(crm, exported(tmp_path, "order", lines=[LINE], subtotal="13.50", total="20.07")) == [0, 1, 0, 0, 0]
    assert rows(app, "SELECT count(*) FROM order_line") == [1]
    crm.ok("undo", "--yes")
    assert rows(app, "SELECT count(*) FROM order_line") == [2]


@pytest.mark.parametrize("noun", ["order", "deal", "case"])
def test_an_owner_whom_nobody_knows_is_kept_as_text(crm: Crm, app: App, tmp_path: Path, noun: str) -> None:
    table = {"order": "sales_order", "deal": "deal", "case": "support_case"}[noun]
    said = [(None, '{"owner_name":"nobody"}')]
    assert counts(crm, exported(tmp_path, noun, owner="nobody", custom={})) == [1, 0, 0, 0, 0]
    assert rows(app, f"SELECT owner_id, custom FROM {table}") == said
    assert counts(crm, exported(tmp_path, noun, custom={})) == [0, 1, 0, 0, 0]
    assert rows(app, f"SELECT owner_id, custom FROM {table}") == [(1, None)]
    assert counts(crm, exported(tmp_path, noun, owner="somebody", custom={})) == [0, 1, 0, 0, 0]
    assert rows(app, f"SELECT owner_id, custom FROM {table}") == [(1, '{"owner_name":"somebody"}')], "goes on"


@pytest.mark.parametrize("said", ["grace", "GRACE@navy.example", "grace  hopper"])
@pytest.mark.parametrize("noun", ["order", "deal", "case"])
def test_an_owner_is_known_by_name_address_and_display_name(
    crm: Crm, app: App, tmp_path: Path, noun: str, said: str
) -> None:
    crm.ok("user", "add", "grace", "--email", "grace@navy.example", "--display-name", "Grace Hopper")
    counts(crm, exported(tmp_path, noun, owner=said, custom={}))
    table = {"order": "sales_order", "deal": "deal", "case": "support_case"}[noun]
    asked = f"SELECT u.name, t.custom FROM {table} t JOIN user_account u ON u.id = t.owner_id"
    assert rows(app, asked) == [("grace", None)]


@pytest.mark.parametrize(("noun", "id"), [("order", "o1"), ("deal", "d1"), ("case", "cs1"), ("product", "p1")])
def test_what_was_deleted_here_is_left_and_how_it_comes_back_is_told(
    crm: Crm, tmp_path: Path, noun: str, id: str
) -> None:
    counts(crm, exported(tmp_path, noun))
    crm.ok(noun, "rm", id)
    [skipped] = crm.json("import", exported(tmp_path, noun, custom={"colour": "red"}))["item"]["files"][0]["skips"]
    assert skipped == {"reason": f"deleted here; crm {noun} restore {id} brings it back", "count": 1}
    crm.ok(noun, "restore", id)


def test_what_was_paid_is_the_sum_of_payments(crm: Crm, app: App, tmp_path: Path) -> None:
    assert counts(crm, exported(tmp_path, "order", payments=[])) == [1, 0, 0, 0, 0]
    assert rows(app, "SELECT amount, paid_on FROM payment") == [(1204, ORDER["paid_on"] or ORDER["ordered_on"])]
    crm.ok("order", "pay", "o1", "2", "--refund")
    assert rows(app, "SELECT paid FROM sales_order") == [1004]
    crm.ok("db", "verify")


def test_an_order_that_comes_again_keeps_its_rule(crm: Crm, app: App, tmp_path: Path) -> None:
    rule = {"rule": "FREQ=MONTHLY;BYMONTHDAY=18", "words": "every month on the 18th"}
    counts(crm, exported(tmp_path, "order", recurrence=rule, series=ORDER["uid"], occurs_on="2026-11-18"))
    assert rows(app, "SELECT recurrence, recurs_from, occurs_on FROM sales_order") == [
        (rule["rule"], "due", "2026-11-18")
    ]


TABLES = {
    "products": "uid,name,sku,category,unit,description,tax,active,price_list,external,custom\n"
    "01a223d9-1900-762d-af98-cbce6fdfbd2e,Red apples,APL,,,,7%,true,1.50 EUR; 1.70 EUR from 2026-01-01,,size=L\n",
    "orders": "uid,number,ordered_on,contact,status,financial_status,fulfillment_status,currency,tax_included,subtotal,"
    "total,paid,recurrence,occurs_on,lines,payments\n"
    "01a223d9-4bc8-7f20-9780-3c26c7eeb0d0,A-1,2026-11-18,Ada Lovelace; email=ada@engines.example,delivered,paid,"
    "fulfilled,EUR,false,16.50,16.50,16.50,every month on the 18th,2026-11-18,"
    "2 x Red apples @ 7.50 EUR -1.50 tax 19%; 1.5 x Pear @ 2.00 EUR,2026-11-18 16.50 card\n",
    "cases": "uid,subject,status,priority,product,order,opened_at,resolution_due_at,people\n"
    "01a223d9-6b08-7f90-a7fe-580c1df6005d,It squeaks,open,high,Red apples,A-1,2026-11-18T20:29:41Z,,Ada Lovelace; "
    "email=ada@engines.example\n",
    "deals": "uid,name,status,pipeline,stage,amount,currency,stages,contacts,lines,people\n"
    "01a223d9-8278-7f06-8b20-05649f242d45,Mill,open,Sales,proposal,10.00,EUR,proposal=2026-11-12T10:00:00Z,,"
    "1 x APL @ 10.00 EUR,Ada Lovelace; email=ada@engines.example\n",
}


def test_our_tables_are_read_again(crm: Crm, app: App, tmp_path: Path) -> None:
    for name, text in TABLES.items():
        path = written(tmp_path, text, f"{name}.csv")
        assert counts(crm, path) == [1, 0, 0, 0, 0]
        assert counts(crm, path, "--on-match", "fill") == [0, 0, 1, 0, 0], name
    assert rows(app, "SELECT amount, valid_from FROM price ORDER BY id") == [(150, "0001-01-01"), (170, "2026-01-01")]
    assert rows(app, "SELECT name, quantity, discount, tax_rate, amount FROM order_line ORDER BY id") == [
        ("Red apples", 2000, 150, 19000, 1350),
        ("Pear", 1500, 0, None, 300),
    ]
    assert rows(app, "SELECT amount, name, product_id FROM deal_line") == [(1000, "Red apples", 1)]
    assert rows(app, "SELECT product_id, sku, shipped FROM order_line ORDER BY id") == [
        (1, "APL", 2000),
        (None, None, 1500),
    ]
    crm.ok("db", "verify")
    assert rows(app, "SELECT amount, method FROM payment") == [(1650, "card")]
    assert rows(app, "SELECT recurrence FROM sales_order") == ["FREQ=MONTHLY;BYMONTHDAY=18"]
    assert rows(app, "SELECT product_id, order_id, contact_id FROM support_case") == [(1, 1, 1)]
    assert rows(app, "SELECT contact_id, amount FROM deal") == [(1, 1000)]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("2 x Pear @ 7.50 EUR -1.50 EUR", (2000, 750, 150, 1350)),
        ("2 x Pear @ 7.50 -1.50", (2000, 750, 150, 1350)),
        ("2 x Pear @ EUR 7.50 -10%", (2000, 750, 150, 1350)),
        ("-1 x Pear @ 10.00 EUR -1.00", (-1000, 1000, -100, -900)),
        ("-1 x Pear @ 10.00 EUR; discount=0.50; amount=-10.50", (-1000, 1000, 50, -1050)),
    ],
)
def test_lines_as_people_write_them(crm: Crm, app: App, tmp_path: Path, lines: str, found: tuple[int, ...]) -> None:
    text = TABLES["orders"].replace("2 x Red apples @ 7.50 EUR -1.50 tax 19%; 1.5 x Pear @ 2.00 EUR", lines)
    assert counts(crm, written(tmp_path, text.replace(",16.50,16.50,16.50,", ",,,,"))) == [1, 0, 0, 0, 0]
    assert rows(app, "SELECT quantity, unit_price, discount, amount FROM order_line") == [found]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("2 x Pear", "'2 x Pear' is no line: it has no price; one looks like: 2 x Red apples @ 7.50 EUR"),
        ("2 x Pear @ cheap", "'2 x Pear @ cheap' is no line: 'cheap' behind @ is not a price"),
        ("2 x Pear @ 7.50 USD", "a line is in USD, and the whole in EUR"),
        ("2 x Pear @ 7.50 EUR -1 USD", "is no line: a line has one currency"),
        ("2 x Pear @ 7.50 EUR; return_of=first", "first"),
    ],
)
def test_lines_that_are_none(crm_sqlite: Crm, tmp_path: Path, lines: str, why: str) -> None:
    text = TABLES["orders"].replace("2 x Red apples @ 7.50 EUR -1.50 tax 19%; 1.5 x Pear @ 2.00 EUR", lines)
    result = crm_sqlite("import", written(tmp_path, text))
    assert result.code == 5
    assert why in result.err


def test_a_table_says_which_customer_is_a_company(crm: Crm, app: App, tmp_path: Path) -> None:
    crm.ok("company", "add", "Engines")
    crm.ok("deal", "add", "Mill", "--company", "co1", "--no-next")
    crm.ok("case", "open", "co1", "It squeaks")
    tables = [crm.ok("export", noun, "-o", "csv") for noun in ("deals", "cases")]
    crm.ok("db", "verify")
    for noun, text in zip(("deal", "case"), tables, strict=True):
        old = text.split("\n")[1][:36]
        path = written(tmp_path, text.replace(old, f"{old[:-4]}ffff"), f"{noun}.csv")
        assert counts(crm, path) == [1, 0, 0, 0, 0]
    assert rows(app, "SELECT contact_id, company_id FROM deal") == [(None, 1), (None, 1)]
    assert rows(app, "SELECT contact_id, company_id FROM support_case") == [(None, 1), (None, 1)]


@pytest.mark.parametrize(
    ("noun", "changed", "why"),
    [
        ("order", {"total": 12}, "should be a text"),
        ("order", {"total": "lots"}, "not an amount"),
        ("order", {"currency": "EURO"}, "EURO"),
        ("order", {"ordered_on": "yesterday"}, "no day"),
        ("order", {"lines": "none"}, "no list of objects"),
        ("order", {"lines": [{**LINE, "quantity": "many"}]}, "no quantity"),
        ("order", {"status": "eaten"}, "is not a status"),
        ("order", {"paid": "99.00"}, "its payments come to 12.04 EUR, and it says 99.00 EUR"),
        ("order", {"subtotal": "1.00"}, "its lines come to 6.75 EUR, and it says 1.00 EUR"),
        ("order", {"custom": ["a"]}, "custom is no object"),
        ("deal", {"stages": [{"stage": "won", "entered_at": "now"}]}, "now"),
        ("product", {"tax_rate": "much"}, "no tax rate"),
        ("case", {"reopen_count": -1}, "whole number"),
        ("case", {"contact": "Ada"}, "contact is no object"),
    ],
)
def test_values_of_another_kind_are_refused(
    crm_sqlite: Crm, tmp_path: Path, noun: str, changed: dict[str, Any], why: str
) -> None:
    path = exported(tmp_path, noun, **changed)
    result = crm_sqlite("import", path)
    assert result.code == 5
    assert why in result.err
