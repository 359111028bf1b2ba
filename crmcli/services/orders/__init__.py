"""Orders: taking them, sending them, being paid for them, and those that come again."""
