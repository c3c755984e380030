#!/usr/bin/env python3
"""Makes the visits of a city: person, venue, from, to; whole seconds since 00:00 of day 0. Same seed, same bytes.

    generate.py tiny|d1|d10|d100 OUT      writes OUT/visits.csv, OUT/spec.json

Everybody makes the same number of visits in 14 days, 20 to 180 minutes each, never two at once, never over midnight,
leaning to midday. A venue is visited with weight 1/(rank + 100). Rows come in order of arrival."""
import json
import os
import sys

import numpy as np
import pyarrow as pa
import pyarrow.csv

DAYS, DAY, SHORTEST, LONGEST = 14, 86_400, 20 * 60, 180 * 60
SIZES = {"tiny": (20_000, 2_000, 300), "d1": (1_000_000, 100_000, 5_000),
         "d10": (10_000_000, 1_000_000, 50_000), "d100": (100_000_000, 1_000_000, 50_000)}


def days_of(rng, persons, each):
    """Begin and end of all visits of a block of people, as arrays of (person, visit)."""
    most = -(-each // DAYS)
    fuller = np.argsort(rng.random((persons, DAYS)), axis=1) < each - (most - 1) * DAYS
    stay = rng.integers(SHORTEST, LONGEST + 1, (persons, DAYS, most), dtype=np.int32)
    where = (rng.random(stay.shape, np.float32) + rng.random(stay.shape, np.float32)) / 2
    stay[..., -1][~fuller] = 0          # the last visit only on the fuller days
    where[..., -1][~fuller] = 2
    where.sort(axis=2)
    enter = np.minimum(where, 1) * (DAY - stay.sum(axis=2, keepdims=True))
    enter = enter.astype(np.int32) + stay.cumsum(axis=2) - stay + (np.arange(DAYS) * DAY)[None, :, None]
    real = stay > 0
    return enter[real].reshape(persons, each), (enter + stay)[real].reshape(persons, each)


def main(size, out, seed=20221129):
    visits, persons, venues = SIZES[size]
    each = visits // persons
    rng = np.random.default_rng(seed)
    venue_of_rank = rng.permutation(venues).astype(np.uint32)
    weight = np.cumsum(1 / (np.arange(venues) + 100.0))
    columns = {name: np.empty(visits, np.uint32) for name in ("person", "venue", "from", "to")}
    block = 20_000
    for first in range(0, persons, block):
        n = min(block, persons - first)
        rows = slice(first * each, (first + n) * each)
        enter, leave = days_of(rng, n, each)
        columns["person"][rows] = np.repeat(np.arange(first, first + n), each)
        columns["from"][rows], columns["to"][rows] = enter.ravel(), leave.ravel()
        rank = np.searchsorted(weight, rng.random(n * each) * weight[-1], side="right")
        columns["venue"][rows] = venue_of_rank[np.minimum(rank, venues - 1)]
    order = np.sort(columns["from"].astype(np.uint64) << np.uint64(32) | np.arange(visits, dtype=np.uint64))
    order = (order & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    columns = {name: column[order] for name, column in columns.items()}
    os.makedirs(out, exist_ok=True)
    with open(f"{out}/visits.csv", "wb") as f:
        f.write(b"person,venue,from,to\n")
        options = pa.csv.WriteOptions(include_header=False, batch_size=1 << 16)
        pa.csv.write_csv(pa.table(columns), f, options)
    noon = 7 * DAY + 12 * 3600
    cases = rng.choice(persons, min(1000, persons // 20), replace=False).tolist()
    with open(f"{out}/spec.json", "w") as f:
        json.dump({"size": size, "visits": visits, "persons": persons, "venues": venues, "longest": LONGEST,
                   "minimum": 900, "cases": cases, "window": [noon, noon + 7200],
                   "venue_top": int(venue_of_rank[0]), "venue_mid": int(venue_of_rank[venues // 2])}, f)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
