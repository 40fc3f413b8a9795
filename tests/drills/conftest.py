"""The drills use the file store's fixtures."""

from tests.foundation.filestore.conftest import job, store

__all__ = ["job", "store"]
