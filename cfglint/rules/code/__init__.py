"""Python behind a config."""
