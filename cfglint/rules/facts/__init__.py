"""What is known of the libraries beyond the catalogs; nothing here looks at a config."""
