"""The believable year of a small workshop that makes fruit presses: its customers, and what was said."""
