"""What several rules need to know of a config, as pure functions of its context."""
