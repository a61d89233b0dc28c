"""My rule: what was learned, what it allows, and why."""
