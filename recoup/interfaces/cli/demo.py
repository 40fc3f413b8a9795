"""Who can sign in to the sample: one person per role, for a machine of one's own."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from recoup.modules.assignment import lists
from recoup.modules.assignment import services as assignment
from recoup.modules.assignment.lists import Choice
from recoup.modules.workforce import queries, services
from recoup.modules.workforce.rules import StaffRole

INSPECTION_DAYS = 365
PLACED = 20


@dataclass(frozen=True, slots=True)
class Login:
    """A demo login."""

    username: str
    name: str
    role: StaffRole
    takes_cases: bool = False


LOGINS = (
    Login("leader", "陈立 Chen Li", StaffRole.LEADER),
    Login("zhang", "张敏 Zhang Min", StaffRole.COLLECTOR, takes_cases=True),
    Login("liu", "刘洋 Liu Yang", StaffRole.COLLECTOR, takes_cases=True),
    Login("wang", "王芳 Wang Fang", StaffRole.COLLECTOR, takes_cases=True),
    Login("zhao", "赵磊 Zhao Lei", StaffRole.COLLECTOR, takes_cases=True),
    Login("finance", "孙静 Sun Jing", StaffRole.FINANCE),
    Login("intake", "周涛 Zhou Tao", StaffRole.INTAKE),
    Login("operator", "吴军 Wu Jun", StaffRole.OPERATOR),
    Login("entry", "郑洁 Zheng Jie", StaffRole.ENTRY),
    Login("closing", "何平 He Ping", StaffRole.CLOSING),
    Login("compliance", "林悦 Lin Yue", StaffRole.COMPLIANCE),
    Login("audit", "许诚 Xu Cheng", StaffRole.AUDIT),
    Login("inspector", "高明 Gao Ming", StaffRole.INSPECTOR),
    # A second operator: what a role may do is changed by two people.
    Login("deputy", "李娜 Li Na", StaffRole.OPERATOR),
    Login("agency", "华信 · 罗兵 Luo Bing", StaffRole.AGENCY),
    Login("lender", "示例金融 · 唐欣 Tang Xin", StaffRole.LENDER),
)
IN_A_TEAM = {StaffRole.COLLECTOR, StaffRole.LEADER}


def add_demo_logins(password: str, *, lender_id: int) -> None:
    """Enter the demo people; those who are there stay as they are, passwords included."""
    team = services.add_team(code="TEL1", name="电催一组")
    agency = services.add_agency(code="HUAXIN", name="华信催收")
    for number, login in enumerate(LOGINS, start=1):
        services.add_user(
            username=login.username,
            password=password,
            display_name=login.name,
            role=login.role,
            team_id=team if login.role in IN_A_TEAM else None,
            employee_number=f"R{number:04d}",
            takes_cases=login.takes_cases,
            agency_id=agency if login.role is StaffRole.AGENCY else None,
            lender_id=lender_id if login.role is StaffRole.LENDER else None,
            expires_on=_last_day() if login.role is StaffRole.INSPECTOR else None,
            is_first_password=False,  # printed for everybody to use
            at=timezone.now(),
        )


def place_some(as_of: date) -> None:
    """Place a page of the deepest cases with the agency, so that its login has something to see."""
    (agency,) = (row.id for row in queries.agencies())
    deepest = tuple(row.case_id for row in lists.live_cases(as_of=as_of)[:PLACED])
    assignment.place(
        choice=Choice(case_ids=deepest),
        agency_id=agency,
        seen=len(deepest),
        actor_id=None,
        at=timezone.now(),
        as_of=as_of,
    )


def _last_day() -> date:
    return timezone.localdate() + timedelta(days=INSPECTION_DAYS)
