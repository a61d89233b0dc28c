"""Settings: models, keys, prices, matters and appearance."""
