"""What the client asks for about a place in a file: each request goes to the function of a feature."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

from lsprotocol import types
from pygls import uris
from pygls.exceptions import JsonRpcException

from cfglint.server.app import Server  # noqa: TC001 (pygls reads the annotations of commands)
from cfglint.server.features.actions import KINDS, actions, resolved
from cfglint.server.features.completion import TRIGGERS, completion, documented
from cfglint.server.features.definition import definition, implementation
from cfglint.server.features.hints import hints, lenses
from cfglint.server.features.hover import hover
from cfglint.server.features.references import references
from cfglint.server.features.rename import prepare, rename
from cfglint.server.features.symbols import folds, symbols
from cfglint.server.features.views import VIEWS
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cfglint.server.document import Document

T = TypeVar('T')
_PAUSE = 0.005
"""Seconds before a request is answered: what has been typed by then goes first, and makes the answer needless."""
CONTENT_MODIFIED = types.LSPErrorCodes.ContentModified.value


def serve_requests(server: Server) -> None:
    """Register all features that look at one file."""
    answers: tuple[tuple[str, Callable[[Document, Any], Any], Any], ...] = (
        (types.TEXT_DOCUMENT_HOVER, lambda document, asked: hover(document, asked.position), None),
        (
            types.TEXT_DOCUMENT_COMPLETION,
            lambda document, asked: completion(document, asked.position),
            types.CompletionOptions(trigger_characters=list(TRIGGERS), resolve_provider=True),
        ),
        (types.TEXT_DOCUMENT_DEFINITION, lambda document, asked: definition(document, asked.position), None),
        (types.TEXT_DOCUMENT_IMPLEMENTATION, lambda document, asked: implementation(document, asked.position), None),
        (types.TEXT_DOCUMENT_REFERENCES, lambda document, asked: references(document, asked.position), None),
        (types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, lambda document, asked: symbols(document), None),
        (types.TEXT_DOCUMENT_FOLDING_RANGE, lambda document, asked: folds(document), None),
        (types.TEXT_DOCUMENT_INLAY_HINT, lambda document, asked: hints(document, asked.range), None),
        (types.TEXT_DOCUMENT_CODE_LENS, lambda document, asked: lenses(document), None),
        (types.TEXT_DOCUMENT_PREPARE_RENAME, lambda document, asked: prepare(document, asked.position), None),
        (
            types.TEXT_DOCUMENT_RENAME,
            lambda document, asked: rename(document, asked.position, asked.new_name),
            types.RenameOptions(prepare_provider=True),
        ),
        (
            types.TEXT_DOCUMENT_CODE_ACTION,
            actions,
            types.CodeActionOptions(code_action_kinds=list(KINDS), resolve_provider=True),
        ),
    )
    for method, answer, options in answers:
        _serve(server, method, answer, options)

    @server.feature(types.COMPLETION_ITEM_RESOLVE)
    def document_proposal(ls: Server, item: types.CompletionItem) -> types.CompletionItem:
        data: Any = item.data
        document = None if data is None else ls.document(uris.from_fs_path(data['file']) or '')
        return item if document is None else documented(document, item)

    @server.feature(types.CODE_ACTION_RESOLVE)
    def resolve(ls: Server, action: types.CodeAction) -> types.CodeAction:
        data: Any = action.data
        document = ls.document(uris.from_fs_path(data['path']) or '')
        return (
            action
            if document is None or data['do'] == 'ignore'
            else _refused_in_words(lambda: resolved(document, action))
        )


def serve_commands(server: Server) -> None:
    """Register the commands, each of which takes the URI of a file."""
    for name, view in VIEWS.items():
        _serve_view(server, name, view)


def _serve_view(server: Server, name: str, view: Callable[[Document], Any]) -> None:
    @server.command(name)
    def show(ls: Server, uri: str) -> Any:
        document = ls.document(uri)
        return None if document is None else _refused_in_words(lambda: view(document))


def _serve(server: Server, method: str, answer: Callable[[Document, Any], Any], options: Any) -> None:
    async def handle(ls: Server, params: Any) -> Any:
        uri = params.text_document.uri
        version = ls.version_of(uri)
        await asyncio.sleep(_PAUSE)
        if ls.version_of(uri) != version:
            raise JsonRpcException('the text has changed', CONTENT_MODIFIED)
        document = ls.document(uri)
        return None if document is None else _refused_in_words(lambda: answer(document, params))

    (server.feature(method) if options is None else server.feature(method, options))(handle)


def _refused_in_words(answer: Callable[[], T]) -> T:
    """Return an answer; why there is none is told to the user, in a line."""
    try:
        return answer()
    except UsageError as error:
        raise JsonRpcException(str(error), types.LSPErrorCodes.RequestFailed.value) from None
