"""Fixes: chosen, applied in memory, verified on all configs that they reach, and written."""
