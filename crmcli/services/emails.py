"""E-mail addresses: checked, and kept even when they look wrong, since a customer's record is not ours to shorten."""

import re

from email_validator import EmailNotValidError, validate_email

from crmcli.kernel.errors import UsageError

# An address that the validator accepts and returns as it is: dot-atom of RFC 5322, a domain of plain lower-case labels
# that end in letters, none of the names that are set aside for special use (RFC 6761).
_LABEL = r"[a-z0-9](?:[a-z0-9]{0,61}[a-z0-9])?"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PLAIN = re.compile(
    rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?!(?:arpa|invalid|local|localhost|onion|test)$)[a-z]{{2,24}}"
)
_LONGEST_LOCAL, _LONGEST = 64, 254


class Emails:
    """Checking addresses, without asking the network."""

    def check(self, text: str) -> tuple[str, str]:
        """The address to keep, and what is wrong with it ("" for a valid one).

        Raises:
            UsageError: it is not an address at all: there is no text on one side of an `@`, or a space in it.
        """
        value = text.strip()
        if len(value) <= _LONGEST and value.find("@") <= _LONGEST_LOCAL and _PLAIN.fullmatch(value):
            return value, ""
        local, at, domain = value.rpartition("@")
        if not at or not local or not domain or not value.isprintable() or any(letter.isspace() for letter in value):
            raise UsageError(f"'{text}' is not an e-mail address", "an address looks like ada@engines.example")
        try:
            return validate_email(value, check_deliverability=False).normalized, ""
        except EmailNotValidError as error:
            return value, str(error)
