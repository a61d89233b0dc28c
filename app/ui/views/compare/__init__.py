"""Compare: asking, answers side by side, and the vote."""
