"""What happens to a primary: it is killed, or cut off in one of several ways."""

import time

# After somebody else is at work the fault lasts so much longer: a machine does not come back at once.
AFTERMATH = 2.0
LONGEST = 75.0
# By then a node has noticed that the primary is gone and another cannot have been chosen.
NOTICED = 9.0
NODE_AWAY = 15.0


class Fault:
    """Begins, ends, and says of itself what it is."""

    def __init__(self, cluster, number):
        self.cluster = cluster
        self.primary = cluster.primary()
        self.others = [one for one in cluster.databases if one is not self.primary]
        self.node = cluster.nodes[number % 3]
        self.readiness = ""
        # Whether there is another primary afterwards.
        self.moves = True

    def observe(self):
        """Asks a node in the midst of it how it fares."""
        self.readiness = self.cluster.readiness(self.node)

    def __str__(self):
        return f"{self.name} ({self.primary.name})"


class Kill(Fault):
    name = "kill"

    def begin(self):
        self.primary.kill("postgres", "patroni")

    def end(self):
        self.cluster.start_database(self.primary)


class Cable(Fault):
    """Nobody reaches it, etcd on its machine included."""

    name = "cable"

    def begin(self):
        self.primary.cut()

    def end(self):
        self.primary.join()


class Apart(Fault):
    """It sees the nodes that write and none of the other databases: two sides could both go on."""

    name = "apart"

    def begin(self):
        self.primary.lose(*self.others)
        for other in self.others:
            other.lose(self.primary)

    def end(self):
        self.primary.find(*self.others)
        for other in self.others:
            other.find(self.primary)


class Mute(Fault):
    """What it sends to the other databases is lost; it hears them."""

    name = "mute"

    def begin(self):
        self.primary.lose(*self.others)

    def end(self):
        self.primary.find(*self.others)


class Deaf(Fault):
    """What the others send it is lost; they hear it."""

    name = "deaf"

    def begin(self):
        for other in self.others:
            other.lose(self.primary)

    def end(self):
        for other in self.others:
            other.find(self.primary)


class NodeAway(Fault):
    """One node does not reach the primary; the others do."""

    name = "node away"

    def __init__(self, cluster, number):
        super().__init__(cluster, number)
        self.moves = False

    def begin(self):
        self.node.lose(self.primary)
        self.primary.lose(self.node)

    def end(self):
        self.node.find(self.primary)
        self.primary.find(self.node)


PARTITIONS = [Cable, Apart, NodeAway, Mute, Deaf]


def suffer(fault, ledger):
    """Lets a fault happen and, when others have taken over, pass; gives the moment of its beginning."""
    start = time.time()
    fault.begin()
    time.sleep(NOTICED)
    fault.observe()
    while time.time() - start < (LONGEST if fault.moves else NODE_AWAY):
        time.sleep(0.25)
        if fault.moves and has_moved(fault) and ledger.times(time.time() - 1):
            break
    time.sleep(AFTERMATH)
    fault.end()
    return start


def has_moved(fault):
    return any(one is not fault.primary for one in fault.cluster.primaries())


def longest_pause(start, times):
    """The longest time without an acknowledgement since a moment, in seconds."""
    points = [start, *sorted(times), time.time()]
    pauses = [after - before for before, after in zip(points, points[1:])]
    return max(pauses, default=0)
