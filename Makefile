# `make demo` shows the whole morning; `make test` proves it; `make check` is what CI runs.
SHELL := /bin/bash
PYTHON ?= python3.11
BIN := .venv/bin
ARGS ?=
WITH_SERVERS := $(BIN)/pytest -m "browser or servers"

.PHONY: demo install test check lint types imports migrations messages test-servers lock clean

# A stamp is renewed when the locked requirements it stands for change. The demo needs no development tools.
.venv/app: requirements.txt
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed: install it, or say PYTHON=/path/to/python"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing the locked requirements into .venv"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/dev: requirements-dev.txt .venv/app
	@echo "Installing the development tools into .venv"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

demo: .venv/app  ## the whole path, feed to inbox; ARGS=--no-serve stops after it, --live reads the real sources
	@DEBUG=1 FETCH_ALLOW_LOOPBACK=1 LEXICON_EXTRA=newsletter/data/sample_day/names.tsv $(BIN)/python manage.py demo $(ARGS)

install: .venv/app  ## for real, and again after each upgrade: make install SITE_URL=https://news.example
	@fresh=$$(test -e .env || echo yes); set -e; \
	$(BIN)/python -m config.first_env; \
	$(BIN)/python manage.py migrate --verbosity 0; \
	$(BIN)/python manage.py collectstatic --noinput --verbosity 0; \
	$(BIN)/python manage.py install_schedule; \
	if [ "$$fresh" ]; then $(BIN)/python manage.py load_sources newsletter/data/sources.csv; fi; \
	echo "Installed. What is still missing, if anything:"; \
	$(BIN)/python manage.py check --deploy || :

test: .venv/dev  ## pytest on SQLite: no network, no server
	$(BIN)/pytest -m "not browser and not servers" $(ARGS)

check: .venv/dev lint types imports migrations messages test  ## exactly what CI runs

lint: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: .venv/dev
	DEBUG=1 $(BIN)/mypy .

imports: .venv/dev
	$(BIN)/lint-imports

migrations: .venv/dev
	DEBUG=1 $(BIN)/python manage.py makemigrations --check --dry-run

messages: .venv/dev  ## both languages complete, and the compiled files fresh
	DEBUG=1 $(BIN)/python manage.py check_messages

test-servers: .venv/dev  ## browser tests, and those that need PostgreSQL, Redis or smtp-sink
	@$(WITH_SERVERS) $(ARGS) || { echo; echo "Run once more, alone, what failed; a test that passes now is a flaw to be mended all the same:"; \
	$(WITH_SERVERS) --last-failed --last-failed-no-failures=none $(ARGS); }

lock:  ## renew requirements*.txt from pyproject.toml (needs uv)
	uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --python-version 3.11 --universal pyproject.toml -o requirements.txt
	uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --python-version 3.11 --universal pyproject.toml --group dev -o requirements-dev.txt

clean:  ## forget the demo: database, inbox, caches
	rm -rf var .mypy_cache .ruff_cache
