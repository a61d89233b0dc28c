"""Calibrate: the audit of one’s own work, page by page."""
