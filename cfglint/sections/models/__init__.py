"""The section models: the arguments of each class that MMEngine builds from a config, as Pydantic models.

A model says what one field alone decides. What several fields decide together, and which fields are built in their
turn, is said by the modules beside this package, which do without Pydantic: see `cfglint.sections.slots.Spec`.
"""
