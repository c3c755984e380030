# Two commands do everything: `make demo` and `make test`.
SHELL := /bin/bash
SCRATCH ?= .build
SWIFT_FLAGS := --scratch-path $(SCRATCH)
PACKAGES := libsqlite3-dev libpq-dev libssl-dev zlib1g-dev pkg-config
TEST_PACKAGES := postgresql
CLUSTER_PACKAGES := postgresql patroni etcd-server iproute2
KILLS ?= 2
PARTITIONS ?= 2
SCALE_PACKAGES := clickhouse-server
BROWSER_PACKAGES := chromium fonts-noto-cjk fonts-liberation python3-venv
VENV := .build-venv
SIZE ?= d10
TOWNS ?= 30
SIMULATION_LIMIT ?= 60m
WAYS ?= some
DEVICES ?= 100
OPERATIONS ?= 1000
LISTS ?= 10000
SEED ?=
RESIDENTS ?= 1000000
BENCH_VENV := .build-bench-venv
SCANS ?= 10000000
TRACING_FOLDER ?= benchmark-data/tracing-$(SCANS)
CONTAINMENT_FOLDER ?= benchmark-data/containment
KIT ?= $(or $(DENGHUO_SHARED),../shared)/bench
PEERS ?= duckdb polars
SLICE_TESTS := '(Kernel|Registry|Detection|Containment|Fieldwork|Headquarters|Server)Tests\.'
# District boundaries for the demo's map, if there are any: none come with the product.
BOUNDARIES ?= $(wildcard ../shared/data/cn-geo/*.geojson)
LONG_SUITES := BrowserTests|SimulationTests|CrashTests|LostMachineTests|KilledServerTests|AbsentStandbyTests|KilledWriterTests|VisitsTests.EngineTests

# So many tests at once: all at once would each take minutes, and look at a busy machine's times.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH ?= 12

SHOTS ?= screenshots
.PHONY: screenshots screening-soak demo test quick faults postgres crash evidence cluster scale simulation browser bench-visits bench-tracing bench-screening bench-containment bench-day bench-pages bench-passes bench-desk bench-desk-postgres bench-storm check format docs packages test-packages cluster-packages scale-packages browser-packages clean story-wendeng authorisation matrix

## Install what is needed, build, make a sample district once, and serve it.
demo: packages
	swift build $(SWIFT_FLAGS) --product denghuo
	$$(swift build $(SWIFT_FLAGS) --show-bin-path)/denghuo demo --data demo-data \
	  $(if $(BOUNDARIES),--boundaries $(BOUNDARIES))

## Install what is needed and run every test: the quick ones, those of every slice once more on
## PostgreSQL, three hundred random town-days with every invariant checked after each day, and every page
## walked in a real browser.
test: quick faults postgres simulation browser

quick: packages test-packages
	swift build $(SWIFT_FLAGS) --build-tests
	Tests/stage.sh quick 30m swift test $(SWIFT_FLAGS) --skip-build --skip '$(LONG_SUITES)'

## What a machine can do to a district: one after another, because they look at the time that things
## take, and nothing else should take it.
faults: packages test-packages
	swift build $(SWIFT_FLAGS) --build-tests
	Tests/stage.sh faults 20m swift test $(SWIFT_FLAGS) --skip-build --no-parallel \
	  --filter 'CrashTests|LostMachineTests|KilledServerTests|AbsentStandbyTests|KilledWriterTests|VisitsTests.EngineTests'

## The tests start a server of their own, which does not wait for the disk. Who may do what does not depend
## on the engine.
postgres: packages test-packages
	swift build $(SWIFT_FLAGS) --build-tests
	DENGHUO_STORAGE=postgres Tests/stage.sh postgres 30m swift test $(SWIFT_FLAGS) --skip-build --filter $(SLICE_TESTS) \
	  --skip '$(LONG_SUITES)|AuthorisationTests'

## What a machine can do to a district, again and again: the program killed a thousand times, three
## hundred power cuts, fifty full disks, each writing call failing (these need root), and a PostgreSQL
## server killed three hundred times (about two hours in all).
crash: packages test-packages
	swift build $(SWIFT_FLAGS) --build-tests
	DENGHUO_KILLS=1000 swift test $(SWIFT_FLAGS) --skip-build --filter KilledProgramTests
	DENGHUO_POWER_CUTS=300 swift test $(SWIFT_FLAGS) --skip-build --filter PowerCutTests
	DENGHUO_FULL_DISKS=50 swift test $(SWIFT_FLAGS) --skip-build --filter FullDiskTests
	DENGHUO_FAULTS=10000 swift test $(SWIFT_FLAGS) --skip-build --filter FailingDiskTests
	DENGHUO_KILLS=300 swift test $(SWIFT_FLAGS) --skip-build --filter KilledServerTests

## What devices and laboratories can do to a round, at full size: a hundred devices with a thousand operations
## each in any order, doubled and cut, and ten thousand mutated lists (six minutes). `make test` has eight
## devices and three hundred lists; SEED=N plays others.
screening-soak: packages
	swift build $(SWIFT_FLAGS) --build-tests
	DENGHUO_SEED=$(SEED) DENGHUO_DEVICES=$(DEVICES) DENGHUO_OPERATIONS=$(OPERATIONS) \
	  swift test $(SWIFT_FLAGS) --skip-build --filter DetectionTests.ScreeningOfflineTests
	DENGHUO_SEED=$(SEED) DENGHUO_MUTATED_LISTS=$(LISTS) \
	  swift test $(SWIFT_FLAGS) --skip-build --filter DetectionTests.ScreeningMutatedListsTests

## A thousand attacks on a journal, and twenty machines that are lost (about fifteen minutes).
evidence: packages
	swift build $(SWIFT_FLAGS) --build-tests
	DENGHUO_ATTACKS=1000 DENGHUO_LOSSES=20 swift test $(SWIFT_FLAGS) --skip-build --filter 'LostMachineTests|CommandLineTests.JournalTests'

## A database cluster on network namespaces whose primary is killed and cut off under load (three
## minutes; KILLS=50 PARTITIONS=50 take seventy). It needs root, which is why `make test` leaves it out.
cluster: packages cluster-packages
	swift build $(SWIFT_FLAGS) --product denghuo
	sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	$$sudo python3 Tests/Cluster/run.py $$(swift build $(SWIFT_FLAGS) --show-bin-path)/denghuo \
	  --kills $(KILLS) --partitions $(PARTITIONS)

## The questions over visits asked of ClickHouse too, on one machine and on two (a minute). Debian's
## package sets up a server of its own besides, which is why `make test` does not install it; where it
## is installed, `make test` runs these too.
scale: packages scale-packages
	swift build $(SWIFT_FLAGS) --build-tests
	swift test $(SWIFT_FLAGS) --skip-build --filter VisitsTests.EngineTests

## Random towns with every invariant checked after each day (TOWNS=100 plays a thousand town-days).
simulation: packages
	swift build $(SWIFT_FLAGS) --build-tests
	DENGHUO_TOWNS=$(TOWNS) Tests/stage.sh simulation $(SIMULATION_LIMIT) swift test $(SWIFT_FLAGS) --skip-build --filter SimulationTests

## Every page in a real browser: wide in one language and narrow in the other, both at once (WAYS=all
## walks each width in both languages, which takes twice as long).
browser: packages browser-packages
	swift build $(SWIFT_FLAGS) --build-tests
	DENGHUO_WAYS=$(WAYS) DENGHUO_BROWSER_PYTHON=$(VENV)/bin/python \
	  Tests/stage.sh browser 40m swift test $(SWIFT_FLAGS) --skip-build --filter BrowserTests

## A picture of every page of a sample district in both languages, on a phone and on a desk (SHOTS names
## the folder; some twenty minutes, and three more for the sample the first time).
screenshots: packages browser-packages
	swift build $(SWIFT_FLAGS) --product denghuo
	mkdir -p $(SHOTS) && rm -f $(SHOTS)/links.txt
	LC_ALL=en_US.UTF-8 $$(swift build $(SWIFT_FLAGS) --show-bin-path)/denghuo demo --data demo-data --listen 127.0.0.1:8461 \
	  $(if $(BOUNDARIES),--boundaries $(BOUNDARIES)) > $(SHOTS)/links.txt & server=$$!; trap "kill $$server" EXIT; \
	until grep -qs Ctrl-C $(SHOTS)/links.txt || ! kill -0 $$server; do sleep 1; done; \
	$(VENV)/bin/python Tests/BrowserTests/screenshots.py http://127.0.0.1:8461 $(SHOTS)/links.txt /usr/bin/chromium $(SHOTS)

## The visit engine beside other products, on one core (two minutes; SIZE=d100 takes longer).
bench-visits:
	swift build $(SWIFT_FLAGS) -c release --product visits-peer
	@[ -x $(BENCH_VENV)/bin/python ] || python3 -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/pip install -q numpy pyarrow duckdb polars
	$(BENCH_VENV)/bin/python Benchmarks/visits/compare.py \
	  $$(swift build $(SWIFT_FLAGS) -c release --show-bin-path)/visits-peer $(PEERS) \
	  --size $(SIZE) --folder benchmark-data --kit $(KIT)

## A district of a million residents and a hundred and forty million scans in a running server, from a
## confirmed case to contacts pushed to their home areas (an hour and 15 GB; SCANS=1000000 takes minutes).
bench-tracing:
	swift build $(SWIFT_FLAGS) -c release --product denghuo
	@[ -x $(BENCH_VENV)/bin/python ] || python3 -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/pip install -q numpy pyarrow
	program=$$(swift build $(SWIFT_FLAGS) -c release --show-bin-path)/denghuo; \
	[ -d $(TRACING_FOLDER)/data ] || $(BENCH_VENV)/bin/python Benchmarks/tracing/run.py make $$program \
	  $(TRACING_FOLDER) --scans $(SCANS); \
	$(BENCH_VENV)/bin/python Benchmarks/tracing/run.py measure $$program $(TRACING_FOLDER)

## A round of mass testing over 200,000 people in a running server: its list, a thousand swabs a second for
## a minute, and how far it is meanwhile.
bench-screening:
	swift build $(SWIFT_FLAGS) -c release --product denghuo
	program=$$(swift build $(SWIFT_FLAGS) -c release --show-bin-path)/denghuo; \
	[ -d benchmark-data/screening/data ] || python3 Benchmarks/screening/run.py make $$program \
	  benchmark-data/screening; \
	python3 Benchmarks/screening/run.py measure $$program benchmark-data/screening

## Wendeng's day of mass testing over RESIDENTS people on the embedded database: everybody ends tested or
## listed with a reason, thirty tubes are recalled to the last member (a million take about half an hour
## and 8 GB). Figures go to the screen and to benchmark-data/wendeng-RESIDENTS/report.json.
story-wendeng:
	swift build $(SWIFT_FLAGS) -c release --product wendeng-story
	rm -rf benchmark-data/wendeng-$(RESIDENTS) && mkdir -p benchmark-data/wendeng-$(RESIDENTS)
	$$(swift build $(SWIFT_FLAGS) -c release --show-bin-path)/wendeng-story benchmark-data/wendeng-$(RESIDENTS) $(RESIDENTS)

## A zone of fifty thousand people in a running server: until everybody is restricted, and free again.
bench-containment:
	swift build $(SWIFT_FLAGS) -c release --product denghuo
	program=$$(swift build $(SWIFT_FLAGS) -c release --show-bin-path)/denghuo; \
	[ -d $(CONTAINMENT_FOLDER)/data ] || python3 Benchmarks/containment/run.py make $$program $(CONTAINMENT_FOLDER); \
	python3 Benchmarks/containment/run.py measure $$program $(CONTAINMENT_FOLDER)

## What midnight costs: the obligations of a day for HELD restricted people of a district of PEOPLE.
bench-day:
	swift build $(SWIFT_FLAGS) -c release --product day-benchmark
	rm -rf benchmark-data/day; mkdir -p benchmark-data
	$$(swift build $(SWIFT_FLAGS) -c release --show-bin-path)/day-benchmark benchmark-data/day \
	  $(or $(PEOPLE),1000000) $(or $(HELD),50000)

## Pass codes issued and checked a second (the goal is 2,000).
bench-passes:
	swift build $(SWIFT_FLAGS) -c release --product pass-benchmark
	rm -rf benchmark-data/passes; mkdir -p benchmark-data
	$$(swift build $(SWIFT_FLAGS) -c release --show-bin-path)/pass-benchmark benchmark-data/passes \
	  $(or $(PEOPLE),20000) $(or $(SECONDS),10) $(or $(CLIENTS),2)

## How long pages of a large district take, and what they weigh (DATA is a folder with a district in it).
bench-pages:
	@[ -n "$(DATA)" ] || (echo "say DATA=FOLDER, a data folder with places and residents" && exit 2)
	swift build $(SWIFT_FLAGS) -c release --product denghuo
	python3 Benchmarks/pages/run.py serve \
	  $$(swift build $(SWIFT_FLAGS) -c release --show-bin-path)/denghuo $(DATA)

## The write path beside the bare engine (DATA is a folder with a district in it), on PostgreSQL beside
## pgbench, and ten times what it can carry for five minutes.
bench-desk bench-desk-postgres bench-storm:
	@[ -n "$(DATA)" ] || (echo "say DATA=FOLDER, a data folder with places and residents" && exit 2)
	swift build $(SWIFT_FLAGS) -c release --product desk-benchmark
	swift build $(SWIFT_FLAGS) -c release --product denghuo
	mkdir -p benchmark-data
	programs=$$(swift build $(SWIFT_FLAGS) -c release --show-bin-path); \
	python3 Benchmarks/desk/$(@:bench-%=%).py \
	  $$programs/desk-benchmark $$programs/denghuo --data $(DATA) --folder benchmark-data

## What has to be green before a change is shown: form, then the quick tests.
check: test-packages
	swift format lint --strict -r Sources Tests Package.swift
	swift build $(SWIFT_FLAGS) --build-tests
	Tests/stage.sh quick 30m swift test $(SWIFT_FLAGS) --skip-build --skip '$(LONG_SUITES)'

format:
	swift format -i -r Sources Tests Package.swift

## The programming interface's document, from the slices' declarations.
docs:
	swift build $(SWIFT_FLAGS) --target District
	swift package $(SWIFT_FLAGS) dump-symbol-graph --minimum-access-level package --skip-synthesized-members

## Every cell of the matrix of who may do what (`make test` walks every third; three minutes).
matrix: packages
	swift build $(SWIFT_FLAGS) --build-tests
	DENGHUO_MATRIX=whole swift test $(SWIFT_FLAGS) --skip-build --filter ServerTests.AuthorisationTests

## Who may do what, from the slices' declarations and the roles of the policy.
authorisation: packages
	swift build $(SWIFT_FLAGS) --product denghuo
	$$(swift build $(SWIFT_FLAGS) --show-bin-path)/denghuo authorisation > docs/AUTHORISATION.md

packages:
	@missing=""; for p in $(PACKAGES); do dpkg -s $$p >/dev/null 2>&1 || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq $$missing; fi

test-packages:
	@missing=""; for p in $(TEST_PACKAGES); do dpkg -s $$p >/dev/null 2>&1 || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq $$missing; fi

cluster-packages:
	@missing=""; for p in $(CLUSTER_PACKAGES); do dpkg -s $$p >/dev/null 2>&1 || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq $$missing; fi

scale-packages:
	@missing=""; for p in $(SCALE_PACKAGES); do dpkg -s $$p >/dev/null 2>&1 || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq --no-install-recommends $$missing; fi

browser-packages:
	@missing=""; for p in $(BROWSER_PACKAGES); do dpkg -s $$p >/dev/null 2>&1 || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq $$missing; fi
	@$(VENV)/bin/python -c 'import playwright, axe_playwright_python, qrcode' 2>/dev/null \
	  || (python3 -m venv $(VENV) && $(VENV)/bin/pip install -q playwright==1.65.2 axe-playwright-python==0.1.8 qrcode==8.2)

clean:
	swift package $(SWIFT_FLAGS) clean
