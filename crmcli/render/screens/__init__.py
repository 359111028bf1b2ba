"""Whole screens: one record drawn in more than a table, each imported when it is shown."""
