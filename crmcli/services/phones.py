"""Phone numbers: understood as E.164 where they can be, and kept as they were written."""

import phonenumbers

from crmcli.kernel.errors import UsageError


class Phones:
    """Understanding numbers.

    Args:
        country: the ISO 3166 country whose numbers are written without a prefix, or None when every number needs one.
    """

    def __init__(self, country: str | None) -> None:
        self.country = country

    def check(self, text: str, country: str | None = None) -> tuple[str, str | None]:
        """The number as it was written, and in E.164 with an RFC 3966 extension left out; None when not understood.

        Args:
            text: a number in any notation.
            country: where it is meant to be dialled, when that is known better than from the settings.

        Raises:
            UsageError: it has fewer than three digits.
        """
        raw = text.strip()
        if sum(letter.isdigit() for letter in raw) < 3:
            raise UsageError(f"'{text}' is not a phone number", "write it with its country: +44 20 7946 0958")
        return raw, self.e164(raw, country)

    def e164(self, text: str, country: str | None = None) -> str | None:
        """The number in E.164, or None when it cannot be understood."""
        try:
            number = phonenumbers.parse(text[:100], country or self.country)
        except phonenumbers.NumberParseException:
            return None
        if not phonenumbers.is_possible_number(number):
            return None
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
