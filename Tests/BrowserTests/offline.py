"""A shift without network: 200 obligations on a phone whose network is cut at random points.

Usage: offline.py DATA LINKS CHROMIUM [SEED]
  DATA      the address of the server
  LINKS     a file with the sign-in addresses that `denghuo demo` prints; the district is beside it
  CHROMIUM  the browser
  SEED      what the chances follow from; DENGHUO_SHIFT in the environment makes the shift shorter

Each line is {"step": …, "faults": […]}; the last one is {"step": "end", "faults": []}.
"""

import json
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import struct
import sys
import threading
import time
import zlib

from playwright.sync_api import Error, TimeoutError, sync_playwright

PASSWORD = "seven lamps along the harbour wall"
NOTE = "lighthouse keeper coughs behind the blue door"
NAME = "Ottoline Quartermain"
SHIFT = int(os.environ.get("DENGHUO_SHIFT", 200))
SHORTEST = 40
LEFT_OVER = 24
DEVICE_COOKIE = "denghuo_device"
# Browsers count the time of a cookie from there.
SECONDS_FROM_1601 = 11_644_473_600
# Presses of which nothing was said: a page that became a fresh one just then. A person presses again.
MOST_UNHEARD = 3
ROLES = {"worker": "Street office leader", "other": "District duty officer"}
CLOSED_BY = "SELECT id FROM obligation WHERE closed_by = ?"
# Whoever has been silent and is asked has reported; a visit with the six rules is word of the whole household,
# and mends what was not met. Whoever is told of a measure at the door has been found. What is owed for that is closed by the same entry, at the same moment.
FOLLOWING_BY = "SELECT id, closed_at FROM obligation WHERE closed_by = ? AND kind IN ('home.silence', 'home.remedy', 'referrals.answer', 'referrals.find') AND state = 'done'"
FACTS_BY = "SELECT COUNT(*) FROM journal WHERE name = 'obligations.done' AND sender = ?"
# A page stored earlier may still show what was closed since, as a silence that a report has ended, or a search.
STILL_OWED = "SELECT 1 FROM obligation WHERE id = ? AND closed_at IS NULL AND kind NOT IN ('home.silence', 'referrals.answer', 'referrals.find')"
CALLS_BY = "SELECT obligation, COUNT(*) FROM attempt WHERE sender = ? GROUP BY obligation"
UNSENT = "SELECT id, cause, code FROM unsent ORDER BY reported_at, id"

# Asks the worker for the key, as a page does, and seals an entry as the pages of an older app did.
OLDER_ENTRY = """async ([id, name, form, title]) => {
  const worker = (await navigator.serviceWorker.getRegistration()).active;
  const { queue } = await import(document.querySelector("[href^='/queue.js']").getAttribute("href"));
  // After a restart the worker may have the key of an earlier device until the page has asked the district.
  let held = null;
  for (let turn = 0; turn < 50 && (!held || held.device !== (await queue.state()).device); turn++) {
    if (turn > 0) await new Promise((done) => setTimeout(done, 200));
    held = await new Promise((done) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = (event) => done(event.data);
      worker.postMessage({ say: "key?" }, [channel.port2]);
    });
  }
  const place = new TextEncoder().encode(`${held.device}|${id}`);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const text = JSON.stringify({ version: 1, name, form, title, time: Date.now(), subject: form.obligation });
  const sealed = new Uint8Array(await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: place }, held.key, new TextEncoder().encode(text)));
  const whole = new Uint8Array(12 + sealed.length);
  whole.set(iv);
  whole.set(sealed, 12);
  const base = await new Promise((done) => {
    indexedDB.open("denghuo").onsuccess = (event) => done(event.target.result);
  });
  await new Promise((done) => {
    const transaction = base.transaction(["entries"], "readwrite");
    transaction.objectStore("entries").add({
      id, device: held.device, state: "waiting", at: Date.now(), size: whole.length,
      sealed: whole.buffer });
    transaction.oncomplete = done;
  });
  base.close();
  await queue.send();
}"""

# Everything that a stranger can read out of the stores of a page, as text.
ALL_STORES = """async () => {
  const names = (await indexedDB.databases()).map(({ name }) => name);
  if (!names.includes("denghuo")) return { stores: [], text: "" };
  const base = await new Promise((done) => {
    indexedDB.open("denghuo").onsuccess = (event) => done(event.target.result);
  });
  const stores = [...base.objectStoreNames];
  const transaction = base.transaction(stores);
  const all = await Promise.all(stores.map((store) => new Promise((done) => {
    transaction.objectStore(store).getAll().onsuccess = (event) => done(event.target.result);
  })));
  base.close();
  const text = JSON.stringify(all, (name, value) => value instanceof ArrayBuffer
    ? new TextDecoder("latin1").decode(value) : value instanceof CryptoKey ? "a key in the clear" : value);
  return { stores, text, entries: all[stores.indexOf("entries")].length };
}"""


def picture(width, height):
    """A picture as a camera makes one: large, and of many colours."""
    chance = random.Random(width)
    line = bytes(chance.randrange(256) for _ in range(3 * width))
    rows = b"".join(b"\0" + line[3 * (y % 97):] + line[:3 * (y % 97)] for y in range(height))

    def chunk(kind, content):
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))


class Cable:
    """The way between the phone and the district; cut, it ends what is under way and lets nothing in."""

    def __init__(self, address):
        host, port = re.match(r"http://([^:/]+):(\d+)", address).groups()
        self.target, self.isCut, self.open = (host, int(port)), False, set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            near, _ = self.listener.accept()
            if self.isCut:
                near.close()
                continue
            try:
                far = socket.create_connection(self.target)
            except OSError:
                near.close()
                continue
            self.open.update([near, far])
            for source, sink in [(near, far), (far, near)]:
                threading.Thread(target=self.carry, args=(source, sink), daemon=True).start()

    def carry(self, source, sink):
        try:
            while content := source.recv(65_536):
                sink.sendall(content)
        except OSError:
            pass
        for end in (source, sink):
            self.open.discard(end)
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()

    def cut(self, isCut):
        self.isCut = isCut
        for end in list(self.open) if isCut else []:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class Shift:
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

    # MARK: Working

    def places(self):
        """The pages with doors, as the phone finds them without network."""
        found, waiting, seen = [], ["/round"], {"/round"}
        self.there = 0
        while waiting:
            address = waiting.pop(0)
            self.open(address)
            here = self.page.locator("main .door .work").count()
            self.there += here
            if here:
                found.append(address)
            for tile in self.page.locator("main a.tile").all():
                link = tile.get_attribute("href")
                if link not in seen:
                    seen.add(link)
                    waiting.append(link)
        return found

    def shake(self, address):
        """Cuts the network or gives it back, reloads, or lets the phone die, all by chance."""
        dice = self.chance.random()
        if dice < 0.10:
            self.network(self.cable.isCut)
            self.cut += 1
        elif dice < 0.13:
            self.open(address)
        elif dice < 0.145:
            self.kill()
            self.start()
            self.context.route("**/api/batch", self.trouble)
            self.open(address)

    def work(self, addresses):
        """Goes from door to door until the shift's number is done."""
        left = {}
        while len(self.done) < self.length and addresses:
            address = self.chance.choice(addresses)
            self.open(address)
            for _ in range(self.chance.randint(4, 14)):
                if len(self.done) >= self.length:
                    return
                self.shake(address)
                if not self.step():
                    left[address] = left.get(address, 0) + 1
                    break
            if left.get(address, 0) > 1:
                addresses.remove(address)

    def step(self):
        """One thing at one door: the first that is neither done nor tried before."""
        page = self.page
        tried = list(self.done) + list(self.taken)
        subject = page.evaluate("""(tried) => {
          const old = new Set(tried);
          for (const form of document.querySelectorAll("main .door form")) {
            const subject = form.querySelector("[name=obligation]")?.value;
            // Whoever's temperature is taken, or who is told of a measure, is looked for no more: that closes by
            // itself in between.
            let node = form;
            while (node && !node.matches("p.work, .door")) node = node.previousElementSibling ?? node.parentElement;
            const isSearch = node?.matches("p.work") && /No word for too long|(Find|Accept) the contact/.test(node.textContent);
            if (subject && !isSearch && !old.has(subject) && !form.querySelector("button[disabled]")) return subject;
          }
          return null;
        }""", tried)
        if subject is None:
            return False
        forms = page.locator(f"main form:has(input[name=obligation][value='{subject}'])")
        if self.chance.random() < 0.15:
            which = self.chance.choice(["nobodyHome", "needsHelp"])
            if self.press(forms.locator(f"button[value={which}]").first):
                self.calls[subject] = self.calls.get(subject, 0) + 1
            return True
        proof = {}
        disclosure = page.locator(f"#proof-{subject}")
        if disclosure.count():
            # In one step: the page may be swapped for a fresh one at any moment.
            page.evaluate("(id) => document.getElementById(id).setAttribute('open', '')", f"proof-{subject}")
            quick = disclosure.locator("form.quick button")
            if quick.count():
                button = quick.nth(self.chance.randrange(quick.count()))
                proof[button.get_attribute("name").split(".")[1]] = button.get_attribute("value")
            else:
                form = disclosure.locator("form.form").first
                for field in form.locator("input:not([type=hidden]):not([type=radio])").all():
                    value = "36.6" if field.get_attribute("type") == "number" else f"T-{len(self.done):06}"
                    field.fill(value)
                    proof[field.get_attribute("name").split(".")[1]] = value
                for group in form.locator("fieldset").all():
                    group.locator("input[type=radio]").first.check()
                button = form.locator("button.primary")
        else:
            button = forms.locator("button.primary").first
        if self.press(button):
            self.done[subject] = proof
        return True

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

    # MARK: The parts of the shift

    def prepare(self):
        page = self.start()
        self.signIn(page, "worker")
        self.storeAll()
        self.account = page.evaluate("fetch('/device').then((a) => a.json()).then((s) => s.account)")
        self.key = page.evaluate("fetch('/device').then((a) => a.json()).then((s) => s.key)")
        self.context.route("**/api/batch", self.trouble)
        self.network(False)
        # What the sample has closed in this account's name is no work of the shift.
        self.closedBefore = {row[0] for row in self.rows(CLOSED_BY, self.account)}
        self.factsBefore = self.rows(FACTS_BY, self.account)[0][0]
        self.callsBefore = dict(self.rows(CALLS_BY, self.account))
        addresses = self.places()
        self.expect("the whole round is there without network", len(addresses) > 0, addresses)
        # How much is owed depends on the hour at which the sample is made; some is left for what follows.
        self.length = min(SHIFT, self.there - LEFT_OVER)
        self.expect("there is enough for a shift", self.length >= min(SHIFT, SHORTEST), self.there)
        return addresses

    def finishElsewhere(self, browser):
        """A colleague does some of it first, so that the phone's own is refused."""
        page = self.colleague = browser.new_context(locale="en").new_page()
        self.signIn(page, "other")
        for subject in self.taken:
            status = page.evaluate("""async ([id, obligation]) => (await fetch("/api/commands/obligations.attempt", {
              method: "POST", headers: { "Content-Type": "application/json", "Idempotency-Key": id },
              body: JSON.stringify({ obligation, outcome: "nobodyHome" }) })).status""", [f"elsewhere-a-{subject}", subject])
            waived = page.evaluate("""async ([id, obligation]) => (await fetch("/api/commands/obligations.waive", {
              method: "POST", headers: { "Content-Type": "application/json", "Idempotency-Key": id },
              body: JSON.stringify({ obligation, reason: "moved" }) })).status""", [f"elsewhere-w-{subject}", subject])
            self.expect("a colleague was first", (status, waived) == (200, 200), (status, waived))

    def compare(self, step):
        """The database is what was done: nothing lost, nothing doubled."""
        faults = []
        for subject, proof in self.done.items():
            found = self.rows("SELECT state, proof, closed_by FROM obligation WHERE id = ?", subject)
            if not found or found[0][0] != "done" or found[0][2] != self.account:
                faults.append(f"not done: {subject} {found}")
                continue
            kept = json.loads(found[0][1])
            wrong = {k: v for k, v in proof.items() if kept.get(k) != v}
            if wrong:
                faults.append(f"another proof: {subject} {wrong} {kept}")
        following = self.followed()
        doubled = {row[0] for row in self.rows(CLOSED_BY, self.account)} - self.closedBefore - set(self.done) - following
        if doubled:
            what = [self.rows("SELECT id, kind, closed_at FROM obligation WHERE id = ?", one) for one in sorted(doubled)[:3]]
            faults.append(f"done though nobody did it: {what}")
        calls = {subject: count - self.callsBefore.get(subject, 0)
                 for subject, count in self.rows(CALLS_BY, self.account)}
        calls = {subject: count for subject, count in calls.items() if count}
        if calls != self.calls:
            differing = {s: (calls.get(s, 0), self.calls.get(s, 0)) for s in {*calls, *self.calls}
                         if calls.get(s, 0) != self.calls.get(s, 0)}
            what = [self.rows("SELECT kind, state, closed_by, closed_at, reason FROM obligation WHERE id = ?", s) for s in differing]
            faults.append(f"calls kept and made differ: {differing} {what}")
        facts = self.rows(FACTS_BY, self.account)[0][0] - self.factsBefore
        if facts != len(self.done) + len(following):
            faults.append(f"{facts} facts for {len(self.done)} done and {len(following)} that follow from them")
        self.say(step, *faults[:5])

    def followed(self):
        """What ended at the very moment at which an entry of this shift went in, as its consequence."""
        moments = set()
        for subject in self.done:
            moments.update(row[0] for row in self.rows("SELECT closed_at FROM obligation WHERE id = ?", subject))
        return {row[0] for row in self.rows(FOLLOWING_BY, self.account)
                if row[0] not in self.closedBefore and row[0] not in self.done and row[1] in moments}

    def left(self, addresses, query, number=1):
        """Opens a page on which so many obligations are left with such a button, and still owed; holds them."""
        ids = []
        for address in addresses:
            self.open(address)
            shown = self.page.evaluate("""(query) => [...new Set([...document.querySelectorAll(query)]
              .map((button) => button.closest("form").querySelector("[name=obligation]").value))]""", query)
            ids = [subject for subject in shown if self.rows(STILL_OWED, subject)]
            if len(ids) >= number:
                break
        return ids

    def pictures(self, addresses):
        """A photograph and a signature without network: small, and there once."""
        subject = self.left(addresses, "main .door form button[value=nobodyHome]")[0]
        self.network(False)
        more = self.page.locator(f"#more-{subject}")
        more.locator("summary").click()
        with self.page.expect_file_chooser() as chooser:
            more.locator("button").nth(0).click()
        chooser.value.set_files({"name": "door.png", "mimeType": "image/png", "buffer": picture(2_400, 1_800)})
        more.locator("p", has_text="Photograph stored").wait_for()
        more.locator("button").nth(1).click()
        box = self.page.locator("dialog canvas").bounding_box()
        self.page.mouse.move(box["x"] + 30, box["y"] + 60)
        self.page.mouse.down()
        for step in range(12):
            self.page.mouse.move(box["x"] + 30 + 20 * step, box["y"] + 60 + 30 * (step % 2))
        self.page.mouse.up()
        self.page.click("dialog button.primary")
        more.locator("p", has_text="Signature stored").wait_for()
        self.network(True)
        self.expect("pictures are sent", self.settled(), self.state())
        pieces = self.rows("SELECT kind, bytes FROM proof_piece WHERE obligation = ? ORDER BY kind", subject)
        self.expect("both are there once, and small",
                    [kind for kind, _ in pieces] == ["photo", "signature"] and all(b < 300_000 for _, b in pieces), pieces)

    def conflict(self, browser, addresses):
        """What a colleague has closed meanwhile is refused, shown here, and told to the street."""
        ids = self.left(addresses, "main .door > form > button.primary", 2)
        self.network(False)
        mine = ids[:2]
        self.expect("something is left for a conflict", len(mine) == 2, ids)
        self.taken.update(mine)
        for subject in mine:
            self.press(self.page.locator(f"main form:has(input[value='{subject}']) button.primary").first)
        self.finishElsewhere(browser)
        self.network(True)
        self.expect("the refused ones are reported", self.settled(), self.state())
        state = self.state()
        self.expect("both stay in sight as refused", state["refused"] == 2, state)
        self.open("/round/queue")
        self.page.locator("main article").nth(1).wait_for()
        text = self.page.locator("main").inner_text()
        self.expect("the worker reads why", "closed already" in text and text.count("refused") == 2, text)
        told = [row for row in self.rows(UNSENT) if row[1] == "refused"]
        self.expect("the street has them with their reason",
                    [row[2] for row in told] == ["obligation.closed"] * 2, told)
        self.colleague.goto(self.direct + "/field")
        shown = self.colleague.locator("main").inner_text()
        self.expect("the supervisor's page shows them", shown.count("This is closed already") == 2, shown[:600])
        for button in self.colleague.locator("button[value=again]").all()[:1]:
            button.click()
            self.colleague.wait_for_load_state()
        for left in [1, 0]:
            self.page.locator("main article button").first.click()
            self.page.wait_for_timeout(500)
            self.expect("what was seen is put away", self.state()["refused"] == left, self.state())

    def olderEntry(self, addresses):
        """An entry that an older app left behind is brought up and sent."""
        subject = self.left(addresses, "main .door form button[value=nobodyHome]")[0]
        form = {"obligation": subject, "outcome": "nobodyHome"}
        self.page.evaluate(OLDER_ENTRY, ["older-entry-1", "obligations.attempt", form, "left by an older app"])
        self.expect("an older entry is sent", self.settled(), self.state())
        self.calls[subject] = self.calls.get(subject, 0) + 1

    def onTheSpot(self):
        """A new person and something noticed, without network."""
        self.network(False)
        self.open("/round/new")
        report = self.page.locator("form[action='/do/sightings.report']")
        report.locator("select").select_option(index=1)
        report.locator("input[value=ill]").check()
        report.locator("textarea").fill(NOTE)
        self.press(report.locator("button.primary"))
        enrol = self.page.locator("form[action='/do/residents.enrol']")
        enrol.locator("select").select_option(index=2)
        enrol.locator("[name=name]").fill(NAME)
        self.press(enrol.locator("button.primary"))
        people = self.rows("SELECT COUNT(*) FROM person")[0][0]
        self.expect("both wait", self.state()["waiting"] == 2, self.state())
        return people

    def screening(self):
        """A point without network: twenty swabs into two tubes, a reload and a dead phone between; all there once."""
        answer = self.colleague.evaluate("""async () => (await (await fetch("/api/commands/screening.open", {
          method: "POST", headers: { "Content-Type": "application/json", "Idempotency-Key": "offline-round-1" },
          body: JSON.stringify({ areas: ["370203"], name: "Without network", pool: 10 }) })).json())""")
        number = answer.get("answer", {}).get("round", "")
        self.expect("a round is opened", bool(number), answer)
        address = f"/sampling/{number}"
        self.open("/sampling")
        self.open(address)
        self.page.wait_for_function(
            "() => /list of [1-9]/.test(document.querySelector('[data-sampling] > .note')?.textContent)")
        people = [line["person"] for line in self.page.evaluate("""async () => {
          const { queue } = await import(document.querySelector("[href^='/queue.js']").getAttribute("href"));
          const kept = await queue.kept(document.querySelector("[data-list]").dataset.list);
          return JSON.parse(kept.html).lines;
        }""") if line["standing"] == "missing"][:20]
        self.expect("twenty people are on the phone’s list", len(people) == 20, len(people))
        self.network(False)
        self.context.route("**/api/batch", self.trouble)
        for index, person in enumerate(people):
            if index % 10 == 0:
                self.scan(f"AWAY-{index // 10}", "is open")
            if index == 4:
                self.open(address)
                self.page.wait_for_selector("#code")
            # In a short shift the browser has not written the cookie yet by which the phone is known.
            if index == 14 and self.length > 40:
                self.kill()
                self.start()
                self.context.route("**/api/batch", self.trouble)
                self.open(address)
                self.page.wait_for_selector("#code")
            self.scan(person, "registered")
            if index == 6:
                self.scan(person, "already")
            number = self.page.locator("#tube .number").inner_text()
            if number != f"{index % 10 + 1} / 10":
                self.expect("the counter counts", False, f"{index}: {number}")
            if index % 10 == 9:
                self.page.locator("#tube button", has_text="Seal").click()
                self.page.wait_for_selector(".notice.done:has-text('sealed with 10')")
        self.expect("all of it waits", self.state()["waiting"] == 22, self.state())
        self.network(True)
        # Where the phone died before the browser had written its cookies, the worker signs in again.
        self.open("/round")
        self.expect("the swabs go in", self.settled(), self.state())
        self.context.unroute("**/api/batch")
        swabs = self.rows("SELECT person, tube FROM swab WHERE tube LIKE 'AWAY-%' ORDER BY sampled_at")
        self.expect("each swab is there once", [row[0] for row in swabs] == people, swabs[:3])
        tubes = self.rows("SELECT code, sealed_at IS NOT NULL, sealed_count FROM tube WHERE code LIKE 'AWAY-%' ORDER BY code")
        self.expect("both tubes are sealed with ten", tubes == [("AWAY-0", 1, 10), ("AWAY-1", 1, 10)], tubes)
        found = self.rows("SELECT kind FROM swab_conflict WHERE about LIKE 'AWAY-%' OR round = ?", answer["answer"]["round"])
        self.expect("nothing contradicts anything", found == [], found)

    def scan(self, code, words):
        # What was said of the one before says nothing of this one.
        self.page.evaluate("document.querySelector('main .notice').replaceChildren()")
        self.page.fill("#code", code)
        self.page.press("#code", "Enter")
        self.page.wait_for_selector(f"main .notice:has-text('{words}')")
        self.page.wait_for_function("() => document.activeElement.id === 'code'")

    def signOut(self, people):
        """Signing out with work waiting warns, keeps it sealed, and it goes in after the next sign-in."""
        page = self.page
        page.goto(self.base + "/round/queue")
        page.wait_for_selector("#queue-state")
        page.evaluate("""() => {
          const form = document.createElement("form");
          form.action = "/sign-out";
          form.method = "post";
          document.getElementById("main").append(form);
          form.requestSubmit();
        }""")
        page.wait_for_selector("dialog")
        self.expect("the worker is warned", "2 not sent yet" in page.locator("dialog").inner_text())
        page.click("dialog button:not(.primary)")
        page.wait_for_selector("#nothing")
        self.expect("without network the round opens no more", page.locator("#unlock").is_hidden())
        read = page.evaluate(ALL_STORES)
        self.expect("what waits is still here, sealed", read["entries"] == 2 and NOTE not in read["text"], read["stores"])
        self.network(True)
        page.wait_for_selector("#account")
        page.wait_for_timeout(1_500)
        page.goto(self.base + "/round")
        self.expect("the session has ended with it", "/sign-in" in page.url, page.url)
        self.signIn(page, "worker", link=False)
        self.open("/round/queue")
        self.expect("what waited goes in after the next sign-in", self.settled(), self.state())
        self.expect("the person is enrolled once", self.rows("SELECT COUNT(*) FROM person")[0][0] == people + 1)
        self.expect("what was noticed is there once", self.rows("SELECT COUNT(*) FROM sighting")[0][0] == 1)

    def revoke(self, addresses):
        """A copy of the profile, taken during the shift, is unreadable once the phone is revoked."""
        self.storeAll()
        self.network(False)
        self.open("/round/new")
        report = self.page.locator("form[action='/do/sightings.report']")
        report.locator("select").select_option(index=1)
        report.locator("input[value=ill]").check()
        report.locator("textarea").fill(NOTE)
        self.press(report.locator("button.primary"))
        device = self.state()["device"]
        self.expect("the phone knows by its disk which one it is", self.isWritten())
        # Somebody behind a door, as the stored pages name them.
        whos = self.page.evaluate("""async (address) => {
          const { queue } = await import(document.querySelector("[href^='/queue.js']").getAttribute("href"));
          const page = await queue.kept(address);
          const door = new DOMParser().parseFromString(page.html, "text/html").querySelector(".door");
          return [door.querySelector(".who").textContent, door.id];
        }""", addresses[0])
        copy = os.path.join(self.folder, "copy")
        self.kill()
        shutil.copytree(self.profile, copy, symlinks=True)
        self.colleague.goto(self.direct + "/field")
        row = self.colleague.locator(f"form:has(input[value='{device}']) button.danger")
        self.expect("the supervisor sees the phone", row.count() == 1)
        row.first.click()
        self.colleague.wait_for_load_state()
        self.search(copy, device, *whos)
        self.openCopy(copy, device)

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

    def search(self, folder, device, *more):
        """No file of the copy holds anything that somebody could read."""
        secrets = [NOTE, NAME, PASSWORD, self.key, *more]
        needles = {s: [s.encode(), s.encode("utf-16-le"), bytes.fromhex(s) if s == self.key else s.encode()]
                   for s in secrets}
        found, isSeen = set(), False
        for path, _, names in os.walk(folder):
            for name in names:
                file = os.path.join(path, name)
                if os.path.islink(file) or not os.path.isfile(file):
                    continue
                content = open(file, "rb").read()
                isSeen = isSeen or device.encode() in content or device.encode("utf-16-le") in content
                found.update(f"{s[:20]} in {os.path.relpath(file, folder)}"
                             for s, forms in needles.items() if any(n in content for n in forms))
        # Were the device's own identifier not found, the search would prove nothing.
        self.expect("the search finds what is plain", isSeen)
        self.expect("no file of the copy can be read", not found, sorted(found))

    def openCopy(self, copy, device):
        page = self.start(copy)
        page.goto(self.base + "/round")
        page.wait_for_selector("#unlock:not([hidden])")
        for guess in ["a guess in the dark", "another one of them"]:
            page.fill("#password", guess)
            page.click("#unlock button")
            page.wait_for_selector("#wrong:not([hidden])")
        text = page.locator("body").inner_text()
        self.expect("without network the copy opens nothing", "Wrong password" in text and NOTE not in text, text)
        read = page.evaluate(ALL_STORES)
        faults = [s for s in [NOTE, NAME, self.key, "a key in the clear", "<html"] if s in read["text"]]
        self.expect("nothing in its stores can be read", not faults and read["entries"] == 1, faults)
        # The page asks again by itself once there is network.
        self.network(True)
        page.wait_for_selector("#account")
        self.expect("with network it is nobody", "/sign-in" in page.url, page.url)
        end = time.monotonic() + 20
        while time.monotonic() < end and not any(r[1] == "revoked" for r in self.rows(UNSENT)):
            page.wait_for_timeout(200)
        handed = [row for row in self.rows(UNSENT) if row[1] == "revoked"]
        self.expect("what it held was handed over", len(handed) == 1, self.rows(UNSENT))
        isEmpty = False
        while time.monotonic() < end and not isEmpty:
            page.wait_for_timeout(500)
            read = page.evaluate(ALL_STORES)
            isEmpty = not read.get("entries") and device not in read["text"]
        self.expect("it has emptied itself", isEmpty, read)
        self.colleague.goto(self.direct + "/field")
        shown = self.colleague.locator("main").inner_text()
        self.expect("the supervisor reads what was on it", NOTE in shown, shown[:800])
        self.context.close()


def main():
    base, links, chromium = sys.argv[1:4]
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else 20221129
    with sync_playwright() as playwright:
        shift = Shift(playwright, base, links, chromium, seed)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        start = time.monotonic()
        addresses = shift.prepare()
        shift.work(list(addresses))
        shift.expect("a whole shift was done", len(shift.done) == shift.length, (len(shift.done), shift.length))
        shift.network(True)
        shift.open("/round")
        shift.expect("all of it goes in", shift.settled(), shift.state())
        shift.compare("the database is what was done")
        sys.stderr.write(f"{len(shift.done)} done, {len(shift.calls)} calls, {shift.batches} batches, "
                         f"{shift.cut} cuts, {shift.restarts} deaths, {shift.signIns} sign-ins, {time.monotonic() - start:.0f} s\n")
        shift.context.unroute("**/api/batch")
        shift.olderEntry(addresses)
        shift.pictures(addresses)
        shift.conflict(browser, addresses)
        shift.screening()
        people = shift.onTheSpot()
        shift.signOut(people)
        shift.compare("the database is what was done, still")
        shift.revoke(addresses)
        shift.expect("no page complained", not shift.said, shift.said[:3])
        browser.close()
    print(json.dumps({"step": "end", "faults": []}), flush=True)


main()
