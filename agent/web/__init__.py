"""Cards over HTTP: the service, its store and its pages. FastAPI and SQLAlchemy are imported under this folder alone.

Read it in this order; each imports only from those above it:

    store/        where cards are kept: SQLite, PostgreSQL
    problems.py   every error's stable code, status and title, and how it is written (application/problem+json)
    callers.py    who asks: `Caller`, and how the service finds out
    metrics.py    what Prometheus reads
    state.py      `Service`: all that a request needs, kept in `app.state.service`
    security/     keys, limits, hosts, headers: `install(app, service)`
    api/          the JSON routes, one router a subject: `ROUTERS`
    pages/        the HTML routes: `router`
    app.py        `create_app(settings)` joins them
    running.py    uvicorn, signals and draining: what `newscard serve` calls
"""
