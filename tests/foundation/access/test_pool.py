"""What a connection knew of somebody is gone when the next one gets it; a role is not left."""

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from recoup.foundation import embedded_postgres
from recoup.foundation.access import entering
from recoup.foundation.access.pooling import SETTINGS
from recoup.foundation.access.roles import Role
from recoup.foundation.database_url import database_settings, settings_of
from tests.factories import BUSINESS_DAY
from tests.foundation.access.house import ask, build
from tests.support import database


@pytest.mark.django_db(transaction=True)
def test_nobody_is_in_on_a_connection_that_went_through_the_pool():
    house = build()
    entering.enter(house.people["leader_of_all"], on=BUSINESS_DAY, has_second_factor=True)
    (backend,) = ask("SELECT pg_backend_pid(), current_setting('recoup.user_id')")
    assert backend[1] == str(house.people["leader_of_all"])
    for _ in range(50):
        connection.close()
        settings = ", ".join(f"current_setting('recoup.{name}', true)" for name in SETTINGS)
        (row,) = ask(f"SELECT pg_backend_pid(), {settings}")
        assert row[1] in ("", None)
        if row[0] == backend[0]:
            assert list(row[1:]) == list(SETTINGS.values())
            return
    pytest.fail("the connection never came back")


def test_every_setting_that_letting_in_fills_is_forgotten():
    text = (database.ROOT / "recoup" / "foundation" / "access" / "sql" / "3_doors.sql").read_text()
    filled = {name for name in SETTINGS if f"'recoup.{name}'" in text}
    assert filled == set(SETTINGS)


def test_a_web_process_signs_in_as_its_role_on_the_embedded_server(tmp_path):
    assert settings_of({"RECOUP_DATABASE_ROLE": "web"}, tmp_path)["USER"] == "recoup_web"
    assert settings_of({"RECOUP_DATABASE_ROLE": "owner"}, tmp_path)["USER"] == "recoup"
    assert settings_of({}, tmp_path)["USER"] == "recoup_worker"
    with pytest.raises(ValueError, match="king"):
        settings_of({"RECOUP_DATABASE_ROLE": "king"}, tmp_path)


def test_elsewhere_its_session_begins_in_the_role_or_it_has_an_address_of_its_own(tmp_path):
    url = "postgresql://owner@db.example/loans?options=-c%20jit%3Doff"
    known = {"RECOUP_DATABASE_URL": url, "RECOUP_DATABASE_ROLE": "web"}
    assert settings_of(known, tmp_path)["OPTIONS"]["options"] == "-c jit=off -c role=recoup_web"
    own = settings_of(known | {"RECOUP_WEB_DATABASE_URL": "postgresql://web@db/loans"}, tmp_path)
    assert (own["USER"], own["HOST"]) == ("web", "db")
    assert "options" not in own["OPTIONS"]
    assert (
        "options"
        not in database_settings("postgresql://owner@db.example/loans", tmp_path)["OPTIONS"]
    )


@pytest.mark.django_db
def test_a_session_that_began_in_the_role_does_not_leave_it():
    known = database_settings(database.server_url(), database.VAR, Role.WEB)
    begins = make_conninfo(database.server_url(), options=known["OPTIONS"]["options"])
    with psycopg.connect(begins, autocommit=True) as session:
        assert session.execute("SELECT current_user").fetchone() == ("recoup_web",)
        session.execute("RESET ROLE")
        assert session.execute("SELECT current_user").fetchone() == ("recoup_web",)


@pytest.mark.django_db
@pytest.mark.skipif(bool(database.URL), reason="the embedded server's own roles")
def test_on_the_embedded_server_there_is_nothing_to_go_back_to():
    database.server_url()
    sockets = embedded_postgres.socket_dir(database.VAR)
    address = make_conninfo(host=str(sockets), user="recoup_web", dbname="postgres")
    with psycopg.connect(address, autocommit=True) as session:
        session.execute("RESET ROLE")
        assert session.execute("SELECT current_user").fetchone() == ("recoup_web",)
        for role in ("recoup", "recoup_worker"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(f"SET ROLE {role}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute("SET SESSION AUTHORIZATION recoup")
