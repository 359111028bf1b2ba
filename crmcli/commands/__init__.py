"""F5: one file per noun. Parse, call a service, show the result."""
