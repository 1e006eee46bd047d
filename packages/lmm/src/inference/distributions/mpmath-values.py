# Reference values for tails.test.ts: python3 mpmath-values.py (mpmath 1.3.0)
from mpmath import mp, mpf, betainc, gammainc, erfc, sqrt, findroot, log
mp.dps=50
def ttail(t,df):
    t=mpf(t);df=mpf(df); return betainc(df/2,mpf(1)/2,0,df/(df+t*t),regularized=True)/2
def ftail(f,a,b):
    f=mpf(f);a=mpf(a);b=mpf(b); return betainc(b/2,a/2,0,b/(b+a*f),regularized=True)
def ctail(x,df): return gammainc(mpf(df)/2,mpf(x)/2,mp.inf,regularized=True)
def ntail(z): return erfc(mpf(z)/sqrt(2))/2
import json
out={"source":"mpmath 1.3.0, 50 digits","t":[],"f":[],"chiSquare":[],"normal":[]}
for t in [0.001,0.5,1,2,5,10,40,300]:
    for df in [0.3,1,2.5,9,41.99,210,5000,73421.5]:
        out["t"].append([t,df,float(mp.nstr(ttail(t,df),18))])
for f in [0.01,0.5,1,3,20,300]:
    for a in [1,2,5,27]:
        for b in [0.7,2,17,196.4,10000]:
            out["f"].append([f,a,b,float(mp.nstr(ftail(f,a,b),18))])
for x in [0.01,0.5,1,5,30,300]:
    for df in [1,2,7,50]:
        out["chiSquare"].append([x,df,float(mp.nstr(ctail(x,df),18))])
for z in [-3,-0.5,0.001,0.7,1.959963984540054,5,12,30]:
    out["normal"].append([z,float(mp.nstr(ntail(z),18))])
q=[]
for p in [1e-10,1e-4,0.025,0.3]:
    for df in [1,2.5,17,144.5,5000]:
        import math
        r=findroot(lambda s: log(ttail(mp.e**s,df))-log(mpf(p)), math.log(3 if p>1e-5 else 20) if df>1 else math.log(0.3/p))
        q.append([p,df,float(mp.nstr(mp.e**r,18))])
out["tQuantile"]=q
r=findroot(lambda s: log(ftail(mp.e**s,1,17))-log(mpf("1e-6")), 4.0)
out["fQuantile"]=[[1e-6,1,17,float(mp.nstr(mp.e**r,18))]]
json.dump(out,open("mpmath-values.json","w"))
