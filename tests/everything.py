"""A database with a row in every table that an archive holds, and texts that are easily broken on the way."""

import hashlib
from base64 import b64encode

from crmcli.app import App
from crmcli.store.gate import Gate

AWKWARD = 'A "quote", a\ttab,\nlines\r\nof two kinds, \x7f, \x1b[31m, \u202e, \ufeff, 🂡, ＝1+1, \\ and \\u0000'
CONTENT = b64encode(b"%PDF-1.7 \x00\xff").decode()
DIGEST = hashlib.sha256(b"%PDF-1.7 \x00\xff").hexdigest()


def fill(app: App) -> None:
    """Write it: two companies that own each other in turn, two contacts, mail with an attachment, a journal."""
    app.users.add("bob", {"display_name": "Bob Байрон", "email": "bob@team.example", "timezone": "Europe/Vienna"})
    app.fields.add("shoe size", "number", description="EU")
    app.fields.add("shirt", "choice", ["small", "large"])
    shared = {
        "email": ["work=info@engines.example", "home=b@engines.example"],
        "phone": ["mobile=+44 20 7946 0958", "12345 what"],
        "url": ["website=https://engines.example/?a=b;c"],
        "address": ["street=1 St James's Square; city=London; postcode=SW1; country=GB"],
        "tag": ["VIP", "press"],
        "set": ["shoe size=38.5", "shirt=large", "free=" + AWKWARD],
        "prefer": ["channel=email", "coffee=black"],
        "timezone": "Europe/London",
        "owner": "bob",
    }
    app.companies.add("Analytical Engines", {**shared, "external": ["hubspot:1"], "domain": ["engines.example"]})
    app.companies.add("Zuse & Söhne", {"notes": AWKWARD, "employee_count": "12"})
    app.companies.edit("co1", {"parent": "co2"})
    app.contacts.add(
        "Ada Lovelace",
        {
            **shared,
            "family_name": "Lovelace",
            "external": ["hubspot:2"],
            "company": [{"name": "co1", "role": "Engineer", "started_on": "1842-01-01"}, "co2"],
            "birth_date": "--12-10",
            "consent": ["marketing/email=granted", "press=denied"],
            "do_not_contact": "yes",
        },
    )
    app.contacts.add("山田 太郎", {"email": ["yamada@engines.example"], "notes": AWKWARD})
    app.contacts.add("Deleted", {"email": ["gone@engines.example"]})
    app.contacts.remove(["c3"])
    app.interactions.log("in", ["c1", "co2"], AWKWARD, {"channel": "email", "subject": "Délivery", "followup": "+3d"})
    app.interactions.log("out", ["c2"], "Meeting", {"channel": "meeting", "duration": "1h15m", "satisfaction": 5})
    app.followups.done(["f1"], {"log": "out", "note": "Agreed", "next": "+2w"})
    app.followups.add("co1", "Pay; soon, please", {"due": "2026-11-25 15:00", "timezone": "Asia/Tokyo"})
    app.cadences.set("6w", {"owner": "bob", "via": "call"}, who="co1")
    app.cadences.set("1m", {"max": "7w"}, where='tag:vip or name~"山田 太郎,"')
    app.cadences.pause(["cad2"], "2027-01-01")
    app.followups.add("c1", "Due already", {"due": "2026-11-19"})
    app.cases.open("c2", "Nobody answered " + AWKWARD.split("\n")[0], {"at": "2026-11-02 09:00"})
    app.interactions.log("out", ["c2"], "Rang", {"channel": "call", "at": "2026-08-01 09:00"})
    app.cadences.set("2w", {"via": "call"}, who="c2")
    # Told: a follow-up, a case that is late, and with whom to get in touch.
    assert {one["id"] for notice in app.reminders.tell("stdout").told for one in notice.items} == {"f4", "cs1", "c2"}
    with app.writing() as gate:
        _fill_the_rest(gate)
    with app.writing() as gate:  # keys that were given and are not there any more
        gate.delete("import_map", gate.insert("import_map", {"name": "old", "format": "csv", "mapping": "{}"}))


def _fill_the_rest(gate: Gate) -> None:
    attachment = {"name": "an offer.pdf", "media_type": "application/pdf", "size": 10, "digest": DIGEST}
    gate.insert("meta", {"key": "made", "value": "2026-11-20"})
    gate.insert("message", {"interaction_id": 1, "thread": "<a@x.example>", "quoted": "> " + AWKWARD})
    for interaction in (2, 1):
        gate.insert("attachment", {"interaction_id": interaction, **attachment})
    gate.insert("attachment", {"interaction_id": 1, **attachment, "digest": "0" * 64})
    gate.insert("attachment_content", {"digest": "f" * 64, "content": ""})
    gate.insert("attachment_content", {"digest": DIGEST, "content": CONTENT})
    gate.insert("extra_property", {"contact_id": 1, "name": "X-SKYPE", "line": "X-SKYPE;TYPE=work:ada\\, " + AWKWARD})
    gate.insert("import_map", {"name": "nightly", "format": "csv", "mapping": '{"Name":"name"}'})
    gate.insert("merged_record", {"noun": "contact", "record_id": 3, "kept_id": 1})
    gate.insert("distinct_pair", {"noun": "contact", "first_id": 1, "second_id": 2, "decided_at": gate.now})
    erased = gate.insert("erasure", {"uid": "0" * 36, "record_id": 9, "erased_at": gate.now, "actor": "bob"})
    suppressed = {"kind": "email", "digest": "e" * 64, "erasure_id": erased, "created_at": gate.now}
    gate.insert("suppression", suppressed)
    gate.update("company", 2, {"parent_id": 2})
    _fill_sales(gate)
    run = {"run": "0" * 36, "format": "csv", "name": "people.csv", "started_at": gate.now, "total": 3}
    gate.insert("import_run", {"operation_id": 1, **run})


def _fill_sales(gate: Gate) -> None:
    """A deal, a product, an order with a return and a payment, a case, a goal, a forecast."""
    day, now = "2026-11-20", gate.now
    pipeline = gate.insert("pipeline", {"name": "Sales", "lost_reasons": "price, " + AWKWARD})
    stage = {"pipeline_id": pipeline, "name": "Proposal", "probability": 50, "required_fields": "amount"}
    stage_key = gate.insert("stage", stage)
    product = gate.insert("product", {"name": "Red apples", "sku": "A-1", "tax_rate": 7000, "description": AWKWARD})
    gate.insert("price", {"product_id": product, "currency": "JPY", "amount": 750, "valid_from": day})
    gate.insert("exchange_rate", {"base": "EUR", "quote": "JPY", "valid_from": day, "rate": "161.5", "source": "bank"})
    deal = gate.insert(
        "deal",
        {
            "name": "Engine No. 2",
            "contact_id": 1,
            "company_id": 1,
            "pipeline_id": pipeline,
            "stage_id": stage_key,
            "stage_since": now,
            "amount": 1200000,
            "currency": "EUR",
            "close_date": day,
            "external": "hubspot:7",
            "custom": '{"colour":"red"}',
            "note": AWKWARD,
        },
    )
    gate.insert("deal_contact", {"deal_id": deal, "contact_id": 2, "role": "decision maker"})
    line = {"product_id": product, "name": "Red apples", "quantity": 2500, "unit_price": 750, "amount": 1875}
    gate.insert("deal_line", {"deal_id": deal, **line})
    gate.insert("deal_stage", {"deal_id": deal, "stage_id": stage_key, "entered_at": now})
    order = gate.insert(
        "sales_order",
        {
            "number": "#1001",
            "contact_id": 1,
            "deal_id": deal,
            "ordered_on": day,
            "currency": "JPY",
            "subtotal": 1125,
            "total": 1125,
            "paid": 1000,
            "note": AWKWARD,
        },
    )
    bought = gate.insert("order_line", {"order_id": order, **line, "sku": "A-1"})
    sent_back = {**line, "quantity": -1000, "amount": -750, "position": 1, "return_of": bought, "returned_on": day}
    gate.insert("order_line", {"order_id": order, **sent_back})
    gate.insert("payment", {"order_id": order, "amount": 1000, "paid_on": day, "reference": AWKWARD})
    case = gate.insert(
        "support_case",
        {"subject": "Wheel stuck", "description": AWKWARD, "contact_id": 1, "order_id": order, "opened_at": now},
    )
    gate.insert("case_status", {"case_id": case, "status": "new", "entered_at": now})
    goal = {"amount": 25000000, "currency": "EUR", "starts_on": day, "ends_on": "2026-12-31"}
    gate.insert("goal", {**goal, "name": "The year"})
    gate.insert("forecast", {"made_on": day, "month": "2026-12", "currency": "EUR", "weighted": 600000})
    for column, key in (("deal_id", deal), ("order_id", order), ("case_id", case)):
        gate.update("interaction", 1, {column: key})
        gate.update("followup", 2, {column: key})
