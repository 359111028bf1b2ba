"""How far customers come in their life cycle by what they do: a deal makes an opportunity, who buys is a customer."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crmcli.kernel.ids import ref
from crmcli.model.enums import BEFORE_CUSTOMER, LIFECYCLE_STAGE
from crmcli.store.nouns import PARTIES

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

CUSTOMER = "customer"


def promote(app: "App", gate: "Gate", row: Mapping[str, Any], life: str) -> None:
    """Let the life cycle of whoever a deal or order is of go on to `life`, unless it is there or further; noted.

    Args:
        app: gets the notes.
        gate: of the open transaction.
        row: has `contact_id` and `company_id`.
        life: a stage before `customer`, or that.
    """
    before = BEFORE_CUSTOMER if life == CUSTOMER else LIFECYCLE_STAGE[: LIFECYCLE_STAGE.index(life)]
    for noun in PARTIES:
        key = row[f"{noun}_id"]
        party = key and gate.fetch(noun, key)
        if not party:
            continue
        was = party["lifecycle_stage"]
        if was is None or was in before:
            gate.update(noun, key, {"lifecycle_stage": life})
            name = party["display_name"] if noun == "contact" else party["name"]
            app.notes.append(f"{name} ({ref(noun, key)}) is {_a(life)} now" + (f" (was {was})" if was else ""))


def _a(life: str) -> str:
    word = life.replace("_", " ")
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
