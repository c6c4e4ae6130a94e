"""The WSGI application that gunicorn and waitress serve."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

CHARSET = re.compile(r";\s*charset\*?\s*=\s*(\"[^\"]*\"|[^;]*)", re.IGNORECASE)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tricorn.config.settings")
_django = get_wsgi_application()


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer a request, read as UTF-8 whatever charset it names.

    Python knows codecs that are no text, and some that yield half characters: by those Django would
    fail before any page is asked. Browsers send forms as the page was sent, in UTF-8.
    """
    if "charset" in (kind := environ.get("CONTENT_TYPE", "")).lower():
        environ["CONTENT_TYPE"] = CHARSET.sub("", kind)
    return _django(environ, start_response)
