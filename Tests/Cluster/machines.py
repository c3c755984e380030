"""Machines of a cluster on one computer: network namespaces on a bridge, and what cuts them apart."""

import os
import signal
import subprocess

BRIDGE = "dhbr0"
PREFIX = "dh-"
NET = "10.77.0."
HOME = NET + "254"


def run(*words, check=True):
    """Runs a program to its end and gives what it printed."""
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if check and done.returncode != 0:
        raise RuntimeError(f"{' '.join(words)}: {done.stdout.strip()}")
    return done.stdout


class Machine:
    """One namespace with an address and the programs that run in it."""

    def __init__(self, name, number):
        self.name = name
        self.space = PREFIX + name
        self.port = "dhv" + name
        self.address = f"{NET}{number}"
        self.programs = []

    def make(self):
        inside = self.port + "i"
        run("ip", "netns", "add", self.space)
        run("ip", "link", "add", self.port, "type", "veth", "peer", "name", inside)
        run("ip", "link", "set", inside, "netns", self.space)
        run("ip", "link", "set", self.port, "master", BRIDGE, "up")
        self.inside("ip", "link", "set", "lo", "up")
        self.inside("ip", "addr", "add", self.address + "/24", "dev", inside)
        self.inside("ip", "link", "set", inside, "up")

    def inside(self, *words, check=True):
        return run("ip", "netns", "exec", self.space, *words, check=check)

    def start(self, log, *words, user=None):
        """Starts a program on this machine that goes on running."""
        mask = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if user else []
        with open(log, "ab") as output:
            program = subprocess.Popen(
                ["ip", "netns", "exec", self.space, *mask, *words], stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, cwd="/", start_new_session=True)
        self.programs.append(program)
        return program

    def processes(self):
        """What runs here: the number of each process with its program's name."""
        found = {}
        for number in run("ip", "netns", "pids", self.space, check=False).split():
            try:
                with open(f"/proc/{number}/cmdline", "rb") as line:
                    found[int(number)] = line.read().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
        return found

    def kill(self, *parts):
        """Ends at once, without a word, every process here whose command has one of the parts."""
        for number, line in self.processes().items():
            if not parts or any(part in line for part in parts):
                try:
                    os.kill(number, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        for program in self.programs:
            program.poll()

    # How machines are parted. Each has its way back.

    def cut(self):
        """Takes the cable out."""
        run("ip", "link", "set", self.port, "down")

    def join(self):
        run("ip", "link", "set", self.port, "up")

    def lose(self, *others):
        """Loses what is sent from here to others; what they send still arrives."""
        for other in others:
            # A neighbour that nobody is: the frame leaves and is taken by none.
            self.inside("ip", "neigh", "replace", other.address, "lladdr", "02:00:00:00:77:77",
                        "dev", self.port + "i", "nud", "permanent")

    def find(self, *others):
        for other in others:
            self.inside("ip", "neigh", "del", other.address, "dev", self.port + "i", check=False)


def make_bridge():
    run("ip", "link", "add", BRIDGE, "type", "bridge")
    run("ip", "addr", "add", HOME + "/24", "dev", BRIDGE)
    run("ip", "link", "set", BRIDGE, "up")


def clear():
    """Takes away what this run, or one before it that was ended, left behind."""
    for line in run("ip", "netns", "list", check=False).splitlines():
        space = line.split()[0]
        if space.startswith(PREFIX):
            for number in run("ip", "netns", "pids", space, check=False).split():
                try:
                    os.kill(int(number), signal.SIGKILL)
                except ProcessLookupError:
                    pass
            # A namespace goes with the last of its processes; its cable goes now.
            run("ip", "link", "del", "dhv" + space.removeprefix(PREFIX), check=False)
            run("ip", "netns", "del", space, check=False)
    run("ip", "link", "del", BRIDGE, check=False)
