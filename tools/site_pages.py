"""A hook of MkDocs (`mkdocs.yml`): files beside `docs/` that the site has as pages, and links to them."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent
PAGES = {'CONTRIBUTING.md': 'contributing.md', 'CHANGELOG.md': 'changelog.md'}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages."""
    for name, page in PAGES.items():
        files.append(File.generated(config, page, abs_src_path=str(ROOT / name)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Begin with the title, since it is looked for there; lead links that work in the repository to pages of the site.

    Pages of rules come first in a search, and list what is raised.
    """
    markdown = re.sub(r'\A<!--.*?-->\s*', '', markdown)
    for name, target in PAGES.items():
        markdown = markdown.replace(f'](../{name}', f']({target}')
    folder, _, name = page.file.src_uri.removesuffix('.md').rpartition('/')
    if folder != 'rules':
        return markdown
    page.meta.setdefault('search', {'boost': 2})
    raised = ''.join(f'- ``` {text} ```\n' for text in _raised().get(name, ()))
    return f'{markdown}\n## What is raised\n\n{raised}' if raised else markdown


@cache
def _raised() -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads((ROOT / 'cfglint/explain/messages.json').read_text(encoding='utf-8'))
    return found
