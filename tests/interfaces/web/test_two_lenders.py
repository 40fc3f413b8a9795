"""Every address that opens to a role, with its own lender's objects and with another lender's.

Anda's people ask; nothing of Hengtong's stands in any answer: no name, number or plate, masked or
in clear, no id that was not asked for, in pages, headers, downloads, errors; and nothing of
Hengtong's is changed. A new address with a new kind of object fails until it is given one of each.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from recoup.core.money import Money
from recoup.foundation import db
from recoup.foundation.access.context import Access, held
from recoup.foundation.access.rights import Reach, Right
from recoup.foundation.filestore import services as filestore
from recoup.foundation.filestore.rules import Purpose as FilePurpose
from recoup.foundation.filestore.services import About
from recoup.foundation.sign_in.services import make_key
from recoup.interfaces.worker.intake_tasks import take_in_upload
from recoup.modules.approvals import services as approvals
from recoup.modules.approvals.rules import Kind
from recoup.modules.custody import services as custody
from recoup.modules.custody.rules import ItemKind
from recoup.modules.exports import services as exports
from recoup.modules.exports.rules import FileFormat, ListCode, Wanted
from recoup.modules.exports.rules import Purpose as ExportPurpose
from recoup.modules.exports.services import Asker
from recoup.modules.intake.models import Batch
from recoup.modules.ledger import services as ledger
from recoup.modules.ledger.rules import Channel as PaidBy
from recoup.modules.privacy import models as privacy_models
from recoup.modules.privacy import services as privacy
from recoup.modules.privacy.rules import Channel, HoldScope, RequestKind, SensitiveKind
from recoup.modules.workforce.models import Grant, User
from tests import factories as make
from tests.declared import matrix, rights_of
from tests.factories import AT_TEN, BUSINESS_DAY
from tests.interfaces.web.test_files import RECORDING
from tests.interfaces.web.test_matrix import strengthen

pytestmark = pytest.mark.django_db(transaction=True)
ROLES = sorted(set(matrix()["roles"]) - {"SERVICE"})
FIRST_OF_THEIRS = 7_700_000
THEIR_IDS = re.compile(r"(?<!\d)7700\d{3}(?!\d)")
DEBTOR = ("HT-LEAK", "李大山", "李*山", "13900008888", "139****8888", "川A", "锦江路漏斗")
LENDER = ("恒通", "hengtong")
OPEN = {"anyone", "signed in"}
# Everybody's: roles, changes of roles, own passkeys.
OF_NO_LENDER = {"pk", "change_id", "role"}
WORDS = {"what": "waiver"}
SAYS_NO = "/payments/preview"  # with 200: what stands in the way is what it shows
# Events about the installation (people, keys, lists of what is to be forgotten) name no lender,
# nor do those about a contact point: an auditor of one lender reads their numbers, no words.
KNOW_NUMBERS = {"OPERATOR", "AUDIT"}
EVERYWHERE = {"OPERATOR"}  # gives roles for every lender, sees none of their debtors


def belongings(lender: int, clerk: User, collector: User, said: str) -> dict[str, int]:
    """One of everything that an address can name, all of one lender."""
    number, name, phone, plate, street = said.split()
    party = make.make_party(name, lender_id=lender, phone=phone, id_number="310101199001011234")
    make.make_contact_point(party, f"{street}一百号", kind="ADDRESS")
    contract = make.make_contract(number=number, borrower_id=party, lender_id=lender)
    make.make_vehicle(contract, plate=plate)
    case = make.make_case(contract, collector=collector)
    make.make_decision(case)
    make.make_worklist_item(case, collector)
    make.make_promise(case, due_on=BUSINESS_DAY, actor=collector)
    everything = Access(
        user_id=clerk.pk, rights=frozenset(Right), reach=Reach.ALL, lender_ids=(lender,),
        has_second_factor=True,
    )  # fmt: skip
    with held(everything):
        return {
            "contract_id": contract,
            "party_id": party,
            "user_id": clerk.pk,
            "grant_id": Grant.objects.get(user=clerk).pk,
            "payment_id": paid(contract, number, clerk),
            "approval_id": asked_for(lender, contract, number, collector),
            "batch_id": taken_in(number, name, clerk),
            **kept(lender, contract, number, clerk),
            **of_privacy(lender, party, number, clerk),
        }


def paid(contract: int, number: str, clerk: User) -> int:
    return ledger.record_payment(
        contract_id=contract, amount_minor=77_77, currency="CNY", value_on=BUSINESS_DAY,
        channel=PaidBy.TRANSFER, reference=f"{number}-PAY", actor_id=clerk.pk, at=AT_TEN,
        as_of=BUSINESS_DAY,
    )  # fmt: skip


def asked_for(lender: int, contract: int, number: str, collector: User) -> int:
    """A waiver that waits for a second person."""
    return approvals.ask(
        kind=Kind.WAIVER, subject="contract", subject_id=contract, contract_id=contract,
        lender_id=lender, amount=Money(77_77, "CNY"), reason=f"{number} waived",
        facts={"part": "PENALTY"}, actor_id=collector.pk, at=AT_TEN,
    ).request_id  # fmt: skip


def taken_in(number: str, name: str, clerk: User) -> int:
    """A file of the lender's, one row of it refused, as its own clerk sends it."""
    rows = f"party_ref,name,born_on\n{number}-A,{name},1990-01-01\n{number}-B,{name},no day\n"
    client = Client()
    client.force_login(clerk)
    lender = Grant.objects.get(user=clerk).lender.code  # type: ignore[union-attr]
    file = SimpleUploadedFile(f"{number}.csv", rows.encode())
    client.post("/intake", {"lender": lender, "kind": "parties", "file": file})
    batch = Batch.objects.latest("id")
    client.post(f"/intake/{batch.pk}/start", {"mapping": "standard"})
    take_in_upload.func(batch_id=batch.pk)
    return int(batch.pk)


def kept(lender: int, contract: int, number: str, clerk: User) -> dict[str, int]:
    """A recording, a paper file, an export, a service's key."""
    recording = filestore.put(
        [RECORDING], lender_id=lender, purpose=FilePurpose.RECORDING, actor_id=clerk.pk,
        at=AT_TEN, about=About("call", 1, contract),
    )  # fmt: skip
    item = custody.register(
        lender_id=lender, kind=ItemKind.PAPER_FILE, label=f"{number}-PAPER", place="柜",
        contract_number=number, actor_id=clerk.pk, at=AT_TEN, as_of=BUSINESS_DAY,
    )  # fmt: skip
    leader = make.make_collector(
        f"lead_of_{clerk.username}", "周岚", role="LEADER", lender_id=lender, takes_cases=False
    )
    export = exports.ask(
        wanted=Wanted(list_code=ListCode.CASES, lender_id=lender, file_format=FileFormat.CSV),
        purpose=ExportPurpose.LENDER_REPORT, reason=f"{number} for the lender", language="en",
        asker=Asker(leader.pk, "周岚", "1"), at=AT_TEN, as_of=BUSINESS_DAY,
        enqueue=lambda _: None,
    )  # fmt: skip
    service = make.make_collector(
        f"erp_of_{clerk.username}", "ERP", role="SERVICE", lender_id=lender
    )
    key = make_key(
        user_id=service.pk, name="nightly", scopes=[Right.SEE_CASES], actor_id=None,
        expires_at=AT_TEN + timedelta(days=9), at=AT_TEN,
    )  # fmt: skip
    return {"file_id": recording.id, "item_id": item, "export_id": export, "key_id": key.id}


def of_privacy(lender: int, party: int, number: str, clerk: User) -> dict[str, int]:
    """A consent, a request, a hold, a list of what is to be forgotten."""
    who = {"actor_id": clerk.pk, "at": AT_TEN}
    about = {"party_id": party, "lender_id": lender, "as_of": BUSINESS_DAY}
    return {
        "consent_id": privacy.record_consent(
            wording_id=wording(), given_on=BUSINESS_DAY, channel=Channel.COUNTER,
            evidence=f"{number} signed", **about, **who,
        ),
        "request_id": privacy.receive_request(
            kind=RequestKind.ACCESS, channel=Channel.PHONE, detail=f"{number} asks",
            received_on=BUSINESS_DAY, **about, **who,
        ),
        "hold_id": privacy.place_hold(
            scope=HoldScope.PERSON, subject_id=party, lender_id=lender, reason=f"{number} in court",
            reference=f"{number}-HOLD", until=None, as_of=BUSINESS_DAY, **who,
        ),
        "run_id": privacy.plan_erasure(as_of=BUSINESS_DAY, enqueue=lambda _: None, **who),
    }  # fmt: skip


def sequences(first: int | None = None) -> None:
    """Let every table's next number be at least this; or go back to what it would be."""
    for row in db.ask(
        "SELECT s.relname AS name, t.relname AS of, a.attname AS column FROM pg_class s"
        " JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i')"
        " JOIN pg_class t ON t.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = t.oid"
        " AND a.attnum = d.refobjsubid"
        " WHERE s.relkind = 'S' AND s.relnamespace = 'public'::regnamespace"
    ):
        (said,) = db.ask(
            f'SELECT max("{row["column"]}") AS most FROM "{row["of"]}"'
            f' WHERE "{row["column"]}" < {FIRST_OF_THEIRS}'
        )
        at = first or int(said["most"] or 0) + 1
        db.ask("SELECT setval(%s::regclass, %s, false)", [f'public."{row["name"]}"', at])


def wording() -> int:
    """The words people agree to are the installation's, whoever the lender is."""
    known = privacy_models.ConsentWording.objects.filter(code="GPS").first()
    return known.pk if known else privacy.add_wording(
        code="GPS", sensitive_kind=SensitiveKind.LOCATION, text_zh="我同意查询车辆位置",
        text_en="I agree that the car is located", in_force_on=date(2026, 1, 1),
    )  # fmt: skip


class Town:
    """Anda and Hengtong with one of everything each."""

    def __init__(self) -> None:
        make.make_finished_night()
        self.anda = make.make_lender("anda")
        self.agency = make.make_agency()
        liu = make.make_collector("liu_of_anda")
        clerk = make.make_collector("clerk_a", "林青", role="INTAKE", lender_id=self.anda)
        self.ours = belongings(self.anda, clerk, liu, "AF-1 欧阳小满 13655512098 沪A58K21 世纪大道")
        sequences(FIRST_OF_THEIRS)
        self.hengtong = make.make_lender("hengtong", "恒通融资租赁")
        he = self.he = make.make_collector("he_of_them", "何洁", lender_id=self.hengtong)
        clerk = make.make_collector("clerk_h", "林青二", role="INTAKE", lender_id=self.hengtong)
        self.theirs = belongings(
            self.hengtong, clerk, he, "HT-LEAK-77 李大山 13900008888 川A99Z99 锦江路漏斗"
        )
        sequences()

    def person(self, role: str) -> tuple[Client, User]:
        """Somebody of this role, for Anda alone, with a second factor."""
        user = User.objects.create(
            username=f"one_{role.lower()}", display_name=role, employee_number="1099",
            team_id=make.make_team(),
        )  # fmt: skip
        more: dict[str, object] = {"lender_id": self.anda}
        if role == "AGENCY":
            more["agency_id"] = self.agency
        if role == "INSPECTOR":
            more["expires_on"] = BUSINESS_DAY.replace(year=2099)
        make.make_grant(user, role, **more)
        client = Client(raise_request_exception=False)
        client.force_login(user)
        strengthen(client)
        return client, user

    def as_it_is(self) -> list[str]:
        """A digest of every table's rows of Hengtong's."""
        tables = db.ask(
            "SELECT table_name AS name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'lender_id'"
            " AND table_name <> 'audit_event' ORDER BY 1"  # where the walk itself is on record
        )
        return [
            f"{row['name']} {said['digest']}"
            for row in tables
            for said in db.ask(
                f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS digest"
                f' FROM "{row["name"]}" t WHERE lender_id = %s',
                [self.hengtong],
            )
        ]


def addresses(of: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Each address of the installation by its name, filled with these objects."""
    yield from _addresses(get_resolver(), "", "", of)


def _addresses(
    resolver: URLResolver, before: str, space: str, of: dict[str, int]
) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        if getattr(entry, "namespace", None) == "api":
            continue
        text = before + str(entry.pattern)
        for name in entry.pattern.converters:
            said = "1" if name in OF_NO_LENDER | NOT_YET else WORDS.get(name) or str(of[name])
            text = re.sub(rf"<(?:\w+:)?{name}>", said, text)
        if isinstance(entry, URLPattern):
            yield space + (entry.name or text), f"/{text}"
        else:
            more = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _addresses(entry, text, more, of)


# Kinds whose own tests hold lenders apart, and which have no object here.
NOT_YET = {"webhook_id", "assessment_id", "restriction_id"}
TYPED = ("/search?q=HT-LEAK", "/search?q=川A99", "/search?q=8888", "/cases?of=all",
         "/promises?of=all", "/audit?lender=hengtong", "/exports?lender=hengtong",
         "/intake?lender=hengtong",
         "/nothing-at-all", "/search?q=%00", "/cases?bucket=99999999999")  # fmt: skip


def said_in(answer: HttpResponseBase) -> str:
    """Everything an answer says: status line, headers, cookies, body."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return f"{answer.headers}\n{answer.cookies}\n{body.decode(errors='replace')}"


def leaks(text: str, asked: str, words: tuple[str, ...] = (*DEBTOR, *LENDER)) -> set[str]:
    """What of Hengtong's stands there that the reader did not send."""
    marks = {mark for mark in words if mark in text and mark not in asked}
    if words == DEBTOR:  # the installation's people are known by their ids
        return marks
    return marks | {said for said in THEIR_IDS.findall(text) if said not in asked}


@pytest.fixture
def town(at_ten: None, tmp_path: Path, settings) -> Town:
    settings.MEDIA_ROOT = tmp_path
    return Town()


# What several forms would take, were it theirs to send.
SOUND = {
    "amount": "100.00", "value_on": "2026-11-20", "channel": "TRANSFER", "reference": "X-1",
    "reason": "for a reason that is long enough", "decision": "approve", "result": "NO_ANSWER",
    "purpose": "LETTER", "due_on": "2026-11-23", "state": "HELD",
}  # fmt: skip


class Walk:
    """One person's way past every address; what went wrong on it."""

    def __init__(self, town: Town, role: str) -> None:
        self.town, self.role = town, role
        self.client, self.user = town.person(role)
        self.wrong = list[tuple[str, ...]]()
        self.opened = 0
        self.words = [DEBTOR] if role in KNOW_NUMBERS else []

    def asks(self, method: str, address: str) -> int:
        """The status; a leak and a crash are noted."""
        answer = self.client.get(address) if method == "GET" else self.client.post(address, SOUND)
        found = leaks(said_in(answer), address, *self.words)
        self.client.cookies.pop("messages", None)  # may repeat on the next page what was asked
        if found or answer.status_code >= 500:
            self.wrong.append((method, address, str(answer.status_code), *sorted(found)))
        return answer.status_code

    def passes(self, method: str, own: str, theirs: str) -> None:
        """Theirs is asked for with every method, ours is read."""
        if own != theirs:
            status = self.asks(method, theirs)
            if status == 200 and self.role not in EVERYWHERE and not theirs.endswith(SAYS_NO):
                self.wrong.append((method, theirs, "opens"))
        if method == "GET":
            self.opened += self.asks(method, own) == 200
        else:  # it may have ended the session
            self.client.force_login(self.user)
            strengthen(self.client)

    def goes(self) -> None:
        may = OPEN | rights_of(self.role)
        both = zip(addresses(self.town.ours), addresses(self.town.theirs), strict=True)
        for (name, own), (_, theirs) in both:
            for method, asked in matrix()["addresses"].get(name, {}).items():
                if asked in may:
                    self.passes(method, own, theirs)
        for address in TYPED:
            self.asks("GET", address)


@pytest.mark.parametrize("role", ROLES)
def test_nothing_of_another_lender_is_shown_or_changed_at_any_address(
    role: str, town: Town
) -> None:
    before, walk = town.as_it_is(), Walk(town, role)
    walk.goes()

    assert walk.wrong == []
    assert role in EVERYWHERE or town.as_it_is() == before
    assert walk.opened >= 5


def test_the_marks_are_there_for_those_who_may_see_them(town: Town) -> None:
    """Else the walk would find nothing because there is nothing."""
    client = Client()
    client.force_login(town.he)
    address = f"/contracts/{town.theirs['contract_id']}/case"
    text = said_in(client.get(address))

    assert {"HT-LEAK", "李*山", "川A"} <= leaks(text, address)
    assert leaks(f"row 7700123 of {text}", address) >= {"7700123"}
    assert all(number >= FIRST_OF_THEIRS for number in town.theirs.values())
    assert all(number < FIRST_OF_THEIRS for number in town.ours.values())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM intake_batch WHERE rows_bad > 0")
        assert cursor.fetchone() == (2,)
    assert privacy_models.LegalHold.objects.count() == 2
