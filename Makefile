# CONTRIBUTING.md says more.
.PHONY: setup test lint ci

setup:
	python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt -e ".[test]"

test:
	.venv/bin/pytest

lint:
	.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy

ci:
	.ci/run
