"""What reminders say: notices of what became due, and digests of a day or a week, in text, Markdown and HTML."""
