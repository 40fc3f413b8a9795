"""Which passwords are refused: short, common, guessable, stolen; nothing else."""

import hashlib

import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import override_settings

from recoup.foundation.sign_in.passwords import NotBreached, NotOurName
from recoup.modules.workforce.models import User

LIU_MIN = User(username="liu_min", display_name="刘敏", employee_number="1042")


@pytest.mark.parametrize(
    "password",
    [
        "eine-lange-woche",
        "correct horse battery staple",
        "很长很长很长很长很长的一句话",
        "        two blanks",
        "aaaaaaaaaaaaZ",
        "k" * 128,
    ],
)
def test_what_is_long_is_taken_with_blanks_in_any_script_without_digits(password):
    validate_password(password, LIU_MIN)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("elevenchars", "password_too_short"),
        ("qwertyuiop123", "password_too_common"),
        ("liu_min liu_m", "password_too_similar"),
        ("recoup2026recoup", "password_is_our_name"),
        ("PasswordPassword1", "password_is_our_name"),
        ("k" * 129, "password_too_long"),
    ],
)
def test_what_is_short_common_or_about_oneself_or_us_is_refused(password, code):
    with pytest.raises(ValidationError) as refused:
        validate_password(password, LIU_MIN)
    assert code in {error.code for error in refused.value.error_list}


def test_our_name_within_a_long_sentence_is_no_fault():
    NotOurName(["Recoup"]).validate("recoup kommt heute spät nach hause")


def sha1(word):
    """As the public collections name a password."""
    return hashlib.sha1(word.encode(), usedforsecurity=False).hexdigest()


@pytest.fixture
def stolen(tmp_path):
    """A thousand stolen passwords as the public collections give them out."""
    words = [f"stolen password {number}" for number in range(1000)]
    lines = sorted(sha1(word).upper() for word in words)
    file = tmp_path / "stolen.txt"
    file.write_text("".join(f"{line}:{number}\n" for number, line in enumerate(lines)))
    return NotBreached(str(file))


def test_every_stolen_password_is_found_and_no_other(stolen):
    for number in range(1000):
        with pytest.raises(ValidationError):
            stolen.validate(f"stolen password {number}")
    for number in range(1000, 1200):
        stolen.validate(f"stolen password {number}")


def test_a_list_of_one_line_without_an_end_is_searched_too(tmp_path):
    file = tmp_path / "one.txt"
    file.write_text(sha1("only this one"))
    with pytest.raises(ValidationError):
        NotBreached(str(file)).validate("only this one")
    NotBreached(str(file)).validate("not this one")


def test_passwords_are_hashed_by_argon2id_with_the_cost_we_say():
    hashed = make_password("eine-lange-woche")
    assert identify_hasher(hashed).algorithm == "argon2"
    assert "$argon2id$" in hashed
    assert "m=19456,t=2,p=1" in hashed
    assert check_password("eine-lange-woche", hashed)
    assert not check_password("eine-kurze-woche", hashed)


def test_a_password_hashed_the_old_way_still_opens():
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):
        old = make_password("eine-lange-woche")
    assert check_password("eine-lange-woche", old)
