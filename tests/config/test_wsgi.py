"""What a web server hands in is read as UTF-8, whatever it is called."""

import io

import pytest

from tricorn.config.wsgi import application
from tricorn.tickets.models import Message

BODY = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xc3\xbc \\ud800\r\n--x--\r\n'


@pytest.mark.parametrize(
    "charset", ["", "; charset=utf-8", "; charset=hex", '; CharSet = "rot13"', "; charset=idna"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_charset_that_is_none_is_no_fault(transactional_db, mail, charset, method):
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": "/",
        "QUERY_STRING": "x=1",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": f"multipart/form-data{charset}; boundary=x",
        "CONTENT_LENGTH": str(len(BODY)),
        "wsgi.input": io.BytesIO(BODY),
        "wsgi.url_scheme": "http",
    }
    statuses = []

    b"".join(application(environ, lambda status, headers, error=None: statuses.append(status)))

    assert statuses == ["200 OK" if method == "GET" else "302 Found"]
    if method == "POST":
        assert Message.objects.get().text == "ü \\ud800"
