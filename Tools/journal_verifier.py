#!/usr/bin/env python3
"""Checks a journal of Denghuo, without any of its code: Python's own library is all it needs.

    journal_verifier.py JOURNAL --key KEY [--checkpoints FILE]... [--mark MARK]...

JOURNAL  what `denghuo journal export` wrote, or the database file itself, which is only read
KEY      the district's public key as it was published (64 digits), or a file that holds it
FILE     checkpoints that were kept elsewhere: lines of JSON, or of marks
MARK     a place in the journal as a bulletin or a receipt prints it: 3521-9f3a-77c0-1b2e-88d1-04aa

It says `intact` and ends with 0, or names what is wrong, the first wrong entry first, and ends with
1. What is checked, and how the format is made, stands in docs/howto/JOURNAL.md.
"""
import argparse
import functools
import hashlib
import json
import re
import sqlite3
import sys

ORIGIN = "0" * 64
ENTRY = ("sequence", "at", "name", "command", "sender", "policy", "subject", "payload", "salt",
         "leaf", "head")
CHECKPOINT = ("size", "at", "head", "key", "signature")
CHAINED = ("sequence", "at", "name", "command", "sender", "policy", "subject", "leaf")

# --- Ed25519, as RFC 8032 says it ---------------------------------------------------------------
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(a, b):
    """The sum of two points in extended coordinates."""
    s = (a[1] - a[0]) * (b[1] - b[0]) % P
    t = (a[1] + a[0]) * (b[1] + b[0]) % P
    u = 2 * a[3] * b[3] * D % P
    v = 2 * a[2] * b[2] % P
    e, f, g, h = t - s, v - u, v + u, t + s
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(number, point):
    """A point added to itself so many times."""
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add(total, point)
        point = add(point, point)
        number >>= 1
    return total


def point(data):
    """The point that 32 bytes name, or None."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


@functools.lru_cache(maxsize=None)
def is_signed(message, key, signature):
    """Whether a message carries the signature of a key's other half."""
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r = point(key), point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    left = times(s, BASE)
    right = add(r, times(int.from_bytes(digest, "little") % ORDER, a))
    return ((left[0] * right[2] - right[0] * left[2]) % P == 0
            and (left[1] * right[2] - right[1] * left[2]) % P == 0)


# --- Reading ------------------------------------------------------------------------------------
def read_database(path):
    """The entries and checkpoints of a database file, which is not written to."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        def rows(table, columns, order):
            found = database.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {order}")
            return [dict(zip(columns, row)) for row in found]
        return (rows("journal", ENTRY, "sequence"),
                rows("journal_checkpoint", CHECKPOINT, "size"))
    finally:
        database.close()


def read_journal(path):
    """The entries and checkpoints of an export or of a database."""
    with open(path, "rb") as file:
        if file.read(15) == b"SQLite format 3":
            return read_database(path)
    entries, checkpoints = [], []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                value = json.loads(line)
            except ValueError:
                sys.exit(f"{path}: line {number} cannot be read")
            if "sequence" in value:
                entries.append({name: value.get(name) for name in ENTRY})
            elif "size" in value:
                checkpoints.append({name: value.get(name) for name in CHECKPOINT})
    return entries, checkpoints


def read_mark(text):
    """A mark as (entries, first digits of the head), or None."""
    match = re.fullmatch(r"\s*(\d+)[-: ]((?:[0-9a-f]{4}[-: ]?){5,16})\s*", text)
    return (int(match[1]), re.sub("[-: ]", "", match[2])) if match else None


def read_kept(path):
    """Checkpoints and marks that were kept elsewhere, and the lines that cannot be read."""
    checkpoints, marks, unreadable = [], [], []
    with open(path, encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            mark = read_mark(line)
            if mark:
                marks.append(mark)
                continue
            try:
                value = json.loads(line)
                checkpoints.append({name: value[name] for name in CHECKPOINT})
            except (ValueError, KeyError, TypeError):
                unreadable.append(f"{path}: line {number} cannot be read")
    return checkpoints, marks, unreadable


# --- Checking -----------------------------------------------------------------------------------
def digest(text):
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def chain_faults(entries):
    """What is wrong in the chain itself, as (entry, sentence)."""
    faults, head, expected = [], ORIGIN, 0
    for entry in entries:
        expected += 1
        number = entry["sequence"]
        if number != expected:
            faults.append((expected, f"entry {expected} is missing before entry {number}"))
            expected = number if isinstance(number, int) else expected
        payload, salt = entry["payload"], entry["salt"]
        if (payload is None) != (salt is None):
            faults.append((expected, f"entry {number} has lost half of its fact"))
        elif payload is not None and digest(f"{salt}\x1f{payload}") != entry["leaf"]:
            faults.append((expected, f"entry {number} does not say what it said"))
        said = [head] + [str(entry[name]) for name in CHAINED]
        if digest("".join(f"{len(part.encode())}:{part}" for part in said)) != entry["head"]:
            faults.append((expected, f"entry {number} breaks the chain"))
        head = entry["head"]
    return faults


def anchor_fault(size, head, heads, what):
    """What is wrong with the journal beside a place that was held elsewhere."""
    if size not in heads:
        return [(size, f"the journal of {len(heads) - 1} entries is shorter than {what} {size}")]
    if not str(heads[size]).startswith(head):
        return [(size, f"an entry at or before {size} is not what it was at {what} {size}")]
    return []


def checkpoint_faults(checkpoints, heads, key, what):
    """What is wrong with checkpoints: their signatures, and the journal beside them."""
    faults = []
    for checkpoint in checkpoints:
        size, at, head = checkpoint["size"], checkpoint["at"], checkpoint["head"]
        message = f"denghuo checkpoint 1\n{size}\n{at}\n{head}\n".encode()
        try:
            signature = bytes.fromhex(str(checkpoint["signature"]))
        except ValueError:
            signature = b""
        if checkpoint["key"] != key.hex() or not is_signed(message, key, signature):
            faults.append((size, f"{what} {size} is not signed with the published key"))
        else:
            faults += anchor_fault(size, head, heads, what)
    return faults


def check(entries, own, kept, marks, key):
    """Everything that is wrong, the first wrong entry first."""
    faults = chain_faults(entries)
    heads = {0: ORIGIN} | {entry["sequence"]: entry["head"] for entry in entries}
    faults += checkpoint_faults(own, heads, key, "checkpoint")
    faults += checkpoint_faults(kept, heads, key, "kept checkpoint")
    there = {tuple(checkpoint.values()) for checkpoint in own}
    for checkpoint in kept:
        if tuple(checkpoint.values()) not in there:
            size = checkpoint["size"]
            faults.append((size, f"kept checkpoint {size} is not in the journal's own list"))
    for size, head in marks:
        faults += anchor_fault(size, head, heads, "mark")
    return [sentence for _, sentence in sorted(faults, key=lambda fault: fault[0])]


def read_key(text):
    """The public key, written out or in a file."""
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        with open(text, encoding="utf-8") as file:
            text = file.read().strip()
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        sys.exit("the key is not 64 hexadecimal digits")
    return bytes.fromhex(text)


def main():
    parser = argparse.ArgumentParser(description="Checks a journal of Denghuo.")
    parser.add_argument("journal")
    parser.add_argument("--key", required=True)
    parser.add_argument("--checkpoints", action="append", default=[], metavar="FILE")
    parser.add_argument("--mark", action="append", default=[])
    arguments = parser.parse_args()
    key = read_key(arguments.key)
    entries, own = read_journal(arguments.journal)
    kept, marks = [], []
    for path in arguments.checkpoints:
        checkpoints, lines, unreadable = read_kept(path)
        kept += checkpoints
        marks += lines
        for sentence in unreadable:
            print(f"note: {sentence}", file=sys.stderr)
    for text in arguments.mark:
        mark = read_mark(text)
        if mark is None:
            parser.error(f"“{text}” is no mark")
        marks.append(mark)
    faults = check(entries, own, kept, marks, key)
    if faults:
        print(f"NOT INTACT: {faults[0]}")
        for fault in faults[1:10]:
            print(f"  {fault}")
        return 1
    forgotten = sum(1 for entry in entries if entry["payload"] is None)
    newest = max((size for size, _ in marks + [(c["size"], 0) for c in kept]), default=0)
    print(f"intact: {len(entries)} entries, {forgotten} facts forgotten; {len(own)} checkpoints, "
          f"{len(kept)} kept elsewhere, {len(marks)} marks; held elsewhere up to entry {newest}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
