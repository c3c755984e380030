"""The desk and its door on PostgreSQL beside pgbench, in one run.

A server of its own is started (Debian's, durable as it comes), the folder's district is moved into
it, and for each number of clients three things run on a fresh copy of the database: pgbench with the
statements that the desk's commands ran, a transaction each as clients of a bare database would have
it; the desk; and HTTP. Prints a table and the ratios; everything is thrown away afterwards.
"""
import argparse, glob, json, os, pwd, shutil, signal, struct, subprocess, sys, tempfile, time

CLIENTS = [1, 8, 64, 512]
NEW_CLIENT = 1_000_000_000  # so far apart are the numbers of one client and of the next


def run(*words, **named):
    return subprocess.run(words, check=True, text=True, capture_output=True, **named).stdout.strip()


class Server:
    """A server of its own, under a user without rights: it refuses to run as root."""

    def __init__(self, folder):
        self.programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        self.folder = tempfile.mkdtemp(prefix="desk-postgres-", dir=folder)
        self.user = None
        if os.getuid() == 0:
            self.user = pwd.getpwnam("postgres")
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        self.run("initdb", "-D", f"{self.folder}/data", "-U", "denghuo", "-A", "trust", "-E", "UTF8",
                 "--locale=C.UTF-8")
        self.process = subprocess.Popen(
            self.words("postgres", "-D", f"{self.folder}/data", "-k", self.folder, "-c", "listen_addresses=",
                       "-c", "max_connections=600", "-c", "shared_buffers=512MB", "-c", "max_wal_size=4GB"),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
        while subprocess.run(self.words("pg_isready", "-h", self.folder), capture_output=True, cwd="/").returncode:
            time.sleep(0.1)

    def words(self, program, *words):
        path = f"{self.programs}/{program}"
        if not self.user:
            return [path, *words]
        ids = [f"--reuid={self.user.pw_uid}", f"--regid={self.user.pw_gid}", "--clear-groups"]
        return ["setpriv", *ids, path, *words]

    def run(self, program, *words):
        done = subprocess.run(self.words(program, *words), text=True, capture_output=True, cwd="/")
        if done.returncode:
            sys.exit(f"{program}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    def database(self, name, template="template0"):
        self.run("psql", "-q", "-h", self.folder, "-U", "denghuo", "-d", "postgres",
                 "-c", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
                 "-c", f"CREATE DATABASE {name} TEMPLATE {template}", "-c", "CHECKPOINT")
        return f"postgres://denghuo@{self.folder.replace('/', '%2F')}/{name}"

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Recording:
    """What `desk-benchmark record` wrote: for each command its statements with their values."""

    def __init__(self, path):
        self.content, self.place, self.commands, texts = open(path, "rb").read(), 0, [], []
        while self.place < len(self.content):
            kind = self.number()
            if kind == -2:
                self.commands.append([])
            elif kind == -3:
                texts.append(self.take(self.number()).decode())
            else:
                values = [self.value() for _ in range(self.number())]
                if self.commands:
                    self.commands[-1].append((texts[kind], values))

    def take(self, count):
        self.place += count
        return self.content[self.place - count:self.place]

    def number(self):
        return struct.unpack("<i", self.take(4))[0]

    def value(self):
        kind = self.number()
        if kind == 0:
            return None
        if kind in (1, 2):
            return struct.unpack("<q" if kind == 1 else "<d", self.take(8))[0]
        content = self.take(self.number())
        return content.decode() if kind == 3 else content


def script(recording):
    """The statements of a command as pgbench's script: what differs from one command to the next is made
    of the client's running number, the rest stands in it as it is."""
    first, second = recording.commands[1:3]
    made = {}

    def written(value, other):
        if value == other:
            if value is None:
                return "NULL"
            if isinstance(value, bytes):
                return f"'\\x{value.hex()}'::bytea"
            return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)
        if isinstance(value, (int, float)):
            return ":number"
        # The same value in two statements, such as a person's identifier, is the same again.
        mark = made.setdefault(value, len(made))
        digits = len(value) if isinstance(value, str) else 2 * len(value)
        text = f"rpad(md5(:number::text || '-{mark}'), {digits}, '0')"
        return text if isinstance(value, str) else f"decode({text}, 'hex')"

    lines = [r"\set count :count + 1", rf"\set number :client_id * {NEW_CLIENT} + :start + :count",
             "BEGIN;", "SAVEPOINT command;"]
    for (text, values), (same, others) in zip(first, second):
        assert text == same, "two commands of one kind ran other statements"
        for place in range(len(values), 0, -1):
            text = text.replace(f"?{place}", written(values[place - 1], others[place - 1]))
        lines.append(" ".join(text.split()) + ";")
    return "\n".join([*lines, "RELEASE command;", "COMMIT;"]) + "\n"


class Bench:
    def __init__(self, words):
        self.words = words
        self.here = os.path.dirname(os.path.abspath(__file__))
        self.work = tempfile.mkdtemp(prefix="desk-", dir=words.folder)
        run("cc", "-O2", "-o", f"{self.work}/storm", f"{self.here}/storm.c")
        self.server = Server("/tmp")
        self.data = f"{self.work}/data"
        shutil.copytree(words.data, self.data, ignore=shutil.ignore_patterns("*.sock", "lock"))
        run(words.denghuo, "migrate", "--data", self.data, "--to", self.server.database("home"))
        self.server.run("vacuumdb", "-q", "-z", "-h", self.server.folder, "-U", "denghuo", "-d", "home")

    def fresh(self):
        address = self.server.database("run", "home")
        with open(f"{self.data}/store", "w") as store:
            store.write(address)

    def bare(self, clients):
        self.fresh()
        recording = f"{self.work}/recording"
        run(self.words.benchmark, "record", self.data, "0", "3", recording)
        path = f"{self.server.folder}/script"
        with open(path, "w") as file:
            file.write(script(Recording(recording)))
        os.chmod(path, 0o644)
        start = int(self.server.run("psql", "-At", "-h", self.server.folder, "-U", "denghuo", "-d", "run",
                                    "-c", "SELECT coalesce(max(sequence), 0) FROM journal"))
        log = f"{self.server.folder}/log"
        self.server.run(
            "pgbench", "-n", "-M", "prepared", "-h", self.server.folder, "-U", "denghuo", "-c", str(clients), "-j",
            str(min(clients, os.cpu_count() or 1)), "-T", str(int(self.words.seconds)), "-f", path,
            "-D", "count=0", "-D", f"start={start}", "-l", f"--log-prefix={log}", "run")
        waits = sorted(int(line.split()[2]) / 1e3 for name in glob.glob(f"{log}.*") for line in open(name))
        for name in glob.glob(f"{log}.*"):
            os.remove(name)
        if not waits:
            sys.exit(f"pgbench finished nothing in {self.words.seconds} s")
        return {"commands": len(waits), "per_second": len(waits) / self.words.seconds,
                "p50_ms": waits[len(waits) // 2], "p99_ms": waits[len(waits) * 99 // 100]}

    def desk(self, clients):
        self.fresh()
        return json.loads(run(
            self.words.benchmark, "desk", self.data, "0", str(clients), str(self.words.seconds)))

    def http(self, clients):
        self.fresh()
        home = run(self.words.benchmark, "home", self.data)
        token = run(self.words.denghuo, "token", "--data", self.data, "--account", "admin")
        server = subprocess.Popen(
            [self.words.denghuo, "serve", "--data", self.data, "--listen", "127.0.0.1:8938"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while not os.path.exists(f"{self.data}/address"):
                time.sleep(0.1)
            storm = f"{self.work}/storm"
            run(storm, "8938", token, home, "30000000", str(clients), "0", "1", "0")
            return json.loads(run(
                storm, "8938", token, home, "0", str(clients), "0", str(self.words.seconds), "0"))
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()
            if os.path.exists(f"{self.data}/address"):
                os.remove(f"{self.data}/address")

    def table(self):
        rows = []
        for clients in CLIENTS:
            bare, desk, http = self.bare(clients), self.desk(clients), self.http(clients)
            rows.append({"clients": clients, "bare": bare, "desk": desk,
                         "http": {k: v for k, v in http.items() if k != "acknowledged_in"}})
            parts = [f"{clients:4} clients"]
            for name, figures in (("pgbench", bare), ("desk", desk), ("HTTP", http)):
                parts.append(
                    f"{name} {figures['per_second']:8.0f}/s ({figures['per_second'] / bare['per_second']:5.0%})"
                    f" p50 {figures['p50_ms']:6.2f} p99 {figures['p99_ms']:6.2f} ms")
            print(" | ".join(parts), flush=True)
        return rows

    def clear(self):
        self.server.stop()
        shutil.rmtree(self.work, ignore_errors=True)


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("benchmark")
parser.add_argument("denghuo")
parser.add_argument("--data", required=True, help="a folder with a district in it")
parser.add_argument("--folder", default=".", help="where copies of it are tried on")
parser.add_argument("--seconds", type=float, default=10)
parser.add_argument("--json", help="where the figures are written")
words = parser.parse_args()
bench = Bench(words)
try:
    rows = bench.table()
    if words.json:
        with open(words.json, "w") as file:
            json.dump(rows, file, indent=2)
finally:
    bench.clear()
