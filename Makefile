# Needs nothing but make and Python 3.11 or newer. Another Python: make env PYTHON=python3.12
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help env run test nightly bench lint lock reset

help:
	@echo "make run    start everything on this machine (PostgreSQL, Temporal, API, worker); Ctrl-C stops it"
	@echo "make test   every check and test, as CI does"
	@echo "make bench  ratios: the procedure as a model and written by hand, the worker, the core (docs/benchmarks.md)"
	@echo "make lint   the checks without the tests"
	@echo "make env    only build .venv from the lock"
	@echo "make lock   write requirements.lock anew from pyproject.toml"
	@echo "make reset  delete the data of make run"

env:
	@$(PYTHON) -I jiannuo/environment.py

run: env
	@exec $(BIN)/jiannuo run

test: env
	@exec $(BIN)/python -I jiannuo/checks.py

# The runs that take minutes each: every act left out in turn.
nightly: env
	@exec $(BIN)/python -m pytest -n 2 --dist loadfile -m nightly

bench: env
	@$(BIN)/python -m benchmarks.procedure
	@$(BIN)/python -m benchmarks.worker
	@$(BIN)/python -m benchmarks.core_speed

lint: env
	@exec $(BIN)/python -I jiannuo/checks.py --without-tests

# uv is no part of the environment: it is needed by whoever changes a dependency, and by nobody else.
lock:
	uv pip compile pyproject.toml --group build --group test --python-version 3.11 --universal \
		--generate-hashes --no-header --no-emit-index-url --quiet --output-file requirements.lock

reset: env
	@exec $(BIN)/jiannuo reset
