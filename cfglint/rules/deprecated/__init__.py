"""Keys and names of 0.x, and names deprecated within 1.x."""
