# Everything starts from Python 3.11, make and the package registries; each target does its own set-up.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
RUN := $(VENV)/bin/python
JOBS ?= auto
VAR := $(or $(PORTAL_VAR),var)
FRONTEND := $(or $(PORTAL_FRONTEND),$(VAR)/frontend)
REPORTS := $(VAR)/reports

# The embedded state, whatever the shell has set.
EMBEDDED := env -u DATABASE_URL -u REDIS_URL -u EMAIL_URL
# Modules are compiled once, not by each of the many processes that the tests start.
export PYTHONDONTWRITEBYTECODE :=

# Where `make test-services` finds PostgreSQL and Redis.
DATABASE_URL ?= postgres://postgres@127.0.0.1:5432/postgres
REDIS_URL ?= redis://127.0.0.1:6379/

PYTEST := $(RUN) -m pytest
SUITE := --ignore=tests/journeys --ignore=tests/benchmarks -n $(JOBS) --maxprocesses 8 --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help install run test test-services journeys screenshots openapi bench lint lock

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

install: $(VENV)/.installed $(FRONTEND)/.built ## virtual environment from the lock, and the built front-end

run: install ## the portal on http://localhost:8000 (PORT=… for another port); Ctrl-C stops it
	@DEMONSTRATION=$(or $(DEMONSTRATION),1) exec $(RUN) manage.py run_portal --port $(or $(PORT),8000)

test: install ## the whole suite on SQLite and the file-system broker
	$(EMBEDDED) $(PYTEST) $(SUITE) --junitxml=$(REPORTS)/test.xml

test-services: install ## the same suite on PostgreSQL and Redis (DATABASE_URL, REDIS_URL; PART=2/3 for a part of it)
	DATABASE_URL=$(DATABASE_URL) REDIS_URL=$(REDIS_URL) $(PYTEST) $(SUITE) --part $(or $(PART),1/1) --junitxml=$(REPORTS)/test-services.xml

journeys: install ## the journeys in a real Chromium (CHROMIUM=… for its path)
	$(EMBEDDED) $(PYTEST) tests/journeys -n 2 --dist worksteal --junitxml=$(REPORTS)/journeys.xml

screenshots: install ## the README's three pictures, made anew by the journey through the chain
	@mkdir -p docs/images
	$(EMBEDDED) README_IMAGES=docs/images $(PYTEST) tests/journeys/test_chain.py

openapi: install ## the description of the API, written anew (docs/api/openapi.yaml)
	@mkdir -p docs/api
	$(EMBEDDED) $(RUN) manage.py spectacular --api-version v1 --validate --fail-on-warn --file docs/api/openapi.yaml

bench: install ## the timings
	$(EMBEDDED) $(PYTEST) tests/benchmarks -p no:randomly

lint: $(VENV)/.installed ## style, types, templates, the direction of imports, declared dependencies
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	@if [ -d templates ]; then set -x; \
	    $(RUN) -m djlint templates --lint --quiet --profile=jinja --extend-exclude=templates/desk && \
	    if [ -d templates/desk ]; then $(RUN) -m djlint templates/desk --lint --quiet --profile=django; fi; fi
	$(VENV)/bin/lint-imports
	$(RUN) -m deptry .

# Host names of package registries belong to the machine, not to the lock.
PIP_COMPILE := env -u PIP_FIND_LINKS PIP_CONFIG_FILE=/dev/null $(VENV)/bin/pip-compile --quiet --no-header \
	--no-emit-index-url --no-emit-find-links --generate-hashes --allow-unsafe --strip-extras
DEV_GROUP := import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["dev"], sep="\n")

lock: $(VENV)/.installed ## remake both locks from pyproject.toml (UPGRADE=--upgrade for new versions)
	$(PIP_COMPILE) $(UPGRADE) -o requirements.lock pyproject.toml
	$(RUN) -c '$(DEV_GROUP)' | $(PIP_COMPILE) $(UPGRADE) -c requirements.lock -o requirements-dev.lock pyproject.toml -

# The copy of the lock says what is installed: a lock that was only touched installs nothing.
$(VENV)/.installed: requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
	    echo "The portal needs Python 3.11; set PYTHON to its path (found: $(PYTHON))." >&2; exit 1; }
	@cmp -s $< $@ || { echo "Installing the locked packages into $(VENV) ..."; \
	    { [ -x $(RUN) ] || $(PYTHON) -m venv $(VENV); } && \
	    $(RUN) -m pip install --disable-pip-version-check --no-input --require-hashes --no-deps -r $<; }
	@cp $< $@

FRONTEND_SOURCES := $(wildcard package.json package-lock.json regulator/management/commands/build_frontend.py) \
	$(shell find regulator -name '*.scss' -o -name '*.mjs' -o -name '*.js' 2>/dev/null)

$(FRONTEND)/.built: $(VENV)/.installed $(FRONTEND_SOURCES)
	@echo "Building the front-end ..."
	@$(EMBEDDED) $(RUN) manage.py build_frontend
	@touch $@
