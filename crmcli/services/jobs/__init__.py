"""Reminders that run by themselves: a line of the crontab, or a timer of systemd."""
