"""Instants: what is refused, what is asked for, and that a zone changes no number."""

import datetime
import random
import zoneinfo

import pytest
from cases import changed, example, planned, problems_at
from effort import examples, some

from dosimetry.decay import remaining_fraction
from dosimetry.instants import (
    database_version,
    duration_in_words,
    elapsed_in_words,
    hours_between,
    instant_from_text,
    later,
    repeated,
    typed_again,
    with_zone,
    without_zone,
    zones,
)

UTC = datetime.UTC
HALF_LIFE_H = 64.1
ZONES = sorted(name for name in zoneinfo.available_timezones() if not name.startswith(("localtime", "Factory")))
TWENTY = [
    "America/New_York", "America/Los_Angeles", "America/Sao_Paulo", "America/St_Johns", "Europe/Berlin",
    "Europe/London", "Europe/Moscow", "Africa/Cairo", "Africa/Casablanca", "Asia/Tokyo", "Asia/Kolkata",
    "Asia/Kathmandu", "Asia/Tehran", "Asia/Shanghai", "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Auckland",
    "Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Honolulu",
]  # fmt: skip
REFUSED = [
    ("B061 no zone", "2026-04-03T12:00", "must name its time zone"),
    ("B063 skipped hour", "2026-03-08T02:30[America/New_York]", "clocks in America/New_York skip 02:30 on 2026-03-08"),
    ("B063 repeated hour", "2026-11-01T01:30[America/New_York]", r"01:30:00-04:00\[.* or 2026-11-01T01:30:00-05:00\["),
    ("B067 slashes", "03/04/2026 12:00", "day and month cannot be told apart"),
    ("B068 no such day", "2026-02-29T12:00Z", "day is out of range for month"),
    ("B068 no such month", "2026-13-01T12:00Z", "month must be in 1..12"),
    ("B068 month zero", "2026-00-10T12:00Z", "month must be in 1..12"),
    ("B068 24:30", "2026-04-03T24:30Z", "Midnight is 00:00 of the next day"),
    ("B073 AM", "2026-04-03T12:00 AM", "Use the 24-hour clock"),
    ("B073 p.m.", "2026-04-03 12:00 p.m.", "Use the 24-hour clock"),
    ("B073 24:00", "2026-04-03T24:00Z", "Midnight is 00:00 of the next day"),
    ("B075 leap second", "2016-12-31T23:59:60Z", "second must be in 0..59"),
    ("B075 offset too large", "2026-04-03T12:00+25:00", "offset from -12:00 to [+]14:00"),
    ("B075 offset unknown", "2026-04-03T12:00-00:00", "offset is not known"),
    ("minutes of an offset", "2026-04-03T12:00+05:75", "offset from -12:00 to [+]14:00"),
    ("date only", "2026-04-03", "A date needs its clock time"),
    ("unknown zone", "2026-04-03T12:00[Europe/Berln]", "Did you mean Europe/Berlin"),
    ("zone of this computer", "2026-04-03T12:00[localtime]", "must name a zone of the IANA list"),
    ("way out", "2026-04-03T12:00[../Europe/Berlin]", "must be an instant like"),
    ("offset of another zone", "2026-04-03T12:00-05:00[America/New_York]", "show 2026-04-03 12:00 at -04:00"),
    ("other digits", "\N{FULLWIDTH DIGIT TWO}026-04-03T12:00Z", "must be an instant like"),
    ("before the year 1", "0001-01-01T00:00+14:00", "must lie in the years 1 to 9999"),
    ("empty", "", "must be an instant like"),
]
ACCEPTED = [
    ("B075 offset +14:00", "2026-04-03T12:00+14:00", "2026-04-02T22:00:00Z"),
    ("universal time", "2026-04-03T12:00Z", "2026-04-03T12:00:00Z"),
    ("seconds", "2026-04-03T12:00:59Z", "2026-04-03T12:00:59Z"),
    ("blank for T", "2026-04-03 12:00Z", "2026-04-03T12:00:00Z"),
    ("B073 midnight", "2026-04-03T00:00[Asia/Tokyo]", "2026-04-02T15:00:00Z"),
    ("zone alone", "2026-04-03T12:00[America/New_York]", "2026-04-03T16:00:00Z"),
    ("offset and zone", "2026-11-01T01:30-05:00[America/New_York]", "2026-11-01T06:30:00Z"),
    ("the other of the two", "2026-11-01T01:30-04:00[America/New_York]", "2026-11-01T05:30:00Z"),
]


@pytest.mark.parametrize(("text", "rule"), [pytest.param(*row[1:], id=row[0]) for row in REFUSED])
def test_what_is_no_instant_is_refused_with_a_sentence(text, rule):
    with pytest.raises(ValueError, match=rule):
        instant_from_text(text)


@pytest.mark.parametrize(("text", "utc"), [pytest.param(*row[1:], id=row[0]) for row in ACCEPTED])
def test_an_instant_is_read(text, utc):
    assert instant_from_text(text).text == utc


def test_the_reader_refuses_an_instant_at_its_path():
    """B061 in a case file."""
    order = {"tolerance_fraction": 0.1, "territories": [{"territory": "segment", "injection_at": "2026-04-07T09:30"}]}
    case = changed(example("abs-case-0003"), {"order": order})
    [sentence] = problems_at(case, "order.territories[0].injection_at")
    assert sentence.startswith("injection_at must name its time zone")


def test_a_day_of_25_hours_decays_for_25_hours():
    """B065: two clock times of one zone, 24 h apart on the clock."""
    start, end = (instant_from_text(f"{day}T12:00[America/New_York]").utc for day in ("2026-10-31", "2026-11-01"))
    assert hours_between(start, end) == 25.0
    assert round(float(remaining_fraction(elapsed_h=hours_between(start, end), half_life_h=HALF_LIFE_H)), 6) == 0.763121


def test_pairs_of_instants_decay_alike_to_the_last_bit_in_twenty_zones():
    """B066."""
    seeded = random.Random(66)
    first = datetime.datetime(2020, 1, 1, tzinfo=UTC)
    places = [(name, zoneinfo.ZoneInfo(name)) for name in TWENTY]
    for _ in range(examples(10_000)):
        start = first + datetime.timedelta(minutes=seeded.randrange(16 * 365 * 1440))
        end = start + datetime.timedelta(minutes=seeded.randrange(-7 * 1440, 30 * 1440))
        expected = hours_between(start, end)
        assert expected == (end - start).total_seconds() / 3600
        for name, place in places:
            texts = [f"{each.astimezone(place).isoformat(timespec='minutes')}[{name}]" for each in (start, end)]
            assert hours_between(*(instant_from_text(text).utc for text in texts)) == expected


def transitions(place, first=2020, last=2036):
    """Instants at which the offset of a zone changes, found by halving; with the offsets before and after."""
    step = datetime.timedelta(days=5)
    at = datetime.datetime(first, 1, 1, tzinfo=UTC)
    while at.year < last:
        low, high = at, at + step
        if low.astimezone(place).utcoffset() != high.astimezone(place).utcoffset():
            while high - low > datetime.timedelta(seconds=1):
                middle = low + (high - low) / 2
                is_before = middle.astimezone(place).utcoffset() == low.astimezone(place).utcoffset()
                low, high = (middle, high) if is_before else (low, middle)
            high = high.replace(microsecond=0)
            yield high, low.astimezone(place).utcoffset(), high.astimezone(place).utcoffset()
        at += step


def clocks(start, end):
    """The first, a middle and the last clock time of a span that is open at its end."""
    last = end - datetime.timedelta(seconds=1)
    return [each.replace(tzinfo=None) for each in (start, start + (last - start) / 2, last)]


def test_every_skipped_and_every_repeated_hour_of_all_zones_is_caught():
    counted = {"skipped": 0, "repeated": 0}
    zones = some(ZONES)
    for name in zones:
        for at, before, after in transitions(zoneinfo.ZoneInfo(name)):
            naive = at.replace(tzinfo=None)
            if after > before:
                for clock in clocks(naive + before, naive + after):
                    with pytest.raises(ValueError, match="does not exist: clocks in"):
                        instant_from_text(f"{clock.isoformat(timespec='seconds')}[{name}]")
                counted["skipped"] += 1
            else:
                for clock in clocks(naive + after, naive + before):
                    check_repeated(clock.replace(microsecond=0), name, before, after)
                counted["repeated"] += 1
            outside = naive + max(before, after)
            assert instant_from_text(f"{outside.isoformat(timespec='seconds')}[{name}]").utc >= at
    assert min(counted.values()) > 2 * len(zones)


def check_repeated(clock, name, before, after):
    """A repeated time alone is asked for with both its meanings; with either offset it is that one."""
    text = clock.isoformat(timespec="seconds")
    with pytest.raises(ValueError, match="stands twice") as caught:
        instant_from_text(f"{text}[{name}]")
    offered = str(caught.value).rpartition("Write ")[2].rstrip(".").split(" or ")
    assert [instant_from_text(each).utc.replace(tzinfo=None) for each in offered] == [clock - before, clock - after]


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (37.3, "1 day 13 h"), (24, "1 day"), (48, "2 days"), (80.37, "3 days 8 h"), (2.2, "2 h 12 min"),
        (0.5, "30 min"), (0.0, "0 min"), (-3, "3 h"), (23.999, "1 day"),
    ],
)  # fmt: skip
def test_a_time_span_in_words(hours, words):
    assert duration_in_words(hours) == words


def test_elapsed_time_and_decay_in_words():
    """B074: what a day too many costs stands beside the number."""
    left = float(remaining_fraction(elapsed_h=37.3, half_life_h=HALF_LIFE_H))
    assert elapsed_in_words(37.3, left) == "1 day 13 h after calibration, 66.8 % left"
    before = float(remaining_fraction(elapsed_h=-24, half_life_h=HALF_LIFE_H))
    assert elapsed_in_words(-24, before) == "1 day before calibration, 130 % of the activity at calibration"
    assert elapsed_in_words(0, 1.0) == "at calibration"


def test_later_is_exact_to_the_second():
    start = instant_from_text("2026-03-07T12:00[America/New_York]").utc
    assert later(start, 24).isoformat() == "2026-03-08T17:00:00+00:00"
    assert later(start, -0.5).isoformat() == "2026-03-07T16:30:00+00:00"


def test_what_is_shown_is_read_back_as_the_same_instant():
    for name in TWENTY:
        instant = instant_from_text(f"2026-06-15T12:00[{name}]")
        date, clock, offset, zone = instant.local.split()
        assert zone == f"({name})"
        assert instant_from_text(f"{date}T{clock}{offset.removeprefix('UTC')}[{name}]").utc == instant.utc


def test_the_zone_database_is_named():
    """B077."""
    assert database_version()
    assert any(character.isdigit() for character in database_version()) or "system" in database_version()


def test_the_same_instants_in_another_zone_give_the_same_numbers():
    """B066 through the whole plan."""
    written = ("2026-04-05T12:00[America/New_York]", "2026-04-05T16:00Z", "2026-04-06T01:00[Asia/Tokyo]")
    numbers = set()
    for text in written:
        vials = [{"calibrated_activity_gbq": 1.5, "calibrated_at": text}]
        territory = {"territory": "segment", "injection_at": "2026-04-08T20:00Z", "vials": vials}
        case = changed(example("abs-case-0003"), {"order": {"tolerance_fraction": 0.1, "territories": [territory]}})
        [made] = planned(case).ordered
        numbers.add((made.vial_activity_gbq, made.difference_fraction, made.reached_at))
    assert len(numbers) == 1


def test_a_zone_chosen_beside_a_clock_time_is_one_text_and_taken_apart_again():
    whole = "2026-04-07T09:30[Asia/Tokyo]"
    assert with_zone("2026-04-07 09:30", "Asia/Tokyo") == with_zone("2026-04-07T09:30", "Asia/Tokyo") == whole
    assert without_zone(whole) == ("2026-04-07T09:30", "Asia/Tokyo")
    for text in ("2026-04-07T09:30+09:00", "2026-04-07T00:30Z", "2026-04-07T09:30+09:00[Asia/Tokyo]", "half past nine"):
        assert with_zone(text, "Europe/Berlin") == text
        assert without_zone(text) == (text, "")


def test_a_repeated_hour_has_two_ways_to_be_written_an_hour_apart():
    both = repeated("2026-10-25T02:30[Europe/Berlin]")
    first, second = (instant_from_text(text).utc for text in both)
    assert hours_between(first, second) == 1
    for text in (
        "2026-10-25T03:30[Europe/Berlin]",
        "2026-03-29T02:30[Europe/Berlin]",
        "2026-10-25T02:30",
        "x[Nowhere]",
    ):
        assert repeated(text) == ()


def test_every_zone_on_the_list_is_read_and_what_is_shown_can_be_typed_again():
    assert "Asia/Tokyo" in zones()
    for name in (*zones()[::40], "UTC"):
        found = instant_from_text(f"2026-06-15T12:00[{name}]")
        assert instant_from_text(typed_again(found.local)).utc == found.utc
    assert typed_again(instant_from_text("2026-06-15T12:00+02:00").local) == "2026-06-15T12:00+02:00"
