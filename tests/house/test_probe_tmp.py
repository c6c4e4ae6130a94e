import random, itertools
from django.test import Client
from tests.cast import *
from tests.house.test_forms import town, monday
V=["","\0","%","9"*30,"-1","1","T-1","x.y","1.1","99999999999999.1","2026-02-30","2026-13","0000-00","9999-12","10000-01","١","<script>","😀","../..","[]","{}","NaN","1e400","2026-10-12T08:00:00","253402300800","253402300800.5-9","-62135596801_1","\u202e","a"*3000, "NEVER_1","9999-12-31T00:00:00+00:00_5","2026-10-12T08:00:00+99:99_1"]
def test_q(town, capsys):
    rnd=random.Random(7)
    bad=[]
    plan={"desi":(["/desk/","/desk/people/","/desk/held/","/desk/new/","/at/reception/tally/"],["q","tab","after","before","service","kind","priority","state","place","who","sort","page","requester","held","late","mine","assignee","team"]),
     "clive":(["/decide/","/decide/a/A-7/","/my/all/","/my/","/my/ask/"],["month","from","to","ref","page","state","kind","service"]),
     "mo":(["/manage/","/manage/people/","/manage/people/add/","/manage/organisations/","/manage/places/","/manage/services/","/manage/agreements/","/manage/import/","/manage/hours/add/"],["q","page","in","show","service","sort"])}
    n=0
    for who,(paths,keys) in plan.items():
        c=Client(raise_request_exception=False); c.force_login(town[who][0])
        for p in paths:
            for k in keys:
                for v in rnd.sample(V,12):
                    r=c.get(p,{k:v}, headers={"HX-Request":"true"} if rnd.random()<.5 else {}); n+=1
                    if r.status_code>=500: bad.append((p,k,v[:40]))
    with capsys.disabled(): print("N",n,"BAD",sorted(set(bad)))
