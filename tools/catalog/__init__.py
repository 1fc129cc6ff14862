"""The parts of `tools/build_catalog.py`: fetch releases, read their source, write the catalogs."""
