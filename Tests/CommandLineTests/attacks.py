"""Attacks on a journal by somebody who can write every table, and what the verifier says of each.

    attacks.py VERIFIER DATABASE KEPT KEY SECRET COUNT SEED [--blind] [--earlier DATABASE]...

Each attack is made on a copy of the database. The verifier gets the checkpoints that were kept
elsewhere; with --blind it does not, which has to let some of the attacks through.
"""
import argparse
import hashlib
import hmac
import importlib.util
import json
import os
import random
import shutil
import sqlite3
import tempfile
from pathlib import Path


def load(path):
    spec = importlib.util.spec_from_file_location("journal_verifier", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Signer:
    """Signs as RFC 8032 says."""

    def __init__(self, verifier, seed):
        self.verifier = verifier
        digest = hashlib.sha512(seed).digest()
        number = int.from_bytes(digest[:32], "little")
        self.secret = (number & ((1 << 254) - 8)) | (1 << 254)
        self.prefix = digest[32:]
        self.key = self.compressed(verifier.times(self.secret, verifier.BASE))

    def compressed(self, point):
        prime = self.verifier.P
        inverse = pow(point[2], prime - 2, prime)
        x, y = point[0] * inverse % prime, point[1] * inverse % prime
        return (y | (x & 1) << 255).to_bytes(32, "little")

    def sign(self, message):
        order = self.verifier.ORDER
        r = int.from_bytes(hashlib.sha512(self.prefix + message).digest(), "little") % order
        start = self.compressed(self.verifier.times(r, self.verifier.BASE))
        h = int.from_bytes(hashlib.sha512(start + self.key + message).digest(), "little") % order
        return start + ((r + h * self.secret) % order).to_bytes(32, "little")


class Journal:
    """The rows of one copy, as an attacker holds them."""

    def __init__(self, verifier, path, chance):
        self.verifier, self.chance = verifier, chance
        self.entries, self.checkpoints = verifier.read_database(path)

    def write(self, path):
        database = sqlite3.connect(path)
        database.execute("PRAGMA synchronous = OFF")
        for table, columns, rows in (("journal", self.verifier.ENTRY, self.entries),
                                     ("journal_checkpoint", self.verifier.CHECKPOINT,
                                      self.checkpoints)):
            database.execute(f"DELETE FROM {table}")
            marks = ", ".join("?" for _ in columns)
            database.executemany(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",
                [[row[column] for column in columns] for row in rows])
        database.commit()
        database.close()

    def restamp(self):
        """Makes numbers, leaves and heads right again for what the entries say now."""
        head = self.verifier.ORIGIN
        for number, entry in enumerate(self.entries, 1):
            entry["sequence"] = number
            if entry["payload"] is not None and entry["salt"] is not None:
                entry["leaf"] = self.verifier.digest(f"{entry['salt']}\x1f{entry['payload']}")
            said = [head] + [str(entry[name]) for name in self.verifier.CHAINED]
            head = self.verifier.digest("".join(f"{len(p.encode())}:{p}" for p in said))
            entry["head"] = head

    def resign(self, signer):
        """Signs every checkpoint anew over the heads that stand there now."""
        heads = {entry["sequence"]: entry["head"] for entry in self.entries}
        self.checkpoints = [row for row in self.checkpoints if row["size"] in heads]
        for row in self.checkpoints:
            row["head"] = heads[row["size"]]
            message = f"denghuo checkpoint 1\n{row['size']}\n{row['at']}\n{row['head']}\n"
            row["key"] = signer.key.hex()
            row["signature"] = signer.sign(message.encode()).hex()

    def pick(self, most):
        """The place of an entry that a kept checkpoint covers."""
        return self.chance.randrange(min(most, len(self.entries)))

    def changed(self, value, field):
        """Another value for a field."""
        others = [entry[field] for entry in self.entries if entry[field] not in (value, None)]
        if others and self.chance.random() < 0.4:
            return self.chance.choice(others)
        if isinstance(value, int):
            return value + self.chance.choice([-86_400_000, -1, 1, 60_000, 10**6])
        text = value or ""
        if not text or self.chance.random() < 0.3:
            return text + self.chance.choice("0a}x ")
        place = self.chance.randrange(len(text))
        letter = self.chance.choice([c for c in "0123456789abcdefx" if c != text[place]])
        return text[:place] + letter + text[place + 1:]


def edit(journal, covered, fields):
    entry = journal.entries[journal.pick(covered)]
    field = journal.chance.choice(fields)
    if field in ("payload", "salt") and journal.chance.random() < 0.2:
        entry[field] = None
    else:
        entry[field] = journal.changed(entry[field], field)


SAID = ("at", "name", "command", "sender", "policy", "subject", "payload", "salt")


def edit_field(journal, covered, _):
    while True:
        edit(journal, covered, journal.verifier.ENTRY)
        numbers = [entry["sequence"] for entry in journal.entries]
        if len(set(numbers)) == len(numbers):
            return
        journal.entries = [dict(entry) for entry in journal.original]


def edit_and_restamp(journal, covered, _):
    edit(journal, covered, SAID)
    journal.restamp()


def exchange_facts(journal, covered, _):
    one, other = journal.chance.sample(journal.entries[:covered], 2)
    for field in ("payload", "salt"):
        one[field], other[field] = other[field], one[field]


def forget_half(journal, covered, _):
    entry = journal.entries[journal.pick(covered)]
    entry[journal.chance.choice(["payload", "salt"])] = None


def forget_what_was_forged(journal, covered, _):
    entry = journal.entries[journal.pick(covered)]
    field = journal.chance.choice(["sender", "at", "subject", "policy", "command", "name"])
    entry[field] = journal.changed(entry[field], field)
    entry["payload"] = entry["salt"] = None
    if journal.chance.random() < 0.5:
        journal.restamp()


def delete(journal, covered, _):
    del journal.entries[journal.pick(covered)]


def delete_and_restamp(journal, covered, _):
    first = journal.pick(covered)
    del journal.entries[first:first + journal.chance.randint(1, 5)]
    journal.restamp()


def forged(journal, covered):
    entry = dict(journal.entries[journal.pick(covered)])
    entry["payload"] = journal.changed(entry["payload"], "payload")
    entry["salt"] = os.urandom(16).hex()
    return entry


def insert(journal, covered, _):
    place = journal.pick(covered)
    journal.entries.insert(place, forged(journal, covered))
    for number, entry in enumerate(journal.entries, 1):
        entry["sequence"] = number


def insert_and_restamp(journal, covered, _):
    journal.entries.insert(journal.pick(covered), forged(journal, covered))
    journal.restamp()


def reorder(journal, covered, _):
    one, other = journal.chance.sample(range(covered), 2)
    entries = journal.entries
    entries[one], entries[other] = entries[other], entries[one]
    for number, entry in enumerate(entries, 1):
        entry["sequence"] = number
    if journal.chance.random() < 0.6:
        journal.restamp()


def truncate(journal, covered, _):
    size = journal.chance.randrange(covered)
    del journal.entries[size:]
    if journal.chance.random() < 0.7:
        journal.checkpoints = [row for row in journal.checkpoints if row["size"] <= size]


def roll_back(journal, covered, tools):
    earlier = journal.chance.choice(tools["earlier"])
    journal.entries, journal.checkpoints = journal.verifier.read_database(earlier)
    if journal.chance.random() < 0.5:
        for _ in range(journal.chance.randint(1, covered)):
            journal.entries.append(forged(journal, len(journal.entries)))
        journal.restamp()


def forge_checkpoint(journal, _, tools):
    row = journal.chance.choice(journal.checkpoints)
    field = journal.chance.choice(["size", "at", "head", "key", "signature"])
    if field == "size":
        taken = {one["size"] for one in journal.checkpoints}
        row["size"] = journal.chance.choice(
            [n for n in range(1, len(journal.entries) + 9) if n not in taken])
    else:
        row[field] = journal.changed(row[field], "head" if field != "at" else "at")
    if journal.chance.random() < 0.3:
        signer = tools["stranger"]
        message = f"denghuo checkpoint 1\n{row['size']}\n{row['at']}\n{row['head']}\n"
        row["key"], row["signature"] = signer.key.hex(), signer.sign(message.encode()).hex()


def insert_checkpoint(journal, _, tools):
    """A checkpoint that nobody of the district signed, over a head that is right."""
    taken = {row["size"] for row in journal.checkpoints}
    entry = journal.chance.choice([e for e in journal.entries if e["sequence"] not in taken])
    row = {"size": entry["sequence"], "at": entry["at"], "head": entry["head"]}
    message = f"denghuo checkpoint 1\n{row['size']}\n{row['at']}\n{row['head']}\n"
    signature = tools["stranger"].sign(message.encode()).hex()
    row["key"] = journal.chance.choice([tools["stranger"], tools["own"]]).key.hex()
    journal.checkpoints.append(row | {"signature": signature})


def remove_checkpoints(journal, _, tools):
    kept = [row for row in journal.checkpoints if row["size"] in tools["kept_sizes"]]
    gone = journal.chance.sample(kept, journal.chance.randint(1, len(kept)))
    journal.checkpoints = [row for row in journal.checkpoints if row not in gone]


def resign_with_another_key(journal, covered, tools):
    edit_and_restamp(journal, covered, tools)
    journal.resign(tools["stranger"])


def resign_with_own_key(journal, covered, tools):
    """The operator himself, who has the district's secret: only what is kept elsewhere tells."""
    journal.chance.choice([edit_and_restamp, delete_and_restamp, insert_and_restamp])(
        journal, covered, tools)
    journal.resign(tools["own"])


ATTACKS = [edit_field, edit_and_restamp, exchange_facts, forget_half, forget_what_was_forged,
           delete, delete_and_restamp, insert, insert_and_restamp, reorder, truncate, roll_back,
           forge_checkpoint, insert_checkpoint, remove_checkpoints, resign_with_another_key,
           resign_with_own_key]


def retention(journal, _covered, _tools):
    """What is lawful: the oldest facts, and some others, are forgotten with their salts."""
    oldest = journal.chance.randrange(len(journal.entries))
    for number, entry in enumerate(journal.entries):
        if number < oldest or journal.chance.random() < 0.1:
            entry["payload"] = entry["salt"] = None


def main():
    parser = argparse.ArgumentParser()
    for name in ("verifier", "database", "kept", "key", "secret"):
        parser.add_argument(name)
    parser.add_argument("count", type=int)
    parser.add_argument("seed", type=int)
    parser.add_argument("--blind", action="store_true")
    parser.add_argument("--earlier", action="append", default=[])
    arguments = parser.parse_args()
    verifier = load(arguments.verifier)
    chance = random.Random(arguments.seed)
    key = verifier.read_key(arguments.key)
    kept, _, _ = verifier.read_kept(arguments.kept)
    covered = max(row["size"] for row in kept)
    own = hmac.new(Path(arguments.secret).read_bytes(), b"denghuo checkpoint", "sha256").digest()
    tools = {"stranger": Signer(verifier, chance.randbytes(32)), "own": Signer(verifier, own),
             "earlier": arguments.earlier, "kept_sizes": {row["size"] for row in kept}}
    assert tools["own"].key == key, "the district's key does not follow from its secret"
    folder = tempfile.mkdtemp()
    copy = os.path.join(folder, "copy.sqlite")

    def verdict(change):
        shutil.copy(arguments.database, copy)
        journal = Journal(verifier, copy, chance)
        journal.original = [dict(entry) for entry in journal.entries]
        before = json.dumps([journal.entries, journal.checkpoints])
        change(journal, covered, tools)
        if json.dumps([journal.entries, journal.checkpoints]) == before:
            return None
        journal.write(copy)
        entries, checkpoints = verifier.read_database(copy)
        return verifier.check(entries, checkpoints, [] if arguments.blind else kept, [], key)

    made, missed, alarms = {}, {}, []
    while sum(made.values()) < arguments.count:
        attack = ATTACKS[sum(made.values()) % len(ATTACKS)]
        faults = verdict(attack)
        if faults is None:
            continue
        made[attack.__name__] = made.get(attack.__name__, 0) + 1
        if not faults:
            missed[attack.__name__] = missed.get(attack.__name__, 0) + 1
    untouched = max(10, arguments.count // 10)
    for _ in range(untouched):
        alarms += verdict(retention) or []
    alarms += verifier.check(*verifier.read_database(arguments.database), kept, [], key)
    # A copy of then beside what was kept until then is whole, too.
    for earlier in arguments.earlier:
        entries, checkpoints = verifier.read_database(earlier)
        then = [row for row in kept if row["size"] <= len(entries)]
        alarms += verifier.check(entries, checkpoints, then, [], key)
    shutil.rmtree(folder)
    print(json.dumps({"made": made, "missed": missed, "entries": covered, "kept": len(kept),
                      "untouched": untouched + 1 + len(arguments.earlier),
                      "alarms": alarms[:5]}))


if __name__ == "__main__":
    main()
