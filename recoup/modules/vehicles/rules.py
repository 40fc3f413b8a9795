"""What of a vehicle may be shown unasked: a plate tells who drives it."""

import re

STAR = "*"
_CJK = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


def masked_plate(plate: str) -> str:
    """沪A58K21 → 沪A·*8K21; a foreign plate keeps its last three characters."""
    bare = plate.replace("·", "").replace(" ", "").strip()
    if _CJK.match(bare) and len(bare) > 3:
        return f"{bare[:2]}·{STAR}{bare[3:]}"
    return STAR * max(len(bare) - 3, 0) + bare[-3:]
