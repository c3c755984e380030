"""Who infected whom in two published outbreaks, worked out without the product.

Usage: transmission.py mers|singapore FILE…   prints a JSON object that the story compares.
"""
import csv, json, sys
from collections import Counter, defaultdict
from datetime import date

LEAD = 2  # days by which an infector may fall ill after whom they infected


def day(text):
    return None if text in ("", "NA", None) else date.fromisoformat(text)


def mers(lines, contacts):
    cases = {r["id"]: (day(r["dt_onset"]), day(r["dt_report"])) for r in csv.DictReader(open(lines))}
    links = [(r["to"], r["from"], r["exposure"]) for r in csv.DictReader(open(contacts))]
    return cases, links


def singapore(file):
    rows = list(csv.DictReader(open(file, encoding="utf-8-sig")))
    cases = {r["CaseID"]: (day(r["date_onset_symptoms"]), day(r["date_confirmation"])) for r in rows}
    links = []
    for r in rows:
        related = r["Related cases"].replace("\n", "")
        for other in [] if related in ("", "NA") else [x.strip() for x in related.split(",") if x.strip()]:
            if other in cases and other != r["CaseID"]:
                links.append((r["CaseID"], other, r["cluster"] if r["cluster"] != "NA" else ""))
    return cases, links


def components(cases, edges):
    near = defaultdict(set)
    for one, other in edges:
        near[one].add(other)
        near[other].add(one)
    seen, found = set(), []
    for case in cases:
        if case in seen:
            continue
        group, queue = set(), [case]
        while queue:
            at = queue.pop()
            if at not in group:
                group.add(at)
                queue.extend(near[at] - group)
        seen |= group
        found.append(group)
    return found


def circles(links):
    """Groups in which each case leads to each: by walking from every case."""
    up = defaultdict(set)
    for infected, infector, _ in links:
        up[infected].add(infector)

    def above(case):
        seen, queue = set(), list(up[case])
        while queue:
            at = queue.pop()
            if at not in seen:
                seen.add(at)
                queue.extend(up[at])
        return seen

    reach = {case: above(case) for case in list(up)}
    return {frozenset(x for x in reach if x in reach[c] and c in reach[x]) for c in reach if c in reach[c]}


def main():
    which, *files = sys.argv[1:]
    cases, links = mers(*files) if which == "mers" else singapore(*files)
    order = [f"{infected} {infector}" for infected, infector, _ in links
             if cases[infector][0] and cases[infected][0]
             and (cases[infector][0] - cases[infected][0]).days > LEAD]
    answer = {"cases": len(cases), "links": len(links), "onset_order": sorted(order),
              "loops": len(circles(links)), "in_loops": sorted(set().union(*circles(links))),
              "several": sorted(c for c, n in Counter(i for i, _, _ in links).items() if n > 1)}
    # The first source that a file names counts; chains and generations follow from those.
    first = {}
    for infected, infector, place in links:
        first.setdefault(infected, (infector, place))
    if which == "mers":
        def generation(case):
            return 1 + generation(first[case][0]) if case in first else 1
        answer["generations"] = {str(k): v for k, v in sorted(Counter(generation(c) for c in cases).items())}
        groups = components(cases, [(c, s[0]) for c, s in first.items()])
        answer["chains"] = sorted((len(g) for g in groups if len(g) > 1), reverse=True)
        answer["infected"] = [[k, v] for k, v in sorted(Counter(s[0] for s in first.values()).items(),
                                                       key=lambda kv: (-kv[1], kv[0]))[:5]]
        answer["venues"] = dict(Counter(s[1] for s in first.values() if not s[1].startswith("Family")))
    else:
        groups = components(cases, [link[:2] for link in links])
        answer["groups"] = {case: len(group) for group in groups for case in group}
    print(json.dumps(answer, ensure_ascii=False, sort_keys=True))


main()
