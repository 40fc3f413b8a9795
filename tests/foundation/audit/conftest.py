"""The record's own key and folder, away from the data folder."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def kept_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Anchors and the key that signs them lie in the test's folder."""
    monkeypatch.setenv("RECOUP_AUDIT_KEY_FILE", str(tmp_path / "keys" / "audit_ed25519"))
    monkeypatch.setenv("RECOUP_ANCHORS", str(tmp_path / "anchors"))
    return tmp_path
