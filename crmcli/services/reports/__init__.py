"""Reports, a module each: what the past shows."""
