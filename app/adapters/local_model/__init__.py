"""The on-device practice model."""
