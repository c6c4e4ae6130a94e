"""There is always somebody who manages everything."""

import pytest

from tests.cast import LONG_AGO, MONDAY, NOON
from tricorn.engine.errors import BadInput
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.standing.models import Duty
from tricorn.standing.verbs import end_duty, give_duty, let_in, shut_out


def test_the_last_manager_cannot_be_shut_out_and_nothing_is_written(mo, desi):
    lines = Line.objects.count()

    with pytest.raises(BadInput, match="Mo is the last manager"):
        shut_out(mo, by=COMMAND, at=NOON)

    mo.refresh_from_db()
    assert mo.is_active
    assert Line.objects.count() == lines


def test_a_manager_who_is_shut_out_does_not_count(mo, desi):
    duty = give_duty(desi, "manage", by=COMMAND, at=LONG_AGO)
    shut_out(desi, by=COMMAND, at=MONDAY)

    with pytest.raises(BadInput, match="last manager"):
        end_duty(Duty.objects.get(person=mo), by=COMMAND, at=NOON)

    let_in(desi, by=COMMAND, at=NOON)
    end_duty(Duty.objects.get(person=mo), by=COMMAND, at=NOON)
    with pytest.raises(BadInput, match="last manager"):
        end_duty(duty, by=COMMAND, at=NOON)


def test_a_manager_of_one_service_does_not_count(mo, desi, mail):
    give_duty(desi, "manage", by=COMMAND, at=LONG_AGO, service=mail)

    with pytest.raises(BadInput, match="last manager"):
        shut_out(mo, by=COMMAND, at=NOON)


def test_two_duties_to_manage_do_not_make_two_managers(mo):
    Duty.objects.create(person=mo, duty="manage", since=MONDAY)

    with pytest.raises(BadInput, match="last manager"):
        shut_out(mo, by=COMMAND, at=NOON)


def test_a_duty_that_has_ended_cannot_end_again(desi, mo):
    duty = Duty.objects.get(person=desi)
    end_duty(duty, by=COMMAND, at=MONDAY)

    with pytest.raises(BadInput, match="ended already"):
        end_duty(duty, by=COMMAND, at=NOON)
