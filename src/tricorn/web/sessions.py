"""Sessions in the database, as Django keeps them, and whose they are; read by queries made once."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from tricorn.parties.models import Person
from tricorn.prepared import Prepared

SESSION = Prepared(
    lambda key, at: Session.objects.filter(session_key__in=key, expire_date__gt=at), texts=["key"]
)
PERSON = Prepared(lambda person: Person.objects.filter(pk__in=person), "person")


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        found: Session | None = SESSION.first(timezone.now(), key=self.session_key)
        if found is None:
            self._session_key = None
        return found


class Backend(AuthenticationBackend):
    """Signs in as allauth does, by address and password or by code."""

    def get_user(self, user_id: int) -> Person | None:
        found: Person | None = PERSON.first(person=user_id)
        return found if found is not None and self.user_can_authenticate(found) else None
