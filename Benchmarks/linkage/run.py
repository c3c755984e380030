"""Measures the search for duplicates beside splink and recordlinkage, one core each.

    python3 Benchmarks/linkage/run.py [--sizes 100000,1000000] [--kinds latin,chinese] [--peer-most 100000]
        [--febrl FOLDER] [--python PYTHON_WITH_PEERS] [--program linkage-benchmark] [--folder FOLDER]

Without the peers installed only our own figures are printed. Times are processor seconds of the whole
program, from file to file, so that a busy machine matters less; a ratio is a peer's time by ours.
"""
import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
MATCH = {
    "latin": "given_name=given_name surname=surname birth_date=birth_date identity=identity address=address "
             "locality=locality postcode=postcode",
    "chinese": "name=name sex=sex birth_date=birth_date identity=identity_number phone=phone address=address "
               "locality=community",
    "febrl": "given_name=given_name surname=surname birth_date=date_of_birth identity=soc_sec_id "
             "address=address_1 locality=suburb postcode=postcode",
}


def pairs_of(path):
    with open(path, encoding="utf-8") as file:
        return [row for row in list(csv.reader(file))[1:] if row]


def quality(found, truth):
    links = {tuple(sorted(row[:2])) for row in pairs_of(truth)}
    likely = {tuple(sorted(row[:2])) for row in pairs_of(found) if float(row[2]) >= 0.5}
    right = len(links & likely)
    return right / len(links), right / max(len(likely), 1)


def measured(arguments, output):
    """Runs a program on one core; gives its processor seconds, wall seconds and greatest memory in MB."""
    cores = sorted(os.sched_getaffinity(0))
    start = time.monotonic()
    with open(output, "wb") as out, open(output + ".log", "wb") as log:
        process = subprocess.Popen(arguments, stdout=out, stderr=log,
                                   preexec_fn=lambda: os.sched_setaffinity(0, cores[:1]))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
    if status != 0:
        return None
    return usage.ru_utime + usage.ru_stime, time.monotonic() - start, usage.ru_maxrss / 1024


def has(python, module):
    return subprocess.run([python, "-c", f"import {module}"], stderr=subprocess.DEVNULL).returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="100000,1000000")
    parser.add_argument("--kinds", default="latin,chinese")
    parser.add_argument("--peer-most", type=int, default=100_000)
    parser.add_argument("--febrl")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--program", default=os.path.join(HERE, "../../.build/release/linkage-benchmark"))
    parser.add_argument("--folder", default=os.path.join(tempfile.gettempdir(), "denghuo-linkage"))
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    jobs = []
    for name in ("febrl1", "febrl2") if options.febrl else ():
        base = os.path.join(options.febrl, name)
        jobs.append((name, "febrl", f"{base}.csv", f"{base}_true_links.csv", 0))
    for kind in options.kinds.split(","):
        for size in map(int, options.sizes.split(",")):
            base = os.path.join(options.folder, f"{kind}-{size}")
            if not os.path.exists(f"{base}.truth.csv"):
                subprocess.run([sys.executable, os.path.join(HERE, "generate.py"), kind, str(size), str(size // 5), "1",
                                f"{base}.csv", f"{base}.truth.csv"], check=True)
            jobs.append((f"{kind} {size:,} + {size // 5:,}", kind, f"{base}.csv", f"{base}.truth.csv", size))
    peers = [peer for peer in ("splink", "recordlinkage") if has(options.python, peer)]
    print("| list | program | recall | precision | processor s | wall s | MB | ratio |\n|---|---|---|---|---|---|---|---|")
    for name, kind, source, truth, size in jobs:
        ours = None
        for program in ["ours", *(peers if size <= options.peer_most else [])]:
            found = os.path.join(options.folder, f"{program}.csv")
            arguments = [options.program, source, *MATCH[kind].split()] if program == "ours" else \
                [options.python, os.path.join(HERE, "peers.py"), program, kind, source, found]
            result = measured(arguments, found if program == "ours" else found + ".out")
            if result is None:
                print(f"| {name} | {program} | failed, see {found}.out.log |||||", flush=True)
                continue
            recall, precision = quality(found, truth)
            ours = ours or result[0]
            print(f"| {name} | {program} | {recall:.4f} | {precision:.4f} | {result[0]:.2f} | {result[1]:.1f} | "
                  f"{result[2]:.0f} | {result[0] / ours:.1f} |", flush=True)


if __name__ == "__main__":
    main()
