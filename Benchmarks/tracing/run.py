#!/usr/bin/env python3
"""From a confirmed case to contacts pushed to their home areas, in a running server, while people are registered.

    run.py make DENGHUO FOLDER [--persons N] [--scans N] [--venues N] [--days N]     a district with N people and N scans a day
    run.py measure DENGHUO FOLDER [--cases N] [--rate N]                              needs what `make` made

`make` brings everything in with the product's own commands (`import residents`, `import scans`). `measure` starts the
server and does for each case what people do, through HTTP: report it, wait until its contacts are found, look at the
preview, confirm all, let a second person of another organisation approve. The hand-overs to the communities of the
contacts' homes are made in the transaction that confirms; they are counted afterwards. Prints one JSON line a case."""
import argparse
import csv
import datetime
import hashlib
import http.client
import json
import pathlib
import random
import secrets
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
import uuid

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CHINA = datetime.timezone(datetime.timedelta(hours=8))
COMMUNITIES = ROOT / "Reference/divisions/communities.csv"
PREFIX = "370203"


def run(*words, **options):
    return subprocess.run([str(word) for word in words], check=True, text=True, **options)


def timed(what, body):
    start = time.monotonic()
    answer = body()
    print(json.dumps({"step": what, "seconds": round(time.monotonic() - start, 1)}), file=sys.stderr, flush=True)
    return answer


def policy(folder):
    """The twenty measures of November 2022, as they would be in force today."""
    text = (ROOT / "Policies/cn-20-measures.yaml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("effective_to:")]
    text = "\n".join(lines).replace("id: cn-20-measures", "id: measured", 1)
    text = text.replace("effective_from: 2022-11-11", "effective_from: 2026-01-01", 1)
    (folder / "policies/measured.yaml").write_text(text + "\n", encoding="utf-8")


def make(asked):
    folder = pathlib.Path(asked.folder)
    data = folder / "data"
    folder.mkdir(parents=True, exist_ok=True)
    program = asked.denghuo
    people = folder / "residents.csv"
    divisions = ROOT / "Reference/divisions"
    run(program, "init", "--data", data, stdout=subprocess.DEVNULL)
    policy(data)
    for kind in ("districts", "streets", "communities"):
        part = folder / f"{kind}.csv"
        rows = (divisions / f"{kind}.csv").read_text(encoding="utf-8").splitlines()
        kept = [row for row in rows[1:] if row.startswith(PREFIX if kind != "districts" else PREFIX[:6])]
        part.write_text("\n".join([rows[0]] + kept) + "\n", encoding="utf-8")
        run(program, "import", "places", part, "--data", data)
    timed("make residents", lambda: run(
        sys.executable, HERE / "generate.py", "residents", people, asked.persons, COMMUNITIES, PREFIX))
    timed("import residents", lambda: run(program, "import", "residents", people, "--data", data))
    today = datetime.datetime.now(CHINA).date()
    for back in range(asked.days, 0, -1):
        day = today - datetime.timedelta(days=back)
        file = folder / f"scans-{day}.csv"
        run(sys.executable, HERE / "generate.py", "scans", file, asked.persons, asked.scans, asked.venues, day)
        timed(f"import scans {day}", lambda: run(program, "import", "scans", file, "--data", data))
        file.unlink()
    for account, role in (("second", "investigator"),):
        perform(program, data, "accounts.open", {"account": account, "title": account})
        perform(program, data, "offices.grant", {"account": account, "role": role, "place": "everywhere"})
    size = lambda path: sum(f.stat().st_size for f in path.rglob("*") if f.is_file())
    print(json.dumps({
        "persons": asked.persons, "scans": asked.scans * asked.days, "data_bytes": size(data),
        "index_bytes": size(data / "visits") if (data / "visits").exists() else 0}))


def perform(program, data, name, body):
    run(program, "perform", name, "--json", json.dumps(body), "--data", data, stdout=subprocess.DEVNULL)


class Client:
    """One connection of one account."""

    def __init__(self, port, token):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def request(self, method, path, body=None, **headers):
        try:
            self.connection.request(method, path, body, {**self.headers, **headers})
            response = self.connection.getresponse()
        except (BrokenPipeError, http.client.RemoteDisconnected):
            # The server closed a connection that had nothing to say for a while.
            self.connection.close()
            self.connection.request(method, path, body, {**self.headers, **headers})
            response = self.connection.getresponse()
        answer = response.read()
        if response.status >= 400:
            raise RuntimeError(f"{path} {response.status} {answer[:400]!r}")
        return json.loads(answer)

    def perform(self, name, body):
        return self.request("POST", f"/api/commands/{name}", json.dumps(body), **{"Idempotency-Key": str(uuid.uuid4())})

    def ask(self, name, **fields):
        return self.request("GET", f"/api/queries/{name}?" + urllib.parse.urlencode(fields))


class Registrations:
    """Registers people at a steady rate over several connections and notes how long each took, from when it was due."""

    def __init__(self, clients, homes, rate):
        self.homes, self.rate = homes, rate
        self.taken, self.ended = [], threading.Event()
        self.begin = time.monotonic()
        self.threads = [threading.Thread(target=self.run, args=(client, number, len(clients)), daemon=True)
                        for number, client in enumerate(clients)]
        for thread in self.threads:
            thread.start()

    def run(self, client, number, step):
        while not self.ended.is_set():
            due = self.begin + number / self.rate
            time.sleep(max(0, due - time.monotonic()))
            client.perform("residents.enrol", {"home": self.homes[number % len(self.homes)], "name": "登记甲"})
            self.taken.append((due, time.monotonic() - due))
            number += step

    def between(self, start, end):
        taken = sorted(seconds for due, seconds in self.taken if start <= due <= end)
        if not taken:
            return {}
        at = lambda share: round(taken[min(len(taken) - 1, int(share * len(taken)))] * 1_000, 1)
        return {"registered": len(taken), "p50_ms": at(0.5), "p99_ms": at(0.99), "most_ms": at(1)}


def measure(asked):
    folder = pathlib.Path(asked.folder)
    data = folder / "data"
    program = asked.denghuo
    tokens = {account: secrets.token_hex(32) for account in ("admin", "second")}
    for account, token in tokens.items():
        # The administrator gives both their tokens; only the digest of a token is sent.
        perform(program, data, "accounts.issueToken", {
            "account": account, "fingerprint": hashlib.sha256(token.encode()).hexdigest()})
    log = open(folder / "serve.log", "w", encoding="utf-8")
    began = time.monotonic()
    server = subprocess.Popen([program, "serve", "--data", str(data), "--listen", f"127.0.0.1:{asked.port}"], stderr=log)
    try:
        admin = wait_for(asked.port, tokens["admin"], server)
        print(json.dumps({"step": "serve", "seconds": round(time.monotonic() - began, 2)}), file=sys.stderr)
        second = Client(asked.port, tokens["second"])
        with open(folder / "residents.csv", newline="", encoding="utf-8") as file:
            homes = sorted({row["household"] for row, _ in zip(csv.DictReader(file), range(2_000))})
        registrations = Registrations(
            [Client(asked.port, tokens["admin"]) for _ in range(asked.connections)], homes, asked.rate)
        time.sleep(asked.settle)
        # A person is a case once: another seed for each run on the same folder.
        chance = random.Random(asked.seed)
        for number in range(asked.cases):
            print(json.dumps(one_case(admin, second, registrations, chance, asked)), flush=True)
        registrations.ended.set()
        for thread in registrations.threads:
            thread.join()
        memory = pathlib.Path(f"/proc/{server.pid}/status").read_text()
        print(json.dumps({line.split(":")[0]: line.split(":")[1].strip() for line in memory.splitlines()
                          if line.startswith(("VmHWM", "VmRSS", "RssAnon", "RssFile"))}))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


def wait_for(port, token, server):
    for _ in range(6_000):
        if server.poll() is not None:
            raise RuntimeError("the server ended")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=30):
                return Client(port, token)
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server does not answer")


def one_case(admin, second, registrations, chance, asked):
    person = f"r{chance.randrange(asked.persons):07d}"
    infection = f"case-{uuid.uuid4()}"
    now = datetime.datetime.now(CHINA)
    start = time.monotonic()
    admin.perform("cases.report", {
        "case": infection, "person": person, "kind": "confirmed", "source": "clinic", "district": PREFIX,
        "reported_at": now.isoformat(timespec="seconds"), "onset_on": str(now.date() - datetime.timedelta(days=1))})
    reported = time.monotonic()
    while not admin.ask("tracing.investigation", infection=infection, purpose="investigation").get("computedAt"):
        time.sleep(0.02)
    found = time.monotonic()
    preview = admin.ask("contacts.preview", infection=infection, purpose="investigation")
    seen = time.monotonic()
    answer = admin.perform("contacts.confirm", {"contacts": preview["contacts"]})["answer"]
    confirmed = time.monotonic()
    if answer.get("request"):
        answer = second.perform("contacts.approve", {"request": answer["request"], "approved": True})["answer"]
    # The approval confirms the first hundred; the others follow part by part.
    while admin.ask("tracing.investigation", infection=infection, purpose="investigation")["contacts"].get("proposed"):
        time.sleep(0.2)  # The question counts all contacts: asked all the time it would be what is measured.
    pushed = time.monotonic()
    sent = count(admin, infection)
    listed = time.monotonic()
    step = lambda end, begin: round(end - begin, 3)
    return {"contacts": len(preview["contacts"]), "kinds": preview["byKind"], "confirmed": answer["decided"],
            "handed_over": sent, "communities": len(preview["byHome"]),
            "seconds": step(pushed, start), "report": step(reported, start), "find": step(found, reported),
            "preview": step(seen, found), "confirm": step(confirmed, seen), "approve_and_push": step(pushed, confirmed),
            "list_hand_overs": step(listed, pushed), "registrations": registrations.between(start, pushed)}


def count(admin, infection):
    sent, after = 0, None
    while True:
        page = admin.ask("referrals.list", limit=1_000, purpose="investigation", **({"after": after} if after else {}))
        sent += sum(entry["infection"] == infection for entry in page["referrals"])
        after = page.get("after")
        if not after:
            return sent


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("make", "measure"):
        part = commands.add_parser(name)
        part.add_argument("denghuo")
        part.add_argument("folder")
        part.add_argument("--persons", type=int, default=1_000_000)
        part.add_argument("--scans", type=int, default=10_000_000)
        part.add_argument("--venues", type=int, default=200_000)
        part.add_argument("--days", type=int, default=14)
        part.add_argument("--cases", type=int, default=5)
        part.add_argument("--rate", type=float, default=50)
        part.add_argument("--settle", type=float, default=5)
        part.add_argument("--connections", type=int, default=32)
        part.add_argument("--seed", type=int, default=7)
        part.add_argument("--port", type=int, default=8899)
    asked = parser.parse_args()
    {"make": make, "measure": measure}[asked.command](asked)


if __name__ == "__main__":
    main()
