"""The Python behind configs: what a module says, told from its syntax tree; nothing is imported or run."""
