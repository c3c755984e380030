"""Clients who send commands, again until somebody says that they were done, and keep account."""

import http.client
import json
import random
import threading
import time
import uuid

from cluster import PORT


class Ledger:
    """Every command that was acknowledged, on paper before the client goes on."""

    def __init__(self, path):
        self.lock = threading.Lock()
        self.file = open(path, "a", buffering=1)
        self.entries = []
        self.answers = {}

    def acknowledge(self, entry):
        with self.lock:
            self.entries.append(entry)
            self.file.write(json.dumps(entry) + "\n")

    def note(self, what):
        """Counts what came instead of an acknowledgement."""
        with self.lock:
            self.answers[what] = self.answers.get(what, 0) + 1

    def times(self, since):
        with self.lock:
            return [entry["done"] for entry in self.entries if entry["done"] >= since]

    def __len__(self):
        return len(self.entries)


class Client(threading.Thread):
    """One client: a command after another, each through whichever node answers."""

    # A client that gives up sooner than a node asks only sends the same command once more.
    PATIENCE = 25
    PAUSE = 0.08

    def __init__(self, cluster, ledger, home, seed):
        super().__init__(daemon=True)
        self.cluster, self.ledger, self.home = cluster, ledger, home
        self.chance = random.Random(seed)
        self.stopping = threading.Event()
        self.defects = []
        self.links = {}

    def run(self):
        while not self.stopping.is_set():
            try:
                self.send(*self.command())
            except Exception as error:
                self.defects.append(repr(error))
                return
            time.sleep(self.chance.uniform(0.5, 1.5) * self.PAUSE)

    def command(self):
        """Mostly somebody enrolled; now and then a lead, which somebody then owes an answer."""
        key = str(uuid.UUID(int=self.chance.getrandbits(128)))
        if self.chance.random() < 0.85:
            return key, "residents.enrol", {"home": self.home, "name": "某某"}
        return key, "leads.enter", {
            "lead": "l-" + key, "title": "某单", "urgency": "urgent", "name": "某某",
            "place_code": self.home}

    def send(self, key, name, body):
        first = time.time()
        while not self.stopping.is_set():
            status, answer = self.post(self.chance.choice(self.cluster.nodes), key, name, body)
            if status == 200:
                self.ledger.acknowledge({
                    "id": key, "name": name, "sent": first, "done": time.time(),
                    "answer": answer["answer"]})
                return
            code = answer.get("refusal", {}).get("code", "") if isinstance(answer, dict) else answer
            self.ledger.note(f"{status} {code}".strip())
            if status not in (0, 429, 503, 504):
                raise RuntimeError(f"{name} was answered {status} {code}")
            time.sleep(self.chance.uniform(0.1, 0.4))

    def post(self, node, key, name, body):
        """One try; status 0 when nobody knows what became of it."""
        link = self.links.get(node) or http.client.HTTPConnection(
            node.address, PORT, timeout=self.PATIENCE)
        self.links[node] = link
        try:
            link.request("POST", f"/api/commands/{name}", json.dumps(body), {
                "authorization": "Bearer " + self.cluster.token,
                "content-type": "application/json", "idempotency-key": key})
            answer = link.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            link.close()
            self.links.pop(node, None)
            return 0, type(error).__name__

    def end(self):
        self.stopping.set()
