# Two commands matter: `make up` starts Tricorn, `make test` checks everything.
# What is written behind a command reaches it: make up PORT=9000 DEMO=no TRICORN_HOME=elsewhere
.PHONY: up test lint format pictures bench

up:
	@./tricorn up

test:
	@./scripts/test

lint:
	@./scripts/test format lint types ladder templates migrations

format:
	@./tricorn --dev ruff format .
	@./tricorn --dev ruff check --fix .

pictures:
	@TRICORN_PICTURES=docs/pictures ./scripts/test needs journeys

bench:
	@./tricorn --dev python -m benchmarks
