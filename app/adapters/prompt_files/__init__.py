"""Prompts that were written elsewhere: tables, JSON, folders of text, another program's export."""
