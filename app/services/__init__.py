"""What the app does: one use case a file, speaking to ports only."""
