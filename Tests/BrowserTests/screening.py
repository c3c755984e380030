"""Mass testing from the plan to the last recalled person, as people press it: a round is opened, a phone
fills a tube, a box goes hand to hand, a list that was put aside is discarded by two people, a result is
put right by two, and those who were held for it are free.

Usage: screening.py DATA LINKS CHROMIUM [PICTURES]

Each line is {"step": …, "faults": […]}; the last one is {"step": "end", "faults": [], "pages": n}.
"""

import json
import os
import re
import sys
import tempfile
import time

from playwright.sync_api import sync_playwright

from browse import PASSWORD, Browse

ROLES = {
    "duty": "District duty officer", "investigator": "Case investigator",
    "street": "Street office leader", "sampler": "Sampling point (phone)",
    "admin": "Administrator (everything)", "courier": "Courier of samples", "laboratory": "Laboratory", "worker": "Grid worker (phone)",
}
WAYS = [("en", 1440), ("zh-CN", 390)]
if os.environ.get("DENGHUO_WAYS") == "all":
    WAYS += [("zh-CN", 1440), ("en", 390)]
LIST = """async () => {
  const { queue } = await import(document.querySelector("[href^='/queue.js']").getAttribute("href"));
  const kept = await queue.kept(document.querySelector("[data-list]").dataset.list);
  return JSON.parse(kept.html).lines;
}"""


class Screening(Browse):
    def __init__(self, browser, base, links, pictures):
        super().__init__(browser, base, links)
        self.pictures = pictures
        self.round = None
        self.waitingTubes = []

    def enter(self, role, language="en", width=1440):
        """Signs in by the one-time link, or by the password where the link was used."""
        page = self.open(language, width)
        if role in self.cookies:
            page.context.add_cookies(self.cookies[role])
            return page
        page.goto(self.links[ROLES[role]])
        if page.locator("main button.primary").count():
            with page.expect_navigation():
                page.click("main button.primary")
        if page.locator("#again").count():
            page.fill("#password", PASSWORD)
            page.fill("#again", PASSWORD)
            with page.expect_navigation():
                page.click("main button.primary")
        page.goto(self.base + "/password")
        if "/sign-in" in page.url:
            page.fill("#account", role)
            page.fill("#password", PASSWORD)
            with page.expect_navigation():
                page.click("main button.primary")
        page.said.clear()
        self.cookies[role] = page.context.cookies()
        self.expect(f"{role} is signed in", "/sign-in" not in page.url, page.url)
        return page

    def check(self, page, step, status=200):
        super().check(page, step, status)
        if self.pictures:
            name = re.sub(r"\W+", "-", step).strip("-")[:60]
            page.screenshot(
                path=os.path.join(self.pictures, f"{name}-{page.language}-{page.width}.png"),
                full_page=True)

    # MARK: The pages

    def find(self, page):
        """The round that the sample district has under way."""
        page.goto(self.base + "/screening")
        link = page.locator("#rounds a[href^='/screening/']").last
        self.round = link.get_attribute("href")
        self.expect("the sample district has a round", self.round is not None)

    def pagesOf(self, page):
        self.go(page, "/screening", "rounds")
        self.go(page, self.round, "a round’s wall")
        self.go(page, self.round + "?by=building", "a round by building")
        untested = page.locator("#tiles a.tile").first.get_attribute("href")
        self.go(page, untested, "the untested of a building")
        self.go(page, self.round + "/recalls", "recalls")
        self.positive = page.locator("#recalls tbody td a[href^='/screening/tube']").first.get_attribute("href")
        self.go(page, self.positive, "a tube that is not negative")
        self.go(page, self.round + "/boxes", "boxes")
        late = page.locator("#boxes a.row-link", has_text="BOX-2")
        if late.count():
            self.go(page, late.first.get_attribute("href"), "a box with a gap")
        for path, step in [("/point", "a desk"), ("/slots", "slots"), ("/homes", "home visits")]:
            self.go(page, self.round + path, step)
        for path, step in [("/screening/quarantine", "results put aside"),
                           ("/screening/corrections", "corrections"), ("/sampling", "sampling")]:
            self.go(page, path, step)

    # MARK: From the plan to the list

    def plan(self, page):
        self.go(page, "/screening", "a street’s rounds")
        form = page.locator("form[action='/do/screening.open']")
        form.locator("[name=name]").fill("The second round")
        self.press(page, form.locator("button.primary"), "opened")
        self.done(page, "opened")
        mine = page.locator("#rounds a", has_text="The second round")
        self.expect("it stands among the rounds", mine.count() == 1)
        wall = mine.first.get_attribute("href")
        self.go(page, wall, "the wall of a new round")
        page.locator("#set-point > summary").click()
        form = page.locator("form[action='/do/screening.setPoint']")
        for name, value in [("point", "gate"), ("name", "School gate"), ("opens", "07:00"), ("closes", "19:00")]:
            form.locator(f"[name={name}]").fill(value)
        self.press(page, form.locator("button.primary"), "a point set up")
        self.expect("the point is listed", "School gate" in page.locator("#points").inner_text())
        self.go(page, wall + "/slots", "slots of a new round")
        page.fill("main [name=samplers]", "1")
        self.press(page, "main form.filters button", "slots worked out")
        rows = page.locator("#slots tbody tr").count()
        self.expect("each building has its time", rows > 0, str(rows))
        self.go(page, wall + "/homes", "home visits of a new round")
        page.fill("main [name=teams]", "2")
        self.press(page, "main form.filters button", "walks worked out")

    # MARK: A tube and its way

    def swab(self, page, way):
        """Three people into one tube, scanned, chosen and doubled; then sealed."""
        self.tube = f"PHONE-{way}001"
        page.goto(self.base + "/sampling")
        page.click(f"main a[href^='/sampling/{self.round.split('/')[-1]}?point']")
        page.wait_for_selector("#code")
        page.wait_for_function("() => document.querySelector('main .note').textContent.match(/[1-9][0-9]* ?人?，存于|list of [1-9]/)")
        self.check(page, "a point without an open tube")
        left = [line for line in page.evaluate(LIST) if line["standing"] == "missing" and not line["single"]]
        self.somebody = left[-1]["person"]
        self.expect("people are left to be swabbed", len(left) >= 3, str(len(left)))
        self.scan(page, left[0]["person"], "late", "a person before a tube is refused")
        self.scan(page, self.tube, "done", "a tube is opened")
        self.scan(page, left[0]["person"], "done", "a person is scanned")
        self.scan(page, left[0]["person"], "late", "the same person twice is refused")
        page.fill("#code", left[1]["person"])
        page.wait_for_selector("main article.door:not(.tube)")
        self.check(page, "a person is found")
        page.locator("main article.door:not(.tube) button.primary").first.click()
        page.wait_for_function("() => document.querySelector('#tube .number').textContent.startsWith('2 /')")
        self.scan(page, left[2]["person"], "done", "a third person")
        self.scan(page, "nobody-of-this-list", "late", "a number that is not on the list")
        asked = page.locator("main .buttons button", has_text="nobody-of-this-list").count()
        self.expect("tube or person is asked", asked == 2, str(asked))
        page.fill("#code", "")
        self.check(page, "a point with an open tube")
        self.scan(page, "DH1" + "A" * 143, "late", "a pass code is neither")
        self.scan(page, f"PHONE-{way}002", "done", "the next tube of the roll seals a partial one")
        number = page.locator("#tube .number").inner_text()
        self.expect("the next tube is open and empty", number.startswith("0 /"), number)
        self.scan(page, self.tube, "late", "a sealed tube is not opened again")
        page.wait_for_selector("#queue-state .chip.done", timeout=20_000)
        self.go(page, f"/screening/tube?of={self.tube}", "the tube that the phone filled")
        text = page.locator("main").inner_text()
        self.expect("three are in it, sealed", re.search(r"\b3 / \d+", text) is not None, text[:400])

    def scan(self, page, code, tone, step):
        page.evaluate("document.querySelector('main .notice').className = 'notice'")
        page.fill("#code", code)
        page.press("#code", "Enter")
        page.wait_for_selector(f"main .notice.{tone}")
        page.wait_for_function("() => document.activeElement.id === 'code'")
        self.expect(step, page.locator(f"main .notice.{tone}").count() == 1,
                    page.locator("main").inner_text()[:300])

    def custody(self, sampler, courier, laboratory, way):
        """Packed, given, taken, given, taken: each side for itself."""
        box = f"CRATE-{way}"
        self.go(sampler, self.round + "/boxes", "boxes to be packed")
        form = sampler.locator(f"form[action='/do/screening.pack']:has(input[value='{self.tube}'])")
        sampler.locator(f"details:has(input[value='{self.tube}']) > summary").click()
        for other in form.locator("input[type=checkbox]").all():
            if other.get_attribute("value") != self.tube:
                other.uncheck()
        form.locator("[name=box]").fill(box)
        self.press(sampler, form.locator("button.primary"), "packed")
        page = f"/screening/box?of={box}"
        self.go(sampler, page, "a box that is packed")
        self.give(sampler, "vehicle", "V-9", "2", "given with a wrong count", 422)
        self.go(sampler, page, "the box again")
        self.give(sampler, "vehicle", "V-9", "1", "given to a vehicle")
        self.expect("who gave it cannot take it", sampler.locator("form[action='/do/screening.take']").count() == 0)
        self.take(courier, page, "1", "taken by the courier")
        self.give(courier, "laboratory", "demo-lab", "1", "given to the laboratory")
        self.take(laboratory, page, "1", "taken by the laboratory")
        text = laboratory.locator("main").inner_text()
        self.expect("the laboratory has it", "received by the laboratory" in text or "检测机构已收" in text, text[:400])

    def give(self, page, kind, to, count, step, status=200):
        forms = page.locator("form[action='/do/screening.give']")
        if kind == "laboratory":
            form = forms.filter(has=page.locator("select[name='to.id']"))
            form.locator("select").select_option(to)
        else:
            form = forms.filter(has=page.locator(f"input[value={kind}]"))
            form.locator(f"input[value={kind}]").check()
            form.locator("[name='to.id']").fill(to)
        form.locator("[name=count]").fill(count)
        self.press(page, form.locator("button.primary"), step, status)

    def take(self, page, address, count, step):
        self.go(page, address, f"before: {step}")
        form = page.locator("form[action='/do/screening.take']")
        form.locator("[name=count]").fill(count)
        self.press(page, form.locator("button.primary"), step)

    # MARK: Results

    def quarantine(self, duty, second):
        """One word does nothing; two people of two organisations discard."""
        self.go(duty, "/screening/quarantine", "a list that was put aside")
        forms = "form[action='/do/screening.decideBatch'] button.danger"
        before = duty.locator(forms).count()
        self.expect("a list is put aside", before > 0)
        self.press(duty, forms, "the first word")
        self.expect("it waits for a second", duty.locator(forms).count() == before)
        self.go(second, "/screening/quarantine", "read by the second")
        self.press(second, forms, "the second word")
        self.expect("it is discarded", second.locator(forms).count() == before - 1)

    def correct(self, duty, second):
        """A result is put right by two; everybody who was held for it alone is free."""
        self.go(duty, self.positive, "the tube to be put right")
        form = duty.locator("form[action='/do/screening.askCorrection']")
        form.locator("input[value=negative]").check()
        form.locator("[name=reason]").fill("the curve was read again")
        self.press(duty, form.locator("button.danger"), "asked for")
        self.go(duty, "/screening/corrections", "as the first person sees it")
        self.press(duty, "form[action='/do/screening.approveCorrection'] button.primary", "the same person", 422)
        self.go(second, "/screening/corrections", "as the second person sees it")
        self.press(second, "form[action='/do/screening.approveCorrection'] button.primary", "approved")
        self.go(second, self.positive, "the tube that was put right")
        self.go(duty, self.round + "/recalls", "recalls after the correction")
        code = self.positive.split("of=")[-1]
        rows = duty.locator("#recalls tbody tr", has_text=code).all_inner_texts()
        self.expect("nobody is held for it any more", rows and not any("held" in row or "待复核" in row for row in rows),
                    str(rows)[:400])


    # MARK: As somebody who has never run a round

    def stranger(self, duty, sampler):
        """Follows what the pages say comes next, from opening a round to the first sealed tube."""
        self.go(duty, "/screening", "where a stranger begins")
        self.press(duty, "form[action='/do/screening.open'] button.primary", "a round opened as it is proposed")
        wall = duty.locator("#rounds a[href^='/screening/']").first.get_attribute("href")
        self.go(duty, wall, "the wall of an empty round")
        self.expect("it says what comes next", duty.locator("#steps tbody tr").count() >= 7)
        first = duty.locator("#steps a", has_text=re.compile("Sampling points|设采样点")).first
        self.expect("first a point is set up", first.get_attribute("href") == "#sampling-points")
        form = duty.locator("form[action='/do/screening.setPoint']")
        if not form.is_visible():
            duty.locator("#set-point > summary").click()
        for name, value in [("point", "plaza"), ("name", "Plaza"), ("latitude", "36.0921"), ("longitude", "120.3725")]:
            form.locator(f"[name={name}]").fill(value)
        street = form.locator("[name=place] option", has_text="辽宁路").first.get_attribute("value")
        form.locator("[name=place]").select_option(street)
        self.press(duty, form.locator("button.primary"), "a point on the map")
        self.expect("it stands on the map", duty.locator("#point-map circle").count() >= 1)
        duty.locator("#steps a", has_text=re.compile("Labels for tubes|管码标签")).first.click()
        duty.wait_for_selector("form[action='/do/screening.makeLabels']")
        self.check(duty, "labels")
        duty.fill("[name=count]", "65")
        self.press(duty, "form[action='/do/screening.makeLabels'] button.primary", "labels made")
        sheet = duty.request.get(self.base + duty.locator("#label-runs a").first.get_attribute("href"))
        self.expect("a roll opens as PDF", sheet.ok and "application/pdf" in sheet.headers["content-type"], str(sheet.status))
        codes = re.findall(r"\((T\w{8})\) Tj", sheet.body().decode("latin-1"))
        self.expect("65 labels, each its own", len(set(codes)) == len(codes) == 65, str(len(codes)))
        code = codes[0]
        sampler.goto(self.base + "/sampling")
        sampler.click("main a[href*='point=plaza']")
        sampler.wait_for_selector("#code")
        sampler.wait_for_function("() => document.querySelector('main .note').textContent.match(/[1-9][0-9]* ?人?，存于|list of [1-9]/)")
        people = [line["person"] for line in sampler.evaluate(LIST) if line["standing"] == "missing"][:2]
        self.scan(sampler, code, "done", "the printed label opens a tube")
        for person in people:
            self.scan(sampler, person, "done", "somebody is swabbed")
        sampler.locator("#tube button").first.click()
        sampler.wait_for_selector("#queue-state .chip.done", timeout=20_000)
        # The chip may still say so of what was sent before: the seal is on its way for a moment.
        for _ in range(20):
            self.go(duty, wall, "the wall after the first tube")
            boxes = duty.locator("#steps tr", has_text=re.compile("Boxes to|装箱送检")).inner_text()
            if re.search("now|open|现在|进行中", boxes):
                break
            duty.wait_for_timeout(500)
        self.expect("boxes come next", re.search("now|open|现在|进行中", boxes) is not None, boxes)
        self.expect("the pace is drawn", duty.locator("#pace rect").count() >= 1)

    def untilFree(self, duty, sampler):
        """A result that is positive, everybody in the tube held, a swab of one’s own, and free by it."""
        self.go(duty, self.round + "/boxes", "boxes at the laboratory")
        for box in [row.get_attribute("href") for row in duty.locator("#boxes a.row-link").all()]:
            self.go(duty, box, "a box")
            for tube in [link.get_attribute("href") for link in duty.locator("#inside a[href*='/screening/tube']").all()]:
                self.go(duty, tube, "a tube of the box")
                # What came to the laboratory just now cannot have been tested yet.
                isOld = "PHONE" not in tube
                if isOld and duty.locator("form[action='/do/screening.enterResult']").count():
                    self.waitingTubes.append((tube, duty.locator("main").inner_text()))
        singles = [tube for tube, text in self.waitingTubes if re.search(r"\b1 / 1\b", text)]
        pools = [tube for tube, text in self.waitingTubes if re.search(r"\b[2-9]\d* / \d+|\b10 / 10\b", text)]
        self.expect("a pool and own tubes wait for results", pools and singles, str(len(self.waitingTubes)))
        board = self.round + "/recalls"
        self.go(duty, board, "recalls before")
        held = self.held(duty)
        self.enterResult(duty, pools[0], "positive", "a pool is positive")
        self.go(duty, board, "recalls after")
        self.expect("all of the pool are held", self.held(duty) > held, f"{held} → {self.held(duty)}")
        owes = duty.locator("#recalls tr", has_text=re.compile("take a single swab|去采一支单管")).count()
        self.expect("each owes a swab", owes >= 2, str(owes))
        sampler.goto(self.base + "/sampling")
        sampler.click(f"main a[href^='/sampling/{self.round.split('/')[-1]}?point']")
        sampler.wait_for_selector("#code")
        sampler.wait_for_function("() => document.querySelector('main .note').textContent.match(/[1-9][0-9]* ?人?，存于|list of [1-9]/)")
        sampler.wait_for_function("""async () => {
          const { queue } = await import(document.querySelector("[href^='/queue.js']").getAttribute("href"));
          const kept = await queue.kept(document.querySelector("[data-list]").dataset.list);
          return JSON.parse(kept.html).lines.some((line) => line.single);
        }""")
        person = [line["person"] for line in sampler.evaluate(LIST) if line["single"]][0]
        self.scan(sampler, "OWN-1", "done", "a tube of one’s own")
        self.scan(sampler, person, "done", "the recalled person is swabbed")
        sampler.locator("#tube button").first.click()
        sampler.wait_for_selector("#queue-state .chip.done", timeout=20_000)
        # The sampler's head may still say of what was sent before that all is sent.
        for _ in range(20):
            duty.goto(board if board.startswith("http") else self.base + board)
            if "OWN-1" in duty.locator("#recalls").inner_text():
                break
            duty.wait_for_timeout(500)
        self.go(duty, board, "recalls after a swab of one’s own")
        self.expect("its result is awaited", "OWN-1" in duty.locator("#recalls").inner_text())
        before = self.held(duty)
        self.enterResult(duty, singles[0], "negative", "an own tube is negative")
        self.go(duty, board, "recalls after the result")
        self.expect("that person is free, nobody else", self.held(duty) == before - 1, f"{before} → {self.held(duty)}")

    # MARK: Over a list, and the end

    def overList(self, page, way):
        """A list from a file, looked at row by row, and a group; the round, and its end said twice."""
        self.go(page, "/screening/list", "a round over a list")
        name = os.path.join(tempfile.mkdtemp(), "list.csv")
        with open(name, "w", encoding="utf-8") as file:
            file.write(f"person\n{self.somebody}\nnobody-at-all\n")
        page.set_input_files("#list-file", name)
        page.wait_for_function("() => document.querySelector('textarea[name=people]').value.includes('nobody-at-all')")
        self.press(page, "form[action='/do/screening.makeList'] button.primary", "a list that was looked at")
        rows = page.locator("#list-faults tbody tr").all_inner_texts()
        self.expect("the row that names nobody is told", len(rows) == 1 and "3" in rows[0], str(rows))
        form = page.locator("form[action='/do/screening.openListed']")
        form.locator("[name=name]").fill(f"Over a list {way}")
        self.press(page, form.locator("button.primary"), "a round over one person")
        wall = page.locator("#rounds a", has_text=f"Over a list {way}").get_attribute("href")
        self.go(page, wall, "the wall of a round over a list")
        page.locator("#close-round > summary").click()
        ending = page.locator("form[action='/do/screening.close']")
        self.press(page, ending.locator("button.danger"), "it does not end in silence", 422)
        page.locator("form[action='/do/screening.close'] input[name=confirmed]").check()
        self.press(page, "form[action='/do/screening.close'] button.danger", "it ends all the same")

    def household(self, duty, sampler):
        """One household into one tube on a phone, and nobody of another."""
        self.go(duty, "/screening/list", "choosing an area")
        duty.goto(self.base + "/screening?" + self.communityQuery(duty))
        form = duty.locator("form[action='/do/screening.open']")
        form.locator("[name=name]").fill("Sealed area")
        form.locator("[name=pool]").select_option("1")
        form.locator("[name=household_tube]").check()
        self.press(duty, form.locator("button.primary"), "a round with a tube for each household")
        link = duty.locator("#rounds a", has_text="Sealed area").get_attribute("href")
        sampler.goto(self.base + "/sampling/" + link.split("/")[-1])
        sampler.wait_for_selector("#code")
        sampler.wait_for_function("() => document.querySelector('main .note').textContent.match(/[1-9][0-9]* ?人?，存于|list of [1-9]/)")
        homes = {}
        for line in sampler.evaluate(LIST):
            if line["standing"] == "missing" and line.get("home"):
                homes.setdefault(line["home"], []).append(line["person"])
        shared = next(people for people in homes.values() if len(people) > 1)
        other = next(people for people in homes.values() if people is not shared)
        self.scan(sampler, "HH-001", "done", "a household’s tube")
        self.scan(sampler, shared[0], "done", "one of the household")
        self.scan(sampler, shared[1], "done", "another of the household")
        self.scan(sampler, other[0], "late", "nobody of another household")
        self.check(sampler, "a household’s tube with two")
        self.scan(sampler, "HH-002", "done", "the next household’s tube")
        self.scan(sampler, other[0], "done", "the other household in its own")
        sampler.wait_for_selector("#queue-state .chip.done", timeout=20_000)

    def communityQuery(self, page):
        """The address part of the round’s own area, as the page offers it."""
        page.goto(self.base + self.round + "/slots")
        return "place=" + page.locator("main [name=place]").input_value()

    def laboratoryItself(self, page):
        """Its key is made on its machine, its list signed there; what counts, the page says."""
        self.go(page, "/laboratory", "a laboratory’s own page")
        with page.expect_download() as download:
            page.locator("#own-key button[type=button]").click()
        name = os.path.join(tempfile.mkdtemp(), "key.txt")
        download.value.save_as(name)
        page.wait_for_function("() => document.querySelector('#own-key [name=key]').value.length === 64")
        self.press(page, "#own-key form button.primary", "its key is registered")
        page.locator("#by-hand > summary").click()
        self.check(page, "tubes that wait for a result")
        ready = page.locator("#waiting-tubes tr:has(form)")
        self.expect("a tube waits for its result", ready.count() > 0, page.locator("#waiting").inner_text()[:300])
        tube = ready.first.locator("th").inner_text().strip()
        now = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + 8 * 3600))
        page.fill("#deliver-list [name=sheet]", f"tube,result,reported_at\n{tube},negative,{now}+08:00")
        page.set_input_files("#list-key", name)
        page.wait_for_function("() => document.querySelector('#deliver-list [name=signature]').value.length === 128")
        self.press(page, "form[action='/do/screening.deliverSheet'] button.primary", "a list signed on this machine")
        first = page.locator("#own-batches tbody tr").first.inner_text()
        self.expect("it counts", re.search("counts|已生效", first) is not None, first)

    def held(self, page):
        return int(page.locator("#figures .number").first.inner_text().replace(",", ""))

    def enterResult(self, page, tube, result, step):
        self.go(page, tube, f"before: {step}")
        form = page.locator("form[action='/do/screening.enterResult']")
        form.locator(f"input[value={result}]").check()
        self.press(page, form.locator("button").last, step)


def screening(browser, base, links, pictures):
    all = Screening(browser, base, links, pictures)
    duty = all.enter("duty")
    all.find(duty)
    for language, width in WAYS:
        with all.part(f"{language} {width} pages"):
            page = all.enter("duty", language, width)
            all.pagesOf(page)
            page.context.close()
    with all.part("plan"):
        all.plan(all.enter("street", "en", 390))
    for index, (language, width) in enumerate([("zh-CN", 390), ("en", 390)]):
        with all.part(f"{language} swabs"):
            sampler = all.enter("sampler", language, width)
            all.swab(sampler, index)
        with all.part(f"{language} custody"):
            all.custody(sampler, all.enter("courier", language, width),
                        all.enter("laboratory", language, 1440), index)
    second = all.enter("investigator", "zh-CN", 1440)
    with all.part("results put aside"):
        all.quarantine(duty, second)
    with all.part("a stranger"):
        all.stranger(all.enter("duty", "en", 390), all.enter("sampler", "en", 390))
    with all.part("until somebody is free"):
        all.untilFree(all.enter("duty", "zh-CN", 1440), all.enter("sampler", "zh-CN", 390))
    with all.part("correction"):
        all.correct(duty, second)
    for index, (language, width) in enumerate([("zh-CN", 390), ("en", 1440)]):
        with all.part(f"{language} a list"):
            all.overList(all.enter("duty", language, width), index)
    with all.part("a household"):
        all.household(all.enter("duty", "en", 1440), all.enter("sampler", "zh-CN", 390))
    with all.part("a laboratory"):
        all.laboratoryItself(all.enter("laboratory", "en", 390))
    for language, width in WAYS:
        with all.part(f"{language} laboratories"):
            page = all.enter("admin", language, width)
            all.go(page, "/screening/laboratories", "laboratories")
            all.go(page, f"/screening/of/{all.somebody}", "the rounds of somebody")
    print(json.dumps({"step": "end", "faults": [], "pages": all.pages}), flush=True)


def main():
    base, file, chromium = sys.argv[1:4]
    pictures = sys.argv[4] if len(sys.argv) > 4 else None
    links = dict(re.findall(r"^ *([^:\n]+): (http://\S+)$", open(file).read(), re.M))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        screening(browser, base, links, pictures)
        browser.close()


if __name__ == "__main__":
    main()
