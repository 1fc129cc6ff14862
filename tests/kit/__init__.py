"""What rule tests share: a toy library, the completion of examples to runnable configs, and MMEngine as the oracle."""
