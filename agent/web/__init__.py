"""Cards over HTTP: the service, its store and its pages. FastAPI and SQLAlchemy are imported under this folder alone.

Read it in this order; each imports only from those above it:

    store/          where cards are kept: SQLite, PostgreSQL; answers by Idempotency-Key
    problems.py     every error's stable code, status and title, and how it is written (application/problem+json)
    callers.py      who asks: `Caller`, and how the service finds out
    metrics.py      what Prometheus reads
    threads.py      where the store is asked
    security/       keys, limits, hosts, bodies, headers, fetching: `install(app, settings)`
    tenants.py      an Enricher for each tenant
    admission.py    how much is in hand at once
    orders.py       what callers send for a card
    desk.py         an order comes in, a card goes out; equal ones at once are one
    events.py       a card told while it is made (server-sent events)
    recent.py       equal bytes for equal requests, before anything else is asked
    once.py         Idempotency-Key
    jobs/           batches on disk, and who works on them
    state.py        `Service`: all that a request needs, kept in `app.state.service`
    api/            the JSON routes, one router a subject: `ROUTERS`
    welcome.py      the example's card in an empty list
    pages/          the HTML routes: `install(app)`
    edge.py         the outermost layer: counting, and no fault goes further
    app.py          `create_app(settings)` joins them
    running.py      uvicorn, signals and draining: what `newscard serve` calls
"""
