"""What the night and an intake change is on record under their names."""

import pytest
from django.db import connection

from recoup.foundation import audit
from recoup.foundation.audit.queries import events
from recoup.interfaces.worker.night import run_night
from tests.factories import BUSINESS_DAY, make_collector, make_contract

pytestmark = pytest.mark.django_db


def test_what_the_night_changes_bears_the_name_of_its_step() -> None:
    make_collector()
    contract_id = make_contract()

    run_night(as_of=BUSINESS_DAY)

    opened = [e for e in events(contract_id=contract_id) if e.subject == "cases_case"]
    assert [e.system for e in opened][-1] == "night open_cases"
    assert opened[-1].db_role == "recoup_worker"
    assert opened[-1].actor_id is None


def test_a_job_has_its_name_only_where_no_person_acts() -> None:
    liu = make_collector()
    audit.name_job("intake 7")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('recoup.user_id', %s, true)", [str(liu.pk)])

    make_contract()

    latest = events(limit=1)[0]
    assert (latest.actor_id, latest.system) == (liu.pk, "")
