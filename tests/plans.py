"""Deals and orders in the tables, for tests of what is foreseen from them."""

from typing import Any

from crmcli.app import App

STAGES = (
    ("Prospecting", 10, "open", "pipeline"),
    ("Proposal", 50, "open", "best_case"),
    ("Negotiation", 80, "open", "commit"),
    ("Won", 100, "won", "closed"),
    ("Lost", 0, "lost", "omitted"),
)


class Sales:
    """A pipeline with its stages, a customer, and ways to add deals and orders to the database of an app.

    Keys: `pipeline`, `contact`, `stages` by their names in small letters; the users ada and bob.
    """

    def __init__(self, app: App) -> None:
        self.app = app
        app.users.add("bob", {})
        with app.writing() as gate:
            self.pipeline = gate.insert("pipeline", {"name": "Sales"})
            self.stages = {
                name.lower(): gate.insert(
                    "stage",
                    {
                        "pipeline_id": self.pipeline,
                        "name": name,
                        "position": place,
                        "probability": probability,
                        "type": kind,
                        "forecast_category": category,
                    },
                )
                for place, (name, probability, kind, category) in enumerate(STAGES)
            }
            self.contact = gate.insert("contact", {"display_name": "Ada Lovelace"})
        self.ada, self.bob = app.users.key("ada"), app.users.key("bob")

    def deal(self, amount: int | None, close: str | None = None, stage: str = "proposal", **more: Any) -> int:
        """An open deal with an amount in minor units of EUR; returns its key."""
        values = {
            "name": "Engine",
            "contact_id": self.contact,
            "pipeline_id": self.pipeline,
            "stage_id": self.stages[stage],
            "stage_since": "2026-11-01T10:00:00Z",
            "amount": amount,
            "currency": "EUR",
            "close_date": close,
            **more,
        }
        with self.app.writing() as gate:
            return gate.insert("deal", values)

    def closed(
        self,
        day: str,
        amount: int = 100_000,
        *,
        won: bool = True,
        through: tuple[str, ...] = ("proposal",),
        **more: Any,
    ) -> int:
        """A deal that was won or lost on a day, ten days in each stage that it went through; returns its key."""
        end = "won" if won else "lost"
        moment = f"{day}T10:00:00Z"
        values = {"status": end, "closed_at": moment, "stage_since": moment, **more}
        key = self.deal(amount, None, end, **values)
        with self.app.writing() as gate:
            for place, stage in enumerate(through):
                entered, left = f"2026-0{1 + place}-01T10:00:00Z", f"2026-0{1 + place}-11T10:00:00Z"
                stay = {"deal_id": key, "stage_id": self.stages[stage], "entered_at": entered, "left_at": left}
                gate.insert("deal_stage", stay)
            gate.insert("deal_stage", {"deal_id": key, "stage_id": self.stages[end], "entered_at": moment})
        return key

    def order(self, total: int, day: str, **more: Any) -> int:
        """An order that is delivered, with a total in minor units of EUR; returns its key."""
        values = {
            "contact_id": self.contact,
            "ordered_on": day,
            "status": "delivered",
            "currency": "EUR",
            "subtotal": total,
            "total": total,
            **more,
        }
        with self.app.writing() as gate:
            return gate.insert("sales_order", values)
