"""The filter of a cadence as SQL: that of a list, but there is no order in which the first of it are wanted."""

from collections.abc import Callable

from crmcli.kernel.clock import Clock
from crmcli.store.filter_sql import Field, compile_filter
from crmcli.store.filters import parse
from crmcli.store.party_list import dynamic, fields, order, words
from crmcli.store.store import Store


def condition(
    store: Store, noun: str, text: str, clock: Clock, user: Callable[[str], int], *, all_of_it: bool
) -> tuple[str, list[object]]:
    """A filter text as SQL; "" for an empty one.

    Args:
        store: the store.
        noun: contact or company.
        text: the filter.
        clock: from which its dates are understood.
        user: the key of a user whom it names.
        all_of_it: to find all who match; otherwise to ask whether some given ones do.

    Raises:
        UsageError: the filter is wrong; see `compile_filter`.
    """
    known = fields(noun, order("id") if store.dialect == "sqlite" else None)
    if all_of_it:
        known["tag"] = _tag(noun)
    return compile_filter(
        parse(text), known, words=words(store.dialect, noun), clock=clock, user=user, dynamic=dynamic(store, noun)
    )


def _tag(noun: str) -> Field:
    """Tags are what cadences are mostly about: who has one is found by the tag, not by looking at everybody."""
    key = f"tagging.{noun}_id"
    tagged = f"select {key} from tagging join tag on tag.id = tagging.tag_id where {key} is not null and {{}}"
    return Field("tag", "tag", exists=f"({noun}.id in ({tagged}))", inner="tag.name_key", help="Tag")
