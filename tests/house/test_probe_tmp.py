import gzip, io, zlib, time, re
import pytest
from django.test import Client
from django.db import connection
from tests.cast import *
from tests.house.test_doors import entered, token_for
from tests.house.test_forms import town
from tricorn.tickets.links import token_of
from tricorn.tickets.models import Ticket
from tricorn.parties.models import *
from tricorn.tickets import verbs
from tricorn.config.wsgi import application


def see(label, r):
    print(
        "PROBE",
        label,
        r.status_code,
        r.get("Location", ""),
        dict((k, v) for k, v in r.headers.items()) if label.startswith("H") else "",
    )
    return r


def test_headers(town, mo, una, desi, mail, capsys, caplog, settings):
    v = Client(raise_request_exception=False)
    t = make_ticket(None, mail, text="private thing")
    tok = token_of(t)
    with capsys.disabled():
        for p in (
            "/",
            "/nope",
            "/static/tricorn.css",
            "/static/nope",
            f"/r/{tok}/",
            "/my/",
            "/accounts/login/",
            "/health/",
            "/setup/",
            "/demo/1/",
            "/%00",
        ):
            see("H " + p, v.get(p))
        see("Hpost", v.post("/", {"text": "x"}))
        see("H400", v.get("/", headers={"Host": "evil example"}))
        see("Hbadhost", v.get("/", headers={"Host": "evil.example"}))
        c = Client(raise_request_exception=False)
        c.force_login(mo)
        for p in (
            "/manage/hours/%d/toml/" % mail.hours_id,
            "/manage/settings/words/preview/",
            "/manage/agreements/1/text/",
        ):
            see("H " + p, c.get(p))
        see("demo", c.post(f"/demo/{una.pk}/"))
        see("demo", c.post("/demo/leave/"))
        see("setup", c.post("/setup/?key=x", {"key": "x"}))
        see("setup", v.get("/setup/?key=%ED%A0%80"))
        see(
            "next",
            v.post(
                "/accounts/login/password/?next=//evil.com",
                {"login": "x", "password": "y", "next": "https://evil.com"},
            ),
        )
        caplog.clear()
        see("409", v.post(f"/r/{tok}/reopen/"))
        see("405", v.get(f"/r/{tok}/close/"))
        see("422", v.post(f"/r/{tok}/answer/", {"text": ""}))
        print("LOG", [r.getMessage() for r in caplog.records])
        print("cookies", v.cookies)
        # xff
        for proxy in (0, 1):
            pass


def test_timing(mo, una, cleo, capsys, house):
    una.set_password("correct horse battery")
    una.save()
    from django.core.cache import cache

    with capsys.disabled():
        for mailad in ("una@example.org", "cleo@example.org", "nobody@example.org"):
            ts = []
            for i in range(5):
                cache.clear()
                v = Client()
                t0 = time.perf_counter()
                r = v.post("/accounts/login/password/", {"login": mailad, "password": "wrong"})
                ts.append(time.perf_counter() - t0)
            print("PW", mailad, sorted(ts)[2], r.status_code, len(r.content))
            ts = []
            for i in range(5):
                cache.clear()
                v = Client()
                t0 = time.perf_counter()
                r = v.post("/accounts/login/", {"email": mailad})
                ts.append(time.perf_counter() - t0)
            print("CODE", mailad, sorted(ts)[2], r.status_code, r.get("Location"), v.cookies.keys())
        cache.clear()
        for i in range(8):
            v = Client(REMOTE_ADDR=f"10.0.0.{i}")
            r = v.post(
                "/accounts/login/password/", {"login": "una@example.org", "password": "wrong"}
            )
        from django.utils.html import strip_tags

        r = Client(REMOTE_ADDR="10.9.9.9").post(
            "/accounts/login/password/",
            {"login": "una@example.org", "password": "correct horse battery"},
        )
        print(
            "after 8 wrong from elsewhere, right password:",
            r.status_code,
            "many tries" in r.content.decode(),
        )
        for i in range(8):
            v = Client(REMOTE_ADDR=f"10.0.0.{i}")
            r = v.post("/accounts/login/", {"email": "una@example.org"})
            print("codes", i, r.status_code)
        r = Client(REMOTE_ADDR="10.9.9.9").post("/accounts/login/", {"email": "una@example.org"})
        print("own code after 8", r.status_code, r.get("Location"))
        # X-Forwarded-For spoof
        cache.clear()
        for i in range(40):
            v = Client()
            r = v.post(
                "/accounts/login/",
                {"email": f"x{i}@example.org"},
                headers={"X-Forwarded-For": f"1.2.3.{i}"},
            )
        print("xff spoof 40 requests ->", r.status_code)
        # session fixation
        v = Client()
        v.post("/accounts/login/", {"email": "una@example.org"})


def test_wsgi(town, capsys):
    with capsys.disabled():
        import io as i2

        for cs in ("hex", "rot13", "raw_unicode_escape", '"hex"', "utf-16", "x;y"):
            for method, q in (("GET", "x=1"), ("POST", "x=1")):
                body = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nhello \\ud800 world\r\n--x--\r\n'
                out = []
                env = {
                    "REQUEST_METHOD": method,
                    "PATH_INFO": "/",
                    "QUERY_STRING": q,
                    "SERVER_NAME": "localhost",
                    "SERVER_PORT": "80",
                    "HTTP_HOST": "localhost",
                    "wsgi.input": i2.BytesIO(body),
                    "CONTENT_LENGTH": str(len(body)),
                    "CONTENT_TYPE": f"multipart/form-data; charset={cs}; boundary=x",
                    "wsgi.url_scheme": "http",
                    "wsgi.errors": i2.StringIO(),
                    "REMOTE_ADDR": "127.0.0.1",
                }
                b"".join(application(env, lambda s, h, e=None: out.append(s)))
                print("WSGI", cs, method, out)
