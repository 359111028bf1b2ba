"""What travels: the contracts of lists without what belongs to one database."""

import pytest

from crmcli.exporters import fields
from crmcli.exporters.keys import LOCAL
from crmcli.render.views import companies, contacts, followups, interactions, tags, users
from crmcli.render.views import fields as custom

VIEWS = {
    "contact": contacts.VIEW,
    "company": companies.VIEW,
    "followup": followups.VIEW,
    "user": users.VIEW,
    "tag": tags.VIEW,
    "field": custom.VIEW,
}


@pytest.mark.parametrize("noun", VIEWS)
def test_json_has_the_keys_of_lists_in_their_order(noun: str) -> None:
    keys = [field.name for field in fields.nested(noun) if field.name != "extra"]
    # Whether a follow-up is wanted follows from its customer, where it is kept.
    follows = {"do_not_contact"} if noun == "followup" else set()
    assert keys == [key for key in VIEWS[noun].json if key not in LOCAL | follows]


def test_json_of_interactions_has_all_participants() -> None:
    keys = [field.name for field in fields.nested("interaction")]
    left_out = {"contact", "company"} | LOCAL  # the first participants once more
    assert keys == [key for key in dict.fromkeys(interactions.VIEW.json) if key not in left_out]


def test_tables_have_the_same_as_json_and_a_column_for_every_custom_field() -> None:
    for noun in ("contact", "company"):
        columns = [field.name for field in fields.flat(noun, ["a", "b"], extra=True)]
        assert columns[0] == "uid" and columns[-1] == "notes"
        assert {*columns} - {"custom.a", "custom.b"} == {field.name for field in fields.nested(noun)} - {"custom"}
        assert len(columns) == len({*columns})


def test_the_order_of_columns_is_fixed() -> None:
    assert [field.name for field in fields.flat("company", ["size"])] == [
        "uid", "name", "legal_name", "industry", "employee_count", "preferred_language", "timezone", "currency",
        "parent", "lifecycle_stage", "owner", "do_not_contact", "emails", "phones", "addresses", "urls", "domains",
        "tags", "preferences", "external_ids", "custom.size", "notes",
    ]  # fmt: skip
