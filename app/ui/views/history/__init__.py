"""History: what was asked, answered and voted."""
