"""cfglint: the linter, compatibility checker and migrator for OpenMMLab (MMEngine) configs."""

__version__ = '0.1.0'
