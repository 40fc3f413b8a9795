"""Good rows go in, bad ones are quarantined with a reason, and the same file changes nothing."""

import pytest
from django.utils import translation

from recoup.foundation import vault
from recoup.modules.contracts.models import Contract, ContractParty
from recoup.modules.intake import exporting, queries, services
from recoup.modules.intake.layout import LAYOUT
from recoup.modules.intake.models import Batch, QuarantinedRow
from recoup.modules.intake.refusals import (
    FileBeingTakenIn,
    FileTakenInAlready,
    LenderUnknown,
    RowsDiffer,
)
from recoup.modules.intake.rules import BatchState, RowKind
from recoup.modules.intake.sums import RefusedSums
from recoup.modules.ledger.models import Account, Due, Entry, Payment
from recoup.modules.parties.models import ContactPoint, Party
from recoup.modules.parties.sealing import NAME
from recoup.modules.vehicles.models import Vehicle
from tests.modules.intake.conftest import AT, CONTRACTS
from tests.modules.intake.files import PAYMENTS, PAYMENTS_HEADER


def in_clear(party):
    """The name that is kept, opened."""
    about = f"{NAME}/{party.ref}"
    return vault.open(party.name_sealed, lender_id=party.lender_id, about=about)


def reasons(batch):
    return [(f.row_number, f.column, f.code) for f in queries.every_fault(batch.id)]


def test_a_contract_comes_in_with_its_borrower_account_and_schedule(anda):
    batch = anda.take(CONTRACTS, RowKind.CONTRACTS, schedule_from_terms=True)
    contract = Contract.objects.get(number="HT-001")
    account = Account.objects.get(contract=contract)
    dues = Due.objects.filter(contract_id=contract.pk).order_by("seq")
    assert in_clear(contract.borrower) == "王芳"
    assert account.penalty_rate_micro == 126_000  # 8.4 % x 1.5
    assert account.principal_open_minor == sum(d.principal_minor for d in dues) == 12_000_00
    assert len(dues) == 12
    assert (batch.rows_total, batch.rows_good, batch.rows_bad) == (1, 1, 0)


def test_a_chinese_header_is_the_standard_layout_too(anda):
    anda.take(
        "合同号,借款人客户号,借款人姓名,贷款本金,年利率,期限,首期应还日\n"
        'HT-002,KH-002,李强,"30,000",12%,24,2026/3/1\n',
        RowKind.CONTRACTS,
    )
    contract = Contract.objects.get(number="HT-002")
    assert (contract.principal_minor, contract.annual_rate_micro) == (30_000_00, 120_000)


def test_good_rows_go_in_and_bad_ones_stay_out_with_every_reason(anda_with_wang):
    batch = anda_with_wang.take(
        PAYMENTS_HEADER
        + "HT-001,2026-10-15,1000.00,BK1\n"
        + "HT-001,2024-02-30,ten,BK2\n"
        + "HT-999,2026-10-15,5,BK3\n"
        + "HT-001,2026-01-01,5,BK4\n"
        + "HT-001,2026-11-23,5,BK5\n"
        + "HT-001,2026-10-15,7,BK1\n"
        + "HT-001,2026-10-15,0,BK6\n"
    )
    assert (batch.rows_total, batch.rows_good, batch.rows_bad) == (7, 1, 6)
    assert reasons(batch) == [
        (3, "paid_on", "date_impossible"),
        (3, "amount", "amount_not_a_number"),
        (4, "contract_number", "contract_unknown"),
        (5, "paid_on", "payment_before_signing"),
        (6, "paid_on", "payment_in_future"),
        (7, "reference", "duplicate_in_file"),
        (8, "amount", "amount_is_zero"),
    ]
    assert Payment.objects.get().amount_minor == 1000_00


def test_control_totals_are_kept_per_table_and_currency(anda_with_wang):
    batch = anda_with_wang.take(PAYMENTS + "HT-999,2026-10-15,5,BK3\n")
    (line,) = queries.control_totals(queries.batch(batch.id))
    assert (line.kind, line.new, line.unchanged, line.bad) == ("payments", 2, 0, 1)
    (total,) = line.sums
    assert (str(total.taken_in), str(total.bad)) == ("2000.00 CNY", "5.00 CNY")


def test_control_totals_count_what_can_be_read_of_a_row_refused_while_it_was_read(anda_with_wang):
    rows = (
        "HT-001,2026-02-30,40.50,BK3\n"  # an impossible day beside a sound amount
        "HT-001,2026-10-15,abc,BK4\n"  # no amount
        "HT-999,2026-10-15,5,BK5\n"  # refused by judging
    )
    batch = anda_with_wang.take(PAYMENTS + rows)
    (line,) = queries.control_totals(queries.batch(batch.id))
    assert (line.new, line.unchanged, line.bad) == (2, 0, 3)
    (total,) = line.sums
    assert (str(total.taken_in), str(total.bad)) == ("2000.00 CNY", "45.50 CNY")


def test_a_file_of_which_every_row_is_refused_still_says_how_much_was_in_it(anda_with_wang):
    batch = anda_with_wang.take(PAYMENTS_HEADER + "HT-001,2026-02-30,40.50,BK3\n")
    (line,) = queries.control_totals(queries.batch(batch.id))
    (total,) = line.sums
    assert (line.bad, str(total.taken_in), str(total.bad)) == (1, "0.00 CNY", "40.50 CNY")


def test_a_row_whose_currency_nobody_knows_adds_to_no_sum():
    refused = RefusedSums()
    values = [None] * len(LAYOUT[RowKind.PAYMENTS])
    at = {column.name: place for place, column in enumerate(LAYOUT[RowKind.PAYMENTS])}
    values[at["amount"]] = 500
    refused.add(RowKind.PAYMENTS, values)
    assert refused.of(RowKind.PAYMENTS) == {}
    values[at["currency"]] = "USD"
    refused.add(RowKind.PAYMENTS, values)
    refused.add(RowKind.PAYMENTS, values)
    assert refused.of(RowKind.PAYMENTS) == {"USD": {"amount_minor": 1000}}


def test_the_same_file_twice_changes_nothing(anda_with_wang):
    first = anda_with_wang.take(PAYMENTS)
    second = anda_with_wang.take(PAYMENTS)
    assert second == first
    assert Payment.objects.count() == 2


def test_the_same_rows_in_another_file_are_counted_as_unchanged(anda_with_wang):
    anda_with_wang.take(PAYMENTS)
    again = anda_with_wang.take(PAYMENTS + "HT-001,2026-11-16,3,BK3\n")
    assert (again.rows_good, again.rows_unchanged) == (1, 2)
    assert Payment.objects.count() == 3


def test_equal_payments_without_reference_are_two_and_stay_two(anda_with_wang):
    file = "contract_number,paid_on,amount\nHT-001,2026-10-15,5\nHT-001,2026-10-15,5\n"
    anda_with_wang.take(file)
    anda_with_wang.take(file + "\n")
    assert Payment.objects.count() == 2


def test_a_file_with_bad_rows_goes_in_when_what_it_refers_to_is_known(anda):
    early = anda.take(PAYMENTS)
    assert (early.rows_good, early.rows_bad) == (0, 2)
    anda.take(CONTRACTS, RowKind.CONTRACTS)
    late = anda.take(PAYMENTS)
    assert (late.rows_good, late.rows_bad) == (2, 0)


def test_a_reference_with_another_amount_is_refused_with_what_is_kept(anda_with_wang):
    anda_with_wang.take(PAYMENTS)
    batch = anda_with_wang.take(PAYMENTS_HEADER + "HT-001,2026-10-15,999,BK1\n")
    (fault,) = queries.every_fault(batch.id)
    assert fault.sentence % fault.params == (
        "A payment with this reference is kept already: 1000.00 CNY on 2026-10-15."
    )
    assert Payment.objects.get(reference="BK1").amount_minor == 1000_00


def test_people_and_cars_may_change_and_empty_cells_erase_nothing(anda_with_wang):
    anda_with_wang.take("party_ref,name,region\nKH-001,王芳,浙江\nKH-002,赵云,\n", RowKind.PARTIES)
    anda_with_wang.take("party_ref,name,region\nKH-001,王方,\n", RowKind.PARTIES)
    anda_with_wang.take("party_ref,kind,value\nKH-001,手机,13800000000\n", RowKind.CONTACTS)
    anda_with_wang.take("contract_number,make,plate\nHT-001,比亚迪,\n", RowKind.VEHICLES)
    anda_with_wang.take("contract_number,make,plate\nHT-001,比亚迪,浙A12345\n", RowKind.VEHICLES)
    wang = Party.objects.get(ref="KH-001")
    assert (in_clear(wang), wang.region) == ("王方", "浙江")
    assert ContactPoint.objects.get(party=wang).kind == "MOBILE"
    assert Vehicle.objects.get().plate_masked == "浙A·***45"


def test_a_guarantor_is_linked_once(anda):
    anda.take("party_ref,name\nKH-009,孙伟\n", RowKind.PARTIES)
    head, row = CONTRACTS.splitlines()
    file = f"{head},guarantor_ref\n{row},KH-009\n"
    anda.take(file, RowKind.CONTRACTS)
    again = anda.take(file + "\n", RowKind.CONTRACTS)
    assert again.rows_unchanged == 1
    assert ContractParty.objects.get().role == "GUARANTOR"


def test_terms_change_until_money_is_booked_and_not_after(anda_with_wang):
    contract = Contract.objects.get()
    other_rate = CONTRACTS.replace("8.4", "9.0")
    anda_with_wang.take(other_rate, RowKind.CONTRACTS)
    assert Account.objects.get().penalty_rate_micro == 135_000
    Entry.objects.create(
        contract_id=contract.pk, source_id=1, debit=1, credit=2, amount_minor=1,
        value_on=AT.date(), booked_at=AT,
    )  # fmt: skip
    batch = anda_with_wang.take(CONTRACTS, RowKind.CONTRACTS, name="third.csv")
    assert reasons(batch) == [(2, "annual_rate", "terms_fixed_by_postings")]
    contract.refresh_from_db()
    assert contract.annual_rate_micro == 90_000


INSTALMENTS = "contract_number,seq,due_on,principal,interest,principal_paid,interest_paid\n"


def test_a_schedule_goes_in_whole_or_not_at_all(anda):
    anda.take(CONTRACTS, RowKind.CONTRACTS)
    batch = anda.take(
        INSTALMENTS + "HT-001,1,2026-02-28,6000,84,7000,0\nHT-001,2,2026-03-28,6000,42,,\n",
        RowKind.INSTALMENTS,
    )
    assert reasons(batch) == [
        (2, "principal_paid", "paid_more_than_due"),
        (3, "seq", "schedule_refused_with_row"),
    ]
    assert not Due.objects.exists()


def test_what_was_paid_before_the_hand_over_is_settled_on_its_due_date(anda):
    anda.take(CONTRACTS, RowKind.CONTRACTS)
    anda.take(
        INSTALMENTS + "HT-001,1,2026-02-28,6000,84,6000,84\nHT-001,2,2026-03-28,6000,42,100,42\n",
        RowKind.INSTALMENTS,
    )
    first, second = Due.objects.order_by("seq")
    assert first.settled_on == first.due_on
    assert second.settled_on is None
    assert Account.objects.get().principal_open_minor == 5_900_00


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (
            "HT-001,1,2026-02-28,6000,0,,\nHT-001,2,2026-03-28,5999.99,0,,\n",
            "principal_sum_differs",
        ),
        ("HT-001,1,2026-03-28,6000,0,,\nHT-001,2,2026-02-28,6000,0,,\n", "due_dates_do_not_ascend"),
        ("HT-001,1,2026-01-30,12000,0,,\n", "due_before_signing"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(anda, rows, code):
    anda.take(CONTRACTS, RowKind.CONTRACTS)
    batch = anda.take(INSTALMENTS + rows, RowKind.INSTALMENTS)
    assert code in {reason for _, _, reason in reasons(batch)}
    assert batch.rows_good == 0
    assert not Due.objects.exists()


def test_a_wrong_row_count_refuses_the_whole_file(anda_with_wang):
    with pytest.raises(RowsDiffer):
        anda_with_wang.take(PAYMENTS, expected_rows=3)
    assert Batch.objects.latest("id").state == BatchState.REFUSED
    assert not Payment.objects.exists()
    assert not QuarantinedRow.objects.exists()


def test_an_unknown_lender_leaves_no_batch(anda, tmp_path):
    with pytest.raises(LenderUnknown):
        services.take_in(
            path=tmp_path / "x.csv", lender_code="nobody", kind=RowKind.PAYMENTS,
            actor_id=None, at=AT,
        )  # fmt: skip
    assert not Batch.objects.exists()


def test_a_saved_mapping_reads_a_lenders_own_columns(anda_with_wang):
    spec = {
        "delimiter": ";",
        "decimal": ",",
        "date_format": "DD.MM.YYYY",
        "tables": {
            "payments": {
                "columns": {
                    "contract_number": {"from": "Vertrag", "prefix": "HT-"},
                    "paid_on": "Tag",
                    "amount": "Betrag",
                    "channel": {"from": "Art", "values": {"U": "TRANSFER", "*": "CASH"}},
                    "reference": {"from": ["Tag", "Vertrag"], "join": "/"},
                }
            }
        },
    }
    lender = queries.lender("anda")
    services.save_mapping(lender_id=lender.id, code="own", spec=spec)
    batch = anda_with_wang.take(
        "Vertrag;Tag;Betrag;Art\n001;15.10.2026;1.000,50;B\n", None, mapping="own"
    )
    payment = Payment.objects.get()
    assert batch.rows_good == 1
    assert (payment.amount_minor, payment.channel) == (1000_50, "CASH")
    assert payment.reference == "15.10.2026/001"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "2024-02-30 is not a day of the calendar."),
        ("zh-hans", "日历上没有 2024-02-30 这一天。"),
    ],
)
def test_the_quarantine_speaks_the_readers_language(anda_with_wang, language, said):
    batch = anda_with_wang.take(PAYMENTS_HEADER + "HT-001,2024-02-30,5,+1\n")
    with translation.override(language):
        lines = list(exporting.quarantine_csv(batch.id))
    assert said in lines[1]
    assert lines[1].endswith("HT-001,2024-02-30,5,'+1\r\n")


def test_the_second_of_two_uploads_side_by_side_changes_nothing(anda_with_wang):
    def the_other_is_done(step):
        if step.stage == "READING":
            mine = Batch.objects.latest("id")
            Batch.objects.filter(pk=mine.pk).update(received_at=AT)
            mine.pk, mine.state = None, BatchState.DONE
            mine.save(force_insert=True)

    with pytest.raises(FileTakenInAlready):
        anda_with_wang.take(PAYMENTS, progress=the_other_is_done)
    assert not Payment.objects.exists()


def test_the_quarantine_is_read_in_whole_rows(anda_with_wang):
    bad = "HT-001,2024-02-30,x,\n"
    batch = anda_with_wang.take(PAYMENTS_HEADER + bad * 3)
    first, after = queries.faults(batch.id, limit=3)
    second, end = queries.faults(batch.id, limit=100, after=after)
    assert [fault.row_number for fault in first + second] == [2, 2, 3, 3, 4, 4]
    assert (after, end) == (2, None)


def test_nobody_takes_in_a_file_that_is_being_taken_in(anda_with_wang, other_session):
    anda_with_wang.take(PAYMENTS_HEADER + "HT-9,2026-10-15,5,X\n")
    running = Batch.objects.latest("id")
    Batch.objects.filter(pk=running.pk).update(state=BatchState.RUNNING)
    other_session.execute("SELECT pg_advisory_lock(%s, %s)", [queries.BATCH_LOCK, running.pk])
    with pytest.raises(FileBeingTakenIn):
        anda_with_wang.take(PAYMENTS_HEADER + "HT-9,2026-10-15,5,X\n")
    other_session.execute("SELECT pg_advisory_unlock_all()")
    assert anda_with_wang.take(PAYMENTS_HEADER + "HT-9,2026-10-15,5,X\n").id == running.pk
