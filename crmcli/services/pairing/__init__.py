"""Which records may be the same: blocks propose pairs, and what both hold is weighed."""
