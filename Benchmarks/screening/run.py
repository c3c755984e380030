#!/usr/bin/env python3
"""A round of mass testing in a running server: freeze its list, register swabs at a steady rate, ask how far it is.

    run.py make DENGHUO FOLDER [--persons N]                 a data folder of a district with N people
    run.py measure DENGHUO FOLDER [--rate N] [--seconds N]   needs what `make` made; works on a copy of it

`measure` starts the server, opens a round over the district and waits until its list is frozen. Then many points register
swab after swab through HTTP, ten to a tube, each when it is due and not when the one before is done (open loop); how long
one took is counted from when it was due. Meanwhile full tubes are packed, carried and received, their results arrive a
minute later, and the coverage is asked for once a second, by every level. Prints one JSON line a step, and what was asked
for beside what was measured; ends with 1 when something was missed."""
import argparse
import hashlib
import http.client
import json
import multiprocessing
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
import uuid

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
GENERATE = HERE.parent / "tracing/generate.py"
DIVISIONS = ROOT / "Reference/divisions"
DISTRICT = "370203"
POOL = 10
LEVELS = ("street", "community", "grid", "building")
STAFF = (("sampler", "sampler"), ("courier", "courier"), ("laboratory", "laboratory"))


def run(*words, **options):
    return subprocess.run([str(word) for word in words], check=True, text=True, **options)


def tell(step, **figures):
    print(json.dumps({"step": step, **figures}), flush=True)


def policy(folder):
    """The product's own rules of screening, but that an assay takes a minute: the measure does not last longer."""
    lines = (ROOT / "Policies/base.yaml").read_text(encoding="utf-8").splitlines()
    begin = lines.index("  screening:")
    section = [lines[begin]]
    for line in lines[begin + 1:]:
        if line.strip() and not line.startswith("   "):
            break
        section.append(line.replace("assay_minutes: 30", "assay_minutes: 1"))
    head = ["id: measured", "version: 1", "title: {zh: 测量, en: Measured}", "source: [this benchmark]",
            "effective_from: 2026-01-01", "sections:"]
    (folder / "policies/measured.yaml").write_text("\n".join(head + section) + "\n", encoding="utf-8")


def make(asked):
    folder = pathlib.Path(asked.folder)
    folder.mkdir(parents=True, exist_ok=True)
    data, people = folder / "data", folder / "residents.csv"
    run(asked.denghuo, "init", "--data", data, stdout=subprocess.DEVNULL)
    for kind in ("districts", "streets", "communities"):
        rows = (DIVISIONS / f"{kind}.csv").read_text(encoding="utf-8").splitlines()
        part = folder / f"{kind}.csv"
        part.write_text("\n".join([rows[0]] + [row for row in rows[1:] if row.startswith(DISTRICT)]) + "\n", encoding="utf-8")
        run(asked.denghuo, "import", "places", part, "--data", data, stdout=subprocess.DEVNULL)
    run(sys.executable, GENERATE, "residents", people, asked.persons, DIVISIONS / "communities.csv", DISTRICT)
    start = time.monotonic()
    run(asked.denghuo, "import", "residents", people, "--data", data, stdout=subprocess.DEVNULL)
    tell("make", persons=asked.persons, seconds=round(time.monotonic() - start, 1))


class Client:
    """One connection of the administrator."""

    def __init__(self, port, token):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def request(self, method, path, body=None, **headers):
        try:
            self.connection.request(method, path, body, {**self.headers, **headers})
            response = self.connection.getresponse()
        except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
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


class Point:
    """A sampling point on a bare connection: a ready-made request is sent, and only the status of the answer is read."""

    def __init__(self, number, words):
        self.number, self.words = number, words
        self.socket = socket.create_connection(("127.0.0.1", words["port"]))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.taken, self.refused = [], {}

    def register(self, turn):
        person = turn * self.words["points"] + self.number
        tube = f"B{self.words['run']}-{self.number}-{turn // POOL}"
        self.send("screening.register", f"{self.words['run']}-{person:07d}",
                  {"round": self.words["round"], "person": f"r{person:07d}", "tube": tube})

    def seal(self, turn):
        tube = f"B{self.words['run']}-{self.number}-{turn // POOL}"
        self.send("screening.seal", f"seal-{tube}", {"round": self.words["round"], "tube": tube, "count": POOL})

    def send(self, name, key, fields):
        body = json.dumps(fields).encode()
        head = (f"POST /api/commands/{name} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.words['token']}\r\n"
                f"Idempotency-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n")
        self.socket.sendall(head.encode() + body)
        answer = b""
        while b"\r\n\r\n" not in answer:
            part = self.socket.recv(65_536)
            if not part:
                raise ConnectionError("the server closed the connection")
            answer += part
        head, _, rest = answer.partition(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        while len(rest) < length:
            rest += self.socket.recv(65_536)
        status = int(head[9:12])
        if status >= 400:
            code = f"{status} {json.loads(rest).get('code', '')}"
            self.refused[code] = self.refused.get(code, 0) + 1

    def run(self):
        words = self.words
        turns = (words["registrations"] - self.number + words["points"] - 1) // words["points"]
        for turn in range(turns):
            due = words["begin"] + (turn * words["points"] + self.number) / words["rate"]
            time.sleep(max(0, due - time.monotonic()))
            self.register(turn)
            self.taken.append((time.monotonic(), time.monotonic() - due))
            if turn % POOL == POOL - 1:
                self.seal(turn)


def crowd(numbers, words, queue):
    """The points of one process, a thread each."""
    points = [Point(number, words) for number in numbers]
    threads = [threading.Thread(target=point.run) for point in points]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = {}
    for point in points:
        for code, count in point.refused.items():
            refused[code] = refused.get(code, 0) + count
    queue.put(([one for point in points for one in point.taken], refused))


class Carrier(threading.Thread):
    """Who packs, carries and receives the tubes, and the laboratory that reports them a minute later."""

    every = 5
    # A tube is packed when its last swab was due so long ago.
    settled = 10
    assay = 70

    def __init__(self, clients, words):
        super().__init__(daemon=True)
        self.clients, self.words = clients, words
        self.ended, self.failed = threading.Event(), []
        self.packed = self.reported = self.sequence = 0
        self.received = []

    def full(self, now):
        """The tubes that are full by now, those of all points in the order of their turns."""
        words = self.words
        rounds = int((now - self.settled - words["begin"]) * words["rate"] / words["points"] / POOL)
        most = words["registrations"] // words["points"] // POOL
        return [f"B{words['run']}-{point}-{turn}" for turn in range(min(max(rounds, 0), most))
                for point in range(words["points"])]

    def carry(self, tubes):
        box, count = f"X{uuid.uuid4().hex[:10]}", len(tubes)
        sampler, courier, laboratory = (self.clients[name] for name in ("sampler", "courier", "laboratory"))
        sampler.perform("screening.pack", {"box": box, "round": self.words["round"], "tubes": tubes})
        sampler.perform("screening.give", {"box": box, "to": {"kind": "vehicle", "id": "V1"}, "count": count})
        courier.perform("screening.take", {"box": box, "count": count})
        courier.perform("screening.give", {"box": box, "to": {"kind": "laboratory", "id": "bench"}, "count": count})
        laboratory.perform("screening.take", {"box": box, "count": count})

    def report(self, tubes):
        now = time.strftime("%Y-%m-%dT%H:%M:%S+08:00", time.gmtime(time.time() + 8 * 3_600))
        rows = []
        for tube in tubes:
            self.sequence += 1
            rows.append({"tube": tube, "result": "negative", "reported_at": now, "laboratory": "bench",
                         "sequence": str(self.sequence)})
        # As many in a command as `denghuo import results` sends.
        for start in range(0, len(rows), 25):
            answer = self.clients["admin"].perform("screening.importResults", {"rows": rows[start:start + 25]})["answer"]
            if answer.get("rejected"):
                self.failed.append(str(answer["rejected"][:1]))

    def run(self):
        while not self.ended.is_set():
            try:
                now = time.monotonic()
                tubes = self.full(now)[self.packed:]
                for start in range(0, len(tubes), 200):
                    part = tubes[start:start + 200]
                    self.carry(part)
                    self.packed += len(part)
                    self.received.append((time.monotonic(), part))
                while self.received and self.received[0][0] + self.assay < time.monotonic():
                    part = self.received.pop(0)[1]
                    self.report(part)
                    self.reported += len(part)
            except RuntimeError as error:
                self.failed.append(str(error))
                if len(self.failed) > 20:
                    return
            self.ended.wait(self.every)


def freeze(admin, asked):
    round_ = f"bench-{uuid.uuid4()}"
    start = time.monotonic()
    admin.perform("screening.open", {"areas": [DISTRICT], "name": "bench", "pool": POOL, "round": round_})
    opened = time.monotonic() - start
    while True:
        line = next(line for line in admin.ask("screening.rounds") if line["round"] == round_)
        if line["frozen"]:
            break
        time.sleep(0.05)
    seconds = time.monotonic() - start
    tell("freeze", listed=line["listed"], opened_seconds=round(opened, 2), seconds=round(seconds, 2))
    return round_, line["listed"], seconds


def coverage(admin, round_, ended, found):
    """Asks how far the round is, again and again, as the walls of a command post do."""
    while not ended.is_set():
        for level in LEVELS:
            start = time.monotonic()
            admin.ask("screening.coverage", round=round_, by=level)
            found[level].append(time.monotonic() - start)
        ended.wait(1)


def register(port, token, clients, round_, listed, asked):
    registrations = min(int(asked.rate * asked.seconds), listed)
    words = {"port": port, "token": token, "round": round_, "points": asked.points, "rate": asked.rate,
             "registrations": registrations, "run": uuid.uuid4().hex[:8], "begin": time.monotonic() + 1}
    queue = multiprocessing.Queue()
    crowds = [multiprocessing.Process(target=crowd, args=(range(part, asked.points, asked.processes), words, queue))
              for part in range(asked.processes)]
    found, ended = {level: [] for level in LEVELS}, threading.Event()
    carrier = Carrier(clients, words)
    asking = threading.Thread(target=coverage, args=(Client(port, token), round_, ended, found))
    for process in crowds:
        process.start()
    asking.start()
    carrier.start()
    answers = [queue.get() for _ in crowds]
    for process in crowds:
        process.join()
    ended.set()
    carrier.ended.set()
    asking.join()
    carrier.join()
    taken = [one for part, _ in answers for one in part]
    refused = {}
    for _, part in answers:
        for code, count in part.items():
            refused[code] = refused.get(code, 0) + count
    waits = sorted(wait for _, wait in taken)
    at = lambda share: round(waits[min(len(waits) - 1, int(share * len(waits)))] * 1_000, 1)
    lasted = max(end for end, _ in taken) - words["begin"]
    done = len(taken) - sum(refused.values())
    tell("register", registered=done, refused=refused, per_second=round(done / lasted, 1), asked_per_second=asked.rate,
         p50_ms=at(0.5), p99_ms=at(0.99), most_ms=at(1))
    # When it was late tells what it waited for: one long halt, or a load that it does not bear.
    for first in range(0, int(lasted) + 1, 60):
        part = sorted(wait for end, wait in taken if first <= end - words["begin"] < first + 60)
        if part:
            tell("minute", of=first // 60 + 1, registered=len(part), p50_ms=round(part[len(part) // 2] * 1_000, 1),
                 p99_ms=round(part[int(len(part) * 0.99)] * 1_000, 1), most_ms=round(part[-1] * 1_000, 1))
    tell("results", tubes_received=carrier.packed, tubes_reported=carrier.reported, failed=carrier.failed[:3])
    for level, seconds in found.items():
        seconds.sort()
        tell("coverage", by=level, asked=len(seconds), p50_seconds=round(seconds[len(seconds) // 2], 3),
             most_seconds=round(seconds[-1], 3))
    slowest = max(second for seconds in found.values() for second in seconds)
    return done / lasted, at(0.99), refused, slowest, carrier


def check(admin, round_, registered_at_least):
    answer = admin.ask("screening.coverage", round=round_)
    tell("list", listed=answer["listed"], sampled=answer["sampled"], tested=answer["tested"])
    return answer["sampled"] + answer["tested"] >= registered_at_least


def measure(asked):
    work = pathlib.Path(tempfile.mkdtemp(prefix="screening-", dir=asked.folder))
    data = work / "data"
    server = None
    try:
        shutil.copytree(pathlib.Path(asked.folder) / "data", data, ignore=shutil.ignore_patterns("*.sock", "lock"))
        policy(data)
        perform = lambda name, body: run(asked.denghuo, "perform", name, "--json", json.dumps(body), "--data", data,
                                         stdout=subprocess.DEVNULL)
        for account, role in STAFF:
            perform("accounts.open", {"account": account, "title": account})
            perform("offices.grant", {"account": account, "role": role, "place": "everywhere"})
        perform("screening.setLaboratory", {"laboratory": "bench", "name": "bench"})
        tokens = {account: secrets.token_hex(32) for account in ("admin", *dict(STAFF))}
        for account, token in tokens.items():
            # Only the digest of a token is sent.
            perform("accounts.issueToken", {
                "account": account, "fingerprint": hashlib.sha256(token.encode()).hexdigest()})
        token = tokens["admin"]
        with open(work / "serve.log", "w", encoding="utf-8") as log:
            server = subprocess.Popen(
                [asked.denghuo, "serve", "--data", str(data), "--listen", f"127.0.0.1:{asked.port}"], stdout=log, stderr=log)
        wait_for(asked.port, server)
        admin = Client(asked.port, token)
        round_, listed, frozen = freeze(admin, asked)
        clients = {account: Client(asked.port, token) for account, token in tokens.items()}
        per_second, late, refused, slowest, carrier = register(asked.port, token, clients, round_, listed, asked)
        goals = [
            ("freeze", f"<= {asked.freeze_seconds} s", round(frozen, 2), frozen <= asked.freeze_seconds),
            ("registrations a second", f">= {asked.rate * 0.99:.0f}", round(per_second, 1), per_second >= asked.rate * 0.99),
            ("99 of 100 registrations", f"<= {asked.late_ms} ms", late, late <= asked.late_ms),
            ("results", "none refused", carrier.failed[:3], not carrier.failed),
            ("coverage", f"<= {asked.coverage_seconds} s", round(slowest, 3), slowest <= asked.coverage_seconds),
            ("refused", "none", refused, not refused),
            ("list", "all that was registered", None, check(admin, round_, min(int(asked.rate * asked.seconds), listed) if not refused else 0)),
        ]
        for name, goal, figure, met in goals:
            tell("goal", name=name, goal=goal, measured=figure, met=met)
        return all(met for *_, met in goals)
    finally:
        if server:
            server.send_signal(signal.SIGTERM)
            server.wait(60)
        shutil.rmtree(work, ignore_errors=True)


def wait_for(port, server):
    for _ in range(6_000):
        if server.poll() is not None:
            raise RuntimeError("the server ended")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=30):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server does not answer")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("make", "measure"):
        part = commands.add_parser(name)
        part.add_argument("denghuo")
        part.add_argument("folder")
        part.add_argument("--persons", type=int, default=200_000)
        part.add_argument("--rate", type=float, default=1_000, help="registrations a second that are offered")
        part.add_argument("--seconds", type=float, default=60)
        part.add_argument("--points", type=int, default=64, help="connections that register")
        part.add_argument("--processes", type=int, default=2)
        part.add_argument("--freeze-seconds", type=float, default=60)
        part.add_argument("--late-ms", type=float, default=300)
        part.add_argument("--coverage-seconds", type=float, default=1)
        part.add_argument("--port", type=int, default=8911)
    asked = parser.parse_args()
    if asked.command == "make":
        return make(asked)
    sys.exit(0 if measure(asked) else 1)


if __name__ == "__main__":
    main()
