"""MMEngine's config language, read without running it: source text, evaluation, inheritance, origins."""
