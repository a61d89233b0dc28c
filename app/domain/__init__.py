"""What the app knows: values and arithmetic, no input or output."""
