"""Which registered components exist in which release of which library, with their parameters.

An `Installation` is a release of each library, taken to be installed together. It answers as MMEngine's registries
would there:

    installation = Installation({'mmdet': '3.3.0'})
    component = installation.find('RetinaHead', 'MODELS', scope='mmdet')
    signature = installation.signature(component)
    signature.accepts('num_clases')  # False

What the source does not tell is never guessed: such a signature is open, such an object of kind `unknown`.
"""

from __future__ import annotations

from cfglint.catalog.installation import Installation
from cfglint.catalog.model import Built, Component, Extra, Parameter, Signature
from cfglint.catalog.names import Missing, Unknown

__all__ = ['Built', 'Component', 'Extra', 'Installation', 'Missing', 'Parameter', 'Signature', 'Unknown']
