"""Which clocks run where a debtor may be: one zone in China, several in the United States."""

from recoup.modules.compliance.profiles import Jurisdiction

SHANGHAI = ("Asia/Shanghai",)
EASTERN, CENTRAL = "America/New_York", "America/Chicago"
MOUNTAIN, PACIFIC = "America/Denver", "America/Los_Angeles"
ARIZONA, ALASKA, HAWAII = "America/Phoenix", "America/Anchorage", "Pacific/Honolulu"

_STATES: dict[tuple[str, ...], str] = {
    (EASTERN,): "CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
    (EASTERN, CENTRAL): "FL IN KY MI TN",
    (CENTRAL,): "AL AR IA IL LA MN MO MS OK WI",
    (CENTRAL, MOUNTAIN): "KS ND NE SD TX",
    (MOUNTAIN,): "CO MT NM UT WY",
    (MOUNTAIN, PACIFIC): "ID OR",
    (PACIFIC,): "CA NV WA",
    (ARIZONA, MOUNTAIN): "AZ",  # the Navajo Nation keeps daylight saving time
    (ALASKA,): "AK",
    (HAWAII,): "HI",
}
ZONES_OF_STATE = {state: zones for zones, states in _STATES.items() for state in states.split()}


def zones_of(jurisdiction: Jurisdiction, region: str) -> tuple[str, ...]:
    """The clocks that count for a person; an unknown place gets the widest spread."""
    if jurisdiction is Jurisdiction.CN:
        return SHANGHAI
    state = region.strip().upper().removeprefix("US-")
    return ZONES_OF_STATE.get(state, (EASTERN, PACIFIC))
