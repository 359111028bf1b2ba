"""Whether all is well here: small checks, each of which says what to do."""
