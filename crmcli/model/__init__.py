"""F1: the SQLModel tables and enums, the single source of the schema."""
