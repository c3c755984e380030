# Two commands do everything: `make demo` and `make test`.
SHELL := /bin/bash
SCRATCH ?= .build
SWIFT_FLAGS := --scratch-path $(SCRATCH)
PACKAGES := libsqlite3-dev libssl-dev zlib1g-dev pkg-config
BROWSER_PACKAGES := chromium fonts-noto-cjk python3-venv
VENV := .build-venv
LONG_SUITES := BrowserTests|SimulationTests

.PHONY: demo test quick simulation browser check format docs packages browser-packages clean

## Install what is needed, build, make a sample district once, and serve it.
demo: packages
	swift build $(SWIFT_FLAGS) --product denghuo
	$$(swift build $(SWIFT_FLAGS) --show-bin-path)/denghuo demo --data demo-data

## Install what is needed and run every test: the quick ones, a thousand random town-days with every
## invariant checked after each day, and every page walked in a real browser.
test: quick simulation browser

quick: packages
	swift build $(SWIFT_FLAGS) --build-tests
	swift test $(SWIFT_FLAGS) --skip-build --skip '$(LONG_SUITES)'

simulation: packages
	swift build $(SWIFT_FLAGS) --build-tests
	swift test $(SWIFT_FLAGS) --skip-build --filter SimulationTests

browser: packages browser-packages
	swift build $(SWIFT_FLAGS) --build-tests
	DENGHUO_BROWSER_PYTHON=$(VENV)/bin/python swift test $(SWIFT_FLAGS) --skip-build --filter BrowserTests

## What has to be green before a change is shown: form, then the quick tests.
check:
	swift format lint --strict -r Sources Tests Package.swift
	swift build $(SWIFT_FLAGS) --build-tests
	swift test $(SWIFT_FLAGS) --skip-build --skip '$(LONG_SUITES)'

format:
	swift format -i -r Sources Tests Package.swift

## The programming interface's document, from the slices' declarations.
docs:
	swift build $(SWIFT_FLAGS) --target District
	swift package $(SWIFT_FLAGS) dump-symbol-graph --minimum-access-level package --skip-synthesized-members

packages:
	@missing=""; for p in $(PACKAGES); do dpkg -s $$p >/dev/null 2>&1 || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq $$missing; fi

browser-packages:
	@missing=""; for p in $(BROWSER_PACKAGES); do dpkg -s $$p >/dev/null 2>&1 || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq $$missing; fi
	@[ -x $(VENV)/bin/python ] || (python3 -m venv $(VENV) && $(VENV)/bin/pip install -q playwright==1.65.2)

clean:
	swift package $(SWIFT_FLAGS) clean
