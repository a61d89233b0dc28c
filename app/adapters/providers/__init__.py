"""Model providers over HTTP: one file a dialect."""
