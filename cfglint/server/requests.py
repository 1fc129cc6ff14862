"""What the client asks for about a place in a file: each request goes to the function of a feature."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from cfglint.server.features.completion import TRIGGERS, completion
from cfglint.server.features.definition import definition, implementation
from cfglint.server.features.hints import hints, lenses
from cfglint.server.features.hover import hover
from cfglint.server.features.references import references
from cfglint.server.features.symbols import folds, symbols

if TYPE_CHECKING:
    from collections.abc import Callable

    from cfglint.server.app import Server
    from cfglint.server.document import Document

CONTENT_MODIFIED = types.LSPErrorCodes.ContentModified.value


def serve_requests(server: Server) -> None:
    """Register all features that look at one file."""
    answers: tuple[tuple[str, Callable[[Document, Any], Any], Any], ...] = (
        (types.TEXT_DOCUMENT_HOVER, lambda document, asked: hover(document, asked.position), None),
        (
            types.TEXT_DOCUMENT_COMPLETION,
            lambda document, asked: completion(document, asked.position),
            types.CompletionOptions(trigger_characters=list(TRIGGERS)),
        ),
        (types.TEXT_DOCUMENT_DEFINITION, lambda document, asked: definition(document, asked.position), None),
        (types.TEXT_DOCUMENT_IMPLEMENTATION, lambda document, asked: implementation(document, asked.position), None),
        (types.TEXT_DOCUMENT_REFERENCES, lambda document, asked: references(document, asked.position), None),
        (types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, lambda document, asked: symbols(document), None),
        (types.TEXT_DOCUMENT_FOLDING_RANGE, lambda document, asked: folds(document), None),
        (types.TEXT_DOCUMENT_INLAY_HINT, lambda document, asked: hints(document, asked.range), None),
        (types.TEXT_DOCUMENT_CODE_LENS, lambda document, asked: lenses(document), None),
    )
    for method, answer, options in answers:
        _serve(server, method, answer, options)


def _serve(server: Server, method: str, answer: Callable[[Document, Any], Any], options: Any) -> None:
    async def handle(ls: Server, params: Any) -> Any:
        uri = params.text_document.uri
        version = ls.version_of(uri)
        await asyncio.sleep(0)  # what has arrived meanwhile goes first: the text may be another one by now
        if ls.version_of(uri) != version:
            raise JsonRpcException('the text has changed', CONTENT_MODIFIED)
        document = ls.document(uri)
        return None if document is None else answer(document, params)

    (server.feature(method) if options is None else server.feature(method, options))(handle)
