"""crmcli: a customer relationship manager for people who live in the terminal."""

__version__ = "0.1.0"
