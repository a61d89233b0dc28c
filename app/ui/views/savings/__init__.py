"""Savings: what routing saved, net of comparing."""
