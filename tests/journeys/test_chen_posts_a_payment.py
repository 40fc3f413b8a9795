"""Chen Wei of finance posts what came in; his colleague Fang Hua takes back what bounced."""

import pytest
from playwright.sync_api import expect

from recoup.modules.cases.models import Case
from recoup.modules.ledger.models import Entry, Payment
from recoup.modules.ledger.rules import SourceKind
from tests.journeys import portfolio as people
from tests.journeys.portfolio import FRIDAY, SATURDAY
from tests.journeys.words import BOTH, CHINESE

pytestmark = pytest.mark.browser


@pytest.fixture
def wang(house, clock):
    """Wang Xiaoqiang owes ¥10,885.05 on Friday."""
    people.liu_min()
    debtor = people.wang_38_days()
    clock.night_passes(FRIDAY)
    return debtor


@pytest.fixture
def finance():
    return people.everybody_else()


@pytest.fixture
def chen(finance):
    return finance["chen"]


@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.html)
def test_a_payment_is_tried_posted_reversed_and_posted_again_and_the_night_cures(
    wang, finance, sit_down, clock, words
):
    desk = sit_down(finance["chen"], words).opens("/")
    desk.presses("/").types("AF2024-117302").presses("Enter")
    desk.page.locator("#results").get_by_role("link", name="王*强").click()
    desk.is_on_the_case_of("王*强").presses("a").reads("10,885.05", at="#overdue")

    desk.presses("m").types("5471.82")
    with desk.on_the_same_page():
        desk.tabs_to(desk.page.locator("button[formaction]")).presses("Enter")
        desk.reads("71.82", at="#preview").reads("4,586.77", at="#preview")
        expect(desk.page.locator("#preview tfoot")).to_contain_text("5,413.23")
    assert not Payment.objects.exists()
    desk.presses("Control+Enter").reads("5,413.23", at="#overdue")
    payment = Payment.objects.get()
    settled = desk.page.locator(f"#payment-{payment.pk}")
    expect(settled).to_contain_text("71.82")
    # Art. 561: both penalties, both interests, then principal of the older due; and the receipt.
    assert amounts_of(payment) == [13_23, 71_82, 400_00, 400_00, 4_586_77, 5_471_82]

    # Chen posted it, so he is not offered to take it back; his colleague is.
    expect(settled.get_by_role("button", name=words.reverse, exact=True)).to_have_count(0)
    colleague = sit_down(finance["fang"], words, has_second_factor=True).opens_account(
        wang.contract_id
    )
    row = colleague.page.locator(f"#payment-{payment.pk}")
    row.get_by_role("button", name=words.reverse, exact=True).click()
    dialog = colleague.page.locator(f"#reverse-{payment.pk}")
    dialog.get_by_label(words.reason).fill("银行退票")
    dialog.get_by_role("button", name=words.reverse_payment).click()
    colleague.reads("10,885.05", at="#overdue").reads("银行退票", at="#payments")

    desk.opens_account(wang.contract_id).reads("10,885.05", at="#overdue")
    desk.presses("m").types("10,885.05").presses("Control+Enter").reads("0.00", at="#overdue")
    clock.night_passes(SATURDAY)
    assert Case.objects.get(contract_id=wang.contract_id).state == "CURED"
    desk = sit_down(finance["chen"], words)  # a session does not last until the next morning
    desk.opens_case(wang.contract_id).reads(words.nothing_overdue, at="#case-head")
    desk.reads(words.arrears_settled, at="#history").reads(words.payment_reversed, at="#history")
    thursday_is_as_it_was(desk, wang)


def thursday_is_as_it_was(desk, wang):
    """Nothing that came in on Friday changes what was owed the day before: 37 and 6 days."""
    desk.opens_account(wang.contract_id).reads("0.00", at="#overdue")
    desk.presses("d")
    expect(desk.page.locator("#as-of")).to_be_focused()
    desk.page.locator("#as-of").fill("2026-11-19")
    desk.presses("Enter").reads("10,881.27", at="#overdue").reads("69.93", at="#why")
    expect(desk.page.locator("#payment")).to_have_count(0)


def amounts_of(payment):
    entries = Entry.objects.filter(source_kind=SourceKind.PAYMENT, source_id=payment.pk)
    return sorted(entries.values_list("amount_minor", flat=True))


def test_what_cannot_be_posted_is_said_beside_the_field_and_posts_nothing(wang, chen, sit_down):
    desk = sit_down(chen, CHINESE).opens_account(wang.contract_id)
    desk.presses("m").types("12.345").presses("Control+Enter")
    desk.reads("12.345", at="#pay-amount-wrong").reads("小数", at="#pay-amount-wrong")
    desk.page.locator("#pay-amount").fill("100")
    desk.page.locator("#pay-value-on").fill("2026-11-21")
    desk.presses("Control+Enter").reads("2026-11-21", at="#pay-value-on-wrong")
    assert not Payment.objects.exists()


def test_a_collector_sees_the_account_but_neither_posts_nor_reverses(wang, chen, sit_down):
    liu = people.User.objects.get(username="liu_min")
    desk = sit_down(liu, CHINESE).opens_account(wang.contract_id).reads("10,885.05", at="#overdue")
    expect(desk.page.locator("#payment")).to_have_count(0)
    expect(desk.page.get_by_role("button", name=CHINESE.reverse, exact=True)).to_have_count(0)
