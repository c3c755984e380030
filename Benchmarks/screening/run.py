#!/usr/bin/env python3
"""A round of mass testing in a running server: freeze its list, register swabs at a steady rate, ask how far it is.

    run.py make DENGHUO FOLDER [--persons N]                 a data folder of a district with N people
    run.py measure DENGHUO FOLDER [--rate N] [--seconds N]   needs what `make` made; works on a copy of it

`measure` starts the server, opens a round over the district and waits until its list is frozen. Then many points register
swab after swab through HTTP, ten to a tube, each when it is due and not when the one before is done (open loop); how long
one took is counted from when it was due. Meanwhile the coverage is asked for, by street and by building. Prints one JSON
line a step, and what was asked for beside what was measured; ends with 1 when something was missed."""
import argparse
import http.client
import json
import multiprocessing
import pathlib
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


def run(*words, **options):
    return subprocess.run([str(word) for word in words], check=True, text=True, **options)


def tell(step, **figures):
    print(json.dumps({"step": step, **figures}), flush=True)


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
        body = json.dumps({"round": self.words["round"], "person": f"r{person:07d}", "tube": tube}).encode()
        head = (f"POST /api/commands/screening.register HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.words['token']}\r\n"
                f"Idempotency-Key: {self.words['run']}-{person:07d}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n")
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
        for level in ("street", "building"):
            start = time.monotonic()
            admin.ask("screening.coverage", round=round_, by=level)
            found[level].append(time.monotonic() - start)
        ended.wait(1)


def register(port, token, round_, listed, asked):
    registrations = min(int(asked.rate * asked.seconds), listed)
    words = {"port": port, "token": token, "round": round_, "points": asked.points, "rate": asked.rate,
             "registrations": registrations, "run": uuid.uuid4().hex[:8], "begin": time.monotonic() + 1}
    queue = multiprocessing.Queue()
    crowds = [multiprocessing.Process(target=crowd, args=(range(part, asked.points, asked.processes), words, queue))
              for part in range(asked.processes)]
    found, ended = {"street": [], "building": []}, threading.Event()
    asking = threading.Thread(target=coverage, args=(Client(port, token), round_, ended, found))
    for process in crowds:
        process.start()
    asking.start()
    answers = [queue.get() for _ in crowds]
    for process in crowds:
        process.join()
    ended.set()
    asking.join()
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
    for level, seconds in found.items():
        tell("coverage", by=level, asked=len(seconds), most_seconds=round(max(seconds), 3))
    return done / lasted, refused, max(second for seconds in found.values() for second in seconds)


def check(admin, round_, registered_at_least):
    answer = admin.ask("screening.coverage", round=round_)
    tell("list", listed=answer["listed"], sampled=answer["sampled"])
    return answer["sampled"] >= registered_at_least


def measure(asked):
    work = pathlib.Path(tempfile.mkdtemp(prefix="screening-", dir=asked.folder))
    data = work / "data"
    server = None
    try:
        shutil.copytree(pathlib.Path(asked.folder) / "data", data, ignore=shutil.ignore_patterns("*.sock", "lock"))
        token = run(asked.denghuo, "token", "--data", data, "--account", "admin", capture_output=True).stdout.strip()
        with open(work / "serve.log", "w", encoding="utf-8") as log:
            server = subprocess.Popen(
                [asked.denghuo, "serve", "--data", str(data), "--listen", f"127.0.0.1:{asked.port}"], stdout=log, stderr=log)
        wait_for(asked.port, server)
        admin = Client(asked.port, token)
        round_, listed, frozen = freeze(admin, asked)
        per_second, refused, slowest = register(asked.port, token, round_, listed, asked)
        goals = [
            ("freeze", f"<= {asked.freeze_seconds} s", round(frozen, 2), frozen <= asked.freeze_seconds),
            ("registrations a second", f">= {asked.rate * 0.99:.0f}", round(per_second, 1), per_second >= asked.rate * 0.99),
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
        part.add_argument("--coverage-seconds", type=float, default=1)
        part.add_argument("--port", type=int, default=8911)
    asked = parser.parse_args()
    if asked.command == "make":
        return make(asked)
    sys.exit(0 if measure(asked) else 1)


if __name__ == "__main__":
    main()
