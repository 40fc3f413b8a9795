"""Masked first: what may stand on a screen before anyone has asked to see the original."""

import re

STAR = "*"
_CJK = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


def masked_name(name: str) -> str:
    """王小强 → 王*强, 王强 → 王*, John Smith → J*** S***."""
    bare = name.strip()
    if not _CJK.search(bare):
        return " ".join(f"{word[0]}***" for word in bare.split())
    if len(bare) <= 2:
        return bare[:1] + STAR * (len(bare) - 1)
    return bare[0] + STAR * min(len(bare) - 2, 4) + bare[-1]


def masked_phone(number: str) -> str:
    """13812346021 → 138****6021; short numbers keep only their last two digits."""
    bare = number.strip()
    if len(bare) < 8:
        return STAR * max(len(bare) - 2, 0) + bare[-2:]
    return f"{bare[:3]}****{bare[-4:]}"


def masked_plate(plate: str) -> str:
    """沪A58K21 → 沪A·*8K21; a foreign plate keeps its last three characters."""
    bare = plate.replace("·", "").replace(" ", "").strip()
    if _CJK.match(bare) and len(bare) > 3:
        return f"{bare[:2]}·{STAR}{bare[3:]}"
    return STAR * max(len(bare) - 3, 0) + bare[-3:]


def masked_id(number: str) -> str:
    """An identity number: first three and last four, e.g. 310***********1234."""
    bare = number.strip()
    if len(bare) < 10:
        return STAR * len(bare)
    return bare[:3] + STAR * (len(bare) - 7) + bare[-4:]


def masked_email(address: str) -> str:
    """liu.min@example.com → l***@example.com."""
    name, at, host = address.strip().partition("@")
    return f"{name[:1]}***{at}{host}"


def masked_address(address: str) -> str:
    """The first half, at most twelve characters: district and street, not the door."""
    bare = address.strip()
    return bare[: min(len(bare) // 2, 12)] + "***"
