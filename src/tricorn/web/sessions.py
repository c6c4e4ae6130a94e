"""Sessions in the database, as Django keeps them; read by a query that is made once."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from tricorn.prepared import Prepared

SESSION = Prepared(
    lambda key, at: Session.objects.filter(session_key__in=key, expire_date__gt=at), texts=["key"]
)


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        found: Session | None = SESSION.first(timezone.now(), key=self.session_key)
        if found is None:
            self._session_key = None
        return found
