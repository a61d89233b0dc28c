"""Chores of the project: start it, check it, measure it, lock it, credit it."""
