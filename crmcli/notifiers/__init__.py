"""Ways to tell a person what is due: one file a channel."""
