# make run   serve the app on this machine        make bench  print the benchmarks' tables
# make test  linters, types, unit and browser tests   make clean  remove what these made
# make quick the tests of a minute: no app, no processes, no browser
#
# Everything is installed into .venv, once: the stamps below carry a checksum of the requirements'
# content, so a second call installs nothing and a changed pin installs again.

ADDRESS ?= 127.0.0.1
PORT ?= 8501
# processes that share the tests; each loads torch, so not one for every core of a large machine
PARALLEL ?= -n auto --maxprocesses 4 --dist worksteal

VENV := .venv
BIN := $(VENV)/bin
RUN_READY := $(VENV)/run-$(shell cat requirements.txt | cksum | cut -d ' ' -f 1)
TEST_READY := $(VENV)/test-$(shell cat requirements.txt requirements-dev.txt | cksum | cut -d ' ' -f 1)
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input

.DEFAULT_GOAL := help
.PHONY: help run test quick lint bench clean

help:
	@sed -n '1,3s/^# //p' Makefile

run: $(RUN_READY)
	@case "$$(uname)$$DISPLAY$$WAYLAND_DISPLAY" in Linux) headless=true ;; *) headless=false ;; esac; \
	exec $(BIN)/python -m streamlit run app.py --server.address $(ADDRESS) --server.port $(PORT) \
	    --server.headless $$headless --server.showEmailPrompt false

test: lint
	$(BIN)/python -m tests.browser.browser
	$(BIN)/python -m pytest -q $(PARALLEL) -m "not browser"
	$(BIN)/python -m pytest -q $(PARALLEL) tests/browser

quick: $(TEST_READY)
	$(BIN)/python -m pytest -q $(PARALLEL) -m "not page and not process and not browser and not slow"

lint: $(TEST_READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy --strict alexnet_viz
	$(BIN)/lint-imports

bench: $(RUN_READY)
	@for name in trace live norm sheet towers; do echo "== $$name"; $(BIN)/python -m benchmarks.$$name || exit; done

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results
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
	$(INSTALL) -r requirements.txt
	@touch $@

$(TEST_READY): $(VENV)/made
	@echo "Installing what the tests need into $(VENV) (a few minutes, once) ..."
	$(INSTALL) -r requirements-dev.txt
	@touch $@ $(RUN_READY)
