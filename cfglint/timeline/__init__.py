"""The timeline of a training: what the learning rates and momenta are when, and what happens when; nothing is run."""
