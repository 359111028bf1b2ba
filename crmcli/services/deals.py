"""Deals: what may be sold to whom, for how much, and when; adding, putting right, deleting.

Where they go is in `dealmoves`, what can be read of them in `dealreading`, their lines in `deallines`.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.kernel.errors import NotFound, UsageError
from crmcli.kernel.ids import ref
from crmcli.kernel.money import parse_amount, plain, split_currency
from crmcli.kernel.orderlines import Line
from crmcli.kernel.text import check_text
from crmcli.services import deallines, dealroles, extras
from crmcli.services.children import as_list
from crmcli.services.dealmoves import DealMoves
from crmcli.services.promotion import CUSTOMER, promote
from crmcli.services.users import ME
from crmcli.store import deals
from crmcli.store.connection import Row
from crmcli.store.nouns import PARTIES

if TYPE_CHECKING:
    from crmcli.store.gate import Gate

LONGEST_NAME = 500
NONE = "none"


class Deals(DealMoves):
    """Deals."""

    def add(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Add a deal; returns the record. The life cycle of its customer goes on to `opportunity`.

        Args:
            name: what it is about.
            given: values as flags name them: `contact` or `company` (needed); `amount` in whole units, `currency`,
                `line`s instead of an amount; `stage`, `pipeline`, `probability`, `forecast_category`, `close`, `owner`
                (me), `source`, `note`; `role`s, `set`, `external`, `uid`; `next`, what to do next, with `next_due`; for
                a deal that is closed already `at` and `reason`.

        Raises:
            UsageError: a value that cannot be understood, nobody to sell to, or no currency; nothing is written then.
            NotFound, Ambiguous: somebody or something that is named.
        """
        shown = check_text(name, what="name", max_length=LONGEST_NAME, required=True)
        given = self._resolved(given)
        if not any(given.get(noun) for noun in PARTIES):
            raise UsageError("a deal is somebody's", "name whose: --contact WHO or --company WHO")
        parts = dealroles.read(self.app, as_list(given.get("role") or []))
        asked = deallines.parse(self.app, as_list(given.get("line") or []))
        with self.app.writing() as gate:
            self.app.pipelines.ensure(gate)
            pipeline = self.app.pipelines.find(_text(given, "pipeline"))
            stage = (
                self.app.pipelines.stage(pipeline, str(given["stage"]))
                if given.get("stage")
                else self.app.pipelines.first(pipeline)
            )
            at = self._moment(given.get("at"))
            values = {"name": shown, **self.app.values.clean("deal", {"owner": ME, **given})}
            values |= self._money(given, values, asked) | extras.columns(self.app, "deal", given)
            if given.get("uid"):  # a record that comes from another database keeps it
                values["uid"] = str(given["uid"])
            lines = deallines.priced(self.app, asked, values["currency"])
            values |= {"amount": deallines.summed(lines)} if lines else {}
            values |= {"pipeline_id": pipeline["id"], "stage_id": stage["id"], "status": stage["type"]}
            values |= {"stage_since": at, **(self.closing(stage, at, given) if stage["type"] != "open" else {})}
            key = gate.insert("deal", values)
            gate.insert("deal_stage", {"deal_id": key, "stage_id": stage["id"], "entered_at": at})
            dealroles.put(self.app, gate, key, parts)
            deallines.add_lines(self.app, gate, key, lines)
            self.require(key, stage, new=True)
            promote(self.app, gate, self.row(key), CUSTOMER if stage["type"] == "won" else "opportunity")
            if given.get("next"):
                self.plan_next(key, str(given["next"]), given.get("next_due"))
            gate.refresh()
            return self.get(key)

    def edit(self, which: str, given: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
        """Put a deal right; returns the record, and whether anything differed.

        `given` is as for `add`, with `name`, `add_line` for `line`, `remove_line` (numbers), `remove_role` (contacts)
        and `unset`; `none` as an `amount` or `close` takes it away. A new `stage` moves it.
        """
        key = self.key(which)
        given = self._resolved(given)
        parts = dealroles.read(self.app, as_list(given.get("role") or []))
        leaving = [part for part, _ in dealroles.read(self.app, as_list(given.get("remove_role") or []))]
        asked = deallines.parse(self.app, as_list(given.get("add_line") or given.get("line") or []))
        with self.app.writing() as gate:
            before, row = gate.changes, self.row(key)
            values = self.app.values.clean("deal", given)
            if given.get("name") is not None:
                values["name"] = check_text(given["name"], what="name", max_length=LONGEST_NAME, required=True)
            dealroles.take(self.app, gate, key, leaving)
            deallines.remove_lines(self.app, gate, key, as_list(given.get("remove_line") or []))
            values |= self._changed_money(given, values, row, asked) | extras.columns(self.app, "deal", given, row)
            self._refuse_nobody({**row, **values})
            lines = deallines.priced(self.app, asked, values["currency"])
            if lines or given.get("remove_line"):
                values["amount"] = deallines.summed([*deals.lines(self.app.store, key), *lines])
            gate.update("deal", key, values)
            dealroles.put(self.app, gate, key, parts)
            deallines.add_lines(self.app, gate, key, lines)
            if gate.changes > before:
                gate.touch("deal", key)
            if given.get("stage"):
                self.move([ref("deal", key)], str(given["stage"]), pipeline=_text(given, "pipeline"), **_closing(given))
            elif given.get("pipeline"):
                self._change_pipeline(gate, self.row(key), str(given["pipeline"]))
            gate.refresh()
            return self.get(key), gate.changes > before

    def _change_pipeline(self, gate: "Gate", row: Row, named: str) -> None:
        """Let a deal go into the first stage of another pipeline.

        Raises:
            UsageError: it is closed, so that it is not clear what should become of it.
        """
        pipeline = self.app.pipelines.find(named)
        if pipeline["id"] == row["pipeline_id"]:
            return
        if row["status"] != "open":
            mine = ref("deal", row["id"])
            raise UsageError(f"{mine} is {row['status']}", f"name the stage of {pipeline['name']} too: --stage")
        self.enter(gate, row, self.app.pipelines.first(pipeline), {})

    def remove(self, which: Sequence[str]) -> list[dict[str, Any]]:
        """Delete deals softly; returns the records. `restore` brings them back; their follow-ups stay."""
        keys = self.keys(list(which))
        with self.app.writing() as gate:
            for key in keys:
                gate.update("deal", key, {"deleted_at": gate.now})
            return [self.get(key) for key in keys]

    def restore(self, which: Sequence[str]) -> list[dict[str, Any]]:
        """Bring deleted deals back, named by their ids; returns the records. Raises NotFound for one that is not."""
        keys = self.keys(list(which), deleted=True)
        with self.app.writing() as gate:
            for key in keys:
                if self.row(key)["deleted_at"] is None:
                    raise NotFound(f"there is no deleted deal {ref('deal', key)}", "see: crm deal list --deleted")
                gate.update("deal", key, {"deleted_at": None})
            return [self.get(key) for key in keys]

    # --- values

    def _resolved(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What was given, with the customers by their ids: whoever may be asked which one is meant is asked first."""
        found = {("close_date" if name == "close" else name): value for name, value in given.items()}
        for name in ("amount", "close_date"):
            if str(found.get(name) or "").strip().lower() == NONE:
                found[name] = ""
        for noun in PARTIES:
            if found.get(noun):
                found[noun] = self.app.who.find(str(found[noun]), (noun,)).ref
        return found

    def _refuse_nobody(self, row: Mapping[str, Any]) -> None:
        if row["contact_id"] is None and row["company_id"] is None:
            raise UsageError("a deal is somebody's", "name whose: --contact WHO or --company WHO")

    def _money(self, given: Mapping[str, Any], values: Mapping[str, Any], lines: Sequence[Line]) -> dict[str, Any]:
        """The amount and currency of a new deal; its lines are summed up when they are there."""
        number, named = split_currency(str(given["amount"])) if _said(given.get("amount")) else (None, None)
        if lines and number is not None:
            raise UsageError("both an amount and lines were given", "the amount is the sum of the lines: leave it out")
        currency = values.get("currency") or named or self._currency_of(lines)
        if named and named != currency:
            raise UsageError(f"the amount is in {named}, and --currency says {currency}", "give one of them")
        if number is None and not lines:
            return {"currency": currency}
        currency = currency or self._usual_currency(values)
        if lines:
            return {"currency": currency}
        assert number is not None
        return {"currency": currency, "amount": _amount(number, currency)}

    def _changed_money(
        self, given: Mapping[str, Any], values: Mapping[str, Any], row: Row, lines: Sequence[Line]
    ) -> dict[str, Any]:
        """The amount and currency of a deal that is put right."""
        there = deals.lines(self.app.store, row["id"])
        number, named = split_currency(str(given["amount"])) if _said(given.get("amount")) else (None, None)
        if given.get("amount") is not None and (lines or there):
            mine = ref("deal", row["id"])
            raise UsageError(
                f"the amount of {mine} is the sum of its lines", f"edit those: crm deal edit {mine} --remove-line 1"
            )
        asked = values.get("currency") or named
        if named and asked != named:
            raise UsageError(f"the amount is in {named}, and --currency says {asked}", "give one of them")
        currency = asked or row["currency"]
        if there and currency != row["currency"]:
            raise UsageError(f"its lines are in {row['currency']}", "remove them first, with --remove-line N")
        if lines:
            currency = currency or self._currency_of(lines) or self._usual_currency({**row, **values})
            return {"currency": currency}
        if number is not None:
            currency = currency or self._usual_currency({**row, **values})
            return {"currency": currency, "amount": _amount(number, currency)}
        if given.get("amount") is not None:  # an empty text
            return {"amount": None, "currency": currency}
        if row["amount"] is not None and currency != row["currency"]:
            # The same number, of another currency.
            return {"currency": currency, "amount": _amount(plain(row["amount"], row["currency"]), currency)}
        if row["amount"] is not None:
            return {"currency": row["currency"]}
        return {"currency": currency}

    def _currency_of(self, lines: Sequence[Line]) -> str | None:
        """The currency that lines name, or in which alone their products have a price."""
        return next(iter(self.app.salelines.currencies(lines)), None)

    def _usual_currency(self, values: Mapping[str, Any]) -> str:
        """The currency of the contact, of the company, or of the settings, in this order.

        Raises:
            UsageError: none of them says one.
        """
        return self.app.salelines.usual_currency(values, "deal")


def _said(value: object) -> bool:
    return value is not None and bool(str(value).strip())


def _text(given: Mapping[str, Any], name: str) -> str | None:
    return str(given[name]) if given.get(name) else None


def _closing(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in ("at", "reason", "no_aftercare") if given.get(name) is not None}


def _amount(text: str, currency: str) -> int:
    """Minor units of the amount of a deal. Raises UsageError for a negative one."""
    found = parse_amount(text, currency)
    if found < 0:
        raise UsageError(f"a deal of {text} is less than nothing", "what comes back is a return of an order")
    return found
