"""The vocabulary to ask a config with: its items, sections, loops, hooks, dataloaders, components."""
