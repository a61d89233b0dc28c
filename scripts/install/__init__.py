"""How a fresh machine becomes one that runs Counterpart, with the standard library alone."""
