"""The closed lists of the data model, in the field's standard terms.

Plain tuples: they are compiled into CHECK constraints, option help, completion and filters alike, and cost a command
nothing to import.
"""

DIRECTION = ("inbound", "outbound", "internal")
CHANNEL = (
    "call",
    "email",
    "meeting",
    "chat",
    "sms",
    "social",
    "web_form",
    "self_service",
    "post",
    "in_person",
    "note",
)
OUTCOME = (
    "connected",
    "no_answer",
    "busy",
    "left_voicemail",
    "wrong_number",
    "replied",
    "bounced",
    "held",
    "not_held",
    "resolved",
    "unresolved",
)
FAILED = ("no_answer", "busy", "wrong_number", "bounced", "not_held")
"""Outcomes of attempts that reached nobody. A voicemail was left for somebody, as a letter is: it is none of them."""

LIFECYCLE_STAGE = (
    "subscriber",
    "lead",
    "marketing_qualified",
    "sales_qualified",
    "opportunity",
    "customer",
    "evangelist",
    "former",
    "other",
)
LEAD_STAGES = LIFECYCLE_STAGE[1:4]
"""The stages of life at which a contact is a lead: lead, marketing_qualified, sales_qualified."""
BEFORE_CUSTOMER = (*LIFECYCLE_STAGE[:5], "former", "other")
"""The stages of life from which who buys becomes a customer; so does who has none."""
LEAD_STATUS = ("new", "contacted", "nurturing", "qualified", "converted", "unqualified")
LEAD_CLOSED = ("converted", "unqualified")
"""States of work after which nobody works on a lead any more."""
PARTY = ("contact", "company")
FOLLOWUP_STATUS = ("open", "done", "cancelled")
RECURS_FROM = ("due", "done")
REMINDER_STATUS = ("sending", "sent", "unknown", "failed")
PRIORITY = ("low", "normal", "high", "urgent")
CONSENT_STATE = ("unknown", "pending", "granted", "denied", "withdrawn")
LEGAL_BASIS = (
    "consent",
    "contract",
    "legal_obligation",
    "vital_interests",
    "public_task",
    "legitimate_interests",
)
SUPPRESSION_KIND = ("uid", "email", "phone", "external", "name")
UPKEEP_KIND = ("backup", "verify", "vacuum")
ROLE = ("support", "sales", "marketing", "manager", "admin", "readonly")
FIELD_TYPE = ("text", "number", "date", "bool", "choice", "url")
STAGE_TYPE = ("open", "won", "lost")
FORECAST_CATEGORY = ("omitted", "pipeline", "best_case", "commit", "closed")
ORDER_STATUS = ("draft", "payment_due", "processing", "in_transit", "delivered", "returned", "cancelled")
NO_PURCHASE = ("draft", "cancelled", "returned")
"""Orders of these statuses count for nothing: not ordered yet, never sent, or all of it came back."""
FINANCIAL_STATUS = ("pending", "partially_paid", "paid", "partially_refunded", "refunded", "voided")
FULFILLMENT_STATUS = ("unfulfilled", "partial", "fulfilled", "restocked")
CASE_STATUS = ("new", "open", "pending", "resolved", "closed")
CASE_TYPE = ("question", "incident", "problem", "request", "complaint")
GOAL_METRIC = ("won", "orders")
