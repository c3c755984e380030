"""Ten times what the server can carry, for minutes; then what was said is compared with what is there.

Prints the capacity, what was still done while the crowd was there, which answers were given, when
everything was as before, and whether the database agrees with what the clients were told.
"""
import argparse, json, os, shutil, signal, sqlite3, statistics, subprocess, sys, tempfile, time

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("benchmark")
parser.add_argument("denghuo")
parser.add_argument("--data", required=True)
parser.add_argument("--folder", default=".")
parser.add_argument("--seconds", type=int, default=300)
parser.add_argument("--times", type=float, default=10)
parser.add_argument("--connections", type=int, default=3000)
words = parser.parse_args()

here = os.path.dirname(os.path.abspath(__file__))
work = tempfile.mkdtemp(prefix="storm-", dir=words.folder)
storm = f"{work}/storm"
port = "8938"
subprocess.run(["cc", "-O2", "-o", storm, f"{here}/storm.c"], check=True)
data = f"{work}/data"
shutil.copytree(words.data, data, ignore=shutil.ignore_patterns("*.sock", "lock"))


def run(*command):
    return subprocess.run(command, check=True, text=True, capture_output=True).stdout.strip()


def crowd(start, connections, rate, seconds, retries=0, ledger="/dev/null"):
    return json.loads(run(
        storm, port, token, home, str(start), str(connections), str(rate), str(seconds), str(retries),
        ledger))


home = run(words.benchmark, "home", data)
token = run(words.denghuo, "token", "--data", data, "--account", "admin")
log = open(f"{work}/log", "w")
server = subprocess.Popen(
    [words.denghuo, "serve", "--data", data, "--listen", f"127.0.0.1:{port}"], stdout=log, stderr=log)
try:
    while not os.path.exists(f"{data}/address"):
        time.sleep(0.1)
    crowd(30_000_000, 64, 0, 2)
    capacity = crowd(35_000_000, 256, 0, 15)["per_second"]
    calm = crowd(40_000_000, 64, capacity / 4, 10)
    print(f"capacity {capacity:.0f}/s; at a quarter of it p99 {calm['p99_ms']:.0f} ms", flush=True)
    told = f"{work}/told"
    peak = crowd(0, words.connections, capacity * words.times, words.seconds, 3, told)
    steady = peak["acknowledged_in"][5:] or peak["acknowledged_in"]
    goodput = statistics.mean(steady)
    print(
        f"{words.times:g} times that for {words.seconds} s: {goodput:.0f}/s done ({goodput / capacity:.0%} of "
        f"capacity), p50 {peak['p50_ms']:.0f} p99 {peak['p99_ms']:.0f} ms, answers {peak['statuses']}, "
        f"connections broken {peak['broken']}", flush=True)
    # The people who came make every command dearer: what was done is held to what the server can do
    # with the folder as it is now as well.
    grown = crowd(55_000_000, 256, 0, 15)["per_second"]
    print(
        f"capacity with all of them in the folder {grown:.0f}/s: {goodput / statistics.mean([capacity, grown]):.0%} "
        "of the mean of before and after", flush=True)
    after = None
    began = time.monotonic()
    for number in range(12):
        look = crowd(45_000_000 + number * 100_000, 64, capacity / 4, 5)
        if look["p99_ms"] <= max(2 * calm["p99_ms"], 300) and set(look["statuses"]) == {"200"}:
            after = time.monotonic() - began
            break
    print(f"as before after {after:.0f} s" if after else "NOT as before within a minute", flush=True)
finally:
    server.send_signal(signal.SIGTERM)
    server.wait()
done, refused = set(), set()
for line in open(told):
    number, status = line.split()
    # Of a connection that broke, nobody knows; it is neither.
    if status == "200":
        done.add(f"storm-{int(number):08}")
    elif status != "0":
        refused.add(f"storm-{int(number):08}")
database = sqlite3.connect(f"{data}/denghuo.sqlite")
there = {row[0] for row in database.execute(
    "SELECT command FROM receipt WHERE command LIKE 'storm-%' AND name = 'residents.enrol'")}
people = database.execute(
    "SELECT COUNT(*) FROM receipt WHERE name = 'residents.enrol' AND command NOT IN (SELECT command FROM journal)"
).fetchone()[0]
print(
    f"acknowledged {len(done)}, of which missing {len(done - there)}; refused {len(refused)}, of which there "
    f"{len(refused & there)}; receipts without a fact {people}")
strange = set(peak["statuses"]) - {"200", "429", "503"}
shutil.rmtree(work, ignore_errors=True)
sys.exit(1 if done - there or refused & there or people or strange or not after else 0)
