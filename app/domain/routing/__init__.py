"""The personal rule: features, learner and decision, as pure values."""
