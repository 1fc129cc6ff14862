"""What completion proposes, by the kind of place."""
