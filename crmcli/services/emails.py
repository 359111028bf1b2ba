"""E-mail addresses: checked, and kept even when they look wrong, since a customer's record is not ours to shorten."""

from email_validator import EmailNotValidError, validate_email

from crmcli.kernel.errors import UsageError


class Emails:
    """Checking addresses, without asking the network."""

    def check(self, text: str) -> tuple[str, str]:
        """The address to keep, and what is wrong with it ("" for a valid one).

        Raises:
            UsageError: it is not an address at all: there is no text on one side of an `@`, or a space in it.
        """
        value = text.strip()
        local, at, domain = value.rpartition("@")
        if not at or not local or not domain or not value.isprintable() or any(letter.isspace() for letter in value):
            raise UsageError(f"'{text}' is not an e-mail address", "an address looks like ada@engines.example")
        try:
            return validate_email(value, check_deliverability=False).normalized, ""
        except EmailNotValidError as error:
            return value, str(error)
