#!/usr/bin/env python3
"""Makes a district's residents and their scans. Same seed, same bytes but for the days.

    generate.py residents OUT.csv PERSONS DIVISIONS.csv PREFIX   people by household in the communities of a prefix
    generate.py scans OUT.csv PERSONS SCANS VENUES DAY [--seed N] the scans of one day (YYYY-MM-DD), in order of arrival

Everybody makes the same number of scans a day, 20 to 180 minutes each, never two at once, never over midnight, leaning
to midday. A venue is visited with weight 1/(rank + 100). People and numbers are made up."""
import argparse
import csv
import datetime
import itertools
import random

DAY, SHORTEST, LONGEST, CHINA = 86_400, 20 * 60, 180 * 60, 8 * 3_600
HEADER = ("person,name,sex,birth_date,identity_kind,identity_number,phone,household,community_code,estate,building,"
          "entrance,floor,room,registered_code,work_place,tags").split(",")


def person(number):
    return f"r{number:07d}"


def identity(county, birth, number, weights=(7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)):
    body = f"{county}{birth:%Y%m%d}{number:03d}"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights)) % 11]


def residents(out, persons, divisions, prefix):
    chance = random.Random(1)
    with open(divisions, encoding="utf-8") as file:
        communities = [row[0] for row in csv.reader(file) if row[0].startswith(prefix)]
    counties = [f"{prefix[:4]}{county:02d}" for county in (2, 3, 11, 12, 13, 14)]
    used = {}
    number = 0
    with open(out, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for building in itertools.count(1):
            for community, entrance, floor, door in itertools.product(communities, (1, 2), range(1, 7), (1, 2)):
                household = f"{community}-{building}-{entrance}-{floor}0{door}"
                for _ in range(chance.choice((1, 2, 2, 3, 4))):
                    if number == persons:
                        return
                    birth = datetime.date(1940, 1, 1) + datetime.timedelta(days=chance.randrange(29_000))
                    female = chance.random() < 0.5
                    county = chance.choice(counties)
                    count = used[county, birth, female] = used.get((county, birth, female), -1) + 1
                    name = chance.choice("王李张刘陈杨赵黄周吴") + chance.choice("伟芳娜敏静丽强磊") + chance.choice("军洋勇艳杰涛")
                    writer.writerow([
                        person(number), name, "female" if female else "male", birth, "resident_id",
                        identity(county, birth, (2 * count + (0 if female else 1)) % 1_000), f"1{number:010d}", household,
                        community, "阳光小区", f"{building}号楼", f"{entrance}单元", floor, f"{floor}0{door}", "", "", ""])
                    number += 1


def scans(out, persons, scans, venues, day, seed):
    import numpy as np
    import pyarrow as pa
    import pyarrow.csv

    begin = (datetime.date.fromisoformat(day) - datetime.date(1970, 1, 1)).days * DAY - CHINA
    rng = np.random.default_rng([seed, begin // DAY])
    each = scans // persons
    # Where the venue of a rank lies does not change from day to day.
    venue_of_rank = np.random.default_rng(seed).permutation(venues).astype(np.int32)
    weight = np.cumsum(1 / (np.arange(venues) + 100.0))
    stay = rng.integers(SHORTEST, min(LONGEST, 2 * DAY // (3 * each)) + 1, (persons, each), dtype=np.int32)
    where = np.sort((rng.random(stay.shape, np.float32) + rng.random(stay.shape, np.float32)) / 2, axis=1)
    enter = (where * (DAY - stay.sum(axis=1, keepdims=True))).astype(np.int32) + stay.cumsum(axis=1, dtype=np.int32) - stay
    leave = (enter + stay).ravel()
    enter = enter.ravel()
    rank = np.searchsorted(weight, rng.random(enter.size) * weight[-1], side="right")
    order = np.argsort(enter, kind="stable")
    people = pa.array([person(number) for number in range(persons)])
    places = pa.array([f"v{number:06d}" for number in range(venues)])
    table = pa.table({
        "person": people.take(pa.array((order // each).astype(np.int32))),
        "venue": places.take(pa.array(venue_of_rank[np.minimum(rank, venues - 1)][order])),
        "from": (enter[order].astype(np.int64) + begin), "to": (leave[order].astype(np.int64) + begin)})
    with open(out, "wb") as file:
        file.write(b"person,venue,from,to\n")
        pa.csv.write_csv(table, file, pa.csv.WriteOptions(include_header=False, quoting_style="none"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    people = commands.add_parser("residents")
    people.add_argument("out")
    people.add_argument("persons", type=int)
    people.add_argument("divisions")
    people.add_argument("prefix")
    visits = commands.add_parser("scans")
    visits.add_argument("out")
    for name in ("persons", "scans", "venues"):
        visits.add_argument(name, type=int)
    visits.add_argument("day")
    visits.add_argument("--seed", type=int, default=20221129)
    asked = vars(parser.parse_args())
    {"residents": residents, "scans": scans}[asked.pop("command")](**asked)


if __name__ == "__main__":
    main()
