"""The language server: a client of the workspace and the engine.

Each feature is a module in `features/`: a function from a document, and a place in it, to what the protocol wants.
`app.py` connects them with the wire.
"""
