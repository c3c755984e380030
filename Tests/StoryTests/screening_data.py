"""What two published data sets of tests hold, worked out without the product.

Usage: screening_data.py slovakia FILE MOST     tests by district, from the first row on, up to MOST of them
       screening_data.py hospital FILE LASTDAY  accepted, repeated and invalid tests, and turnaround by day
Prints a JSON object that the story compares.
"""
import csv, json, sys
from collections import Counter, defaultdict


def slovakia(file, most):
    negative, positive, total = Counter(), Counter(), 0
    with open(file, encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines, delimiter=";"):
            if not row["District_code"].startswith("SK") or not row["Total"].isdigit():
                continue
            tests = int(row["Total"])
            if total + tests > most:
                break
            total += tests
            negative[row["District_code"]] += int(row["Ag_Neg"])
            positive[row["District_code"]] += int(row["Ag_Pos"])
    districts = sorted(set(negative) | set(positive))
    regions = Counter()
    for code in districts:
        regions[code[:5]] += negative[code] + positive[code]
    return {
        "total": total, "positive": sum(positive.values()), "regions": regions,
        "districts": {code: negative[code] + positive[code] for code in districts},
    }


def hospital(file, last):
    with open(file, encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    first, repeated, invalid = set(), 0, 0
    results, minutes = Counter(), defaultdict(list)
    for row in rows:
        try:
            took = int((float(row["col_rec_tat"]) + float(row["rec_ver_tat"])) * 60)
        except ValueError:
            continue
        day = int(row["pan_day"])
        # What a laboratory cannot have done, half an hour and less, and the absurd outliers of the file.
        if day > last or not 30 <= took <= 24 * 60:
            continue
        if (day, row["subject_id"]) in first:
            repeated += 1
            continue
        first.add((day, row["subject_id"]))
        results[row["result"]] += 1
        minutes[day].append(took)
    days = {}
    for day, all_ in minutes.items():
        ordered = sorted(all_)
        days[f"d{day}"] = {
            "median": ordered[len(ordered) // 2], "slow": ordered[len(ordered) * 9 // 10],
            "tests": len(ordered)}
    return {
        "accepted": sum(results.values()), "repeated": repeated, "invalid": results["invalid"],
        "positive": results["positive"], "days": days}


if __name__ == "__main__":
    which, file, number = sys.argv[1:4]
    print(json.dumps({"slovakia": slovakia, "hospital": hospital}[which](file, int(number)), sort_keys=True))
