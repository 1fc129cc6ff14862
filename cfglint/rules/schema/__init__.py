"""Sections against their models."""
