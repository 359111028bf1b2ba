"""What happens to deals, orders and cases in random sequences: by the gate, and by commands where there are."""

import random
from collections.abc import Callable

from crmcli import cli
from crmcli.store.gate import Gate
from tests import sales

Act = Callable[[Gate, random.Random], object]
WORDS = ("alpha", "beta", "gamma")


def _any(gate: Gate, chance: random.Random, table: str) -> int | None:
    """The key of a row of a table, of a record that is not deleted; None when there is none."""
    live = " WHERE deleted_at IS NULL" if table not in ("deal_contact", "order_line") else ""
    rows = gate.connection.rows(f"SELECT id FROM {table}{live} ORDER BY id")
    return chance.choice(rows)["id"] if rows else None


def _deal_add(gate: Gate, chance: random.Random) -> None:
    contact, company = _any(gate, chance, "contact"), _any(gate, chance, "company")
    people = {contact: chance.choice(WORDS)} if contact else {}
    external = f"pipe:{chance.choice(WORDS)}"
    if gate.connection.rows("SELECT id FROM deal WHERE external = ?", [external]):
        external = None  # type: ignore[assignment]
    mine = {"contact_id": contact, "company_id": company, "external": external}
    sales.deal(gate, chance.choice(WORDS), people, tuple(chance.sample(WORDS, 2)), **mine)


def _deal_move(gate: Gate, chance: random.Random) -> None:
    key = _any(gate, chance, "deal")
    if key:
        name, kind = chance.choice((("Proposal", "open"), ("Won", "won"), ("Lost", "lost")))
        values = sales.stage(gate, name, kind)
        if gate.update("deal", key, {**values, "closed_at": gate.now if kind != "open" else None}):
            gate.insert("deal_stage", {"deal_id": key, "stage_id": values["stage_id"], "entered_at": gate.now})


def _deal_role(gate: Gate, chance: random.Random) -> None:
    deal, contact = _any(gate, chance, "deal"), _any(gate, chance, "contact")
    sql = "SELECT id FROM deal_contact WHERE deal_id = ? AND contact_id = ?"
    if deal and contact and not gate.connection.rows(sql, [deal, contact]):
        gate.insert("deal_contact", {"deal_id": deal, "contact_id": contact, "role": chance.choice(WORDS)})


def _order_add(gate: Gate, chance: random.Random) -> None:
    customer = {"contact_id": _any(gate, chance, "contact"), "company_id": _any(gate, chance, "company")}
    status = chance.choice(("draft", "payment_due", "delivered"))
    day = f"2026-0{chance.randint(1, 9)}-01"
    key = sales.order(gate, chance.choice(WORDS), status=status, **{**customer, "ordered_on": day})
    gate.update("sales_order", key, {"deal_id": _any(gate, chance, "deal"), "number": f"#{key}"})


def _order_edit(gate: Gate, chance: random.Random) -> None:
    key = _any(gate, chance, "sales_order")
    if key:
        status = chance.choice(("draft", "delivered", "cancelled"))
        gate.update("sales_order", key, {"status": status, "contact_id": _any(gate, chance, "contact")})


def _order_pay(gate: Gate, chance: random.Random) -> None:
    key = _any(gate, chance, "sales_order")
    if key:
        gate.insert("payment", {"order_id": key, "amount": 100, "paid_on": sales.DAY})
        gate.update("sales_order", key, {"paid": gate.fetch("sales_order", key)["paid"] + 100})


def _case_open(gate: Gate, chance: random.Random) -> None:
    customer = {"contact_id": _any(gate, chance, "contact"), "order_id": _any(gate, chance, "sales_order")}
    sales.case(gate, chance.choice(WORDS), **customer)


def _case_resolve(gate: Gate, chance: random.Random) -> None:
    key = _any(gate, chance, "support_case")
    if key and gate.update("support_case", key, {"status": "resolved", "resolved_at": gate.now}):
        gate.insert("case_status", {"case_id": key, "status": "resolved", "entered_at": gate.now})


def _link(gate: Gate, chance: random.Random) -> None:
    key, deal, case = (_any(gate, chance, table) for table in ("interaction", "deal", "support_case"))
    if key:
        gate.update("interaction", key, {"deal_id": deal, "case_id": case})


def _remove(gate: Gate, chance: random.Random) -> None:
    table = chance.choice(("deal", "sales_order", "support_case"))
    key = _any(gate, chance, table)
    if key:
        gate.update(table, key, {"deleted_at": gate.now})


ACTS: dict[str, Act] = {
    "act deal add": _deal_add,
    "act deal move": _deal_move,
    "act deal role": _deal_role,
    "act order add": _order_add,
    "act order edit": _order_edit,
    "act order pay": _order_pay,
    "act case open": _case_open,
    "act case resolve": _case_resolve,
    "act link": _link,
    "act remove": _remove,
}


def commands(chance: random.Random) -> list[str]:
    """Command lines of the rooms that there are; they may be refused."""
    who, word, key = f"c{chance.randint(1, 4)}", chance.choice(WORDS), chance.randint(1, 3)
    lines = {
        "deal": _deals(chance, who, word, key),
        "pipeline": _pipelines(chance, word),
        "product": _products(word, key),
        "order": _orders(chance, who, word, key),
        "case": _cases(chance, who, word, key),
        "goal": (f"goal set 1000 --by eoy --currency EUR --name {word}", f"goal rm g{key}", "forecast --save"),
        "rate": ("rate set USD EUR 0.9", "rate set USD EUR 0.8 --from 2026-01-01", "rate rm USD EUR"),
    }
    return [line for room, own in lines.items() if room in cli.ROOMS for line in own]


def _deals(chance: random.Random, who: str, word: str, key: int) -> tuple[str, ...]:
    stage = chance.choice(("prospecting", "proposal", "negotiation", "next"))
    return (
        f"deal add {word} --contact {who} --amount 1200 --currency EUR --no-next",
        f"deal add {word} --company co1 --line '2 x {word} @ 7 EUR' --role {who}={word} --next {word} --next-due +2d",
        f"deal edit d{key} --name {word} --amount 77 --close eoq --owner me --set {word}=1 --note {word}",
        f"deal edit d{key} --add-line '{word} @ 3' --remove-line 1 --role {who}={word}",
        f"deal edit d{key} --remove-role {who} --unset {word} --probability 35",
        f"deal move d{key} {stage} --no-next",
        f"deal move --where name~{word} {stage} --no-next --yes",
        f"deal won d{key}",
        f"deal lost d{key} --reason price",
        f"deal reopen d{key} --no-next",
        f"deal rm d{key} --yes",
        f"deal restore d{key}",
        f"followup add {who} {word} --deal d{key}",
        f"log out {who} {word} --deal d{key} --order o{key} --case cs{key}",
    )


def _pipelines(chance: random.Random, word: str) -> tuple[str, ...]:
    return (
        f"pipeline add {word} --stage demo=30 --lost-reason {word}",
        f"pipeline edit {word} --name {chance.choice(WORDS)} --first",
        f"pipeline rm {word} --yes",
        f"pipeline add-stage {word} --probability 40 --rotting-days 5",
        f"pipeline edit-stage proposal --name {word} --require amount",
        f"pipeline rm-stage {word} --to qualification --yes",
    )


def _products(word: str, key: int) -> tuple[str, ...]:
    return (
        f"product add {word} --price 7.50 --currency EUR --sku {word}",
        f"product edit p{key} --name {word} --price 8USD --set {word}=1 --tax 19%",
        f"product price p{key} 9 EUR --from 2026-12-01",
        f"product price p{key} none EUR",
        f"product rm p{key} --yes",
        f"product restore p{key}",
    )


def _orders(chance: random.Random, who: str, word: str, key: int) -> tuple[str, ...]:
    return (
        f"order add {who} --line '2 x {word} @ 5 EUR' --discount 10% --shipping 3 --tax 19%",
        f"order add {who} --line '{word} @ 5 EUR' --every month --date 2026-0{chance.randint(1, 9)}-15 --paid",
        f"order add --deal d{key}",
        f"order edit o{key} --line '{word} @ 2' --remove-line 1 --discount 1 --number {word}",
        f"order edit o{key} --every {chance.choice(('none', 'week'))} --set {word}=1 --company co1",
        f"order pay o{key} 5",
        f"order pay o{key}",
        f"order pay o{key} 1 --refund",
        f"order ship o{key} --line 1=1",
        f"order ship o{key}",
        f"order deliver o{key}",
        f"order return o{key} --line 1=1 --refund",
        f"order return o{key}",
        f"order cancel o{key} --reason {word} --refund",
        "order renew --limit 3",
        f"order rm o{key} --yes",
        f"order restore o{key}",
    )


def _cases(chance: random.Random, who: str, word: str, key: int) -> tuple[str, ...]:
    return (
        f"case open {who} {word} --product {word} --set {word}=1",
        f"case open {who} {word} --order o{key} --priority urgent",
        f"log in {who} {word} --case new --priority high",
        f"case edit cs{key} --priority {chance.choice(('low', 'urgent'))} --who {who} --text {word}",
        f"case reply cs{key} {word} --pending",
        f"case pending cs{key}",
        f"case resolve cs{key} --resolution {word} --satisfaction 4",
        f"case close cs{key}",
        f"case reopen cs{key}",
        f"case assign cs{key} {chance.choice(('me', '--nobody'))}",
        f"case rm cs{key} --yes",
        f"case restore cs{key}",
    )
