"""One benchmark a file; each has a `run() -> list[dict]` that scripts/bench.py calls."""
