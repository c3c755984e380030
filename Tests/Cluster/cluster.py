"""Three databases under Patroni with three members of etcd, and the nodes that share them."""

import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request

from machines import HOME, Machine, NET, clear, make_bridge, run

POSTGRES = sorted(
    (f"/usr/lib/postgresql/{version}/bin" for version in os.listdir("/usr/lib/postgresql")),
    key=lambda path: int(path.split("/")[4]))[-1]
PORT = 8080

# What docs/howto/POSTGRESQL.md recommends. Patroni's own defaults lose acknowledged writes.
PATRONI = """
scope: denghuo
name: {name}
restapi: {{listen: "{address}:8008", connect_address: "{address}:8008"}}
{interface}: {{hosts: [{etcd}]}}
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 5
    retry_timeout: 5
    maximum_lag_on_failover: 1048576
    synchronous_mode: true
    synchronous_mode_strict: true
    postgresql:
      use_pg_rewind: true
      # A new primary makes slots some seconds after it was chosen, and standbys wait for that.
      use_slots: false
      parameters:
        synchronous_commit: "on"
        wal_log_hints: "on"
        wal_keep_size: 256MB
        max_connections: 100
        shared_buffers: 64MB
        wal_retrieve_retry_interval: 500ms
        wal_sender_timeout: 5s
        wal_receiver_timeout: 5s
        tcp_keepalives_idle: 3
        tcp_keepalives_interval: 2
        tcp_keepalives_count: 2
        tcp_user_timeout: 6000
        log_error_verbosity: terse
  initdb: [{{encoding: UTF8}}, {{locale: C.UTF-8}}, data-checksums]
  pg_hba: ["host all all {net}0/24 trust", "host replication all {net}0/24 trust"]
postgresql:
  listen: "{address}:5432"
  connect_address: "{address}:5432"
  data_dir: {folder}/data
  bin_dir: {programs}
  pgpass: {folder}/pgpass
  remove_data_directory_on_rewind_failure: true
  remove_data_directory_on_diverged_timelines: true
  parameters: {{unix_socket_directories: {folder}}}
  authentication:
    superuser: {{username: postgres}}
    replication: {{username: replicator}}
    rewind: {{username: postgres}}
"""


class Cluster:
    def __init__(self, folder, program, interface="etcd"):
        self.folder = folder
        self.program = program
        # Patroni before 3.0.3 (Debian 12 has 3.0.2) overwrites the key of the primary without looking
        # when it speaks etcd's third interface: a primary that was cut off takes the work back from
        # its successor, with what was acknowledged there. `--interface etcd3` shows it in minutes.
        self.interface = interface
        self.remade = 0
        self.databases = [Machine(f"db{n}", n) for n in (1, 2, 3)]
        self.nodes = [Machine(f"app{n}", 10 + n) for n in (1, 2, 3)]
        self.token = None

    # Up and down

    def up(self):
        clear()
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        os.chmod(self.folder, 0o755)
        make_bridge()
        for machine in self.databases + self.nodes:
            machine.make()
        for machine in self.databases:
            self.start_etcd(machine)
        for machine in self.databases:
            folder = f"{self.folder}/{machine.name}"
            os.makedirs(folder)
            with open(f"{folder}/patroni.yml", "w") as file:
                file.write(PATRONI.format(
                    name=machine.name, address=machine.address, folder=folder, net=NET,
                    programs=POSTGRES, interface=self.interface,
                    etcd=", ".join(f'"{one.address}:2379"' for one in self.databases)))
            shutil.chown(folder, "postgres", "postgres")
            self.start_database(machine)
        self.wait_whole(180)

    def down(self):
        for machine in self.nodes + self.databases:
            machine.kill()
        clear()

    def start_etcd(self, machine):
        peers = ",".join(f"{one.name}=http://{one.address}:2380" for one in self.databases)
        here = f"http://{machine.address}"
        machine.start(
            f"{self.folder}/{machine.name}-etcd.log", "etcd", "--name", machine.name,
            "--data-dir", f"{self.folder}/{machine.name}-etcd",
            "--listen-peer-urls", here + ":2380", "--initial-advertise-peer-urls", here + ":2380",
            "--listen-client-urls", here + ":2379", "--advertise-client-urls", here + ":2379",
            "--initial-cluster", peers, "--initial-cluster-state", "new",
            # The disks of three machines are one here.
            "--heartbeat-interval", "250", "--election-timeout", "2000", "--enable-v2", "--pre-vote",
            "--logger", "zap", "--log-level", "warn")

    def start_database(self, machine):
        folder = f"{self.folder}/{machine.name}"
        machine.start(f"{folder}.log", "patroni", f"{folder}/patroni.yml", user="postgres")

    def start_node(self, machine):
        machine.start(
            f"{self.folder}/{machine.name}.log", "env", "SWIFT_BACKTRACE=enable=no", "LANG=en",
            self.program, "serve", "--data", f"{self.folder}/{machine.name}", "--listen",
            f"{machine.address}:{PORT}", "--exposed")

    # What it says of itself

    def views(self):
        """What each Patroni that answers says of all members; one that was cut off says old things."""
        views = []
        for machine in self.databases:
            answer = self.patroni(machine, "cluster")
            if answer is not None:
                views.append(json.loads(answer)["members"])
        return views

    def patroni(self, machine, path):
        """What a machine's Patroni answers; None when it does not answer, or answers no."""
        try:
            with urllib.request.urlopen(
                    f"http://{machine.address}:8008/{path}", timeout=2) as answer:
                return answer.read()
        except OSError:
            return None

    def primaries(self):
        """The machines that say of themselves that they take writing."""
        return [one for one in self.databases if self.patroni(one, "primary") is not None]

    def primary(self):
        """The one machine that takes writing, when all is well."""
        primaries = self.primaries()
        if len(primaries) != 1:
            raise RuntimeError(f"{len(primaries)} databases say that they take writing")
        return primaries[0]

    def is_whole(self):
        views = self.views()
        if len(views) != 3 or not all(self.is_good(view) for view in views):
            return False
        leaders = {member["name"] for view in views for member in view
                   if member["role"] == "leader"}
        return len(leaders) == 1 and [one.name for one in self.primaries()] == list(leaders)

    @staticmethod
    def is_good(members):
        """One primary, two standbys that follow it closely, one of which it waits for."""
        roles = sorted(member["role"] for member in members)
        lines = {member.get("timeline") for member in members}
        standbys = [member for member in members if member["role"] != "leader"]
        # Patroni calls a standby that follows "running" until version 4.
        return (roles == ["leader", "replica", "sync_standby"] and len(lines) == 1
                and all(member["state"] in ("running", "streaming") for member in members)
                and all(isinstance(member.get("lag"), int) and member["lag"] < 1 << 20
                        for member in standbys))

    def wait_whole(self, seconds):
        """Waits until there is a primary with two standbys that follow it, one of them waited for. A
        standby that cannot find its way back is made anew after half the time, and counted."""
        start = time.monotonic()
        remade = False
        while time.monotonic() - start < seconds:
            if self.is_whole():
                return
            if not remade and time.monotonic() - start > seconds / 2:
                remade = True
                self.remake_stuck()
            time.sleep(0.5)
        raise RuntimeError(f"the databases are not whole again: {self.views()}")

    def remake_stuck(self):
        views, primaries = self.views(), self.primaries()
        if not views or len(primaries) != 1:
            return
        newest = max(member.get("timeline", 0) for member in views[0])
        for member in views[0]:
            if member["role"] != "leader" and (
                    member.get("timeline") != newest or member.get("lag") != 0):
                self.remade += 1
                request = urllib.request.Request(
                    f"http://{member['host']}:8008/reinitialize", b'{"force": true}')
                try:
                    urllib.request.urlopen(request, timeout=5).close()
                except OSError:
                    continue

    def ask(self, statement, machine=None, database="denghuo"):
        """Asks the primary, or another database, directly and gives lines of values."""
        machine = machine or self.primary()
        done = subprocess.run(
            [f"{POSTGRES}/psql", "-h", machine.address, "-U", "postgres", "-d", database,
             "-XqAtF", "\t", "-c", statement], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"psql: {done.stderr.strip()}")
        return [line.split("\t") for line in done.stdout.splitlines()]

    # The district

    def found(self):
        """Makes the district and its nodes; they are not started yet."""
        self.ask("CREATE ROLE denghuo LOGIN", database="postgres")
        self.ask("CREATE DATABASE denghuo OWNER denghuo TEMPLATE template0 ENCODING 'UTF8'",
                 database="postgres")
        # A standby that has not heard of the database yet would refuse whoever asks for it.
        time.sleep(3)
        hosts = ",".join(machine.address for machine in self.databases)
        first = f"{self.folder}/{self.nodes[0].name}"
        self.denghuo("init", "--data", first, "--store", f"postgres://denghuo@{hosts}/denghuo")
        rows = [{"code": "230102", "name": "道里区", "city_code": "2301", "city": "哈尔滨市"},
                {"code": "230102001", "name": "兆麟街道"},
                {"code": "230102001001", "name": "红霞社区"}]
        self.denghuo("perform", "places.import", "--data", first, "--json",
                     json.dumps({"run": "cluster", "rows": rows}))
        self.token = self.denghuo("token", "--data", first, "--account", "admin").strip()
        for machine in self.nodes[1:]:
            copy = f"{self.folder}/{machine.name}"
            os.makedirs(copy, 0o700)
            for name in ("secret.key", "store"):
                shutil.copy(f"{first}/{name}", copy)
            shutil.copytree(f"{first}/policies", f"{copy}/policies")
        return self.ask("SELECT id FROM place WHERE name = '红霞社区'")[0][0]

    def make_late(self):
        """Lets everything that is owed become late now, so that the clock has to tell somebody."""
        self.ask("UPDATE obligation SET next_escalation_at = opened_at WHERE rung = 0")

    def wait_told(self, seconds):
        """Waits until the clock has told somebody of everything that is late."""
        self.make_late()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.ask("SELECT COUNT(*) FROM obligation WHERE rung = 0")[0][0] == "0":
                return
            time.sleep(1)

    def readiness(self, machine):
        """What a node says of itself: `ready`, or the code of what it lacks."""
        try:
            with urllib.request.urlopen(f"http://{machine.address}:{PORT}/readyz", timeout=15):
                return "ready"
        except urllib.error.HTTPError as error:
            return json.loads(error.read())["refusal"]["code"]
        except OSError:
            return "silent"

    def denghuo(self, *words, check=True):
        done = subprocess.run(
            [self.program, *words], capture_output=True, text=True,
            env={**os.environ, "LANG": "en", "SWIFT_BACKTRACE": "enable=no"})
        if check and done.returncode != 0:
            raise RuntimeError(f"denghuo {words[0]}: {done.stderr.strip()} {done.stdout.strip()}")
        return done.stdout

    def wait_ready(self, seconds):
        for machine in self.nodes:
            end = time.monotonic() + seconds
            while True:
                try:
                    with urllib.request.urlopen(
                            f"http://{machine.address}:{PORT}/readyz", timeout=5):
                        break
                except OSError as error:
                    if time.monotonic() > end:
                        raise RuntimeError(f"{machine.name} does not get ready: {error}")
                time.sleep(0.3)
