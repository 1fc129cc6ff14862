"""What MMEngine's reader refuses, or reads otherwise than meant."""
