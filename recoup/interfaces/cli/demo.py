"""Who can sign in to the sample: one person per role, for a machine of one's own."""

from dataclasses import dataclass

from recoup.modules.workforce import services
from recoup.modules.workforce.rules import StaffRole


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
)


def add_demo_logins(password: str) -> None:
    """Enter the demo team; those who are there stay as they are, passwords included."""
    team = services.add_team(code="TEL1", name="电催一组")
    for number, login in enumerate(LOGINS, start=1):
        services.add_user(
            username=login.username,
            password=password,
            display_name=login.name,
            role=login.role,
            team_id=team,
            employee_number=f"R{number:04d}",
            takes_cases=login.takes_cases,
        )
