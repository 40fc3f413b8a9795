"""The words of the vault."""

from enum import StrEnum

INSTALLATION = 0  # the lender of what belongs to none


class Purpose(StrEnum):
    """What a data key is for: it seals, or it makes blind indexes."""

    SEAL = "SEAL"
    INDEX = "INDEX"


class RotationState(StrEnum):
    RUNNING = "RUNNING"
    STOPPED = "STOPPED"
    DONE = "DONE"
