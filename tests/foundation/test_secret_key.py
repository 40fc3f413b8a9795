"""The signing key: given, or made once and for us alone."""

import pytest

from recoup.foundation.secret_key import load_secret_key


def test_the_key_that_is_given_is_used_and_nothing_is_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("RECOUP_SECRET_KEY", "given")
    assert load_secret_key(tmp_path) == "given"
    assert list(tmp_path.iterdir()) == []


def test_a_key_is_made_once_for_the_owner_alone(tmp_path, monkeypatch):
    monkeypatch.delenv("RECOUP_SECRET_KEY", raising=False)
    first = load_secret_key(tmp_path / "var")

    assert len(first) >= 50
    assert load_secret_key(tmp_path / "var") == first
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_key_half_written_when_the_power_failed_is_made_anew(tmp_path, monkeypatch):
    monkeypatch.delenv("RECOUP_SECRET_KEY", raising=False)
    (tmp_path / "secret_key").write_text("")

    assert len(load_secret_key(tmp_path)) >= 50


@pytest.mark.parametrize("var", ["file", "file/below"])
def test_a_data_folder_that_is_a_file_is_said_in_both_languages_and_left_as_it_is(
    tmp_path, var, monkeypatch
):
    monkeypatch.delenv("RECOUP_SECRET_KEY", raising=False)
    (tmp_path / "file").write_text("mine")

    with pytest.raises(SystemExit) as end:
        load_secret_key(tmp_path / var)

    assert "数据目录" in str(end.value)
    assert "RECOUP_VAR" in str(end.value)
    assert "name a folder" in str(end.value)
    assert (tmp_path / "file").read_text() == "mine"
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]
