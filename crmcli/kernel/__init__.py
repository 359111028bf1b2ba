"""F0: the ground floor. Standard library and platformdirs only; knows nothing of databases or terminals."""
