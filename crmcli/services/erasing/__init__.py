"""Erasing a person: whose words they are, what is left of them, and keeping them away."""
