"""The personal rule: features, learner and decision, as pure values."""

import os

# Read once, when numpy is first imported, which is always after this: on matrices of a hundred
# columns several threads only wait for each other (a fit took 10 times as long on busy cores).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
