"""Shopify: customers of both kinds of export, and orders with a row for each line."""

import pytest

from crmcli.importers import orderrows
from crmcli.importers.base import CERTAIN, LIKELY, Draft, Item, Refused
from crmcli.importers.shopify import FORMATS
from tests.importers.tables import SAMPLES, best, custom, drafts, items, sheet, source, values

CUSTOMER = {
    "Customer ID": "'6543210987654",
    "First Name": "Ada",
    "Last Name": "'t Hooft",
    "Email": "ada@engines.example",
    "Accepts Email Marketing": "yes",
    "Default Address Company": "Analytical Engines",
    "Default Address Address1": "1 Mill Lane",
    "Default Address Address2": "Floor 2",
    "Default Address City": "Utrecht",
    "Default Address Province Code": "UT",
    "Default Address Country Code": "NL",
    "Default Address Zip": "'3511 AB",
    "Default Address Phone": "'+31 30 123 4567",
    "Phone": "'+31612345678",
    "Accepts SMS Marketing": "no",
    "Total Spent": "120.50",
    "Total Orders": "3",
    "Note": "Likes apples",
    "Tax Exempt": "no",
    "Tags": "vip, horeca",
    "Shoe size (customer.metafields.facts.shoe_size)": "38",
}


def test_a_customer_without_the_apostrophes_of_the_export() -> None:
    (draft,) = drafts(FORMATS, [CUSTOMER])
    assert draft.noun == "contact"
    found = draft.values
    assert found["external"] == ["shopify:6543210987654"]
    assert found["family_name"] == "'t Hooft"
    assert [entry["raw"] for entry in found["phone"]] == ["+31 30 123 4567", "+31612345678"]
    assert found["address"] == [
        {
            "street_address": "1 Mill Lane",
            "extended_address": "Floor 2",
            "locality": "Utrecht",
            "region": "UT",
            "country_code": "NL",
            "postal_code": "3511 AB",
        }
    ]
    assert found["company"] == [{"name": "Analytical Engines"}]
    assert found["tag"] == ["vip", "horeca"]
    assert found["notes"] == "Likes apples"
    assert custom(found) == {"total_spent": "120.50", "total_orders": "3", "tax_exempt": "no", "shoe_size": "38"}


def test_marketing_that_is_accepted_and_that_is_not() -> None:
    entries = values(FORMATS, CUSTOMER)["consent"]
    assert [(entry["channel"], entry["state"]) for entry in entries] == [("email", "granted"), ("sms", "denied")]
    assert all(entry["source"] == "shopify" for entry in entries)
    row = {**CUSTOMER, "Accepts Email Marketing": "Pending", "Accepts SMS Marketing": "perhaps"}
    (entry,) = values(FORMATS, row)["consent"]
    assert (entry["channel"], entry["state"]) == ("email", "pending")
    assert custom(values(FORMATS, row))["consent_text"] == "marketing/sms=perhaps"


def test_a_customer_of_the_old_export() -> None:
    row = {
        "First Name": "Ada",
        "Last Name": "Lovelace",
        "Email": "ada@engines.example",
        "Accepts Email Marketing": "yes",
        "Company": "Analytical Engines",
        "Address1": "1 Mill Lane",
        "City": "London",
        "Province": "England",
        "Province Code": "ENG",
        "Country": "United Kingdom",
        "Country Code": "GB",
        "Zip": "'SW1Y 4LB",
        "Total Spent": "0.00",
        "Total Orders": "0",
    }
    (address,) = values(FORMATS, row)["address"]
    assert address["region"] == "England"
    assert address["country_code"] == "GB"
    assert address["postal_code"] == "SW1Y 4LB"


ORDER = {
    "Name": "#1001",
    "Email": "ada@engines.example",
    "Financial Status": "partially_refunded",
    "Fulfillment Status": "fulfilled",
    "Currency": "EUR",
    "Subtotal": "53.00",
    "Shipping": "6.00",
    "Taxes": "3.29",
    "Total": "57.29",
    "Discount Code": "FALL5",
    "Discount Amount": "5.00",
    "Created at": "2026-09-03 10:14:00 -0400",
    "Lineitem quantity": "2",
    "Lineitem name": "Red apples",
    "Lineitem price": "16.50",
    "Lineitem sku": "APPLE-1",
    "Billing Name": "Ada Lovelace",
    "Billing Phone": "'+442079460958",
    "Shipping City": "London",
    "Shipping Zip": "'SW1Y 4LB",
    "Notes": "Ring twice",
    "Refunded Amount": "10.00",
    "Id": "5550000001",
    "Tags": "gift",
    "Lineitem discount": "1.50",
}
SECOND = {
    "Name": "#1001",
    "Email": "ada@engines.example",
    "Lineitem quantity": "1",
    "Lineitem name": "Basket",
    "Lineitem price": "20.00",
}
OTHER = {**ORDER, "Name": "#1002", "Id": "5550000002", "Cancelled at": "2026-09-04 00:00:00 +0000"}


def orders(*rows: dict[str, str]) -> list[Item]:
    return items(FORMATS, source(sheet(rows)))


def test_the_rows_of_an_order_are_one_order() -> None:
    first, second = orders(ORDER, SECOND, OTHER)
    assert isinstance(first, Draft)
    assert isinstance(second, Draft)
    assert first.noun == "order"
    assert (first.place, second.place) == (2, 4)
    assert first.values["lines"] == [
        {"product": "Red apples", "sku": "APPLE-1", "quantity": 2000, "price": 1650, "discount": 150},
        {"product": "Basket", "quantity": 1000, "price": 2000},
    ]
    assert len(second.values["lines"]) == 1


def test_an_order_is_complete() -> None:
    draft = orders(OTHER)[0]
    assert isinstance(draft, Draft)
    assert draft.values == {
        "number": "#1002",
        "external": ["shopify-order:5550000002"],
        "ordered_on": "2026-09-03",
        "cancelled_on": "2026-09-04",
        "currency": "EUR",
        "financial_status": "partially_refunded",
        "fulfillment_status": "fulfilled",
        "subtotal": 5300,
        "shipping": 600,
        "taxes": 329,
        "total": 5729,
        "discounts": 500,
        "refunded": 1000,
        "lines": [{"product": "Red apples", "sku": "APPLE-1", "quantity": 2000, "price": 1650, "discount": 150}],
        "customer": {"name": "Ada Lovelace", "email": "ada@engines.example", "phone": "+442079460958"},
        "address": [{"label": "shipping", "locality": "London", "postal_code": "SW1Y 4LB"}],
        "notes": "Ring twice",
        "tag": ["gift"],
        "set": [{"discount_code": "FALL5"}],
    }


def test_two_orders_of_one_number_are_told_apart_by_their_ids() -> None:
    assert len(orders(ORDER, {**ORDER, "Id": "5550000009"})) == 2


@pytest.mark.parametrize(
    ("title", "text", "why"),
    [("Total", "much", "amount"), ("Lineitem quantity", "some", "quantity"), ("Name", "", "number")],
)
def test_an_order_with_a_broken_part_is_refused_with_all_its_rows(title: str, text: str, why: str) -> None:
    first, second = orders({**ORDER, title: text}, {**SECOND, "Name": ORDER["Name"] if title != "Name" else ""}, OTHER)
    assert isinstance(first, Refused)
    assert why in first.reason
    assert first.place == 2
    assert len(first.raw) == 2
    assert isinstance(second, Draft)


def test_an_order_is_not_taken_in_without_one_of_its_lines() -> None:
    text = sheet([ORDER, SECOND, OTHER]).splitlines()
    text[2] += ",too,many"
    first, second = items(FORMATS, source("\n".join(text)))
    assert isinstance(first, Refused)
    assert first.reason.startswith("line 3: the row has ")
    assert isinstance(second, Draft)


def test_a_broken_row_belongs_to_the_order_of_its_whole_number() -> None:
    short, long = {**ORDER, "Name": "#100"}, {**ORDER, "Name": "#1001"}
    text = sheet([short, long]).splitlines()
    text[2] += ",too,many"
    first, second = items(FORMATS, source("\n".join(text)))
    assert isinstance(first, Draft)
    assert isinstance(second, Refused)


def test_an_order_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orderrows, "MOST_LINES", 3)
    first, second, third = orders(ORDER, SECOND, SECOND, SECOND, OTHER)
    assert isinstance(first, Refused)
    assert isinstance(second, Refused)
    assert "more than 3 lines" in first.reason
    assert isinstance(third, Draft)


def test_lines_without_their_order_are_refused() -> None:
    text = sheet([ORDER, SECOND, OTHER]).splitlines()
    text[1] += ",too,many"
    first, second = items(FORMATS, source("\n".join(text)))
    assert isinstance(first, Refused)
    assert len(first.raw) == 2
    assert isinstance(second, Draft)
    (item,) = items(FORMATS, source("\n".join([text[0], text[2]])))
    assert isinstance(item, Refused)
    assert "missing" in item.reason


def test_refused_orders_can_be_mended_and_read_again() -> None:
    text = sheet([{**ORDER, "Total": "much"}, SECOND, OTHER])
    file = source(text)
    made = next(made for made in FORMATS if made.name == "shopify-orders")
    refused = [item for item in made.read(file) if isinstance(item, Refused)]
    rest = b"".join(made.rejects(file, refused)).decode()
    assert rest.count("\n") == 3
    assert "no amount of money" in rest
    (item,) = items(FORMATS, source(rest.replace("much", "57.29")))
    assert isinstance(item, Draft)
    assert item.values["total"] == 5729
    assert [line["product"] for line in item.values["lines"]] == ["Red apples", "Basket"]


SHOP = SAMPLES / "csv-shopify" / "shopify_orders.ltv-cohort-kit.csv"


@pytest.mark.skipif(not SHOP.exists(), reason=f"{SHOP} is not there")
def test_the_orders_of_a_real_file() -> None:
    found = items(FORMATS, source(SHOP.read_bytes()))
    assert len(found) == 8
    assert all(isinstance(item, Draft) for item in found)
    values = {item.values["number"]: item.values for item in found if isinstance(item, Draft)}
    assert [line["product"] for line in values["#1001"]["lines"]] == ["Blue Widget", "Red Gadget"]
    assert values["#1003"]["refunded"] == 1000
    assert "customer" not in values["#1004"]
    assert values["#1001"]["ordered_on"] == "2025-01-05"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Customer ID,Email,Accepts Email Marketing,Total Spent,Total Orders", ("shopify", CERTAIN)),
        ("First Name,Email,Accepts Email Marketing,Total Spent", ("shopify", LIKELY)),
        ("Name,Lineitem name,Total", ("shopify-orders", CERTAIN)),
        ("Name,Lineitem sku,Total", ("shopify-orders", LIKELY)),
        ("First Name,Last Name,Email,Address1,City,Zip,Phone", ("", 0)),
        ("Customer ID,Name,Email,Tags", ("", 0)),
    ],
)
def test_recognising(header: str, expected: tuple[str, int]) -> None:
    assert best(FORMATS, source(f"{header}\n")) == expected
