"""Files and trees that want to hang cfglint, eat the memory, crash it, or get something past its output."""
