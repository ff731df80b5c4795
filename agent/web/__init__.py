"""Cards over HTTP: the service, its store and its pages. FastAPI and SQLAlchemy are imported under this folder alone."""
