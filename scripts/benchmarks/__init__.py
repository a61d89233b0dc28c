"""Benchmarks of the whole app and of its parts; see `scripts/bench.py`."""

import os

# As in the product, which sets it before numpy is first imported; here numpy may come earlier.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
