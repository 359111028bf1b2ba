"""The rule of retention is the same in SQL."""

from datetime import date, timedelta

from crmcli.app import App
from crmcli.kernel.retention import retention
from crmcli.store.retention import expression

TODAY = date(2026, 11, 20)
SPANS = (0, 1, 29, 30, 31, 60, 61, 66, 67, 89, 90, 91, 100, 180, 181, 200, 201, 360, 361, 400, 401, 720)


def test_sql_and_python_say_the_same_of_every_customer(app: App) -> None:
    columns = (
        "uid, display_name, name_key, sort_key, created_at, updated_at, order_count, first_order_on, last_order_on"
    )
    rows = []
    for count in (0, 1, 2, 3, 4, 7):
        for quiet in SPANS:
            for span in SPANS if count > 1 else (0,):
                last = TODAY - timedelta(days=quiet)
                first = last - timedelta(days=span)
                days = (first.isoformat(), last.isoformat()) if count else (None, None)
                rows.append((f"{len(rows):036d}", "x", "x", "x", app.now, app.now, count, *days))
    names = [name.strip() for name in columns.split(",")]
    with app.writing():
        app.store.connection.insert_rows("contact", names, rows)
    told = expression(app.store.dialect, "contact", TODAY)
    found = app.store.rows(f"SELECT order_count, first_order_on, last_order_on, {told} AS kept FROM contact")
    assert len(found) == len(rows) > 1000
    for row in found:
        expected = retention(row["order_count"], row["first_order_on"], row["last_order_on"], TODAY)
        assert row["kept"] == expected, row
    assert {row["kept"] for row in found} == {None, "new", "active", "repeat", "at_risk", "lapsed"}


def test_a_filter_asks_for_it(app: App) -> None:
    app.contacts.add("Ada", {})
    app.contacts.add("Grace", {})
    with app.writing() as gate:
        gate.insert("sales_order", {"contact_id": 2, "ordered_on": "2026-11-01", "currency": "EUR", "total": 1})
    assert [one["id"] for one in app.contacts.page("retention:new,lapsed").items] == ["c2"]
    assert [one["id"] for one in app.contacts.page("retention:none").items] == ["c1"]
    assert [one["id"] for one in app.contacts.page("retention!:new").items] == ["c1"]
    assert [one["id"] for one in app.contacts.page("last_order_on>=2026-11-01 order_count>0").items] == ["c2"]
