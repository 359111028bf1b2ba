"""Words of consent that the rules and their SQL share."""

EVERYDAY = "contact"
"""The purpose of any contact for which none is named: who refuses that wants none at all."""
REFUSED = ("denied", "withdrawn")
BY_MAIL = ("email",)
BY_PHONE = ("call", "sms")
