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
import sys
import time

from playwright.sync_api import sync_playwright

from offlineparts import Parts
from phone import Phone
from revoked import Revoked

SHIFT = int(os.environ.get("DENGHUO_SHIFT", 200))
SHORTEST = 40
LEFT_OVER = 24
CLOSED_BY = "SELECT id FROM obligation WHERE closed_by = ?"
# Whoever has been silent and is asked has reported; a visit with the six rules is word of the whole household,
# and mends what was not met. Whoever is told of a measure at the door has been found. What is owed for that is closed by the same entry, at the same moment.
FOLLOWING_BY = "SELECT id, closed_at FROM obligation WHERE closed_by = ? AND kind IN ('home.silence', 'home.remedy', 'referrals.answer', 'referrals.find') AND state = 'done'"
FACTS_BY = "SELECT COUNT(*) FROM journal WHERE name = 'obligations.done' AND sender = ?"
CALLS_BY = "SELECT obligation, COUNT(*) FROM attempt WHERE sender = ? GROUP BY obligation"


class Shift(Phone, Parts, Revoked):
    # MARK: Working

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
