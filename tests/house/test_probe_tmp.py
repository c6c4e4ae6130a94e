import gzip, io, zlib, time
import pytest
from django.test import Client
from tests.cast import *
from tests.house.test_doors import entered, token_for
from tricorn.tickets.links import token_of
from tricorn.tickets.models import Ticket
from tricorn.parties.models import *

@pytest.fixture
def c(mo, mail, a7, una, cleo, desi):
    make_ticket(una, mail)
    make_ticket(None, mail)
    k = Client(raise_request_exception=False); k.force_login(mo); return k

def see(label, r):
    print("PROBE", label, r.status_code, r.get("Location",""), dict((k,v) for k,v in r.headers.items()) if label.startswith("H") else "")
    return r

def test_all(c, mail, una, mo, capsys, reception):
    v = Client(raise_request_exception=False)
    with capsys.disabled():
        for cs in ():
            see("get "+cs, v.get("/?x=1", headers={"Content-Type": f"multipart/form-data; boundary=x; charset={cs}"}))
            body = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nhello \\ud800 \\x00 world\r\n--x--\r\n'
            r = v.generic("POST", "/", body, content_type=f"multipart/form-data; boundary=x; charset={cs}")
            see("post "+cs, r)
            r = c.generic("POST", "/manage/people/add/", body.replace(b'"text"',b'"name"'), content_type=f"multipart/form-data; boundary=x; charset={cs}")
            see("manage "+cs, r)
            r = v.generic("POST", "/accounts/login/", body.replace(b'"text"',b'"email"'), content_type=f"multipart/form-data; boundary=x; charset={cs}")
            see("login "+cs, r)
        see("plain", v.generic("POST", "/", b"text=hi&x=%ED%A0%80", content_type="application/x-www-form-urlencoded; charset=latin-1"))
        see("json", v.generic("POST", "/", b"[" * 100000, content_type="application/json"))
        see("noct", v.generic("POST", "/", b"text=hi", content_type=""))
        see("origin", v.post("/", {"text": "hi"}, headers={"Origin": "http://["}))
        see("origin null", v.post("/", {"text": "hi"}, headers={"Origin": "null"}))
        t = make_ticket(None, mail, text="x y")
        see("ref bad", v.post(f"/r/{token_of(t)}/rate/", {"score": "5"}, headers={"Referer": "http://["}))
        see("ref //", v.post(f"/r/{token_of(t)}/rate/", {"score": "5"}, headers={"Referer": "http://testserver//evil.com/"}))
        r = v.post(f"/r/{token_of(t)}/rate/", {"score": "5"}, headers={"Referer": "http://testserver//evil.com/"})
        print([l for l in r.content.decode().splitlines() if "evil" in l])
        see("htmx url", c.get("/desk/", headers={"HX-Request":"true","HX-Current-URL": "http://[", "Triggering-Event": "["*100000, "HX-Target": "\xff"*1000}))
        see("host bad", v.get("/", headers={"Host": "evil.example"}))
        see("host bad2", v.get("/", headers={"Host": "a b<script>"}))
        see("xfh", v.get("/", headers={"X-Forwarded-Host": "evil.example"}))
        see("next", v.get("/accounts/login/?next=//evil.com"))
        see("fields", v.post("/", {f"f{i}": "x" for i in range(1500)}))
        see("fields2", c.post("/manage/people/add/", {f"f{i}": "x" for i in range(1500)}))
        see("files many", v.post("/", {f"f{i}": io.BytesIO(b"x") for i in range(150)}))
        see("13MB", v.post("/", "text=" + "a"*13_000_000, content_type="application/x-www-form-urlencoded"))
        see("13MB m", v.post("/", {"text": "a"*13_000_000}))
        see("13MB my", c.post("/desk/new/", {"text": "a"*13_000_000}))
        see("13MB login", v.post("/accounts/login/", {"email": "a"*13_000_000}))
        see("1M", v.post("/", {"text": "a"*1_000_000}))
        for p in ("/my/%ED%A0%80/", "/r/%00/", "/r/%ff/", "/desk/t/T-99999999999999999999/", "/desk/t/%00/", "/at/%00/", "/manage/people/999999999999999999999999999/", "/manage/services/%D9%A1/", "/desk/?q=%00", "/desk/?after=%00", "/desk/?after=1.999999999999999999999", "/desk/?before=99999999999.1&after=x", "/desk/?service=99999999999999999999999999", "/desk/?tab=%00&kind=%00&priority=%ff&state=x", "/manage/people/?q=%00%25_&page=9999999999999999999999", "/manage/people/?page=-1", "/manage/people/add/?in=%00", "/manage/people/add/?in=9999999999999999999999", "/desk/people/?q=%00%00", "/desk/people/?q=%25%25", "/my/all/?page=1e5", "/my/ask/?kind=%00", "/accounts/login/code/confirm/?code=%00", "/decide/?month=%00", "/decide/?month=9999-99", "/t/%00/", "/desk/new/?x=%00", "/%00", "/static/%00", "/static/../../etc/passwd", "/static/%2e%2e/%2e%2e/secret"):
            r = see(p, c.get(p)); 
            if r.status_code >= 500: print("!!!!!!")
        for body in (b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + b"\xff"*500, gzip.compress(b"a,b\n"*100)[:-10], gzip.compress(b"\0"*200_000_000), b"\xff\xfe\x00", b"\x00"*1000, b'"'*1000+b"\n"*4000, b"number,opened\n"+b"\r"*5000):
            f = io.BytesIO(body); f.name="x.csv.gz"
            t0=time.time()
            see("import %r" % body[:10], c.post("/manage/import/", {"file": f, "format": "servicenow", "zone":"UTC", "service": mail.pk}))
            f = io.BytesIO(body); f.name="???"
            see("import csv %r" % body[:10], c.post("/manage/import/", {"file": f, "format": "csv", "zone":"UTC", "service": mail.pk, "map_text": "[columns]\nsummary='a'\n"}))
            print(time.time()-t0)
        deep = "a = " + "["*50000
        for label, text in (("deep", deep), ("inline", "a = " + "{a="*20000), ("bignum", "a = "+"9"*10000), ("keys", ".".join(["a"]*20000)+"=1"), ("date", "a=2027-02-29"), ("surr", 'a="\\ud800"'), ("closebig", "zone='UTC'\n[weekly]\nmon=['00:00-24:00']\n"+"".join(f"[[closed]]\non=2027-01-01\n" for _ in range(5)))):
            t0=time.time()
            see("toml agr "+label, c.post("/manage/agreements/add/", {"text": text}))
            see("toml act "+label, c.post("/manage/agreements/activate/", {"text": text}))
            see("toml hours "+label, c.post("/manage/hours/read/", {"text": text, "zone": "UTC"}))
            f = io.BytesIO(b"a,b\n1,2\n"); f.name="x.csv"
            see("toml map "+label, c.post("/manage/import/", {"file": f, "format": "csv", "zone":"UTC", "service": mail.pk, "map_text": text}))
            print(time.time()-t0)
        ical = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20270101T080000Z\nDTEND:20270101T090000Z\nRRULE:FREQ=SECONDLY\nEND:VEVENT\nEND:VCALENDAR\n"
        for label, text in (("secondly", ical), ("years", ical.replace("SECONDLY","YEARLY;INTERVAL=0")), ("count", ical.replace("SECONDLY","MINUTELY;COUNT=99999999999")), ("bad", ical.replace("20270101T08","20270229T08")), ("year0", ical.replace("2027","0000")), ("nest", "BEGIN:VCALENDAR\n"+"BEGIN:VEVENT\n"*20000), ("y9999", ical.replace("2027","9999"))):
            t0=time.time()
            see("ical "+label, c.post("/manage/hours/read/", {"text": text, "zone": "UTC"}))
            print(time.time()-t0)
