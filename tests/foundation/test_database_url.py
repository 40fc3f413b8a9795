"""Which PostgreSQL is used, and which is refused with what to do."""

import psycopg
import pytest

from recoup.foundation.database_url import (
    check_server,
    database_settings,
    refuse_old,
)
from recoup.foundation.embedded_postgres import socket_dir
from recoup.foundation.postgres_refusals import PostgresUnfit
from tests.support import database


def test_without_a_url_it_is_the_embedded_server(tmp_path):
    settings = database_settings("", tmp_path)
    assert settings["HOST"] == str(socket_dir(tmp_path))
    assert (settings["NAME"], settings["USER"]) == ("recoup", "recoup")


def test_a_url_gives_every_part_its_place_and_the_rest_to_the_driver(tmp_path):
    settings = database_settings(
        "postgresql://liu:p%40ss@db.example:5433/loans?sslmode=verify-full", tmp_path
    )
    assert settings["HOST"] == "db.example"
    assert settings["PORT"] == "5433"
    assert (settings["USER"], settings["PASSWORD"]) == ("liu", "p@ss")
    assert settings["NAME"] == "loans"
    assert settings["OPTIONS"]["sslmode"] == "verify-full"


def test_a_url_that_cannot_be_read_is_refused_by_name(tmp_path):
    with pytest.raises(psycopg.ProgrammingError):
        database_settings("postgresql://[half", tmp_path)
    with pytest.raises(PostgresUnfit, match="RECOUP_DATABASE_URL"):
        check_server("postgresql://[half")


@pytest.mark.parametrize("version", [90624, 130_014, 140_019])
def test_a_server_older_than_15_is_refused_with_what_to_do(version):
    with pytest.raises(PostgresUnfit, match="needs 15 or newer"):
        refuse_old(version)


@pytest.mark.parametrize("version", [150_000, 150_018, 170_010, 180_006])
def test_a_server_from_15_on_is_taken(version):
    refuse_old(version)


def test_a_server_that_is_not_there_is_refused_with_what_the_driver_said():
    with pytest.raises(PostgresUnfit, match=r"cannot be reached: connection"):
        check_server("postgresql://recoup@127.0.0.1:1/recoup")


def test_a_running_server_is_taken_but_not_a_database_in_another_encoding():
    url = database.server_url()
    check_server(url)
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS test_latin")
        admin.execute("CREATE DATABASE test_latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
        try:
            with pytest.raises(PostgresUnfit, match="encoding is LATIN1"):
                check_server(psycopg.conninfo.make_conninfo(url, dbname="test_latin"))
        finally:
            admin.execute("DROP DATABASE test_latin WITH (FORCE)")
