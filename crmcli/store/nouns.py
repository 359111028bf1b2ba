"""The tables whose rows are records: what people name by an id, and what the journal and the search know as a whole."""

PARTIES = ("contact", "company")
"""The customers."""
DEALINGS = ("followup", "cadence", "deal", "sales_order", "support_case")
"""What is about a customer, by its `contact_id` or `company_id`."""
RECORDS = (*PARTIES, "interaction", *DEALINGS, "product", "goal")
"""What is deleted softly."""
OWNERS = (
    ("interaction_id", "interaction"),
    ("deal_id", "deal"),
    ("order_id", "sales_order"),
    ("case_id", "support_case"),
    ("contact_id", "contact"),
    ("company_id", "company"),
    ("product_id", "product"),
)
"""The columns that say whose a row is that is no record: the first of them that is set."""
NAMES = {
    "contact": "display_name",
    "company": "name",
    "interaction": "subject",
    "followup": "subject",
    "cadence": "filter",
    "deal": "name",
    "sales_order": "number",
    "support_case": "subject",
    "product": "name",
    "goal": "name",
}
"""The column by which a record is called; it may be empty."""
