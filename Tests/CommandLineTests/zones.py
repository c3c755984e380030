"""The history of published zones, counted once more by a short script that knows nothing of the program."""
import csv, json, sys
from collections import defaultdict
from datetime import date, timedelta

RANK = {"low": 0, "medium": 1, "high": 2}
lists = defaultdict(lambda: defaultdict(list))
for row in csv.DictReader(open(sys.argv[1], encoding="utf-8-sig")):
    lists[(row["as_of"][:10], row["city_code"])][row["as_of"]].append(row)
day_of = defaultdict(lambda: defaultdict(set))
for (day, city), versions in lists.items():
    for row in versions[max(versions)]:
        day_of[day][(city, row["county"], row["area"])].add(row["level"])
first, last = date.fromisoformat(min(day_of)), date.fromisoformat(max(day_of))
days, contradictions, runs, reopened = [], 0, defaultdict(list), 0
before, since, seen = {}, {}, {}
day = first
while day <= last:
    found = day_of.get(day.isoformat(), {})
    contradictions += sum(len(levels) > 1 for levels in found.values())
    now = {zone: max(levels, key=RANK.get) for zone, levels in found.items()}
    standing, events = defaultdict(int), defaultdict(int)
    for zone, level in now.items():
        standing[f"{zone[0]}-{level}"] += 1
        if zone not in before:
            events[f"{zone[0]}-opened_{level}"] += 1
            if zone in seen and 1 <= (day - seen[zone]).days - 1 <= 7:
                reopened += 1
            since[zone] = day
        elif before[zone] != level:
            events[f"{zone[0]}-" + ("raised" if RANK[level] > RANK[before[zone]] else "lowered")] += 1
            runs[f"{zone[0]}-{before[zone]}"].append((day - since[zone]).days)
            since[zone] = day
    for zone, level in before.items():
        if zone not in now:
            events[f"{zone[0]}-closed_{level}"] += 1
            runs[f"{zone[0]}-{level}"].append((day - since[zone]).days)
    for zone in now:
        seen[zone] = day
    days.append({"day": day.isoformat(), "standing": dict(standing), "events": dict(events)})
    before = now
    day += timedelta(1)
for zone, level in before.items():
    runs[f"{zone[0]}-{level}"].append((last - since[zone]).days + 1)
print(json.dumps({
    "days": days, "contradictions": contradictions, "reopened_within_7_days": reopened,
    "episodes": {key: {"n": len(run), "mean_days": round(sum(run) / len(run), 3), "max": max(run)}
                 for key, run in runs.items()}}))
