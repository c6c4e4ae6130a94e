"""What an option needs and brings: intervals, common draws, and how many people are enough."""

import numpy as np
import pytest

from tricorn.engine.errors import BadInput, BadTeam, Overloaded
from tricorn.engine.hours import Hours, Schedule, Target
from tricorn.engine.replay import History
from tricorn.engine.staffing import Demand, Replicated, Team, Touch, needed, replicate, simulate
from tricorn.engine.staffing.estimate import estimate, student

HOUR, DAY = 3600, 86_400
MONDAY = 1_767_567_600  # Monday 5 January 2026, 00:00 in Berlin
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
PRIORITIES = ("3 - Moderate", "1 - Critical", "purple")


def hours(*windows):
    return Hours.from_data({"zone": "Europe/Berlin", "weekly": dict.fromkeys(WORKDAYS, windows)})


EARLY, LATE, DESK = hours("06:00-14:00"), hours("14:00-22:00"), hours("06:00-22:00")
TEAM = Team.of({"early": (EARLY, 2), "late": (LATE, 1)})
TOUCH = Touch(25 * 60, {"1 - Critical": 50 * 60.0})


def demand(weeks=4, a_day=40, seed=1):
    random = np.random.default_rng(seed)
    days = (np.arange(weeks * 7) % 7 < 5).nonzero()[0]
    at = (
        MONDAY
        + np.repeat(days, a_day) * DAY
        + random.integers(6 * HOUR, 22 * HOUR, a_day * len(days))
    )
    names = random.choice(PRIORITIES, len(at), p=[0.7, 0.1, 0.2]).tolist()
    return Demand.of(History.from_columns([f"T{k}" for k in range(len(at))], at, priority=names))


def test_priorities_are_read_the_unknown_come_last_and_this_is_said():
    found = demand()

    ranks = dict(zip(found.priorities, found.ranks, strict=True))
    assert (ranks["1 - Critical"], ranks["3 - Moderate"], ranks["purple"]) == (0, 2, 3)
    assert found.notes == ("Taken last, as nobody can tell how pressing they are: purple.",)


def test_the_order_of_priorities_can_be_given():
    at = np.array([MONDAY, MONDAY + 1])
    history = History.from_columns(["A", "B"], at, priority=["red", "blue"])

    assert Demand.of(history, order=["blue", "red"]).rank.tolist() == [1, 0]
    opened = History.from_columns(["A"], at[:1], priority=["1"], priority_opened=["4"])
    assert Demand.of(opened).rank.tolist() == [0]
    assert Demand.of(opened, priority_at="opened").rank.tolist() == [3]
    assert Demand.of(history, order=["blue"]).notes[0].endswith(": red.")
    with pytest.raises(BadInput, match="No ticket has the priority 'green'"):
        Demand.of(history, order=["green"])


def test_the_same_seed_gives_the_same_figures_and_another_one_others():
    once, again, other = (
        replicate(demand(), TEAM, TOUCH, seed=s, replications=5) for s in (1, 1, 2)
    )

    assert once.of("mean_wait") == again.of("mean_wait") != other.of("mean_wait")


def test_figures_come_for_all_and_by_priority_the_most_pressing_first():
    found = replicate(demand(), TEAM, TOUCH, seed=1, replications=20, within=Target.parse("1h"))

    assert found.priorities == ("1 - Critical", "3 - Moderate", "purple")
    assert sum(found.n) == 800
    waits = [found.of("mean_wait", name).value for name in found.priorities]
    assert waits == sorted(waits)
    every = found.of("within")
    assert 0 < every.least <= every.low < every.value < every.high <= every.most < 1
    assert found.of("p90_wait").value > found.of("mean_wait").value
    assert found.total("unbegun").value == 0
    assert found.total("occupancy").value == pytest.approx(found.load, abs=0.05)


def test_the_figures_are_those_of_each_run_done_by_itself():
    ours = demand(weeks=1)
    found = replicate(ours, TEAM, TOUCH, seed=3, replications=2, within=Target.parse("1h"))

    means = TOUCH.means(ours.priorities)[ours.priority]
    seconds = TOUCH.draw(np.random.default_rng([3, 1]), means)
    duty = TEAM.duty(MONDAY, MONDAY + 30 * DAY)
    run = simulate(ours.arrivals, ours.rank, seconds, duty)
    wait = run.start - ours.arrivals
    over = [
        int(f) - duty.end[(duty.agent == a) & (duty.start <= s) & (s < duty.end)].item()
        for a, s, f in zip(run.who, run.start, run.finish, strict=True)
    ]
    assert found.samples["mean_wait"][1, 0] == wait.mean()
    assert found.samples["within"][1, 0] == (wait <= HOUR).mean()
    assert found.samples["p90_wait"][1, 0] == sorted(wait)[-(-len(wait) * 9 // 10) - 1]
    assert found.totals["overtime"][1] == sum(max(each, 0) for each in over)


def test_options_are_compared_pair_by_pair_because_their_draws_are_the_same():
    few, many = (
        replicate(demand(), TEAM.resized({"late": n}), TOUCH, seed=1, replications=20)
        for n in (1, 2)
    )

    paired = many.less(few, "mean_wait")
    apart = few.of("mean_wait").high - few.of("mean_wait").low
    assert paired.is_below_zero
    assert not paired.is_above_zero
    assert paired.high - paired.low < 1.5 * apart
    other = replicate(demand(), TEAM, TOUCH, seed=2, replications=20)
    with pytest.raises(BadInput, match="cannot be compared pair by pair"):
        many.less(other, "mean_wait")
    assert few.less(few, "mean_wait").value == 0


def test_replications_can_be_shared_and_joined_and_are_the_same():
    whole, first, rest = (
        replicate(demand(weeks=1), TEAM, TOUCH, seed=1, replications=numbers)
        for numbers in (6, range(2), range(2, 6))
    )

    joined = Replicated.joined([first, rest])
    assert joined.of("mean_wait") == whole.of("mean_wait")
    assert joined.less(whole, "mean_wait").value == 0
    with pytest.raises(BadInput, match="no parts of one option"):
        Replicated.joined([first, first])


def test_a_target_runs_by_the_hours_of_the_agreement_or_on_the_wall():
    at = np.array([MONDAY + 4 * DAY + 21 * HOUR, MONDAY + 7 * DAY + 7 * HOUR])  # Friday evening
    ours = Demand(at, np.array([0, 0]), ("any",), (0,))
    early, one = Team.of({"early": (EARLY, 1)}), Touch(60, shape="fixed")

    def within(target, schedule=None):
        found = replicate(
            ours, early, one, seed=1, replications=2, within=Target.parse(target), schedule=schedule
        )
        return found.of("within").value

    assert within("2h") == 0.5
    assert within("57h") == 1
    assert within("2h", Schedule(DESK)) == within("1d", Schedule(DESK)) == 1
    assert within("59m", Schedule(DESK)) == 0.5
    with pytest.raises(BadInput, match="counts service days, which only service hours know"):
        within("1d")


def test_targets_by_priority_count_only_the_tickets_that_have_one():
    found = replicate(
        demand(),
        TEAM,
        TOUCH,
        seed=1,
        replications=3,
        within={"1 - Critical": Target.parse("30m")},
    )

    assert found.of("within") == found.of("within", "1 - Critical")
    assert not found.of("within", "purple").can_tell
    with pytest.raises(BadInput, match="No ticket has the priority 'pink'"):
        replicate(demand(), TEAM, TOUCH, seed=1, within={"pink": Target.parse("1h")})


def test_handing_over_ends_overtime():
    stayed, handed = (
        replicate(demand(), TEAM, TOUCH, seed=1, replications=10, rule=rule)
        for rule in ("finish", "hand-over")
    )

    assert stayed.total("overtime").low > 0
    assert handed.total("overtime").most == 0
    assert [caveat.code for caveat in stayed.caveats] == [
        "shift-change",
        "touch-time-given",
        "model-only",
        "assumed",
    ]
    assert "finishes it, as overtime" in stayed.caveats[0].sentence
    assert "the next who is free goes on with it" in handed.caveats[0].sentence
    assert handed.less(stayed, "mean_wait").is_above_zero


def test_a_load_of_one_is_refused_with_its_figures():
    with pytest.raises(Overloaded) as refusal:
        replicate(demand(a_day=120), TEAM, TOUCH, seed=1)

    assert "a load of 2.2" in str(refusal.value)
    assert "the queue grows without end" in str(refusal.value)
    assert "at least 7 people instead of 3" in str(refusal.value)
    enough = refusal.value.facts["enough"]
    assert enough == 7


def test_nobody_on_duty_one_replication_and_no_tickets_are_refused():
    later = Hours.from_data(
        {"zone": "Europe/Berlin", "open": [{"on": "2030-01-01", "windows": ["08:00-09:00"]}]}
    )
    with pytest.raises(BadTeam, match="Nobody of this team is on duty"):
        replicate(demand(), Team.of({"never": (later, 3)}), TOUCH, seed=1)
    with pytest.raises(BadInput, match="One replication tells nothing"):
        replicate(demand(), TEAM, TOUCH, seed=1, replications=1)
    with pytest.raises(BadInput, match="A seed is a whole number from 0 on, not -1"):
        replicate(demand(), TEAM, TOUCH, seed=-1)
    with pytest.raises(BadInput, match="There are no tickets"):
        Demand.of(History.from_columns([], np.empty(0, dtype=np.int64)))


def test_what_nobody_takes_up_is_counted_and_is_not_in_time():
    at = np.array([MONDAY + 7 * HOUR, MONDAY + 21 * HOUR])
    once = Hours.from_data(
        {"zone": "Europe/Berlin", "open": [{"on": "2026-01-05", "windows": ["08:00-12:00"]}]}
    )
    ours = Demand(at, np.array([0, 0]), ("any",), (0,))

    found = replicate(
        ours,
        Team.of({"once": (once, 1)}),
        Touch(60, shape="fixed"),
        seed=1,
        replications=2,
        within=Target.parse("2000h"),
    )

    assert found.total("unbegun").value == 1
    assert found.caveats[-1].sentence == "1.0 tickets on average were never begun."
    assert found.of("within").value == 0.5
    assert found.of("mean_wait").value == HOUR


def test_drawn_tickets_come_like_the_real_ones_by_hour_of_the_week():
    ours = demand(weeks=8)
    drawing = ours.drawing("Europe/Berlin")
    drawn = [drawing.draw(np.random.default_rng(k)) for k in range(40)]

    assert np.mean([len(each) for each in drawn]) == pytest.approx(len(ours), rel=0.02)
    local = (np.concatenate([each.arrivals for each in drawn]) - MONDAY) // HOUR % 168
    assert set(local.tolist()) <= set(((ours.arrivals - MONDAY) // HOUR % 168).tolist())
    shares = np.bincount(np.concatenate([each.priority for each in drawn]), minlength=3)
    real = np.bincount(ours.priority, minlength=3) / len(ours)
    assert (shares / shares.sum()).tolist() == pytest.approx(real.tolist(), abs=0.02)
    fixed, varied = (
        replicate(ours, TEAM, TOUCH, seed=1, replications=20, draw_arrivals=zone)
        for zone in (None, "Europe/Berlin")
    )
    assert varied.samples["mean_wait"][:, 0].std() > fixed.samples["mean_wait"][:, 0].std()


def test_touch_times_have_the_mean_and_the_variation_that_the_provider_said():
    means = np.full(100_000, 1500.0)
    for touch, variation in (
        (Touch(1500, variation=0.8), 0.8),
        (Touch(1500, shape="exponential"), 1.0),
        (Touch(1500, shape="fixed"), 0.0),
    ):
        drawn = touch.draw(np.random.default_rng(1), means)
        assert drawn.mean() == pytest.approx(1500, rel=0.01)
        assert drawn.std() / 1500 == pytest.approx(variation, abs=0.02)
        assert drawn.min() >= 1


def test_progress_is_told_after_each_replication():
    said = []
    replicate(
        demand(weeks=1), TEAM, TOUCH, seed=1, replications=3, progress=lambda *a: said.append(a)
    )

    assert said == [(1, 3), (2, 3), (3, 3)]


def test_the_people_needed_are_enough_and_with_one_less_anywhere_they_are_not():
    ours, target = demand(), Target.parse("30m")
    found = needed(ours, TEAM, TOUCH, share=0.9, within=target, seed=1, replications=40)

    assert found.share.low > 0.9
    assert found.team.shifts == dict(found.people)
    assert found.ceiling == 1
    assert found.sentence.startswith(f"It takes {len(found.team)} people (")
    for name in found.people:
        fewer = found.team.resized({name: found.people[name] - 1})
        less = replicate(ours, fewer, TOUCH, seed=1, replications=40, within=target)
        assert less.of("within").low <= 0.9


def test_the_people_by_name_count_too():
    ours, target = demand(), Target.parse("30m")
    helped = Team((*TEAM.agents, *Team.of({"both": (DESK, 2)}).agents))
    named = Team(tuple(a if a.shift != "both" else type(a)(a.name, a.hours) for a in helped.agents))

    plain, less = (
        needed(ours, team, TOUCH, share=0.9, within=target, seed=1, replications=20)
        for team in (TEAM, named)
    )

    assert sum(less.people.values()) < sum(plain.people.values())
    assert len(less.team) == sum(less.people.values()) + 2


def test_a_share_that_no_number_of_people_reaches_is_refused_with_the_most_there_is():
    with pytest.raises(BadInput, match=r"even if somebody always had time at once it would be 5"):
        needed(
            demand(),
            Team.of({"early": (EARLY, 1)}),
            TOUCH,
            share=0.9,
            within=Target.parse("30m"),
            seed=1,
        )
    with pytest.raises(BadTeam, match="no shift whose people could be counted"):
        needed(
            demand(),
            Team(tuple(type(a)(a.name, a.hours) for a in TEAM.agents)),
            TOUCH,
            share=0.9,
            within=Target.parse("1h"),
            seed=1,
        )
    with pytest.raises(BadInput, match="A share of 90 is not between 0 and 1"):
        needed(demand(), TEAM, TOUCH, share=90, within=Target.parse("1h"), seed=1)


def test_an_interval_is_students_and_too_few_say_nothing():
    found = estimate(np.array([1.0, 2.0, 3.0, np.nan]))

    assert (found.value, found.n) == (2, 3)
    assert found.high - found.value == pytest.approx(4.30265 / 3**0.5, rel=1e-5)
    assert not estimate(np.array([1.0, np.nan])).can_tell
    for freedom, reach in ((1, 12.7062), (2, 4.3027), (4, 2.7764), (10, 2.2281), (199, 1.9720)):
        assert student(0.95, freedom) == pytest.approx(reach, abs=0.001)
