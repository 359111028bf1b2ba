"""F4: what a person or a program sees: streams, formats and views."""
