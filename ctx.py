import re
from evals.goldset import load_gold
from evals.planted.references import grounded
G=[g for g in load_gold() if g.split=='dev']
res=grounded(G)
for g in G:
    if not g.judged: continue
    k=res[g.id].checks
    for f in [*k.numbers.unsupported,*k.names.unsupported,*(k.coherence or []),*[q for q in k.quotes.unsupported if not q.where.startswith('ent')]]:
        prose={'summary':res[g.id].summary,'analysis':res[g.id].analysis}.get(f.where,'')
        print(f'## {g.id} {f.where} {f.claim!r} {f.reason}'); 
        if f.start is not None: print('   C:',prose[max(0,f.start-110):f.end+50].replace('\n',' '))
        t=g.read().text
        key=re.sub(r'[^\d.]','',f.claim)[:5] or f.claim.split('-')[0].lower()
        for m in list(re.finditer(re.escape(key),t,re.I))[:3]: print('   A:',t[max(0,m.start()-130):m.end()+50].replace('\n',' '))
