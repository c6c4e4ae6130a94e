"""The specification of service hours: plain, immutable, hashable data that checks itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from tricorn.engine.errors import BadCalendar

from .window import DAY, Window

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Windows = tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Holidays:
    """Whose public holidays close the desk: "US" and "MA"; the subdivision may be None."""

    country: str
    subdivision: str | None = None


@dataclass(frozen=True, slots=True)
class Hours:
    """When a service is served, in the words of a calendar on the wall.

    weekly    seven tuples of windows, Monday first.
    closed    dates on which nothing is served.
    opened    (date, windows) pairs; on these dates the windows replace week and holidays.
    names     (date, words) pairs: why a date is closed or different. For people only.
    Errors    BadCalendar; the sentence begins with the place, like "weekly.mon[1]".
    Source    docs/engine/hours.md, rules H1 to H5.
    """

    zone: str
    weekly: tuple[Windows, ...]
    holidays: Holidays | None = None
    closed: tuple[date, ...] = ()
    opened: tuple[tuple[date, Windows], ...] = ()
    names: tuple[tuple[date, str], ...] = ()

    def __post_init__(self) -> None:
        from .check import check

        check(self)

    @classmethod
    def from_toml(cls, text: str, source: str = "H.toml") -> "Hours":
        """Read the text of an H.toml. Errors: BadCalendar naming `source` and place or line."""
        from .text import from_toml

        return from_toml(text, source)

    @classmethod
    def from_data(cls, data: Mapping[str, object], where: str = "hours") -> "Hours":
        """Read what a TOML or JSON reader made of such a text. Errors: BadCalendar with place."""
        from .text import from_data

        return from_data(data, f"{where}.")

    @classmethod
    def from_ical(cls, text: str | bytes, zone: str | None = None) -> "Hours":
        """Read an iCalendar text (rule H12). Errors: BadCalendar naming the event."""
        from .ical import from_ical

        return from_ical(text, zone)

    @classmethod
    def always(cls, zone: str = "UTC") -> "Hours":
        """Day and night, all days."""
        return cls(zone=zone, weekly=((Window(0, DAY),),) * 7)

    def to_data(self) -> dict[str, object]:
        """The same hours as plain dicts, lists and strings; `from_data` reads it back exactly."""
        from .text import to_data

        return to_data(self)

    def to_toml(self) -> str:
        """The same hours as the text of an H.toml; `from_toml` reads it back exactly."""
        from .text import to_toml

        return to_toml(self)

    @property
    def open(self) -> dict[date, Windows]:
        """The dates with windows of their own."""
        return dict(self.opened)

    def windows_on(self, day: date) -> Windows:
        """The windows that open on this local date, after holidays and exceptions.

        A window that opened the day before and runs past midnight belongs to the day before.
        """
        exceptions = _exceptions(self)
        if day in exceptions:
            return exceptions[day]
        return () if self.holiday_name(day) else self.weekly[day.weekday()]

    def holiday_name(self, day: date) -> str | None:
        """What the public holiday on this local date is called; None if it is none."""
        return public_holidays(self.holidays, day.year).get(day) if self.holidays else None

    def name_of(self, day: date) -> str | None:
        """Why this date is not like its weekday: the words of the exception, or the holiday."""
        return dict(self.names).get(day) or self.holiday_name(day)


@lru_cache(maxsize=256)
def _exceptions(hours: Hours) -> dict[date, Windows]:
    return {**dict.fromkeys(hours.closed, ()), **dict(hours.opened)}


@lru_cache(maxsize=4096)
def public_holidays(whose: Holidays, year: int) -> dict[date, str]:
    """The public holidays of one year, with their names. Unknown years have none (rule H4)."""
    from holidays import country_holidays

    known = country_holidays(whose.country, subdiv=whose.subdivision, years=year)
    return {day: name for day, name in known.items() if day.year == year}


def week_of(hours: Hours, monday: date | None = None) -> list[tuple[date | None, Windows]]:
    """Seven (date, windows) pairs for the picture of a week.

    With `monday`, that very week with its holidays and exceptions; without, the plain week,
    dates None.
    """
    if monday is None:
        return [(None, windows) for windows in hours.weekly]
    days = [monday + timedelta(days=n) for n in range(7)]
    return [(day, hours.windows_on(day)) for day in days]


def bad(place: str, sentence: str) -> BadCalendar:
    return BadCalendar(f"{place}: {sentence}", place=place)
