"""The mapping of values: from a resolved 0.x config to the 1.x one, a module a concern."""
