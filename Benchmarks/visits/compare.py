#!/usr/bin/env python3
"""Asks the visit engine and other products the same questions in turns, on one core, and compares the answers.

    compare.py ENGINE --size d10 --folder FOLDER [--kit KIT] [--core N] [PEER...]

With a kit (run.py, questions.py and its peers) everything is asked through it; without one DuckDB and SQLite are asked
here with plain plans: (a) the companions of one case, (b) of a thousand at once, (e) everyone at a venue in two hours."""
import argparse
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
CHECK = "((31 * person + idx) % 1000003 + 1) * (overlap + 3 * meetings + 5 * (first % 1009) + 7 * (last % 1013))"


class Engine:
    def __init__(self, command, data, store):
        os.makedirs(store, exist_ok=True)
        self.p = subprocess.Popen([command, data, store, "1"], text=True, stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, bufsize=1)

    def ask(self, question):
        self.p.stdin.write(question + "\n")
        count, check, ms = self.p.stdout.readline().split()
        return (int(count), int(check)), float(ms)


class Database:
    """A table in order of (venue, from) and one in order of person; the questions as plain joins."""

    def __init__(self, spec, least, greatest):
        self.spec, self.least, self.greatest = spec, least, greatest

    def ask(self, question):
        kind, *numbers = question.split()
        began = time.perf_counter()
        if kind == "load":
            self.load()
            return (self.spec["visits"], 0), (time.perf_counter() - began) * 1000
        sql = self.venue(*numbers) if kind == "e" else self.met(numbers[0] if numbers else "SELECT c FROM cases")
        row = self.fetch(f"SELECT count(*), sum({CHECK}) FROM ({sql})")
        return (int(row[0]), int(row[1] or 0)), (time.perf_counter() - began) * 1000

    def met(self, cases):
        start, end = f"{self.greatest}(v.enter, c.enter)", f"{self.least}(v.leave, c.leave)"
        return f"""SELECT c.person AS idx, v.person AS person, sum({end} - {start}) AS overlap, count(*) AS meetings,
            min({start}) AS first, max({end}) AS last FROM by_person c JOIN visits v ON v.venue = c.venue
            AND v.enter > c.enter - {self.spec["longest"]} AND v.enter < c.leave AND v.leave > c.enter
            WHERE c.person IN ({cases}) AND v.person NOT IN ({cases}) GROUP BY c.person, v.person
            HAVING sum({end} - {start}) >= {self.spec["minimum"]}"""

    def venue(self, venue, since, until):
        start, end = f"{self.greatest}(enter, {since})", f"{self.least}(leave, {until})"
        return f"""SELECT {venue} AS idx, person, sum({end} - {start}) AS overlap, count(*) AS meetings,
            min({start}) AS first, max({end}) AS last FROM visits WHERE venue = {venue}
            AND enter > {int(since) - self.spec["longest"]} AND enter < {until} AND leave > {since} GROUP BY person"""


class DuckDB(Database):
    def __init__(self, spec, data, store):
        import duckdb
        super().__init__(spec, "least", "greatest")
        self.data, self.db = data, duckdb.connect()
        self.db.execute("SET threads = 1")

    def load(self):
        kinds = "{'person': 'BIGINT', 'venue': 'BIGINT', 'enter': 'BIGINT', 'leave': 'BIGINT'}"
        self.db.execute(f"CREATE TABLE arrived AS FROM read_csv('{self.data}/visits.csv', columns = {kinds})")
        self.db.execute("CREATE TABLE visits AS FROM arrived ORDER BY venue, enter")
        self.db.execute("CREATE TABLE by_person AS FROM arrived ORDER BY person, enter; DROP TABLE arrived")
        self.db.execute("CREATE TABLE cases AS SELECT unnest(?) AS c", [self.spec["cases"]])

    def fetch(self, sql):
        return self.db.execute(sql).fetchone()


class SQLite(Database):
    def __init__(self, spec, data, store):
        super().__init__(spec, "min", "max")
        self.data, self.path = data, f"{store}.sqlite"

    def load(self):
        if os.path.exists(self.path):
            os.remove(self.path)
        self.db = sqlite3.connect(self.path)
        self.db.executescript("""PRAGMA journal_mode = off; PRAGMA synchronous = off; PRAGMA cache_size = -1000000;
            CREATE TABLE visits (person INTEGER, venue INTEGER, enter INTEGER, leave INTEGER)""")
        with open(f"{self.data}/visits.csv") as f:
            next(f)
            self.db.executemany("INSERT INTO visits VALUES (?, ?, ?, ?)", (line.split(",") for line in f))
        self.db.executescript("""CREATE INDEX at ON visits (venue, enter, leave, person);
            CREATE INDEX who ON visits (person, venue, enter, leave);
            CREATE VIEW by_person AS SELECT * FROM visits; CREATE TABLE cases (c INTEGER PRIMARY KEY)""")
        self.db.executemany("INSERT INTO cases VALUES (?)", ((c,) for c in self.spec["cases"]))

    def fetch(self, sql):
        return self.db.execute(sql).fetchone()


def alone(a, data, store):
    spec = json.load(open(f"{data}/spec.json"))
    low, high = spec["window"]
    peers = {"visits": Engine(a.engine, data, store)}
    peers |= {"duckdb": DuckDB(spec, data, store), "sqlite": SQLite(spec, data, store)}
    questions = {"load": ["load"], "a": [f"a {c}" for c in spec["cases"][:30]], "b": ["b"] * 2,
                 "e top": [f"e {spec['venue_top']} {low} {high}"] * 30, "e mid": [f"e {spec['venue_mid']} {low} {high}"] * 30}
    equal = True
    print("| | " + " | ".join(f"{name}, ms" for name in peers) + " |\n| --- " + "| --- " * len(peers) + "|")
    for kind, asked in questions.items():
        times = {name: [] for name in peers}
        for question in asked:
            answers = set()
            for name, peer in peers.items():
                answer, ms = peer.ask(question)
                answers.add(answer if kind != "load" else answer[0])
                times[name].append(ms)
            equal = equal and len(answers) == 1
        print(f"| {kind} | " + " | ".join(f"{statistics.median(t):.4g}" for t in times.values()) + " |")
    answer, ms = peers["visits"].ask(f"c {spec['cases'][0]}")
    print(f"| c | {ms:.4g} | | |\nanswers equal" if equal else "ANSWERS DIFFER")
    return 0 if equal else 1


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("engine")
    ask.add_argument("peers", nargs="*")
    ask.add_argument("--size", default="d10")
    ask.add_argument("--folder", default="benchmark-data")
    ask.add_argument("--kit")
    ask.add_argument("--core", default="0")
    a = ask.parse_intermixed_args()
    data, store = os.path.abspath(f"{a.folder}/{a.size}"), os.path.abspath(f"{a.folder}/store-{a.size}")
    if not os.path.exists(f"{data}/spec.json"):
        subprocess.run([sys.executable, f"{HERE}/generate.py", a.size, data], check=True)
    if a.kit and os.path.exists(f"{a.kit}/run.py"):
        call = [sys.executable, f"{a.kit}/run.py", data, "--store", f"{a.folder}/stores", "--load", "--core", a.core]
        call += ["--peer", f"visits={os.path.abspath(a.engine)}"] + a.peers + (["--reference"] if a.size == "tiny" else [])
        sys.exit(subprocess.run(call).returncode)
    os.sched_setaffinity(0, {int(a.core)})
    sys.exit(alone(a, data, store))


main()
