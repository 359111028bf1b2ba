"""What each noun looks like: its columns and its JSON contract."""
