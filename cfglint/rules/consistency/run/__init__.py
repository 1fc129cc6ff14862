"""Rules about the run: the Runner, loops, optimizers, schedulers, hooks and what is logged."""
