"""What reading a config asks of the loader that reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from cfglint.language.config import Config
    from cfglint.language.environment_variables import Environment
    from cfglint.language.places import Place
    from cfglint.language.source import SourceFile


class BaseLoader(Protocol):
    """Finds and loads the bases of a config; `cfglint.language.loader.Loader` does.

    Attributes:
        touched: The paths that the config depends on; reading it adds to them.
        environment: The environment variables; notes which of them the config reads.
    """

    touched: set[str]
    environment: Environment

    def package_of(self, name: str, path: str) -> str | None:
        """Return the folder of a package whose configs the config `path` inherits; none if it is not there."""

    def stand_in(self, entry: str, path: str | None, source: SourceFile) -> Config | None:
        """Return what stands for the base that `entry` names in `source`; None where the base itself counts."""

    def load_base(self, path: str, source: SourceFile, place: Place, *, lazy: bool = False) -> Config:
        """Return a config that another one, pure-Python if `lazy`, names as its base at `place` in `source`.

        Raises:
            ConfigError: There is none, or MMEngine would refuse it.
        """
