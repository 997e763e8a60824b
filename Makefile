# make run, make test, make lint, make bench: each sets up what it needs. See README.md.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test lint bench format clean setup setup-dev messages

setup:
	@$(PYTHON) tools/setup.py requirements.txt
	@$(BIN)/python tools/messages.py compile

setup-dev:
	@$(PYTHON) tools/setup.py requirements-dev.txt
	@$(BIN)/python tools/messages.py compile

run: setup
	@exec $(BIN)/python tools/run.py

test: setup-dev
	@$(BIN)/python tools/test.py $(ARGS)

lint: setup-dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/python tools/messages.py check
	@$(BIN)/djade --check --target-version 5.2 $$(find templates -name '*.html')
	@DEBUG=1 $(BIN)/mypy
	@DEBUG=1 $(BIN)/python manage.py check
	@DEBUG=1 $(BIN)/python manage.py makemigrations --check --dry-run

format: setup-dev
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .
	@$(BIN)/djade --target-version 5.2 $$(find templates -name '*.html')

messages: setup-dev
	@$(BIN)/python tools/messages.py extract

bench: setup-dev
	@DEBUG=1 $(BIN)/python bench/documents.py
	@DEBUG=1 $(BIN)/python bench/lists.py
	@$(BIN)/python bench/outbox.py --messages 500
	@$(BIN)/python bench/run.py $(ARGS)

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
