"""The tags: what they write, and that nothing a borrower is called can break a page."""

from datetime import UTC, datetime

import pytest
from django.template import engines
from django.utils import translation

from recoup.core.money import Money


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def written(source: str, **values: object) -> str:
    return engines["django"].from_string("{% load ui %}" + source).render(values)


def test_a_bucket_shows_its_hue_with_its_label():
    assert written("{% bucket 2 %}") == '<span class="pill bucket b2">M2</span>'
    assert "M2 · 38 days past due" in written("{% bucket 2 dpd=38 %}")
    assert 'b7">M6+' in written("{% bucket 7 %}")


def test_a_pill_takes_words_and_tone_from_one_place():
    assert (
        written('{% pill "promise" "BROKEN" %}') == '<span class="pill bad">Promise broken</span>'
    )


def test_amounts_of_two_kinds_are_written_alike():
    by_filter = written("{{ amount|money }}", amount=Money(123456, "USD"))
    assert by_filter == written('{% money 123456 "USD" %}')
    assert by_filter == '<span class="money">$1,234.56</span>'


@pytest.mark.parametrize(
    "source",
    [
        "{% pill_text evil %}",
        "{% card evil %}x{% endcard %}",
        "{% facts %}{% fact evil %}{{ evil }}{% endfact %}{% endfacts %}",
        "{% notice %}{{ evil }}{% endnotice %}",
        "{% empty evil %}{% endempty %}",
        "{% timeline %}{% entry evil %}{{ evil }}{% endentry %}{% endtimeline %}",
        "{% steps %}{% step 'done' evil evil %}{% endsteps %}",
        "{% kpi evil %}{{ evil }}{% endkpi %}",
        "{% progress 1 2 evil %}",
        "{% dialog evil evil %}{{ evil }}{% enddialog %}",
        "{% dialog_reason 'a' evil action=evil label=evil %}{% enddialog_reason %}",
        "{% error_state evil evil evil %}",
        "{{ evil|masked_name }}{{ evil|masked_plate }}",
        "{% bar 1 2 evil %}",
    ],
)
def test_a_hostile_text_stays_text(source):
    shown = written(source, evil='"><script>alert(1)</script>')
    assert "<script" not in shown
    assert '"&gt;' not in shown  # a quotation mark did not end an attribute either


def test_a_fact_without_a_value_shows_a_dash():
    assert "<dd>–</dd>" in written('{% facts %}{% fact "Phone" %}{% endfact %}{% endfacts %}')


def test_bad_news_is_read_out_at_once():
    assert 'role="alert"' in written('{% notice "bad" %}x{% endnotice %}')
    assert 'role="status"' in written("{% notice %}x{% endnotice %}")


def test_a_step_says_its_state_in_words_too():
    assert ">failed</span>" in written('{% step "failed" "Add up" %}')
    assert 'aria-current="step"' in written('{% step "now" "Add up" %}')


def test_a_timeline_entry_carries_its_kind_and_moment():
    at = datetime(2026, 11, 19, 21, 12, tzinfo=UTC)
    shown = written('{% entry "PAYMENT_POSTED" at=at %}$1{% endentry %}', at=at)
    assert '<li class="good"><b>Payment</b> $1' in shown
    assert "Nov 20, 05:12" in shown


def test_a_bar_is_as_long_as_its_share_and_never_vanishes():
    assert 'width="50.00"' in written("{% bar 1 2 %}")
    assert 'width="0.40"' in written("{% bar 1 1000000 %}")
    assert "<rect" not in written("{% bar 0 5 %}")
    assert "<rect" not in written("{% bar 0 0 %}")


def test_a_flow_bar_puts_better_left_and_worse_right_of_the_middle():
    shown = written("{% flow_bar 0.5 100 10 0 50 %}")
    assert '<rect class="gone" x="40.00"' in shown
    assert '<rect class="worse" x="50.00" y="2" width="50.00"' in shown
