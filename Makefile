# python3, pip and make are all it needs. `make demo` shows a card, `make test` runs everything that CI runs.
PYTHON ?= python3
BIN := .venv/bin
DOCS := README.md docs/*.md evals/gold/README.md

.PHONY: demo test check format docs lock clean help

help:
	@echo "make demo     print the card of examples/article.json, made without a key or a network"
	@echo "make test     format check, lint, types, import contracts, tests, docs check"
	@echo "make format   format the code and mend what lint can"
	@echo "make docs     write the generated parts of the docs anew"
	@echo "make lock     resolve the dependencies anew (uv.lock and requirements*.txt)"
	@echo "make clean    remove .venv and caches"

demo: $(BIN)/.ready
	@$(BIN)/newscard enrich --engine extractive examples/article.json
	@echo
	@echo "The same as JSON or as a page: $(BIN)/newscard enrich --format json|html [--out FILE] examples/article.json"
	@echo "In your browser, with the article beside it: $(BIN)/newscard serve, then open http://127.0.0.1:8000"

test: check
	$(BIN)/python -m pytest -n 2
	$(BIN)/cog --check -p "import docs" $(DOCS)

check: $(BIN)/.ready-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.lock

format: $(BIN)/.ready-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(BIN)/.ready-dev
	$(BIN)/cog -r $(DOCS)

lock: $(BIN)/.ready-dev
	$(BIN)/uv lock --upgrade
	$(BIN)/python -m tests.lock --write

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Debian ships python3 without venv; virtualenv from the index does the same.
$(BIN)/python:
	$(PYTHON) -m venv .venv || ($(PYTHON) -m pip install --user --break-system-packages virtualenv && $(PYTHON) -m virtualenv .venv)

# The lock is installed with hashes; the project itself builds from the locked build tools, so nothing is resolved here.
$(BIN)/.ready: requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing what requirements.txt names into .venv; it takes about a minute."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q agent prompts evals  # also where Python is told to write no bytecode of its own
	@touch $@

$(BIN)/.ready-dev: requirements-dev.txt $(BIN)/.ready
	@echo "Installing what the tests need; it takes a minute or two."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.txt
	@touch $@
