"""Kills and cuts off the primary of a PostgreSQL cluster under load, and counts what was lost.

    python3 Tests/Cluster/run.py PROGRAM [--kills 2] [--partitions 2] [--folder DIR]

Prints a line for each fault and, at the end, the outages and whether all that was acknowledged is
there once. Ends with 0 when it is and the 95th percentile of the outages is within the limit. SIGTERM
lets it end after the fault that is under way, with all that is looked at in the end.
"""

import argparse
import math
import os
import shutil
import signal
import sys
import threading
import time

import check
from cluster import Cluster
from faults import PARTITIONS, Kill, longest_pause, suffer
from load import Client, Ledger

LIMIT_SECONDS = 30
WHOLE_SECONDS = 120
# After so many faults it is looked whether anything is missing so far.
LOOK_EVERY = 10


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def share(values, part):
    """The smallest value that so many of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)] if ordered else 0.0


def plan(kills, partitions):
    """Kills and partitions by turns."""
    cuts = [PARTITIONS[number % len(PARTITIONS)] for number in range(partitions)]
    mixed = []
    for number in range(max(kills, partitions)):
        mixed += [Kill] * (number < kills) + cuts[number:number + 1]
    return mixed


def outages_by_kind(outages):
    kinds = {}
    for kind, seconds in outages:
        kinds.setdefault("kill" if kind == "kill" else "partition", []).append(seconds)
        kinds.setdefault(kind, []).append(seconds)
    for kind, values in kinds.items():
        say(f"{kind}: {len(values)} times, outage p50 {share(values, 0.5):.1f} s, "
            f"p95 {share(values, 0.95):.1f} s, longest {max(values):.1f} s")
    return [seconds for _, seconds in outages]


def storm(cluster, faults, ledger):
    """Lets each fault happen under load; gives the outage of each, and what nodes said falsely."""
    outages, wrong = [], []
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    for number, kind in enumerate(faults):
        fault = kind(cluster, number)
        cluster.make_late()
        start = suffer(fault, ledger)
        cluster.wait_whole(WHOLE_SECONDS)
        time.sleep(1)
        outage = longest_pause(start, ledger.times(start))
        outages.append((kind.name, outage))
        if not fault.readiness.startswith("storage."):
            wrong.append(f"fault {number + 1}: {fault.node.name} said that it is {fault.readiness}")
        say(f"{number + 1}/{len(faults)} {fault}: nothing acknowledged for {outage:.1f} s, "
            f"whole again after {time.time() - start:.0f} s, {len(ledger)} acknowledged, "
            f"meanwhile {fault.readiness}")
        if (number + 1) % LOOK_EVERY == 0:
            lost, known = check.lost(cluster, ledger), len(ledger)
            say(f"so far {len(lost)} of {known} acknowledged commands are missing")
        if stopping.is_set():
            say(f"told to stop after {number + 1} faults")
            break
    return outages, wrong


def main():
    words = argparse.ArgumentParser()
    words.add_argument("program")
    words.add_argument("--kills", type=int, default=2)
    words.add_argument("--partitions", type=int, default=2)
    words.add_argument("--clients", type=int, default=4)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--interface", choices=["etcd", "etcd3"], default="etcd")
    words.add_argument("--folder", default="/tmp/denghuo-cluster")
    asked = words.parse_args()
    if os.getuid() != 0:
        sys.exit("Network namespaces and killing a database's processes need root: run it with sudo.")
    missing = [name for name in ("patroni", "etcd", "ip", "setpriv") if not shutil.which(name)]
    if missing:
        sys.exit(f"Not installed: {', '.join(missing)} (make cluster-packages).")
    cluster = Cluster(asked.folder, os.path.abspath(asked.program), asked.interface)
    try:
        sys.exit(1 if measure(cluster, asked) else 0)
    finally:
        cluster.down()


def measure(cluster, asked):
    """The whole of it; gives what is wrong."""
    cluster.up()
    home = cluster.found()
    for node in cluster.nodes:
        cluster.start_node(node)
    cluster.wait_ready(60)
    ledger = Ledger(f"{asked.folder}/ledger.jsonl")
    clients = [Client(cluster, ledger, home, asked.seed * 1000 + n) for n in range(asked.clients)]
    for client in clients:
        client.start()
    time.sleep(3)
    say(f"up, {len(ledger)} acknowledged in three seconds")
    outages, wrong = storm(cluster, plan(asked.kills, asked.partitions), ledger)
    for client in clients:
        client.end()
    for client in clients:
        client.join(Client.PATIENCE * 2)
    wrong += [defect for client in clients for defect in client.defects]
    cluster.wait_ready(60)
    cluster.wait_whole(WHOLE_SECONDS)
    cluster.wait_told(90)
    for node in cluster.nodes:
        node.kill()
    time.sleep(1)
    wrong += check.faults(cluster, ledger)
    verified = cluster.denghuo("verify", "--data", f"{asked.folder}/{cluster.nodes[0].name}",
                               check=False)
    if "0 violated" not in verified:
        wrong.append(f"verify: {verified.strip()[-400:]}")
    values = outages_by_kind(outages)
    if share(values, 0.95) > LIMIT_SECONDS:
        wrong.append(f"the 95th percentile of the outages is above {LIMIT_SECONDS} s")
    say(f"standbys that had to be made anew: {cluster.remade}")
    say(f"other answers: {dict(sorted(ledger.answers.items()))}")
    say(f"{len(ledger)} commands acknowledged, {len(outages)} faults")
    for sentence in wrong:
        say(f"WRONG: {sentence}")
    say("broken" if wrong else "everything that was acknowledged is there, once")
    return wrong


if __name__ == "__main__":
    main()
