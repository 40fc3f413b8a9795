"""People, contracts and days for tests: named, fixed, and no more than a test must say.

Additive: whoever needs another maker adds it here. Each returns an id, or the user it made.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from recoup.foundation.models import JobRun
from recoup.modules.assignment.models import WorklistItem
from recoup.modules.cases.models import Case
from recoup.modules.comms.models import Call
from recoup.modules.comms.rules import BY_RESULT, CallResult
from recoup.modules.contracts.models import Contract, ContractParty
from recoup.modules.ledger.models import Account, Due
from recoup.modules.parties.models import ContactPoint, Lender, Party
from recoup.modules.parties.sealing import contact_columns, party_columns
from recoup.modules.plans.models import Promise
from recoup.modules.strategy.models import Decision, Version
from recoup.modules.vehicles.models import Vehicle
from recoup.modules.vehicles.sealing import vehicle_columns
from recoup.modules.workforce.models import Agency, Grant, Team, User

BUSINESS_DAY = date(2026, 11, 20)
SHANGHAI = ZoneInfo("Asia/Shanghai")
AT_TEN = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)  # a Friday morning, inside the hours
PASSWORD = "a-long-test-password"


@cache
def _hashed() -> str:
    """Hashing is slow on purpose; the tests' one password is hashed once."""
    return make_password(PASSWORD)


def make_lender(code: str = "anda", name: str = "安达汽车金融", currency: str = "CNY") -> int:
    """A lender; the same code is the same lender."""
    lender, _made = Lender.objects.get_or_create(
        code=code, defaults={"name": name, "currency": currency}
    )
    return int(lender.pk)


def make_team(code: str = "phone-1", name: str = "电催一组") -> int:
    """A team; the same code is the same team."""
    team, _made = Team.objects.get_or_create(code=code, defaults={"name": name})
    return int(team.pk)


def make_collector(
    username: str = "liu_min", display_name: str = "刘敏", role: str = "COLLECTOR", **more: Any
) -> User:
    """Somebody who works here, by default a collector of team 电催一组."""
    facts = {
        "display_name": display_name,
        "employee_number": "1042",
        "team_id": make_team(),
        "takes_cases": role == "COLLECTOR",
        "is_service": role == "SERVICE",
    }
    given = {
        name: more.pop(name) for name in ("expires_on", "lender_id", "agency_id") if name in more
    }
    password = make_password(None) if role == "SERVICE" else _hashed()
    user = User.objects.create(username=username, password=password, **(facts | more))
    make_grant(user, role, **given)
    return user


def make_agency(code: str = "huaxin", name: str = "华信催收") -> int:
    """A company that collects for us; the same code is the same agency."""
    agency, _made = Agency.objects.get_or_create(code=code, defaults={"name": name})
    return int(agency.pk)


def make_grant(user: User, role: str, **more: Any) -> int:
    """A role for somebody, by default for every lender and without an end."""
    return int(Grant.objects.create(user=user, role_id=role, granted_at=AT_TEN, **more).pk)


def make_party(
    name: str = "王小强",
    *,
    lender_id: int | None = None,
    phone: str = "13812346021",
    kind: str = "MOBILE",
    holder: str = "SELF",
    **more: Any,
) -> int:
    """A person with one number of their own; `phone=""` for none."""
    lender_id = lender_id or make_lender()
    facts = {"ref": f"P-{uuid4().hex[:12]}", "region": "上海"} | more
    said = {key: facts.pop(key) for key in ("id_number", "born_on", "employer") if key in facts}
    kept = party_columns(lender_id=lender_id, ref=facts["ref"], name=name, **said)
    party = Party.objects.create(lender_id=lender_id, **facts, **kept)
    if phone:
        make_contact_point(party.pk, phone, kind=kind, holder=holder)
    return int(party.pk)


def make_contact_point(
    party_id: int, value: str, *, kind: str = "MOBILE", holder: str = "SELF", **more: Any
) -> int:
    """A number or address of somebody."""
    party = Party.objects.get(pk=party_id)
    kept = contact_columns(lender_id=party.lender_id, ref=party.ref, kind=kind, value=value)
    point = ContactPoint.objects.create(party_id=party_id, kind=kind, holder=holder, **kept, **more)
    return int(point.pk)


def first_contact_point(party_id: int) -> int:
    """The id of the person's first number."""
    return int(ContactPoint.objects.filter(party_id=party_id).order_by("id").first().pk)


def monthly_dues(
    first_due_on: date, count: int, principal: int = 500_000, interest: int = 40_000
) -> list[tuple[date, int, int]]:
    """Dues of equal amount, on the same day of each month."""
    return [
        (
            first_due_on.replace(
                year=first_due_on.year + (first_due_on.month - 1 + n) // 12,
                month=(first_due_on.month - 1 + n) % 12 + 1,
            ),
            principal,
            interest,
        )
        for n in range(count)
    ]


def make_contract(
    *,
    number: str = "AF2024-117302",
    borrower_id: int | None = None,
    lender_id: int | None = None,
    dues: Sequence[tuple[date, int, int]] | None = None,
    paid_dues: int = 0,
    currency: str = "CNY",
    annual_rate_micro: int = 84_000,
    account: dict[str, Any] | None = None,
    **more: Any,
) -> int:
    """A contract with its account and dues; the first `paid_dues` came to us wholly paid."""
    lender_id = lender_id or make_lender()
    borrower_id = borrower_id or make_party(lender_id=lender_id)
    dues = dues if dues is not None else monthly_dues(date(2026, 9, 13), 12)
    first = dues[0][0] if dues else BUSINESS_DAY
    facts = {
        "term_months": max(1, len(dues)),
        "first_due_on": first,
        "matures_on": dues[-1][0] if dues else None,
        "principal_minor": sum(due[1] for due in dues) or 1,
        "region": "上海",
    } | more
    contract = Contract.objects.create(
        lender_id=lender_id,
        number=number,
        borrower_id=borrower_id,
        currency=currency,
        annual_rate_micro=annual_rate_micro,
        **facts,
    )
    terms = {
        "penalty_rate_micro": annual_rate_micro * 3 // 2,
        "allocation_rule_id": "CIVIL_CODE_561",
    }
    Account.objects.create(
        contract_id=contract.pk,
        lender_id=lender_id,
        currency=currency,
        principal_open_minor=sum(due[1] for due in dues[paid_dues:]),
        **(terms | (account or {})),
    )
    Due.objects.bulk_create(
        Due(
            contract_id=contract.pk,
            seq=seq,
            due_on=due_on,
            accrued_on=due_on,
            principal_minor=principal,
            interest_minor=interest,
            principal_paid_minor=principal if seq <= paid_dues else 0,
            interest_paid_minor=interest if seq <= paid_dues else 0,
            settled_on=due_on if seq <= paid_dues else None,
        )
        for seq, (due_on, principal, interest) in enumerate(dues, start=1)
    )
    return int(contract.pk)


def name_in_contract(contract_id: int, party_id: int, role: str) -> None:
    """Somebody more is named in the contract."""
    ContractParty.objects.create(contract_id=contract_id, party_id=party_id, role=role)


def make_vehicle(contract_id: int, **more: Any) -> int:
    """The car behind a contract."""
    contract = Contract.objects.get(pk=contract_id)
    kept = vehicle_columns(
        lender_id=contract.lender_id,
        number=contract.number,
        plate_text=str(more.pop("plate", "沪A58K21")),
        vin_text=str(more.pop("vin", "LSVAA4187E2184321")),
    )
    facts = {
        "make": "大众",
        "model": "朗逸 1.5L",
        "model_year": 2023,
        "value_minor": 7_850_000,
        "valued_on": date(2026, 10, 1),
        "lien_registered": True,
    } | more
    return int(Vehicle.objects.create(contract_id=contract_id, **kept, **facts).pk)


def make_case(contract_id: int, *, collector: User | None = None, **more: Any) -> int:
    """A live case of a contract."""
    lender_id = Contract.objects.get(pk=contract_id).lender_id
    facts = {"opened_on": date(2026, 10, 14), "bucket": 2} | more
    case = Case.objects.create(
        contract_id=contract_id,
        lender_id=lender_id,
        collector_id=collector.pk if collector else None,
        **facts,
    )
    return int(case.pk)


def make_finished_night(business_day: date = BUSINESS_DAY) -> None:
    """The night of a business day, finished: from then on it is the business day."""
    JobRun.objects.create(
        name="night",
        business_day=business_day,
        started_at=datetime(2026, 11, 20, 21, 0, tzinfo=UTC),
        finished_at=datetime(2026, 11, 20, 21, 12, tzinfo=UTC),
    )


def make_decision(case_id: int, *, as_of: date = BUSINESS_DAY, **more: Any) -> None:
    """What the strategy said of a case on a night."""
    facts = {
        "version_id": Version.objects.get(is_live=True).pk,
        "rule_position": 4,
        "segment": "BROKEN_PROMISE",
        "treatment": "PHONE",
        "priority": 16_000,
        "reasons": ["PROMISE_BROKEN", "LARGE_OVERDUE"],
    } | more
    Decision.objects.create(as_of=as_of, case_id=case_id, **facts)


def make_worklist_item(
    case_id: int, collector: User, *, rank: int = 1, as_of: date = BUSINESS_DAY, **more: Any
) -> int:
    """A case on a collector's worklist of the day."""
    facts = {"priority": 16_000 - rank, "reasons": ["PROMISE_BROKEN"]} | more
    item = WorklistItem.objects.create(
        as_of=as_of,
        collector_id=collector.pk,
        rank=rank,
        case_id=case_id,
        contract_id=Case.objects.get(pk=case_id).contract_id,
        **facts,
    )
    return int(item.pk)


def make_call(
    case_id: int, party_id: int, result: CallResult, at: datetime, *, actor: User, **more: Any
) -> int:
    """A call as it was logged earlier."""
    code = BY_RESULT[result]
    facts = {
        "answered": code.answered,
        "right_party": code.right_party,
        "identity_checked": code.right_party,
        "next_step": code.next_step,
        "next_step_on": at.date(),
        "form_key": uuid4(),
    } | more
    call = Call.objects.create(
        contract_id=Case.objects.get(pk=case_id).contract_id,
        case_id=case_id,
        party_id=party_id,
        at=at,
        business_on=at.date(),
        actor_id=actor.pk,
        result=result,
        **facts,
    )
    return int(call.pk)


def make_promise(
    case_id: int, *, amount_minor: int = 640_000, due_on: date, actor: User, **more: Any
) -> int:
    """A promise as it was taken earlier."""
    contract = Contract.objects.get(pk=Case.objects.get(pk=case_id).contract_id)
    taken_on = more.pop("taken_on", date(2026, 11, 13))
    promise = Promise.objects.create(
        contract_id=contract.pk,
        case_id=case_id,
        amount_minor=amount_minor,
        currency=contract.currency,
        taken_on=taken_on,
        due_on=due_on,
        taken_at=datetime(2026, 11, 13, 10, 5, tzinfo=UTC),
        taken_by=actor.pk,
        **more,
    )
    return int(promise.pk)
