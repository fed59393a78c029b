# Two commands do all the set-up: `make run` shows the product at work, `make test` passes the tests.
CARGO ?= cargo
DATA ?= ./potok-data
LISTEN ?= 127.0.0.1:8080

.PHONY: run test fmt clippy unit doc bench tools

run: ## Two organizations exchange and sign a document; the server then keeps running.
	$(CARGO) run --release --bin potok -- demo --data $(DATA) --listen $(LISTEN)

test: tools fmt clippy unit doc ## Formatting, lints, all tests, documentation.

fmt:
	$(CARGO) fmt --all --check

clippy:
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings

unit:
	$(CARGO) test --workspace --all-targets --locked --no-fail-fast -- --quiet
	$(CARGO) test --workspace --doc --locked -- --quiet

doc:
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --locked --document-private-items

bench: ## Numbers per second over HTTP, and micro benches.
	$(CARGO) run --release -p potok-bench --locked

tools: ## From Debian's packages when missing: a C compiler for the embedded store, OpenSSL with GOST to judge signatures, a token in software.
	@command -v cc >/dev/null || (apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev)
	@openssl engine gost >/dev/null 2>&1 || (apt-get update && apt-get install -y --no-install-recommends openssl libengine-gost-openssl)
	@test -e /usr/lib/softhsm/libsofthsm2.so || (apt-get update && apt-get install -y --no-install-recommends softhsm2)
