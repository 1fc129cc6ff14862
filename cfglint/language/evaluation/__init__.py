"""The interpreter of the config language: scopes, expressions, statements, calls. It knows values, and no files or bases."""
