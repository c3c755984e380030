"""A phone that keeps work: it starts, dies, loses its network, signs in and opens pages as a person does."""

import json
import os
import random
import re
import shutil
import signal
import sqlite3
import time

from playwright.sync_api import Error, TimeoutError

from cable import Cable

PASSWORD = "seven lamps along the harbour wall"
DEVICE_COOKIE = "denghuo_device"
# Presses of which nothing was said: a page that became a fresh one just then. A person presses again.
MOST_UNHEARD = 3
ROLES = {"worker": "Street office leader", "other": "District duty officer"}
# Browsers count the time of a cookie from there.
SECONDS_FROM_1601 = 11_644_473_600


class Phone:
    def __init__(self, playwright, base, links, chromium, seed):
        self.playwright, self.chromium = playwright, chromium
        self.cable = Cable(base)
        self.base, self.direct = self.cable.base, base
        self.folder = os.path.dirname(links)
        text = open(links).read()
        self.links = dict(re.findall(r"^ *([^:\n]+): (http://\S+)$", text, re.M))
        self.chance = random.Random(seed)
        self.profile = os.path.join(self.folder, "profile")
        self.context = self.page = None
        # What was done, by obligation: the proof that closed it, and how often nobody could.
        self.done, self.calls, self.taken = {}, {}, set()
        self.account = self.key = self.colleague = None
        self.batches = self.cut = self.restarts = self.signIns = self.unheard = self.forgotten = 0
        self.signedInAt = 0
        self.said = []

    # MARK: Saying what was seen

    def say(self, step, *faults):
        print(json.dumps({"step": step, "faults": [f for f in faults if f]}, ensure_ascii=False), flush=True)

    def expect(self, step, isSo, note=""):
        self.say(step, None if isSo else (str(note)[:900] or "it is not so"))

    # MARK: The phone

    def start(self, profile=None):
        self.context = self.playwright.chromium.launch_persistent_context(
            profile or self.profile, executable_path=self.chromium, headless=True,
            viewport={"width": 390, "height": 844}, locale="en", has_touch=True,
            args=["--no-sandbox", "--disable-gpu", "--no-first-run"])
        self.context.set_default_timeout(20_000)
        self.context.set_offline(self.cable.isCut)
        self.page = self.context.pages[0]
        self.page.on("pageerror", lambda error: self.said.append(str(error)[:300]))
        return self.page

    def kill(self):
        """The phone dies: no page gets a chance to put anything away."""
        children = {}
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                line = open(f"/proc/{entry}/cmdline").read()
            except OSError:
                continue
            if f"--user-data-dir={self.profile}" in line and "--type=" not in line:
                children[int(entry)] = line
        for process in children:
            os.kill(process, signal.SIGKILL)
        try:
            self.context.close()
        except Error:
            pass
        for lock in ["SingletonLock", "SingletonCookie", "SingletonSocket"]:
            path = os.path.join(self.profile, lock)
            if os.path.lexists(path):
                os.remove(path)
        self.restarts += 1

    def isWritten(self, seconds=60):
        """Waits until the browser has written the cookie of the last sign-in: a copy without it is nobody's phone."""
        end = time.monotonic() + seconds
        copy = os.path.join(self.folder, "cookies")
        while time.monotonic() < end:
            for name in ["Cookies", "Cookies-journal"]:
                if os.path.exists(copy + name[len("Cookies"):]):
                    os.remove(copy + name[len("Cookies"):])
                found = [os.path.join(path, name) for path, _, names in os.walk(self.profile) if name in names]
                if found:
                    shutil.copy(found[0], copy + name[len("Cookies"):])
            base = sqlite3.connect(copy)
            try:
                at = base.execute("SELECT MAX(last_update_utc) FROM cookies WHERE name = ?", (DEVICE_COOKIE,)).fetchone()[0]
            except sqlite3.Error:
                at = None
            finally:
                base.close()
            if at and at / 1_000_000 - SECONDS_FROM_1601 >= self.signedInAt - 1:
                return True
            self.page.wait_for_timeout(1_000)
        return False

    def network(self, isOn):
        self.cable.cut(not isOn)
        self.context.set_offline(not isOn)

    def signIn(self, page, role, link=True):
        base = self.direct if page is self.colleague else self.base
        if page is not self.colleague:
            self.signedInAt = time.time()
        if link:
            page.goto(self.links[ROLES[role]].replace(self.direct, base))
            page.click("main button.primary")
            page.fill("#password", PASSWORD)
            page.fill("#again", PASSWORD)
        else:
            page.goto(self.base + "/sign-in?next=%2Fround")
            page.fill("#account", self.account)
            page.fill("#password", PASSWORD)
        page.click("main button.primary")
        page.wait_for_url(lambda address: "password" not in address and "sign-in" not in address)

    def state(self):
        return self.page.evaluate("async () => (await import(document.querySelector(\"[href^='/queue.js']\").getAttribute('href'))).queue.state()")

    def open(self, path):
        """Opens a page as a person does: after a restart without network the password is asked."""
        self.page.goto(self.base + path)
        if self.page.locator("#unlock").count():
            self.page.wait_for_selector("#unlock:not([hidden]), #nothing:not([hidden])")
            if self.page.locator("#unlock").is_hidden():
                # Dead before the browser had written down what opens the round: the network is needed once more.
                self.forgotten += 1
                self.expect("a phone forgets at most once in a shift", self.forgotten == 1, self.forgotten)
                self.network(True)
                self.page.goto(self.base + path)
            else:
                self.page.fill("#password", PASSWORD)
                self.page.click("#unlock button")
                self.page.wait_for_selector("header.round")
        # Whoever dies before the browser has written its cookies has to sign in again.
        if "/sign-in" in self.page.url:
            self.signIns += 1
            self.signIn(self.page, "worker", link=False)
            self.storeAll()
            self.page.goto(self.base + path)
        self.page.wait_for_selector("#queue-state")

    def storeAll(self):
        """Waits until the whole round is on the phone, as its head says."""
        self.page.goto(self.base + "/round")
        self.page.wait_for_selector("html[data-stored]", state="attached", timeout=60_000)

    def settled(self, seconds=90):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.state()["waiting"] == 0:
                return True
            self.page.evaluate("async () => (await import(document.querySelector(\"[href^='/queue.js']\").getAttribute('href'))).queue.send()")
            self.page.wait_for_timeout(300)
        return False

    def press(self, button):
        # What was sent before is said in the same place: only the entry's own mark tells that this one is kept.
        before = self.page.evaluate("document.documentElement.dataset.put ?? ''")
        button.click()
        try:
            self.page.wait_for_function(
                "(before) => document.querySelector('dialog') || (document.documentElement.dataset.put ?? before) !== before",
                arg=before, timeout=10_000)
        except TimeoutError:
            # Pressed beside it, because the page became a fresh one just then: nothing was said, and it is pressed again.
            self.unheard += 1
            self.expect("a press is heard", self.unheard <= MOST_UNHEARD, self.unheard)
            return False
        if not self.page.locator("dialog").count():
            return True
        self.page.click("dialog button.primary")
        self.page.wait_for_selector("#account")
        self.signIns += 1
        self.signIn(self.page, "worker", link=False)
        self.storeAll()
        return False

    # MARK: A network that cannot be trusted

    def trouble(self, route):
        """What happens to a batch on its way: lost, its answer lost, doubled, shuffled, or nothing."""
        self.batches += 1
        kind = self.chance.choice(["lost", "unanswered", "twice", "shuffled", "well", "well"])
        try:
            if kind == "lost":
                return route.abort("connectionreset")
            if kind == "unanswered":
                route.fetch()
                return route.abort("connectionreset")
            body = route.request.post_data
            if kind == "twice":
                route.fetch()
            if kind == "shuffled":
                entries = json.loads(body)
                self.chance.shuffle(entries)
                body = json.dumps(entries)
            return route.fulfill(response=route.fetch(post_data=body))
        except Error:
            try:
                route.abort()
            except Error:
                pass

    # MARK: The database

    def rows(self, statement, *values):
        base = sqlite3.connect(f"file:{self.folder}/data/denghuo.sqlite?mode=ro", uri=True)
        try:
            return base.execute(statement, values).fetchall()
        finally:
            base.close()
