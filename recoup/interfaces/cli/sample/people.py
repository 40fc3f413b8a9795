"""Made-up people and number plates: the same for the same loan, and impossible in real life.

Names carry 示例 or “Sample”. Chinese mobile numbers begin with 154, a range never given out; US
numbers are 555-01xx, kept free for fiction. Plates begin with 示, which is no province, or read
SAMPLE; check digits of vehicle and identity numbers are wrong on purpose.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
GIVEN = (
    "Alice",
    "Amir",
    "Ana",
    "Ben",
    "Carla",
    "Chen",
    "Dana",
    "Diego",
    "Elena",
    "Eric",
    "Fatima",
    "Felix",
    "Grace",
    "Hana",
    "Hugo",
    "Ines",
    "Ivan",
    "Jade",
    "Jonas",
    "Kim",
    "Lara",
    "Leo",
    "Lucia",
    "Maya",
    "Milan",
    "Nina",
    "Noah",
    "Olga",
    "Omar",
    "Paula",
    "Quinn",
    "Rosa",
    "Sami",
    "Tara",
    "Theo",
    "Uma",
    "Vera",
    "Wade",
    "Yara",
    "Zoe",
)
INITIALS = "ABCDEFGHJKLMNPRSTVW"
AREA_CODES = (201, 212, 305, 312, 404, 512, 602, 702, 818, 916)
VIN_LETTERS = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True)
)
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up borrower."""

    name: str
    language: str
    id_type: str
    id_number: str
    born_on: date
    mobile: str
    relative_mobile: str
    address: str


def pick(key: str, what: str, below: int) -> int:
    """A number from 0 until before `below`, always the same for the same key."""
    digest = blake2b(f"{what}:{key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) % below


def american(key: str, state: str) -> Person:
    """A borrower for a real US loan."""
    given = GIVEN[pick(key, "given", len(GIVEN))]
    initial = INITIALS[pick(key, "initial", len(INITIALS))]
    return Person(
        name=f"{given} {initial}. Sample",
        language="en",
        id_type="",
        id_number="",
        born_on=_born(key),
        mobile=_fiction_number(key, "mobile"),
        relative_mobile=_fiction_number(key, "relative"),
        address=f"{1 + pick(key, 'house', 9999)} Sample Street, Sampleton, {state or 'ZZ'} 00000",
    )


def chinese(key: str, number: int) -> Person:
    """A borrower for the made-up Chinese portfolio; the names count in stems and branches."""
    cycle = STEMS[number % 10] + BRANCHES[number % 12]
    born_on = _born(key)
    return Person(
        name=f"{SURNAMES[pick(key, 'surname', len(SURNAMES))]}示例{cycle}",
        language="zh",
        id_type="RESIDENT_ID",
        id_number=_impossible_resident_id(key, born_on),
        born_on=born_on,
        mobile=f"154{pick(key, 'mobile', 10**8):08d}",
        relative_mobile=f"154{pick(key, 'relative', 10**8):08d}",
        address=f"示例省示例市示例区示例路{1 + pick(key, 'house', 999)}号",
    )


def _fiction_number(key: str, what: str) -> str:
    area = AREA_CODES[pick(key, f"{what}-area", len(AREA_CODES))]
    return f"+1 {area} 555 01{pick(key, what, 100):02d}"


def _born(key: str) -> date:
    return date(1958, 1, 1) + timedelta(days=pick(key, "born", 15_000))


def _impossible_resident_id(key: str, born_on: date) -> str:
    """Region 000000 does not exist, and the last digit is never the right one."""
    body = f"000000{born_on:%Y%m%d}{pick(key, 'id', 1000):03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, ID_WEIGHTS, strict=True))
    return body + ID_CHECKS[(total + 1) % 11]


def vin(key: str) -> str:
    """Seventeen characters whose ninth, the check digit, is never the right one."""
    text = f"SAMPLE00X{pick(key, 'vin', 10**8):08d}"
    total = sum(
        (VIN_LETTERS.get(letter) or int(letter)) * weight
        for letter, weight in zip(text.replace("X", "0"), VIN_WEIGHTS, strict=True)
    )
    right = total % 11
    wrong = "0" if right == 10 else "X"
    return text.replace("X", wrong)


def chinese_plate(number: int) -> str:
    """示 is the short name of no province."""
    return f"示A·{number:05d}"


def american_plate(number: int) -> str:
    """Longer than any state's plate."""
    return f"SAMPLE{number:05d}"
