"""F3: the rules of each capability. Services reach one another only through the App."""
