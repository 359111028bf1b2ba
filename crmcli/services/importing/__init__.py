"""Taking records in: matching, deciding, writing, telling."""
