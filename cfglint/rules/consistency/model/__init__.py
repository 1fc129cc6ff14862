"""Rules about the parts of a model, and what they expect of the data."""
