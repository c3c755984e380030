"""The desk and its door beside the bare engine, in one run.

For each number of clients: the same statements through SQLite's own interface (with as many
commands a transaction as the desk's clients make, and an fsync each), through the desk, and
through HTTP. Prints a table and the ratios; everything is thrown away afterwards.
"""
import argparse, json, os, shutil, signal, subprocess, sys, tempfile, time

CLIENTS = [1, 8, 64, 512]
LARGEST_BATCH = 256  # as many commands share a transaction at most


def run(*words, **named):
    return subprocess.run(words, check=True, text=True, capture_output=True, **named).stdout.strip()


def answer(*words):
    return json.loads(run(*words))


class Bench:
    def __init__(self, words):
        self.words = words
        self.here = os.path.dirname(os.path.abspath(__file__))
        self.work = tempfile.mkdtemp(prefix="desk-", dir=words.folder)
        self.start = int(time.time()) % 1_000_000 * 1_000
        for tool, library in (("replay", ["-lsqlite3"]), ("storm", [])):
            run("cc", "-O2", "-o", f"{self.work}/{tool}", f"{self.here}/{tool}.c", *library)

    def copy(self):
        target = f"{self.work}/data"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.words.data, target, ignore=shutil.ignore_patterns("*.sock", "lock"))
        os.sync()
        return target

    def bare(self, clients):
        batch = min(clients, LARGEST_BATCH)
        count = max(600, min(20_000, batch * 100))
        source = self.copy()
        recording = f"{self.work}/recording"
        run(self.words.benchmark, "record", source, "0", str(count), recording)
        replay = f"{self.work}/replay"
        plain = answer(replay, f"{self.copy()}/denghuo.sqlite", recording, str(batch))
        tuned = answer(replay, f"{self.copy()}/denghuo.sqlite", recording, str(batch), "memory")
        return plain, tuned

    def desk(self, clients):
        return answer(
            self.words.benchmark, "desk", self.copy(), "0", str(clients), str(self.words.seconds))

    def http(self, clients):
        source = self.copy()
        home = run(self.words.benchmark, "home", source)
        token = run(self.words.denghuo, "token", "--data", source, "--account", "admin")
        server = subprocess.Popen(
            [self.words.denghuo, "serve", "--data", source, "--listen", "127.0.0.1:8937"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while not os.path.exists(f"{source}/address"):
                time.sleep(0.1)
            storm = f"{self.work}/storm"
            answer(storm, "8937", token, home, "30000000", str(clients), "0", "1", "0")
            return answer(
                storm, "8937", token, home, "0", str(clients), "0", str(self.words.seconds), "0")
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()

    def table(self):
        rows = []
        for clients in self.words.clients:
            (bare, tuned), desk, http = self.bare(clients), self.desk(clients), self.http(clients)
            per_command = bare["rows"] / bare["commands"]
            rows.append({
                "clients": clients, "rows_a_command": per_command,
                "bare": bare, "tuned": tuned, "desk": desk, "http": {k: v for k, v in http.items() if k != "acknowledged_in"},
                "desk_share": desk["per_second"] / bare["per_second"],
                "http_share": http["per_second"] / bare["per_second"],
            })
            print(
                f"{clients:4} clients | bare {bare['per_second']:8.0f}/s p50 {bare['p50_ms']:6.2f} p99 {bare['p99_ms']:6.2f} ms"
                f" | tuned {tuned['per_second']:8.0f}/s"
                f" | desk {desk['per_second']:8.0f}/s ({rows[-1]['desk_share']:4.0%}, {desk['per_second'] / tuned['per_second']:4.0%} of tuned) p50 {desk['p50_ms']:6.2f} p99 {desk['p99_ms']:6.2f} ms"
                f" | HTTP {http['per_second']:8.0f}/s ({rows[-1]['http_share']:4.0%}, {http['per_second'] / tuned['per_second']:4.0%} of tuned) p50 {http['p50_ms']:6.2f} p99 {http['p99_ms']:6.2f} ms",
                flush=True)
        return rows


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("benchmark")
parser.add_argument("denghuo")
parser.add_argument("--data", required=True, help="a folder with a district in it")
parser.add_argument("--folder", default=".", help="where copies of it are tried on")
parser.add_argument("--seconds", type=float, default=10)
parser.add_argument("--clients", type=int, nargs="+", default=CLIENTS)
parser.add_argument("--json", help="where the figures are written")
words = parser.parse_args()
bench = Bench(words)
try:
    rows = bench.table()
    if words.json:
        with open(words.json, "w") as file:
            json.dump(rows, file, indent=2)
finally:
    shutil.rmtree(bench.work, ignore_errors=True)
