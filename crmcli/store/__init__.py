"""F2: one database connection, its reads, and the one write gate."""
