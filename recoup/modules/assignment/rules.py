"""What may be placed with an agency: how many at once, and only what was seen."""

from recoup.core.refusals import Refused

MOST_PLACED = 50_000  # at once; more than that is a mistake more often than a wish


class NothingChosen(Refused):
    """There is no live case among those named, or none at all was."""

    code = "placing_nothing_chosen"
    message = "No live case is chosen."


class TooManyChosen(Refused):
    """More than one person places by one click."""

    code = "placing_too_many"
    message = "These are more than %(most)s cases. Narrow the list down and place it in parts."


class ChoiceMoved(Refused):
    """The list is not the one that was looked at."""

    code = "placing_choice_moved"
    message = "The list has changed: %(now)s cases now, %(seen)s when you looked. Look once more."


class NothingMoves(Refused):
    """All of them are there already, or held."""

    code = "placing_nothing_moves"
    message = "None of these cases would move: they are there already, or contact is held."


class AgencyUnknown(Refused):
    """There is no such agency."""

    code = "placing_agency_unknown"
    message = "Choose an agency."


def refuse_unsound_choice(now: int, *, seen: int) -> None:
    """Raises NothingChosen, TooManyChosen, ChoiceMoved."""
    if now == 0:
        raise NothingChosen
    if now > MOST_PLACED:
        raise TooManyChosen(most=MOST_PLACED)
    if now != seen:
        raise ChoiceMoved(now=now, seen=seen)
