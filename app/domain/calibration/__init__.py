"""A calibration run: one's own prompts, fixed first, answered by both models, voted blind."""
