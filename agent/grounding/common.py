"""Words whose capital says nothing: what sentences begin with, months, titles, and what all of finance writes large."""

from __future__ import annotations

OPENERS = frozenset(
    """
a about above according across add additional additionally adjusted adverse after afterwards again against ahead all allegations almost
along already also although altogether always amid among an analyst analysts and annual annualised annualized another any anyone
anything apart appeals approval approvals are around article as aside assistant at average away back backed backers bad balance bank
bankers banks bar based bearish bears because before behind being below beneath benefits besides best better between beyond bids big
bigger board boards bond bondholders bonds book both broad broader brokers bulls business businesses but buybacks buyers by call can
capacity capital carmakers carriers case cases cash central certainty cheap cheaper chief chip chipmakers choppy claims clear clients
close closing combined comments commodities companies comparable compared competition competitors concern concerns consequently consumer
consumers continued contracts copyright core corporate cost costs could counsel court courts coverage credit creditors critics crude
currency current customers cuts data day deal dealers dealmakers deals dearer debt debts decisions delays deliveries delivery demand
depositors deposits despite details developers did directors disclosure dividends do does doubts down drivers due during each earlier
earnings easing economists economy efforts eight eighteen either eleven employees energy enough equities equity especially estimates
even every everybody everyone everything evidence excess excluding exclusive executives expect expectations expected expenses exporters
exports factories factory failure fans farmers favorable favourable fears federal few fewer fifteen fifth fifty finally finance
financial financing firms first fiscal five flat food for forecast forecasts foreign former forty four fourteen fourth free fresh from
fuel full fund funding funds further furthermore future futures gains gas generally given global gold good government governments gross
group growth guidance had half has have having he headline headwinds heavy hence her here high higher hiring his hold holders home hopes
household households how however hundreds if impact importers imports in income increased increases indeed index indices individuals
industry inflation initially initiatives inside insiders instead insurers interest interim inventories inventory investment investor
investors is issue issues it its job jobs judge judges just keep labor labour large largely larger largest last late later law lawmakers
laws lawyers lead least legal lenders lending less lesser licence license like likely limited liquidity litigation little loan loans
local long longer losers loss losses low lower machine mainly major making management manufacturers many margin margins market markets
material materiality may maybe meanwhile measures media members merchants might millennials millions miners moderate moderately momentum
money more moreover mortgage most mostly much must national natural near nearly necessarily negative neither net neutral never
nevertheless new news next nine nineteen no nobody none nonetheless nor not notably notes nothing now numbers of off offer offers
officers officials oil on once one only onshore operating operations opposition options or orders other others otherwise our out outlook
output outside over overall overseas owners parent part partly partners parts passengers patients pay payments payouts peers pending
people per perhaps permanent physical places plans policy policymakers political politicians poor positive possible pre premium pressure
previously price prices pricing prior private problems proceeds producers production profit profitability profits progress property
proposals prosecutors provided public quarterly questions quickly raise rarely rate rates rather raw real recent recently record reduced
regional regulators regulatory relatedly relations relative relief remember renewed repeated report reports research reserves residents
resistance responses restructuring results retail retailers retained revenue revenues rising risk risks rival rivals roughly runs sale
sales same savings sceptics search second secondly sector securities see sell sellers senior sentiment separate separately services
seven seventeen several severe share shareholders shares sharp she shipments shoppers short shortly should significant similar similarly
simply since six sixteen sixty slower small smaller so some someone something soon sources space spending spokesman spokesperson
spokeswoman staff stakeholders statements steady steel sterling still stock stockholders stocks store stores strategy strength strong
stronger strongly subject subscribers such supermarkets suppliers supply support supporters surprise systems tariffs tax taxes
technology ten tenth than thanks that the their them then there thereafter therefore these they think third thirteen thirty this those
though thousands three through throughout thus ticket tickets tight tighter to today together tomorrow tonight too top total tougher
trade traders trading traffic treasuries twelve twenty two uncertainty under underlying understandably unemployment union unions unit
units unless unlike unlikely until up updates upside use users usually utilities valuation valuations value various very volume volumes
voters wage wages was we weak weaker weakness wealthy week weekly weeks weighing well were what whatever when where whereas wherever
whether which while who whoever whole wholesale whose why wide wider widespread will winners with within without women work workers
would wrong year years yes yesterday yet yield yields you your zero
""".split()
)
"""English words that begin sentences, beyond those that the article or the prose has in small letters."""

ANYWHERE = frozenset(
    """
i january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec
monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun
mr mrs ms miss dr prof professor sir lord dame lady judge justice senator representative congressman congresswoman governor minister
president chairman chairwoman chairperson chair chief vice executive executives officer director directors manager head interim acting
co-chief deputy secretary treasurer commissioner analyst spokesperson spokesman spokeswoman general counsel attorney prime king queen
founder cofounder partner strategist economist
ceo cfo coo cto cio cmo cso ceos cfos evp svp vp ebitda ebit eps gdp gaap ifrs ipo ipos ai it esg roi roe ev evs etf etfs fx yoy qoq fy m&a
inc corp co ltd llc plc lp ag sa nv se spa gmbh kgaa corporation company incorporated limited holdings group
bst est edt gmt utc pst cet ok pr hr tv pc pcs cpi ppi pmi cagr capex opex usd eur gbp jpy
wall street ii iii iv vi vii viii ix overall article
""".split()
)
"""Written large in any text, in folded form; says nothing of who is meant. Who holds a title is another check's question."""

ORDINARY_ENDINGS = (
    "ing",
    "ed",
    "ly",
    "tion",
    "tions",
    "sion",
    "sions",
    "ment",
    "ments",
    "ness",
    "ity",
    "ities",
    "ance",
    "ence",
    "able",
    "ible",
    "ous",
    "ful",
    "less",
    "holders",
    "makers",
    "ists",
    "ism",
    "ship",
    "ships",
    "wide",
    "ward",
    "wards",
)
"""How words end that are no names, where a capital only begins a sentence."""

KIN: tuple[frozenset[str], ...] = tuple(
    frozenset(line.split())
    for line in (
        "washington us usa american america united states federal",
        "beijing china chinese",
        "moscow kremlin russia russian",
        "brussels eu european europe",
        "riyadh saudi",
        "tehran iran iranian",
        "london uk british britain",
        "downing uk british britain",
        "berlin germany german",
        "paris france french",
        "tokyo japan japanese",
        "seoul korea korean",
        "europe european europeans eu",
        "asia asian asians",
        "africa african africans",
        "gulf opec opec+ saudi",
        "treasury treasuries treasurys",
        "fed federal reserve",
        "congress senate house congressional senator lawmakers",
        "white house trump biden obama administration",
        "pentagon defense defence",
        "argentina argentine argentinian",
        "belgium belgian",
        "denmark danish dane danes",
        "finland finnish finns",
        "greece greek greeks",
        "ireland irish",
        "netherlands dutch holland",
        "norway norwegian norwegians",
        "philippines philippine filipino",
        "poland polish poles",
        "portugal portuguese",
        "sweden swedish swedes",
        "thailand thai",
        "wales welsh",
        "scotland scottish scots",
        "peru peruvian",
        "iraq iraqi",
        "qatar qatari",
        "kuwait kuwaiti",
        "pakistan pakistani",
        "texas texan texans",
        "california californian californians",
    )
)
"""Words of which one lets a text say another: a capital for its government, a people for its land."""
