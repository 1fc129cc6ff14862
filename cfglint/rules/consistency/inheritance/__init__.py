"""Rules about what a child makes of its bases."""
