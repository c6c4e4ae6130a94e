"""Runs: begun, changed, worked on by the worker, kept, asked for and made an offer of."""

import json
import shutil
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.agreements.offering import may, saturdays, text
from tests.cast import A7, HOUR, LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tests.insight.replaying import NOVEMBER, begun, uploaded, with_saturdays
from tricorn.agreements.models import Offer
from tricorn.agreements.verbs import activate
from tricorn.catalogue.verbs import add_service
from tricorn.engine.agreement import Agreement
from tricorn.engine.errors import BadInput, MoveRefused, StandingRefused
from tricorn.engine.replay import History
from tricorn.insight.models import Replay
from tricorn.insight.replays import columns, files, jobs, verbs
from tricorn.insight.replays.reads import asked_of_house, one, replays_of
from tricorn.insight.replays.sources import sources_for_client, sources_for_house
from tricorn.insight.replays.tickets import tickets_of
from tricorn.insight.replays.tried import tried
from tricorn.journal.actor import COMMAND, VISITOR
from tricorn.journal.models import Line
from tricorn.parties.verbs import add_organisation
from tricorn.standing.portrait import portrait
from tricorn.standing.verbs import give_duty
from tricorn.tickets import verbs as tickets

SECRET = "Rosalind Franklin"


@pytest.fixture(autouse=True)
def kept_here(tmp_path, settings):
    settings.HOME = tmp_path


def work(at=NOON, **how) -> Replay | None:
    """Let the worker do what waits, at one moment."""
    while jobs.work_on_next(lambda: at, **how):
        pass


def kinds(replay) -> list[str]:
    lines = Line.objects.about("replay", replay.pk).order_by("id")
    return [line.kind.removeprefix("replay.") for line in lines]


def fresh(replay) -> Replay:
    return Replay.objects.get(pk=replay.pk)


def sees(person, replay, at=NOON) -> bool:
    return Replay.objects.visible_to(person.actor, at).filter(pk=replay.pk).exists()


def test_a_run_is_begun_worked_out_and_kept(mail, a7, cleo, desi, mo):
    tickets.resolve(make_ticket(cleo, mail), by=desi.actor, at=MONDAY + HOUR, note="Done")
    replay = begun(mail, mo)
    with_saturdays(replay, mo)
    verbs.simulate(replay, by=mo.actor, at=NOON)

    work()

    done = fresh(replay)
    assert (done.state, done.progress, done.claimed_until) == ("ready", 100, None)
    assert done.answer == {"tickets": 1, "staffing": None}
    seen = tried(done, NOON)
    assert [(each.name, each.promises[1].met) for each in seen.study.options] == [
        ("Today", 1),
        ("With Saturdays", 1),
    ]
    assert "What With Saturdays would have meant" in seen.page.title
    verbs.keep(done, by=mo.actor, at=NOON)
    with pytest.raises(MoveRefused, match="kept as it is"):
        with_saturdays(done, mo)
    assert kinds(replay) == ["begun", "option_added", "simulating", "simulated", "kept"]


def test_what_is_answered_about_an_older_text_is_thrown_away_and_worked_out_again(mail, mo):
    replay = begun(mail, mo)
    option = with_saturdays(replay, mo)
    verbs.simulate(replay, by=mo.actor, at=NOON)
    seen = []

    def answering(task, heard):
        seen.append([name for _, name, _ in task.options])
        if len(seen) == 1:
            verbs.change_option(option, "Plain", text(), by=mo.actor, at=NOON)
        return {"names": seen[-1]}

    work(answering=answering)

    assert seen == [["With Saturdays"], ["Plain"]]
    assert fresh(replay).answer == {"names": ["Plain"]}
    verbs.remove_option(option, by=mo.actor, at=NOON)
    assert (fresh(replay).answer, fresh(replay).state) == (None, "ready")


def test_the_worker_tells_how_far_it_is_and_holds_on_to_the_run(mail, mo):
    replay = begun(mail, mo)
    verbs.simulate(replay, by=mo.actor, at=NOON)
    now = [NOON]
    told = []

    def answering(task, heard):
        for n in range(1, 5):
            now[0] += timedelta(seconds=0.6)
            heard(n / 4, f"step {n}")
            row = fresh(replay)
            told.append((row.progress, row.doing, row.claimed_until - now[0] >= HOUR / 31))
        return {}

    jobs.work_on_next(lambda: now[0], answering=answering)

    assert told == [
        (0, "loading", True),
        (50, "step 2", True),
        (50, "step 2", True),
        (99, "step 4", True),
    ]


def test_a_worker_that_is_killed_leaves_the_run_to_the_next_one_after_its_lease(mail, mo):
    replay = uploaded(mo)

    class Killed(BaseException):
        pass

    def die(*_):
        raise Killed

    with pytest.raises(Killed):
        jobs.work_on_next(lambda: NOON, is_stopping=die)
    assert not jobs.is_waiting(NOON + timedelta(seconds=119))

    work(NOON + jobs.LEASE)

    assert fresh(replay).state == "ready"
    assert kinds(replay) == ["uploaded", "read"]


def test_a_worker_that_is_stopped_gives_the_run_back_at_once(mail, mo):
    replay = begun(mail, mo)
    verbs.simulate(replay, by=mo.actor, at=NOON)

    jobs.work_on_next(lambda: NOON, is_stopping=lambda: True)

    assert (fresh(replay).state, jobs.is_waiting(NOON)) == ("simulating", True)


def test_what_breaks_the_program_three_times_is_not_tried_for_ever(mail, mo):
    replay = begun(mail, mo)
    verbs.simulate(replay, by=mo.actor, at=NOON)
    tries = []

    def broken(task, heard):
        tries.append(1)
        raise MemoryError

    for n in range(6):
        jobs.work_on_next(lambda n=n: NOON + n * HOUR, answering=broken)

    assert (len(tries), fresh(replay).state) == (3, "ready")
    assert "stopped at this three times" in fresh(replay).problem


def test_an_upload_is_read_into_columns_and_then_it_is_gone(mo):
    data = (
        "id,reported,resolved,priority,kind,person,group\n"
        + "".join(
            f"INC{n:05d},2026-03-02 09:{n:02d},2026-03-02 11:00,2 - High,incident,{SECRET},mail\n"
            for n in range(6)
        )
        + f"{SECRET},2026-03-02 10:00,,2 - High,incident,{SECRET},{SECRET}\n"
        + f"INC9,never,,2 - High,incident,{SECRET},mail\n"
    )
    replay = uploaded(mo, "../../Odd näme;.csv", data=data.encode())
    assert (replay.state, replay.file_name, replay.file_size) == (
        "reading",
        "Odd_n_me_.csv",
        len(data.encode()),
    )

    work()

    done = fresh(replay)
    found = tickets_of(done, NOON)
    assert (done.state, done.told["rows"], done.told["tickets"]) == ("ready", 8, 7)
    assert {reason: row["count"] for reason, row in done.told["refused"].items()} == {
        "moment-unreadable": 1
    }
    assert found.history.refs[:2] == ("INC00000", "INC00001")
    assert found.history.refs[6] == "row 7"
    assert found.history.priorities == ("2 - High",)
    assert set(found.groups.names) == {"mail", "group 1"}
    assert found.fewest is None
    here = list(files.folder(done.key).iterdir())
    assert [path.name for path in here] == ["tickets.npz"]
    kept = b"".join(path.read_bytes() for path in here) + str(vars(done)).encode()
    lines = str(list(Line.objects.values())).encode()
    assert SECRET.encode() not in kept + lines
    assert b"Franklin" not in kept + lines


def test_an_upload_that_cannot_be_read_says_why_and_can_be_read_otherwise(mo):
    replay = uploaded(mo, "jira.csv", format="zendesk")
    work()
    failed = fresh(replay)
    assert failed.state == "failed"
    assert failed.problem.endswith(".")

    verbs.read_again(failed, by=mo.actor, at=NOON, zone="Europe/Berlin")
    work()

    assert (fresh(replay).state, fresh(replay).problem) == ("ready", "")
    assert fresh(replay).told["format"] == "jira"
    assert kinds(replay) == ["uploaded", "failed", "read_again", "read"]


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"data": b""}, "The file is empty"),
        ({"format": "excel"}, "There is no format 'excel'"),
        ({"map_text": "nonsense"}, "The map"),
    ],
)
def test_an_upload_that_cannot_be_is_refused_and_leaves_nothing(mo, how, sentence):
    lines = Line.objects.count()
    with pytest.raises(BadInput, match=sentence):
        uploaded(mo, **how)

    assert not Replay.objects.exists()
    assert Line.objects.count() == lines
    assert list(files.runs().glob("*")) == []


def test_a_file_that_is_too_large_is_refused_while_it_comes(mo, monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 100)
    with pytest.raises(BadInput, match="larger than"):
        uploaded(mo)

    assert list(files.runs().glob("*")) == []


def test_the_present_rule_is_learned_from_an_upload_if_that_was_asked(mo):
    replay = uploaded(mo, learns=True)
    heard = []

    def learning(history: History, groups, zone, hear):
        heard.append((len(history), len(groups.codes), zone))
        return text().to_toml(), {"unidentified": []}

    work(learning=learning)

    done = fresh(replay)
    assert heard == [(done.told["tickets"], done.told["tickets"], "Europe/Berlin")]
    assert Agreement.from_toml(done.present).clauses == text().clauses
    assert done.told["learned"] == {"unidentified": []}


def test_an_export_from_which_no_rule_can_be_learned_can_still_be_tried_on(mo):
    replay = uploaded(mo, learns=True)

    work()

    assert (fresh(replay).state, fresh(replay).present) == ("ready", "")
    assert len(fresh(replay).told["notes"]) >= 1


def test_who_sees_which_runs(mail, a7, clive, finance, mo, desi, sam, house):
    phone = add_service(
        by=COMMAND, at=LONG_AGO, name="Phone", provider=house.provider, hours=mail.hours
    )
    mia, pat = somebody("Mia", house.provider), somebody("Pat", house.provider)
    give_duty(mia, "manage", by=COMMAND, at=LONG_AGO, service=mail)
    give_duty(pat, "manage", by=COMMAND, at=LONG_AGO, service=phone)
    sales = add_organisation(by=COMMAND, at=LONG_AGO, name="Sales")
    sue = somebody("Sue", sales)
    may(sue, sales)
    of_house, of_file = begun(mail, mo), uploaded(mo)
    of_client = begun(
        mail, clive, client=finance, for_client=True, at=NOVEMBER, last=date(2026, 10, 31)
    )
    of_sales = uploaded(sue, client=sales, for_client=True)

    runs = (of_house, of_file, of_client, of_sales)
    seen = {
        person.name: [sees(person, each, NOVEMBER) for each in runs]
        for person in (mo, mia, pat, clive, sue, desi, sam)
    }

    assert seen == {
        "Mo": [True, True, False, False],
        "Mia": [True, False, False, False],
        "Pat": [False, False, False, False],
        "Clive": [False, False, True, False],
        "Sue": [False, False, False, True],
        "Desi": [False, False, False, False],
        "Sam": [False, False, False, False],
    }
    assert not Replay.objects.visible_to(VISITOR, NOON).exists()
    assert one(sam.actor, of_house.key, NOON) is None
    assert one(mo.actor, of_house.key, NOON).may_change
    with pytest.raises(StandingRefused, match="Only Mo may change this run"):
        verbs.keep(of_house, by=mia.actor, at=NOON)


def test_a_client_tries_only_its_own_tickets_in_months_that_have_ended(
    mail, a7, cleo, una, clive, sam, finance, mo, desi
):
    inside = make_ticket(cleo, mail)
    make_ticket(una, mail, text="Not covered")
    tickets.resolve(inside, by=desi.actor, at=datetime(2026, 11, 3, 9, tzinfo=UTC), note="Done")
    day = {"first": date(2026, 10, 1), "at": NOVEMBER}
    with pytest.raises(BadInput, match="months that have ended"):
        begun(mail, clive, client=finance, for_client=True, last=date(2026, 11, 1), **day)
    with pytest.raises(StandingRefused):
        begun(mail, sam, client=finance, for_client=True, **day)
    with pytest.raises(StandingRefused):
        uploaded(sam, client=finance, for_client=True)
    assert not Replay.objects.exists()
    assert list(files.runs().glob("*")) == []

    own = tickets_of(begun(mail, clive, client=finance, for_client=True, **day), NOVEMBER)
    house = tickets_of(begun(mail, mo, client=finance, at=NOVEMBER), NOVEMBER)

    assert list(own.history.refs) == list(house.history.refs) == [inside.ref]
    assert (bool(own.history.is_open[0]), own.fewest) == (True, 5)
    assert (bool(house.history.is_open[0]), house.fewest) == (False, None)


def test_a_client_reads_no_figure_about_few_people(mail, a7, finance, clive, desi):
    for n in range(7):
        ticket = make_ticket(somebody(f"P{n}", finance), mail, text=f"Number {n}")
        if n:
            tickets.resolve(ticket, by=desi.actor, at=MONDAY + n * HOUR, note="Done")
    replay = begun(mail, clive, client=finance, for_client=True, at=NOVEMBER)
    verbs.add_option(replay, "4 h", text(target="4h"), by=clive.actor, at=NOVEMBER)
    verbs.simulate(replay, by=clive.actor, at=NOVEMBER)

    work(NOVEMBER)

    page = tried(fresh(replay), NOVEMBER).page
    for row in page.clauses.table.rows:
        assert row[1:] == ("too few people to say", "too few people to say")
    assert (page.changed, page.excluded) == (None, ())
    assert "T-" not in str(page)
    assert page.lead.startswith("Every ticket came while the desk was open")


def test_a_client_asks_for_an_offer_and_the_manager_makes_it_with_one_press(
    mail, a7, clive, finance, mo, house
):
    replay = begun(mail, clive, client=finance, for_client=True, at=NOVEMBER)
    option = with_saturdays(replay, clive, at=NOVEMBER)
    other = verbs.add_option(replay, "Plain", text(), by=clive.actor, at=NOVEMBER)
    assert one(clive.actor, replay.key, NOVEMBER).may_ask

    asked = verbs.ask_for_offer(replay, [option], by=clive.actor, at=NOVEMBER)
    verbs.ask_for_offer(asked, [other], by=clive.actor, at=NOVEMBER)
    assert len(tickets_of(fresh(replay), NOVEMBER).history) == 0
    (waiting,) = asked_of_house(mo.actor, NOVEMBER)
    assert (waiting.key, waiting.client, waiting.wanted) == (replay.key, "Finance", ("A",))
    shown = one(mo.actor, replay.key, NOVEMBER, portrait(mo.pk, NOVEMBER))
    assert (shown.may_offer, shown.may_change, shown.may_ask) == (True, False, False)
    chosen = [each.option for each in shown.options if each.is_wanted]
    offer = verbs.offer_from(shown.replay, chosen, house.provider, "Mail", by=mo.actor, at=NOVEMBER)
    again = verbs.offer_from(shown.replay, chosen, house.provider, "Mail", by=mo.actor, at=NOVEMBER)

    assert (offer, Offer.objects.count(), offer.client) == (again, 1, finance)
    (draft,) = offer.options.all()
    content = Agreement.from_data(json.loads(draft.draft))
    assert (draft.name, content.hours, content.from_on) == (
        "With Saturdays",
        saturdays().hours,
        date(2026, 12, 1),
    )
    assert asked_of_house(mo.actor, NOVEMBER) == []
    with pytest.raises(MoveRefused, match="stays on file"):
        verbs.discard(fresh(replay), by=clive.actor, at=NOVEMBER)
    assert kinds(replay)[-2:] == ["offer_asked", "offer_made"]


def test_an_offer_of_an_upload_needs_to_know_for_whom(mail, finance, house, mo):
    replay = uploaded(mo)
    work()
    option = with_saturdays(fresh(replay), mo)
    with pytest.raises(BadInput, match="choose a client"):
        verbs.offer_from(replay, [option], house.provider, "Mail", by=mo.actor, at=NOON)
    assert not Offer.objects.exists()

    offer = verbs.offer_from(
        replay, [option], house.provider, "Mail", by=mo.actor, at=NOON, client=finance
    )

    assert (offer.client, fresh(replay).state) == (finance, "kept")


def test_what_is_discarded_or_left_lying_is_forgotten_with_its_files(mail, mo):
    gone, left, kept = uploaded(mo), uploaded(mo), begun(mail, mo)
    verbs.keep(kept, by=mo.actor, at=NOON)
    verbs.discard(gone, by=mo.actor, at=NOON)
    files.put_away(gone.key)  # as the commit does
    stray = files.folder("no-such-run")
    stray.mkdir(parents=True)
    later = datetime.now(UTC) + jobs.LEFT + HOUR

    assert jobs.forget_left(NOON + HOUR) == 0
    assert files.upload_of(left).is_file()
    assert jobs.forget_left(later) == 1

    assert list(Replay.objects.all()) == [kept]
    assert list(files.runs().iterdir()) == [files.folder(kept.key)]
    assert kinds(gone)[-1] == "discarded"
    assert kinds(left)[-1] == "forgotten"


def test_an_export_that_could_not_be_read_is_deleted_after_three_days(mo):
    replay = uploaded(mo, "jira.csv", format="zendesk")
    work()
    for days, is_there in ((2, True), (4, False)):
        jobs.forget_left(NOON + timedelta(days=days))
        assert files.upload_of(replay).is_file() is is_there

    with pytest.raises(MoveRefused, match="Upload it again"):
        verbs.read_again(fresh(replay), by=mo.actor, at=NOON, zone="UTC")


def test_what_a_failure_quoted_of_a_file_goes_with_it(mo):
    replay = uploaded(mo, data=b"Ann Maier,ann@example.org,2026-09-01\nBo,bo@example.org,\n")
    work()
    assert "ann@example.org" in fresh(replay).problem

    jobs.forget_left(NOON + timedelta(days=4))

    assert "ann@example.org" not in fresh(replay).problem
    assert "Upload it again" in fresh(replay).problem


def test_a_run_whose_columns_are_gone_says_so(mo):
    replay = uploaded(mo)
    work()
    shutil.rmtree(files.folder(replay.key))

    with pytest.raises(BadInput, match="upload the export again"):
        tickets_of(fresh(replay), NOON)


@pytest.mark.parametrize("many", [1, 4])
def test_lists_and_sources_cost_the_same_however_many_there_are(
    mail, a7, cleo, clive, finance, mo, many, django_assert_max_num_queries
):
    for n in range(many):
        make_ticket(cleo, mail, text=f"Number {n}")
        with_saturdays(begun(mail, mo), mo)
        activate(Agreement.from_toml(A7.replace('"A-7"', f'"B-{n}"')), by=COMMAND, at=LONG_AGO)
    manager, client = portrait(mo.pk, NOVEMBER), portrait(clive.pk, NOVEMBER)

    with django_assert_max_num_queries(2 + 5):
        listed = replays_of(mo.actor, NOVEMBER, manager)
    with django_assert_max_num_queries(5):
        (own,) = sources_for_house(manager, NOVEMBER, "Europe/Berlin")
    with django_assert_max_num_queries(5 + 3):
        theirs = sources_for_client(client, NOVEMBER, 5)

    assert [each.options for each in listed] == [("With Saturdays",)] * many
    assert [(str(each.month), each.tickets) for each in own.months] == [("2026-10", many)]
    assert own.agreement is not None
    assert own.first == date(2026, 10, 1)
    mine = next(each for each in theirs if each.agreement == a7.agreement)
    assert [(str(each.month), each.tickets) for each in mine.months] == [("2026-10", None)]
    assert mine.present.clauses == text().clauses


def test_columns_that_are_none_are_told_from_columns(tmp_path):
    (tmp_path / "broken.npz").write_bytes(b"PK\x03\x04")
    for name in ("missing.npz", "broken.npz"):
        with pytest.raises(columns.NoColumns):
            columns.load(tmp_path / name)


def test_names_of_which_there_are_too_many_are_kept_as_numbers(mo):
    rows = [f"I{n},2026-03-02 09:00,Person {n},mail" for n in range(50)]
    rows += [f"J{n},2026-03-02 09:00,High,mail" for n in range(5)]
    data = "\n".join(["id,reported,priority,group", *rows]).encode()
    replay = uploaded(mo, data=data, format="neutral")
    work()

    names = tickets_of(fresh(replay), NOON).history.priorities

    assert "High" in names
    assert not [name for name in names if "Person" in name]


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe\x00\x01" * 50,
        b"PK\x03\x04" + bytes(range(256)) * 9,
        b'{"tickets": [1, 2',
        "id,reported,priority\nA1,2026-03-02 09:00,Ärger\n".encode("latin-1"),
        b"\x1f\x8b\x08\x00broken",
        b"one column only\n",
    ],
)
def test_a_file_that_is_no_export_fails_with_a_sentence(mo, data):
    replay = uploaded(mo, "export.csv", data=data)

    work()

    assert (fresh(replay).state, fresh(replay).attempts) == ("failed", 0)
    assert fresh(replay).problem.rstrip().endswith(".")
    assert "three times" not in fresh(replay).problem
