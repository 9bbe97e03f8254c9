# make run   serve the app on this machine            make bench  print the benchmarks' tables
# make test  linters, types, unit and browser tests   make clean  remove what these made
# make quick the tests of a minute: no app, no processes, no browser
# make build wheel and sdist, in dist/                make screenshots  renew docs/images/
# make audit known weaknesses of what is installed    make lock   renew lock files and licences
# make cluster   serve the app on this machine, with a Ray cluster that computes
#
# Everything is installed into .venv, once: the stamps below carry a checksum of the requirements'
# content, so a second call installs nothing and a changed pin installs again.  The stamp of the
# environment itself is away while pip works: after an interrupted installation it is made anew.
#
# make run takes the first free port from 8501 on; make run PORT=8600 takes that one or fails.

ADDRESS ?= 127.0.0.1
PORT ?=
# processes that share the tests; each loads torch, so not one for every core of a large machine
PARALLEL ?= -n auto --maxprocesses 4 --dist worksteal

VENV := .venv
BIN := $(VENV)/bin
RUN_READY := $(VENV)/run-$(shell cat requirements.txt | cksum | cut -d ' ' -f 1)
CLUSTER_READY := $(VENV)/cluster-$(shell cat requirements.txt requirements-cluster.txt | cksum | cut -d ' ' -f 1)
TEST_READY := $(VENV)/test-$(shell cat requirements.txt requirements-cluster.txt requirements-dev.txt | cksum | cut -d ' ' -f 1)
PRETTIER := $(VENV)/prettier-3.10.1
UI := alexnet_viz/ui
INSTALL = trap 'exit 130' INT TERM; mv $(VENV)/made $(VENV)/unfinished; \
    $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input -r $(1); \
    code=$$?; mv $(VENV)/unfinished $(VENV)/made; exit $$code

.DEFAULT_GOAL := help
.PHONY: help run cluster test quick lint lint-js bench build screenshots audit lock clean

help:
	@sed -n '1,6s/^# //p' Makefile

run: $(RUN_READY)
	@exec $(BIN)/python -m alexnet_viz serve --address '$(ADDRESS)' $(addprefix --port ,$(PORT))

cluster: $(CLUSTER_READY)
	@ALEXNET_VIZ_BACKEND=ray exec $(BIN)/python -m alexnet_viz serve --address '$(ADDRESS)' $(addprefix --port ,$(PORT))

test: lint
	$(BIN)/python -m tests.browser.browser
	$(BIN)/python -m pytest -q $(PARALLEL) -rR -m "not browser"
	$(BIN)/python -m pytest -q $(PARALLEL) --reruns 1 -rR tests/browser

quick: $(TEST_READY)
	$(BIN)/python -m pytest -q $(PARALLEL) -m "not page and not process and not browser and not slow"

lint: $(TEST_READY) lint-js
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy --strict alexnet_viz
	$(BIN)/lint-imports

# Each component's script in one piece, as the browser gets it, and the layout of every file.
lint-js: $(VENV)/made
	@command -v npm >/dev/null || { echo "JavaScript is not checked: node and npm are missing"; exit; }; \
	[ -d $(PRETTIER) ] || npm install --silent --no-audit --no-fund --prefix $(PRETTIER) \
	    prettier@$(PRETTIER:$(VENV)/prettier-%=%) || exit; \
	for css in $(UI)/components/*.css; do \
	    cat $(UI)/components/component.js "$${css%.css}"*.js | node --input-type=module --check - || exit; \
	done; \
	$(PRETTIER)/node_modules/.bin/prettier --check $(UI)/*/*.js alexnet_viz/teaching/sheets/exports/*.js

bench: $(RUN_READY)
	@for name in trace live norm sheet towers; do echo "== $$name"; $(BIN)/python -m benchmarks.$$name || exit; done

build: $(TEST_READY)
	$(BIN)/python -m build --no-isolation

screenshots: $(TEST_READY)
	$(BIN)/python -m docs.screenshots

audit: $(VENV)/made
	@$(BIN)/python -m docs.audit

lock: $(CLUSTER_READY)
	$(BIN)/python -m docs.licences
	$(BIN)/python -m docs.lock

clean:
	rm -rf $(VENV) dist .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The first Python that is new enough and can make a virtual environment.
$(VENV)/made:
	@for python in python3 python3.13 python3.12 python3.11 python; do \
	    if $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	        $$python -m venv --clear $(VENV) && touch $@; exit; \
	    fi; \
	done; \
	echo "Python 3.11 or newer with its venv module is needed and was not found." >&2; \
	echo "Debian, Ubuntu: apt install python3 python3-venv.  Others: https://www.python.org/downloads/" >&2; \
	exit 1

$(RUN_READY): $(VENV)/made
	@echo "Installing what the app needs into $(VENV) (a few minutes, once) ..."
	@$(call INSTALL,requirements.txt)
	@touch $@

$(CLUSTER_READY): $(RUN_READY)
	@echo "Installing Ray into $(VENV) (half a minute, once) ..."
	@$(call INSTALL,requirements-cluster.txt)
	@touch $@

$(TEST_READY): $(VENV)/made
	@echo "Installing what the tests need into $(VENV) (a few minutes, once) ..."
	@$(call INSTALL,requirements-dev.txt)
	@touch $@ $(RUN_READY) $(CLUSTER_READY)
