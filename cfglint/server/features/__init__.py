"""What the server offers, a module each: functions from a document, and a place in it, to what the protocol wants."""
