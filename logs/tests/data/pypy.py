# The program behind pypy-parent.pypylog.bz2 and pypy-child.pypylog.bz2: threads, forks, generators, re, recursion,
# a file whose name holds a line end. Written by PyPy 7.3.11, in /srv/demo:
# PYPYLOG=jit-tracing,jit-log-opt,jit-backend,jit-mem-looptoken,jit-summary,gc-minor:F.%d pypy3 small.py fork
import threading, os, sys, time, re, signal, gc
src='''
def f{n}(k):
    s=0
    for i in range(k):
        if i%3==0: s+=i
        elif i%5==1: s^=i
        else: s-={n}
    return s
def g{n}(k):
    def h():
        for i in range(k): yield i
    return sum(x for x in h() if x & 1)
'''
ns={}
for n in range(6): exec(compile(src.format(n=n),'t%d.py'%n,'exec'),ns)
def work(a):
    for n in range(a,6,2):
        ns['f%d'%n](9000); ns['g%d'%n](5000); re.findall('(x|y%d)*z'%n,'xy%dz'%n*200)
    x=[object() for _ in range(100000)]
ts=[threading.Thread(target=work,args=(a,)) for a in range(2)]
for t in ts:t.start()
for t in ts:t.join()
mode=sys.argv[1] if len(sys.argv)>1 else ''
if mode=='fork':
    for i in range(3):
        p=os.fork()
        if p==0:
            src2=src.replace('f{n}','k{n}').replace('g{n}','q{n}')
            for n in range(2): exec(compile(src2.format(n=n),'c%d.py'%n,'exec'),ns)
            for n in range(2): ns['k%d'%n](9000); ns['q%d'%n](5000)
            if i==1: os._exit(0)
            if i==2: os.kill(os.getpid(),signal.SIGKILL)
            sys.exit(0)
        os.waitpid(p,0)
    work(1)
if mode=='kill':
    threading.Timer(0.05,lambda:os.kill(os.getpid(),9)).start()
    for r in range(1000):
        work(r%4)
        for n in range(6): exec(compile(src.format(n=n+r),'t%d.py'%(n+r),'exec'),ns)
gc.collect()
def fib(n): return n if n<2 else fib(n-1)+fib(n-2)
fib(20)
class P:
    def __init__(self,x): self.x=x
    def next(self): return P(self.x+1)
def walk(n):
    p=P(0)
    for i in range(n): p=p.next()
    return p.x
walk(20000)
exec(compile("def odd(n):\n s=0\n for i in range(n):\n  if i&1: s+=i\n return s","a\nb, 'c').py",'exec'),ns)
ns['odd'](20000)
