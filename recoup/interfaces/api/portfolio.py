"""Reading: whose key it is, contracts, cases, accounts as of a day, promises, the night."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router

from recoup.core.account import explain, position
from recoup.core.account.explain import DueExplanation
from recoup.foundation.access.rights import Right
from recoup.interfaces.api import schemas
from recoup.interfaces.api.keys import caller_of
from recoup.interfaces.api.operations import operation, page, position_of, read
from recoup.interfaces.api.problems import ContractUnknown, NoBusinessDay
from recoup.modules.assignment import register
from recoup.modules.ledger import queries as ledger

router = Router()


def business_day(request: HttpRequest) -> date:
    """The day the books stand at. Raises NoBusinessDay."""
    night = caller_of(request).night
    if night is None:
        raise NoBusinessDay
    return night.business_day


@router.get("/me", response=schemas.Me, tags=["access"])
@operation(None)
def who_am_i(request: HttpRequest) -> dict[str, Any]:
    """Whose key this is, and what it may do."""
    caller = caller_of(request)
    return {
        "name": caller.name,
        "rights": sorted(caller.access.rights),
        "reach": caller.access.reach,
        "lender_ids": list(caller.access.lender_ids),
    }


@router.get("/night", response=schemas.Night, tags=["night"])
@operation(Right.SEE_CASES)
def last_night(request: HttpRequest) -> dict[str, Any]:
    """The last finished night: every figure is as of its day."""
    night = caller_of(request).night
    return {
        "business_day": night.business_day if night else None,
        "finished_at": night.finished_at if night else None,
    }


@router.get("/contracts", response=schemas.Contracts, tags=["contracts"])
@operation(Right.SEE_CASES)
def list_contracts(
    request: HttpRequest,
    lender: schemas.LenderCode | None = None,
    number: schemas.Number | None = None,
    cursor: schemas.Cursor | None = None,
    limit: schemas.PageSize = 50,
) -> dict[str, Any]:
    """Contracts within the key's reach, in the order of their ids."""
    rows = register.contracts(
        lender=lender or "", number=number or "", after=position_of(cursor), limit=limit + 1
    )
    read(request, "contracts", contract_ids=[row.id for row in rows[:limit]])
    return page(rows, limit)


@router.get("/contracts/{contract_id}", response=schemas.Contract, tags=["contracts"])
@operation(Right.SEE_CASES)
def read_contract(request: HttpRequest, contract_id: schemas.Id) -> Any:
    """One contract."""
    found = register.contract(contract_id)
    if found is None:
        raise ContractUnknown(number=contract_id)
    read(request, "contract", contract_id)
    return found


@router.get("/contracts/{contract_id}/account", response=schemas.AccountPosition, tags=["money"])
@operation(Right.SEE_CASES)
def read_account(
    request: HttpRequest,
    contract_id: schemas.Id,
    as_of: schemas.Day | None = None,
) -> dict[str, Any]:
    """Where the account stands at the end of a day (today's business day), and why, to the cent."""
    day = as_of or business_day(request)
    if register.contract(contract_id) is None:
        raise ContractUnknown(number=contract_id)
    account = ledger.loan_account(contract_id=contract_id, as_of=day)
    where = position(account, day)
    read(request, "contract", contract_id)
    return {
        "contract_id": contract_id,
        "as_of": day,
        "currency": account.terms.currency,
        "overdue_minor": where.overdue_total,
        "overdue_cost_minor": where.overdue_cost,
        "overdue_penalty_minor": where.overdue_penalty,
        "overdue_interest_minor": where.overdue_interest,
        "overdue_principal_minor": where.overdue_principal,
        "outstanding_principal_minor": where.outstanding_principal,
        "unallocated_minor": account.unallocated,
        "oldest_due_on": where.oldest_due_on,
        "days_past_due": where.dpd_raw,
        "bucket": where.bucket,
        "tier": int(where.tier),
        "penalty_rate_micro": account.terms.penalty_rate_micro,
        "penalty_day_basis": account.terms.penalty_day_basis,
        "dues": [_due(due) for due in explain(account, day).dues],
    }


def _due(due: DueExplanation) -> dict[str, Any]:
    return {
        "seq": due.seq,
        "due_on": due.due_on,
        "cost_minor": due.cost_open,
        "penalty_minor": due.penalty_open,
        "interest_minor": due.interest_open,
        "principal_minor": due.principal_open,
        "total_minor": due.total,
        "penalty_charged_minor": due.penalty_charged,
        "penalty_paid_minor": due.penalty_paid,
        "is_in_grace": due.in_grace,
        "penalty_stretches": [
            {"from_on": s.from_on, "to_on": s.to_on, "base_minor": s.base} for s in due.segments
        ],
    }


@router.get("/cases", response=schemas.Cases, tags=["cases"])
@operation(Right.SEE_CASES)
def list_cases(
    request: HttpRequest,
    lender: schemas.LenderCode | None = None,
    bucket: schemas.Bucket | None = None,
    cursor: schemas.Cursor | None = None,
    limit: schemas.PageSize = 50,
) -> dict[str, Any]:
    """Cases in collections within the key's reach."""
    night = caller_of(request).night
    rows = register.cases(
        as_of=night.business_day if night else None,
        lender=lender or "",
        bucket=bucket,
        after=position_of(cursor),
        limit=limit + 1,
    )
    read(request, "cases", contract_ids=[row.contract_id for row in rows[:limit]])
    return page(rows, limit)


@router.get("/promises", response=schemas.Promises, tags=["cases"])
@operation(Right.SEE_CASES)
def list_promises(
    request: HttpRequest,
    contract_id: schemas.Id | None = None,
    state: schemas.PromiseState | None = None,
    cursor: schemas.Cursor | None = None,
    limit: schemas.PageSize = 50,
) -> dict[str, Any]:
    """Promises to pay, and what became of them."""
    rows = register.promises(
        contract_id=contract_id, state=state or "", after=position_of(cursor), limit=limit + 1
    )
    read(request, "promises", contract_ids=[row.contract_id for row in rows[:limit]])
    return page(rows, limit)
