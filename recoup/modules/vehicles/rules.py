"""What of a vehicle may be shown unasked: a plate tells who drives it."""

import re
import unicodedata

STAR = "*"
LONGEST_PLATE, LONGEST_VIN = 32, 17  # as masked
_CJK = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


def masked_plate(plate: str) -> str:
    """沪A58K21 → 沪A·***21; a foreign plate keeps its last three characters."""
    bare = plate.replace("·", "").replace(" ", "").strip()
    if _CJK.match(bare) and len(bare) > 3:
        return f"{bare[:2]}·{STAR * max(len(bare) - 4, 1)}{bare[max(len(bare) - 2, 3) :]}"
    return STAR * max(len(bare) - 3, 0) + bare[-3:]


def masked_vin(vin: str) -> str:
    """The last six characters of a VIN, which tell one car from another of its kind."""
    return STAR * max(0, len(vin) - 6) + vin[-6:]


def plain_plate(plate: str) -> str:
    """What a plate or a VIN is indexed by: its letters and digits, 沪A·58k21 is 沪A58K21."""
    said = unicodedata.normalize("NFKC", plate).upper()
    return "".join(sign for sign in said if sign.isalnum())
