"""The half of `cfglint smoke` that runs inside the user's environment.

It needs the standard library, torch and mmengine, runs on Python 3.8 or newer, and imports nothing of cfglint
outside of this folder: `__main__.py` loads the folder as a package of its own, so that any interpreter can run it.
"""
