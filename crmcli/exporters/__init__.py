"""Writing what other programs read: one file a format."""
