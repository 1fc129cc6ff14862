"""Sections against each other."""
