"""What a shift without network meets besides its doors: pictures, a colleague who was first, an older
app, a sampling point, something noticed on the spot, and a sign-out with work waiting."""

import random
import struct
import zlib

from offlinewords import ALL_STORES, NAME, NOTE, OLDER_ENTRY, UNSENT

# A page stored earlier may still show what was closed since, as a silence that a report has ended, or a search.
STILL_OWED = "SELECT 1 FROM obligation WHERE id = ? AND closed_at IS NULL AND kind NOT IN ('home.silence', 'referrals.answer', 'referrals.find')"


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


class Parts:
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
