"""Registered components and their arguments."""
