"""API keys in the system's keychain."""
