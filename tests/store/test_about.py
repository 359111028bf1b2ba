"""Filters of what is about a customer: ids, names and article numbers name the same wherever they stand."""

from collections.abc import Callable

import pytest

from crmcli.app import App
from crmcli.kernel.errors import UsageError

Ids = Callable[[App, str], list[str]]


@pytest.fixture
def shop(app: App) -> App:
    """Ada alone, Grace of Engines, and Engines itself, each with an order, a case, a deal, a follow-up and a call.

    Ada's are about pins, Grace's about apples; those of Engines are about nothing that is sold.
    """
    app.contacts.add("Ada Lovelace", {})
    app.contacts.add("Grace Hopper", {"company": ["Engines"]})
    app.companies.add("Looms", {})
    app.products.add("Pin", {"sku": "AP1"})
    app.products.add("Red apples", {"sku": "P1"})  # an article number may look like an id
    for who, line in (("c1", "2 x Pin @ 1"), ("c2", "1 x Red apples @ 2"), ("co1", "Advice @ 5")):
        noun = "company" if who == "co1" else "contact"
        app.ordering.add(who, {"line": [line], "currency": "EUR"})
        app.deals.add("Engine", {noun: who})
        app.followups.add(who, "Call", {"due": "tomorrow"})
        app.interactions.write("out", [who], "Hello", {"no_aftercare": True})
    app.cases.open("c1", "Bent", {"product": "p1"})
    app.cases.open("c2", "Sour", {"product": "p2"})
    app.cases.open("co1", "Late", {})
    return app


def ids(noun: str) -> Ids:
    service = {"case": "cases", "order": "orders", "deal": "deals", "followup": "followups"}.get(noun, "interactions")
    return lambda app, text: sorted(str(one["id"]) for one in getattr(app, service).page(text).items)


NOUNS = {"order": "o", "case": "cs", "deal": "d", "followup": "f", "interaction": "i"}
# The filter, and of which of the three it finds the records.
CUSTOMERS = [
    ("who:c1", "1"),
    ("who:C1", "1"),
    ("who:'ada lovelace'", "1"),
    ("who~ada", "1"),
    ("contact:c1", "1"),
    ("contact:'Ada Lovelace'", "1"),
    ("contact~love", "1"),
    ("contact:c1,'grace hopper'", "12"),
    ("company:co1", "23"),
    ("company:engines", "23"),
    ("company~eng", "23"),
    ("who:c9", ""),
    ("contact:nobody", ""),
    ("company:looms", ""),
    ("who!:c1", "23"),
    ("who!:'ada lovelace'", "23"),
    ("contact!:c1", "23"),
    ("contact:none", "3"),
    ("contact!:none", "12"),
]


# Reads alone, so that one shop does for all of them.
def test_a_customer_is_named_by_id_or_name(shop: App) -> None:
    for noun, letters in NOUNS.items():
        found = {text: ids(noun)(shop, text) for text, _ in CUSTOMERS}
        assert found == {text: [f"{letters}{one}" for one in which] for text, which in CUSTOMERS}


def test_a_company_is_named_by_id_or_name_alike(shop: App) -> None:
    for noun, letters in NOUNS.items():
        found = [ids(noun)(shop, text) for text in ("who:co1", "who:engines", "who~engines")]
        assert f"{letters}3" in found[0] and found[0] == found[1] == found[2], noun


PRODUCTS = [
    ("product:pin", "1"),
    ("product:AP1", "1"),
    ("product~pin", "1"),
    ("product:p2", "2"),
    ("product:'red apples'", "2"),
    ("product~apple", "2"),
    ("product:p1", "1"),  # an article number is compared as it is written
    ("product:P1", "12"),  # the id of one, the article number of the other
    ("product:AP1,p2", "12"),
    ("product:p9", ""),
    ("product!:pin", "23"),
    ("product!:AP1", "23"),
    ("product!:p2", "13"),
]


def test_a_product_is_named_by_id_name_or_article_number(shop: App) -> None:
    for noun in ("order", "case"):
        found = {text: ids(noun)(shop, text) for text, _ in PRODUCTS}
        assert found == {text: [f"{NOUNS[noun]}{one}" for one in which] for text, which in PRODUCTS}


def test_a_contact_is_found_by_the_company(shop: App) -> None:
    for text in ("company:co1", "company:engines", "company~gine", "company:co1,looms"):
        assert [one["id"] for one in shop.contacts.page(text).items] == ["c2"], text
        assert ids("order")(shop, f"contact.{text}") == ["o2"], text
    assert [one["id"] for one in shop.contacts.page("company!:co1").items] == ["c1"]


def test_a_case_without_a_product(shop: App) -> None:
    assert ids("case")(shop, "product:none") == ["cs3"]
    assert ids("case")(shop, "product!:none") == ["cs1", "cs2"]
    with pytest.raises(UsageError, match="does not take '<'"):
        shop.cases.page("product<p1")


def test_a_part_of_the_name_of_one_stage_means_it(shop: App) -> None:
    shop.deals.move(["d2"], "nego")
    for text in ("stage:nego", "stage:Negotiation", "stage:otia", "stage~nego", "stage:nego pipeline:sal"):
        assert ids("deal")(shop, text) == ["d2"], text
    assert ids("deal")(shop, "stage!:nego") == ids("deal")(shop, "stage:prosp") == ["d1", "d3"]
    assert ids("deal")(shop, "stage:nego,prosp") == ["d1", "d2", "d3"]
    assert ids("deal")(shop, "stage:qual") == []
    for text, what, hint in (
        ("stage:negotation", "there is no stage 'negotation' at position 7", "did you mean negotiation?"),
        ("name:x stage:p", "'p' may be several", "prospecting, proposal; or all of them: stage~p"),
        ("pipeline:xyz", "there is no pipeline 'xyz'", "sales"),
    ):
        with pytest.raises(UsageError) as caught:
            shop.deals.page(text)
        assert what in caught.value.message and hint in str(caught.value.hint)


def test_the_score_of_leads_is_no_field_unless_it_is_ones_own(shop: App) -> None:
    with pytest.raises(UsageError) as caught:
        shop.leads.page("source:fair score>=50")
    assert "crm lead list --min 50" in str(caught.value.hint)
    shop.fields.add("score", "number")
    assert shop.leads.page("score>=50").items == []
