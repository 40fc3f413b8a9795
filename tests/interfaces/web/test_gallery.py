"""The gallery: every component, for those who run the installation."""

import pytest

from recoup.interfaces.ui.labels import LABELS
from tests import factories
from tests.interfaces.web.mornings import signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_staff_see_every_label_in_their_language(language):
    staff = factories.make_collector("wu_jun", "吴军", role="OPERATOR")
    page = signed_in(staff, language).get("/gallery")
    assert page.status_code == 200
    shown = page.text.count('class="pill ')
    assert shown >= sum(len(codes) for codes in LABELS.values())
    assert "<script>alert(1)" not in page.text


def test_others_do_not():
    assert signed_in(factories.make_collector()).get("/gallery").status_code == 403
