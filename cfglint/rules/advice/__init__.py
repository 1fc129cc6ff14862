"""What works, but hurts."""
