# Shouxin: `make` or `make help` lists the targets.
#
# The environment is .venv, filled only from the hashed locks in requirements/. uv installs it: the one on PATH, else
# one that pip puts into .venv.  PYTHON=python3.12 make test  picks another Python for a new .venv.

PYTHON ?= python3
PYTEST_ARGS ?= -n 2
BENCH_ARGS ?=
FUZZ_ARGS ?=
CHAOS_ARGS ?=
LOCK_ARGS ?=

BIN := .venv/bin
UV := $(or $(shell command -v uv 2>/dev/null),$(BIN)/uv)
# Empty when uv comes from PATH.
OUR_UV := $(filter $(BIN)/uv,$(UV))
UV_INSTALL := $(UV) pip install --quiet --python $(BIN)/python
UV_COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-emit-index-url --custom-compile-command "make lock" $(LOCK_ARGS)

# The folders with Python in them, of those that `make check` looks at.
CODE = $(foreach d,src tests benchmarks examples docs,$(if $(shell find $(d) -name '*.py' -print -quit 2>/dev/null),$(d)))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo test check bench fuzz chaos lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s  %s\n", $$1, $$2 }' Makefile

demo: .venv/.core ## show what the system does, on made-up customers
	@$(BIN)/shouxin demo

test: .venv/.dev ## run the tests, two at a time; PYTEST_ARGS="-n 4 -m 'not spark'" is passed on instead
	@$(BIN)/python -m pytest -q $(PYTEST_ARGS)

check: .venv/.dev ## lint, format, types, import rules
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy $(CODE)
	@$(BIN)/lint-imports

bench: .venv/.dev ## measure against the budgets; BENCH_ARGS is passed on
	@$(BIN)/python -m benchmarks $(BENCH_ARGS)

fuzz: .venv/.dev ## random policies and customers on every back-end; FUZZ_ARGS is passed on
	@$(BIN)/python -m tests.fuzz $(FUZZ_ARGS)

chaos: .venv/.dev ## kill processes and the server while clients work, for ten minutes; CHAOS_ARGS is passed on
	@$(BIN)/python -m tests.chaos $(CHAOS_ARGS)

# dev first; core is held to the same versions. LOCK_ARGS=--upgrade moves to the newest.
lock: | $(OUR_UV) ## write the locks from pyproject.toml; LOCK_ARGS=--upgrade for newer versions
	@$(UV_COMPILE) pyproject.toml --extra dev -o requirements/dev.lock
	@$(UV_COMPILE) pyproject.toml --extra build -c requirements/dev.lock -o requirements/core.lock
	@$(UV_COMPILE) requirements/bootstrap.in -o requirements/bootstrap.lock

clean: ## remove the environment, caches and outputs
	rm -rf .venv build dist var .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov
	find src tests benchmarks examples -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Shouxin needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>/dev/null || echo missing)." >&2; \
		echo "Name another one, for example: PYTHON=python3.12 make $(MAKECMDGOALS)" >&2; exit 1; }
ifdef OUR_UV
	@$(PYTHON) -m venv --clear .venv
else
	@$(UV) venv --quiet --clear --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv
endif

$(BIN)/uv: | $(BIN)/python
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/bootstrap.lock

.venv/.core: requirements/core.lock pyproject.toml | $(BIN)/python $(OUR_UV)
	@$(UV_INSTALL) --require-hashes -r requirements/core.lock
	@$(UV_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements/dev.lock pyproject.toml | $(BIN)/python $(OUR_UV)
	@$(UV_INSTALL) --require-hashes -r requirements/dev.lock
	@$(UV_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@
