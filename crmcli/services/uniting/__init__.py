"""Making one record of several: which value wins, and what becomes of the rows that belong to each."""
