#!/usr/bin/env python3
"""Companions worked out apart from the program, straight from the words of the file contract.

    companions.py --encounters FILE|--visits FILE --index ID... --minimum S [--from T --to T] [--degree 2]

Times are seconds since 1970. Plain and slow on purpose: every pair is looked at, no index, no early end."""
import argparse
import csv
import sys

ask = argparse.ArgumentParser()
ask.add_argument("--encounters")
ask.add_argument("--visits")
ask.add_argument("--index", nargs="+", required=True)
ask.add_argument("--minimum", type=int, required=True)
ask.add_argument("--from", dest="since", type=int)
ask.add_argument("--to", dest="until", type=int)
ask.add_argument("--degree", type=int, default=1)
a = ask.parse_args()
indices = set(a.index)
with open(a.encounters or a.visits, newline="", encoding="utf-8") as f:
    rows = list(csv.DictReader(f))


def joined(spans):
    """Spans in order, those that touch or overlap made one."""
    out = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1][1] = max(out[-1][1], end)
        else:
            out.append([start, end])
    return out


class Encounters:
    """`at` is the end of an encounter; it counts when from < at <= to. A pair is undirected."""

    def __init__(self):
        kept = [(r["person_a"], r["person_b"], int(r["at"]), int(r["seconds"])) for r in rows]
        kept = [r for r in kept if (a.since is None or a.since < r[2]) and (a.until is None or r[2] <= a.until)]
        self.both = {}
        for x, y, t, s in kept + [(y, x, t, s) for x, y, t, s in kept]:
            self.both.setdefault(x, {}).setdefault(y, []).append((t, s))

    def met(self, person):
        return self.both.get(person, {})

    def figures(self, common):
        ends = [t for t, _ in common]
        return sum(s for _, s in common), len(common), min(ends), max(ends)

    def after(self, common, moment):
        """What is left after a moment, and when it came."""
        left = [(t, s) for t, s in common if t > moment]
        return left, min((t for t, _ in left), default=None)


class Visits:
    """Common spans of visits at one venue, cut to the window; no second counts twice."""

    def __init__(self):
        self.of = {}
        for r in rows:
            start, end = int(r["from"]), int(r["to"])
            start, end = max(start, a.since or 0), min(end, end if a.until is None else a.until)
            if start < end:
                self.of.setdefault(r["person"], []).append((r["venue"], start, end))

    def met(self, person):
        out = {}
        for other in self.of:
            if other == person:
                continue
            common = [(v, max(s, t), min(e, f)) for v, s, e in self.of.get(person, ())
                      for w, t, f in self.of[other] if v == w and max(s, t) < min(e, f)]
            if common:
                out[other] = common
        return out

    def figures(self, common):
        meetings = [m for v in {c[0] for c in common} for m in joined([c[1:] for c in common if c[0] == v])]
        return sum(e - s for s, e in joined(meetings)), len(meetings), min(m[0] for m in meetings), max(m[1] for m in meetings)

    def after(self, common, moment):
        left = [(v, max(s, moment), e) for v, s, e in common if e > moment]
        return left, min((s for _, s, _ in left), default=None)


data = Encounters() if a.encounters else Visits()
lines = []
first_met = {}  # contact -> for each index of which it is a contact, the moment from which it counts
for index in indices:
    for person, common in data.met(index).items():
        if person in indices:
            continue
        total, count, first, last = data.figures(common)
        if total >= a.minimum:
            lines.append((total, person, index, 1, count, first, last))
            first_met.setdefault(person, []).append(first)

if a.degree == 2:
    reached = {}
    for contact, moments in first_met.items():
        for person, common in data.met(contact).items():
            if person in first_met or person in indices:
                continue
            left, came = data.after(common, min(moments))
            if left:
                reached.setdefault(person, []).append((came, contact.encode(), left))
    for person, ways in reached.items():
        _, through, left = min(ways, key=lambda way: way[:2])
        total, count, first, last = data.figures(left)
        lines.append((total, person, through.decode(), 2, count, first, last))

lines.sort(key=lambda l: (-l[0], l[1].encode(), l[2].encode()))
out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(["index", "person", "degree", "overlap_seconds", "meetings", "first_at", "last_at"])
for total, person, index, degree, count, first, last in lines:
    out.writerow([index, person, degree, total, count, first, last])
