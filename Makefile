# Two commands on a fresh machine: `make run` and `make test`.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
comma := ,
SAY = @printf '\033[1m%s\033[0m\n'

.PHONY: run test lint bench tour setup setup-develop browser peers loaders clean help pins

help: ## What can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

run: setup ## Set everything up and start the platform with the demonstration city
	@$(BIN)/zhengshu run

tour: setup ## One lawful shared call, end to end, on an empty platform of its own
	@$(BIN)/zhengshu tour $(FILE)

test: setup-develop browser peers ## Set everything up and run all tests, the browser ones included
	@$(BIN)/python -m tools.suite $(ARGS)

lint: setup-develop ## Style, types, architecture, sizes, translations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python -m tools.doors src/zhengshu/contexts
	$(BIN)/python -m tools.relations
	$(BIN)/python -m tools.sizes src tests tools bench
	$(BIN)/python -m tools.articles check
	$(BIN)/python -m tools.messages check
	$(BIN)/mypy

PEERS := $(patsubst requirements/bench-%.txt,.venv-bench-%/.installed,$(wildcard requirements/bench-*.txt))

bench: setup-develop .venv/.bench $(if $(or $(if $(ONLY),,all),$(filter quality,$(subst $(comma), ,$(ONLY)))),$(PEERS)) loaders ## Reprint the figures that we publish (ONLY=name,… for some)
	@$(BIN)/python -m bench $(if $(ONLY),--only $(ONLY))

setup: .venv/.runtime node_modules/.installed .venv/.messages .venv/.extension

setup-develop: .venv/.develop node_modules/.installed .venv/.messages .venv/.extension

.venv/bin/pip:
	$(SAY) "Making a virtual environment in .venv"
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv .venv

.venv/.runtime: requirements/runtime.txt pyproject.toml | .venv/bin/pip
	$(SAY) "Installing the Python packages (about two minutes the first time)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.develop: requirements/develop.txt .venv/.runtime
	$(SAY) "Installing the packages for tests and checks"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/develop.txt
	@touch $@

node_modules/.installed: package.json package-lock.json
	$(SAY) "Installing the browser packages"
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

.venv/.messages: .venv/.runtime $(shell find src -name '*.po')
	@$(BIN)/python -m tools.messages compile
	@touch $@

.venv/.bench: requirements/bench.txt .venv/.develop
	$(SAY) "Installing the packages that benches compare with"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@touch $@

.venv-bench-%/.installed: requirements/bench-%.txt
	$(SAY) "Installing $* for the benches, in an environment of its own"
	@$(PYTHON) -m venv .venv-bench-$*
	@.venv-bench-$*/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv-peer-%/.installed: requirements/peer-%.txt | .venv/bin/pip
	$(SAY) "Installing a foreign program for the tests ($*)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps --ignore-requires-python --upgrade --target $(@D) -r $<
	@touch $@

.venv/.extension: src/zhengshu/contexts/quality/application/engine/findings.c .venv/.runtime
	@$(BIN)/python -m zhengshu.contexts.quality.application.engine.building
	@touch $@

browser: ## Chromium for the browser tests (Debian: installed when missing)
	@bash tools/programs.sh "browser tests" "$${ZHENGSHU_CHROMIUM:-chromium}=chromium" fc-list=fontconfig \
		/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc=fonts-noto-cjk

peers: .venv-peer-ofd/.installed ## Foreign programs for the tests: a verifier's compiler, a database server, a token, Java, a reader of OFD (Debian: installed when missing)
	@bash tools/programs.sh "tests against foreign programs" go=golang-go mariadbd=mariadb-server-core /usr/sbin/slapd=slapd pdfsig=poppler-utils \
		java=openjdk-17-jre-headless softhsm2-util=softhsm2 /usr/share/gocode/src/golang.org/x/mod=golang-golang-x-mod-dev

loaders: ## The load generator of the benches (Debian: installed when missing)
	@bash tools/programs.sh "benches" wrk=wrk

pins: ## Compile the pinned requirements anew
	$(BIN)/pip-compile --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --strip-extras --allow-unsafe --quiet --no-header -o requirements/runtime.txt requirements/runtime.in
	$(BIN)/pip-compile --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --strip-extras --allow-unsafe --quiet --no-header -o requirements/develop.txt requirements/develop.in
	$(BIN)/pip-compile --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --strip-extras --allow-unsafe --quiet --no-header -o requirements/bench.txt requirements/bench.in
	for peer in requirements/bench-*.in; do $(BIN)/pip-compile --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --strip-extras --allow-unsafe --quiet --no-header -o $${peer%.in}.txt $$peer; done

clean: ## Remove what was set up and all data of the platform
	rm -rf .venv .venv-bench-* .venv-peer-* node_modules var
