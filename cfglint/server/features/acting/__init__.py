"""What code actions do, a module each."""
