"""What people meet in a round besides its tubes: somebody who never ran one, a person who is held until they
are free, a round over a list, a household in one tube, a laboratory of its own."""

import os
import re
import tempfile
import time

LIST = """async () => {
  const { queue } = await import(document.querySelector("[href^='/queue.js']").getAttribute("href"));
  const kept = await queue.kept(document.querySelector("[data-list]").dataset.list);
  return JSON.parse(kept.html).lines;
}"""


class Days:
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
