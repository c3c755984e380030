"""What has to be true when all is over."""

import json


def faults(cluster, ledger):
    """Sentences about what is wrong; none when nothing is."""
    wrong = []
    receipts = {row[0]: row for row in cluster.ask(
        "SELECT receipt.command, receipt.name, answer, MAX(sequence) FROM receipt "
        "LEFT JOIN journal ON journal.command = receipt.command "
        "WHERE receipt.name IN ('residents.enrol', 'leads.enter') GROUP BY 1, 2, 3")}
    wrong += acknowledged(ledger, receipts)
    wrong += effects(cluster, receipts)
    wrong += order(ledger, receipts)
    wrong += jobs(cluster)
    wrong += branches(cluster)
    return wrong


def lost(cluster, ledger):
    """Which acknowledged commands have no receipt, while work goes on."""
    told = [entry["id"] for entry in list(ledger.entries)]
    kept = {row[0] for row in cluster.ask("SELECT command FROM receipt")}
    return [one for one in told if one not in kept]


def acknowledged(ledger, receipts):
    """Each acknowledged command has its receipt, which says what the client was told."""
    lost = [entry["id"] for entry in ledger.entries if entry["id"] not in receipts]
    other = [entry["id"] for entry in ledger.entries if entry["id"] in receipts and
             json.loads(receipts[entry["id"]][2]) != entry["answer"]]
    return ([f"{len(lost)} acknowledged commands are lost: {lost[:3]}"] if lost else []) + (
        [f"{len(other)} commands were answered in two ways: {other[:3]}"] if other else [])


def effects(cluster, receipts):
    """Each receipt has its effect, and there is no effect without one."""
    wrong = []
    told = {"residents.enrol": set(), "leads.enter": set()}
    for _, name, answer, _ in receipts.values():
        fields = json.loads(answer)
        told[name].add(fields["lead"] if name == "leads.enter" else fields["person"])
    people = {row[0] for row in cluster.ask("SELECT id FROM person")}
    leads = {row[0] for row in cluster.ask("SELECT id FROM lead")}
    for what, kept, said in (("people", people, told["residents.enrol"]),
                             ("leads", leads, told["leads.enter"])):
        if kept != said:
            wrong.append(f"{what}: {len(kept - said)} without a receipt, {len(said - kept)} lost")
    if sum(row[1] == "residents.enrol" for row in receipts.values()) != len(people):
        wrong.append("a person was enrolled by two commands")
    return wrong


def order(ledger, receipts):
    """A command that was sent after another was acknowledged stands behind it in the journal."""
    known = [entry for entry in ledger.entries if entry["id"] in receipts]
    last = {entry["id"]: int(receipts[entry["id"]][3] or 0) for entry in known}
    if any(number == 0 for number in last.values()):
        return ["a command stands in no journal"]
    acknowledged = sorted(known, key=lambda entry: entry["done"])
    highest, index, wrong = 0, 0, 0
    for entry in sorted(known, key=lambda entry: entry["sent"]):
        while acknowledged[index]["done"] < entry["sent"]:
            highest = max(highest, last[acknowledged[index]["id"]])
            index += 1
        wrong += last[entry["id"]] < highest
    return [f"{wrong} commands stand before one that was acknowledged earlier"] if wrong else []


def jobs(cluster):
    """What the clock had to tell was told once each, and nothing was given up."""
    wrong = []
    open_still = cluster.ask("SELECT COUNT(*) FROM obligation WHERE rung = 0")
    told, rows = cluster.ask(
        "SELECT (SELECT COUNT(*) FROM journal WHERE name = 'obligations.escalated'), "
        "(SELECT COUNT(*) FROM escalation)")[0]
    failed = cluster.ask("SELECT COUNT(*) FROM outbox")
    if told != rows:
        wrong.append(f"the clock told {told} things and did {rows}")
    if open_still[0][0] != "0":
        wrong.append(f"{open_still[0][0]} things were not done by the clock")
    if failed[0][0] != "0":
        wrong.append(f"{failed[0][0]} errands wait or were given up")
    return wrong


def branches(cluster):
    """All three databases hold the same chain, without a gap."""
    heads = {machine.name: cluster.ask(
        "SELECT COUNT(*), MIN(sequence), MAX(sequence), "
        "(SELECT head FROM journal ORDER BY sequence DESC LIMIT 1) FROM journal", machine)[0]
        for machine in cluster.databases}
    count, first, last, _ = next(iter(heads.values()))
    wrong = []
    if len({tuple(head) for head in heads.values()}) != 1:
        wrong.append(f"the databases hold different chains: {heads}")
    if int(count) != int(last) - int(first) + 1:
        wrong.append(f"the chain has a gap: {count} entries, {first} to {last}")
    return wrong
