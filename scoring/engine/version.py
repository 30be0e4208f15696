"""The engine's version, frozen into every grading run: raise it whenever any score could change."""

from typing import Final

ENGINE_VERSION: Final = "1"
