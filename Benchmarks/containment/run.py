#!/usr/bin/env python3
"""How long it takes until everybody in a zone is restricted, and until everybody is free again, in a running server.

    run.py make DENGHUO FOLDER [--persons N]        a community with N people in one estate
    run.py measure DENGHUO FOLDER                   needs what `make` made

`make` brings everything in with the product's own commands. `measure` starts the server and does what people do,
through HTTP: report a case, propose the whole estate, wait the pause, open it as a second person of another
organisation, and at the end withdraw the case. Until then nobody presses anything: who lives there is restricted, and
freed, by the clock, part by part. Prints one JSON line a step; the goal is a minute for 50,000 people each way."""
import argparse
import datetime
import hashlib
import importlib.util
import json
import os
import pathlib
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
import uuid

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DISTRICT = "370203"
GOAL = 60

sys.path.insert(0, str(HERE.parent / "tracing"))
spec = importlib.util.spec_from_file_location("tracing", HERE.parent / "tracing/run.py")
tracing = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tracing)


def policy(data):
    """The twenty measures of November 2022 as if they were in force today, but whole estates and a pause of a minute."""
    tracing.policy(data)
    file = data / "policies/measured.yaml"
    text = file.read_text(encoding="utf-8")
    changed = text.replace("cooling_minutes: 10}", "cooling_minutes: 1}")
    changed = changed.replace("        widest: building\n        residents_clause", "        widest: estate\n        residents_clause")
    if changed.count("cooling_minutes: 1}") < 1 or changed.count("widest: estate") != 1:
        raise SystemExit("Policies/cn-20-measures.yaml has another form than this script knows")
    file.write_text(changed, encoding="utf-8")


def make(asked):
    folder = pathlib.Path(asked.folder)
    data = folder / "data"
    folder.mkdir(parents=True, exist_ok=True)
    program = asked.denghuo
    divisions = ROOT / "Reference/divisions"
    tracing.run(program, "init", "--data", data, stdout=subprocess.DEVNULL)
    policy(data)
    community = next(row.split(",")[0] for row in (divisions / "communities.csv").read_text(encoding="utf-8").splitlines()
                     if row.startswith(DISTRICT))
    # The district, the street and the community, and nothing beside them.
    for kind, prefix in (("districts", DISTRICT), ("streets", community[:9]), ("communities", community)):
        part = folder / f"{kind}.csv"
        rows = (divisions / f"{kind}.csv").read_text(encoding="utf-8").splitlines()
        part.write_text("\n".join([rows[0]] + [row for row in rows[1:] if row.startswith(prefix)]) + "\n", encoding="utf-8")
        tracing.run(program, "import", "places", part, "--data", data)
    people = folder / "residents.csv"
    tracing.run(sys.executable, HERE.parent / "tracing/generate.py", "residents", people, asked.persons,
                divisions / "communities.csv", community)
    tracing.timed("import residents", lambda: tracing.run(program, "import", "residents", people, "--data", data))
    tracing.perform(program, data, "accounts.open", {"account": "second", "title": "second"})
    tracing.perform(program, data, "offices.grant", {"account": "second", "role": "investigator", "place": "everywhere"})


def running(data):
    """How many are held by a zone; looked up beside the server, which would have to count them all each time."""
    database = sqlite3.connect(f"file:{data / 'denghuo.sqlite'}?mode=ro", uri=True)
    try:
        return database.execute(
            "SELECT COUNT(*) FROM restriction WHERE ended_at IS NULL AND evidence_kind = 'zone_residence'").fetchone()[0]
    finally:
        database.close()


def until(data, reached, limit):
    """Seconds until a number of people is restricted, looked at twice a second."""
    began = time.monotonic()
    while True:
        count = running(data)
        passed = time.monotonic() - began
        if reached(count):
            return round(passed, 1), count
        if passed > limit:
            raise SystemExit(f"{count} people are restricted after {passed:.0f} s; gave up")
        time.sleep(0.5)


def measure(asked):
    folder = pathlib.Path(asked.folder)
    data = folder / "data"
    program = asked.denghuo
    tokens = {account: secrets.token_hex(32) for account in ("admin", "second")}
    for account, token in tokens.items():
        # The administrator gives both their tokens; only the digest of a token is sent.
        tracing.perform(program, data, "accounts.issueToken", {
            "account": account, "fingerprint": hashlib.sha256(token.encode()).hexdigest()})
    with open(folder / "serve.log", "w", encoding="utf-8") as log:
        server = subprocess.Popen(
            [program, "serve", "--data", str(data), "--listen", f"127.0.0.1:{asked.port}"], stderr=log)
        try:
            admin = tracing.wait_for(asked.port, tokens["admin"], server)
            if not zone_of(admin, tracing.Client(asked.port, tokens["second"]), server.pid, data, asked):
                raise SystemExit(f"slower than {GOAL} s")
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


def estate_of(client, place=None):
    """The one estate of the folder, looked for from the root downward."""
    place = {"place": place} if place else {}
    for child in client.ask("places.list", **place)["children"]:
        found = child["id"] if child["level"] == "estate" else estate_of(client, child["id"])
        if found:
            return found
    return None


def worked(pid):
    """Seconds of a processor that a process has used: what is left of a measurement on a busy machine."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def zone_of(admin, second, pid, data, asked):
    infection = f"case-{uuid.uuid4()}"
    now = datetime.datetime.now(tracing.CHINA)
    admin.perform("cases.report", {
        "case": infection, "person": f"r{asked.person:07d}", "kind": "confirmed", "source": "clinic", "district": DISTRICT,
        "reported_at": now.isoformat(timespec="seconds")})
    estate = estate_of(admin)
    zone = second.perform("zones.propose", {
        "places": [estate], "level": "high", "infection": infection})["answer"]["zone"]
    time.sleep(61)
    before, used, began = running(data), worked(pid), time.monotonic()
    people = admin.perform("zones.open", {"zone": zone})["answer"]["people"]
    opened = time.monotonic() - began
    # The infected person is in hospital and not shut in at home.
    restricted, count = until(data, lambda count: count >= before + people - 1, asked.limit)
    print(json.dumps({"step": "restrict", "people": count - before, "open": round(opened, 2), "seconds": restricted,
                      "processor": round(worked(pid) - used, 1)}), flush=True)
    used, began = worked(pid), time.monotonic()
    admin.perform("cases.withdraw", {"case": infection, "reason": "measured"})
    withdrawn = time.monotonic() - began
    freed, left = until(data, lambda left: left <= before, asked.limit)
    print(json.dumps({"step": "free", "people": count - left, "withdraw": round(withdrawn, 2), "seconds": freed,
                      "processor": round(worked(pid) - used, 1)}), flush=True)
    return restricted <= GOAL and freed <= GOAL


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("make", "measure"):
        part = commands.add_parser(name)
        part.add_argument("denghuo")
        part.add_argument("folder")
        part.add_argument("--persons", type=int, default=50_000)
        # A person is a case once: another one for each run on the same folder.
        part.add_argument("--person", type=int, default=0)
        part.add_argument("--limit", type=float, default=900)
        part.add_argument("--port", type=int, default=8897)
    asked = parser.parse_args()
    {"make": make, "measure": measure}[asked.command](asked)


if __name__ == "__main__":
    main()
