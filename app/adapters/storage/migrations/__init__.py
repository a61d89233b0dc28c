"""The history's schema, step by step, oldest first. Steps are never edited once released."""
