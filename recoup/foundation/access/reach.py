"""How far whoever acts reaches: asked again in the services, beside the database's policies."""

from recoup.foundation.access.context import current
from recoup.foundation.access.rights import Reach


def serves(lender_id: int) -> bool:
    """Whether whoever acts works for this lender at all; a job works for every one."""
    access = current()
    return bool(access.system) or lender_id in access.lender_ids


def reaches(
    *,
    lender_id: int,
    collector_id: int | None,
    collector_team_id: int | None,
    agency_id: int | None,
) -> bool:
    """Whether a case of this lender, in these hands, is within the reach of whoever acts."""
    access = current()
    if access.system:
        return True
    if lender_id not in access.lender_ids:
        return False
    if access.reach in {Reach.ALL, Reach.LENDER}:
        return True
    if access.reach is Reach.AGENCY:
        return agency_id is not None and agency_id == access.agency_id
    if collector_id is None or access.reach not in {Reach.TEAM, Reach.OWN}:
        return False
    is_in_team = access.team_id is not None and collector_team_id == access.team_id
    return collector_id == access.user_id or (access.reach is Reach.TEAM and is_in_team)
