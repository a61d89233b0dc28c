"""One file a step; a new one also adds its number to `tables.REVISIONS`."""
