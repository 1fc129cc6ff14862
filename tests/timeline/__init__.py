"""The timeline of a training."""
