"""The time zone that a command is told."""

from zoneinfo import ZoneInfo, available_timezones

from tricorn.engine.errors import BadInput


def known_zone(name: str | None) -> ZoneInfo | None:
    """Return the zone of this name, None for none.

    Errors  BadInput if there is no such zone.
    """
    if name is None:
        return None
    if name not in available_timezones():
        raise BadInput(f"There is no time zone {name!r:.60}. It reads like America/Sao_Paulo.")
    return ZoneInfo(name)
