"""What the walk does at doors, with what is owed, and as a resident."""

import re

from browse import Browse


class Doors(Browse):
    # MARK: The round

    def doors(self, page, step):
        """The worker's own doors: done, nobody home, help."""
        self.go(page, "/round", f"round {step}")
        if page.locator("#buildings a.tile.late, #buildings a.tile").count():
            self.press(page, "#buildings a.tile:has-text('1')", "a building of the round")
        self.expect("a door shows what is to be done", page.locator(".door .work").count() > 0,
                    page.locator("main").inner_text()[:200])
        nobody = ".door button[value=nobodyHome]"
        self.tap(page, nobody, "nobody home")
        self.done(page, "nobody home")
        self.expect("the call is remembered", page.locator(".door .work", has_text=re.compile("敲过|called")).count() > 0)
        self.tap(page, ".door button[value=needsHelp]", "help")
        self.done(page, "help")
        # Others become due meanwhile: what counts is whether this one is still asked for.
        form = page.locator(".door form:has(> button.primary):has([name=obligation])").first
        subject = form.locator("[name=obligation]").get_attribute("value")
        self.tap(page, form.locator("> button.primary"), "done in one tap")
        self.done(page, "done at the door")
        still = page.locator(f"main form:has([name=obligation][value='{subject}']) button:not([disabled])")
        self.expect("what is done fades", still.count() == 0, still.count())
        self.proof(page)

    def board(self, page):
        """From the whole district down to doors, and a proof in two taps."""
        self.go(page, "/round", "round of a district")
        self.expect("a district chooses first", page.locator("#areas a.tile").count() > 0)
        seen = set()
        while page.locator("#areas").count():
            left = page.locator("#areas li:has(progress:not([value='0'])) a, #areas a.tile.late")
            tiles = page.locator("#areas a.tile")
            chosen = None
            for index in range(tiles.count()):
                tile = tiles.nth(index)
                bar = tile.locator("progress")
                href = tile.get_attribute("href")
                if bar.count() and href not in seen and bar.get_attribute("value") != bar.get_attribute("max"):
                    chosen = tile
                    break
            if chosen is None:
                chosen = left.first if left.count() else tiles.first
            seen.add(chosen.get_attribute("href"))
            self.press(page, chosen, "one level down")
        buildings = page.locator("#buildings a.tile")
        if buildings.count():
            left = page.locator("#buildings a.tile:has(progress:not([value='0'])), #buildings a.tile.late")
            self.press(page, left.first if left.count() else buildings.first, "a building")
        self.proof(page)

    def proof(self, page):
        """A temperature in two taps, or any other proof by its form."""
        proof = page.locator(".door details[id^=proof-] > summary")
        # Late in the evening nothing that needs a proof may be left for today.
        if not proof.count():
            return
        proof.first.click()
        quick = page.locator(".door details[open] form.quick button")
        if quick.count():
            self.tap(page, quick.nth(2), "a temperature in two taps")
        else:
            form = page.locator(".door details[open] form.form").first
            self.fillProof(form)
            self.tap(page, form.locator("button.primary"), "a proof by form")
        self.done(page, "proof")

    @staticmethod
    def fillProof(form):
        for field in form.locator("input:not([type=hidden]):not([type=radio])").all():
            field.fill("36.6" if field.get_attribute("type") == "number" else "T-000117")
        for group in form.locator("fieldset").all():
            group.locator("input[type=radio]").first.check()
        for group in form.locator("select").all():
            group.select_option(index=0)

    # MARK: Obligations

    def obligations(self, page):
        self.go(page, "/obligations")
        for show in ["late", "soon", "mine"]:
            self.go(page, f"/obligations?show={show}")
        page.goto(self.base + "/obligations?kind=restrictions.health")
        claim = "form[action='/do/obligations.claim'] button"
        before = page.locator(claim).count()
        self.press(page, claim, "claimed")
        self.done(page, "claimed")
        self.expect("what is claimed has a name", page.locator(claim).count() == before - 1 or before == 50)
        self.go(page, "/obligations?show=mine", "my obligations")
        self.expect("what I claimed is mine", page.locator("#obligations li.obligation").count() > 0)
        page.goto(self.base + "/obligations?show=mine&kind=restrictions.health")
        self.press(page, "#obligations h3 a", "an obligation")
        page.locator("#waive > summary").click()
        page.locator("#waive textarea").fill("moved to another district")
        self.press(page, "#waive button.danger", "waived")
        self.done(page, "waived")
        health = "/obligations?kind=restrictions.health"
        self.go(page, health, "obligations of one kind")
        more = page.locator("nav.pages a[rel=next]")
        if more.count():
            self.press(page, more, "the next obligations")
        page.goto(self.base + health)
        self.press(page, "#obligations h3 a", "a question about health")
        form = page.locator("form[action='/do/obligations.finish']").first
        self.fillProof(form)
        form.locator("input[type=number]").first.fill("66")
        self.press(page, form.locator("button.primary"), "a temperature that nobody has", 422)
        form = page.locator("form[action='/do/obligations.finish']").first
        self.expect("the temperature is marked",
                    form.locator("input[type=number]").first.input_value() == "66"
                    and page.locator(".error, [role=alert]").count() > 0)
        self.fillProof(form)
        self.press(page, form.locator("button.primary"), "a proof")
        self.done(page, "a proof")

    def strikeOff(self, page):
        self.go(page, "/obligations?show=late", "what is late")
        self.expect("what is late is not done yet",
                    page.locator("form[action='/do/obligations.strikeOff']").count() == 0)
        page.goto(self.base + "/obligations?show=unstruck")
        strike = page.locator("form[action='/do/obligations.strikeOff'] button")
        if not strike.count():
            page.goto(self.base + "/obligations?show=late")
            late = page.locator("#obligations h3 a")
            if not late.count():
                return False
            self.press(page, late, "a late obligation")
            form = page.locator("form[action='/do/obligations.finish']").first
            self.fillProof(form)
            self.press(page, form.locator("button.primary"), "done late")
            self.done(page, "done late")
            strike = page.locator("form[action='/do/obligations.strikeOff'] button")
        self.press(page, strike, "struck off")
        self.done(page, "struck off")
        return True

    # MARK: A resident

    def resident(self, duty, reviewer, person, isUpheld):
        self.go(duty, f"/restrictions/of/{person}", "restrictions of a person")
        self.go(duty, f"/residents/{person}", "a file")
        duty.locator("#reveal-person > summary").click()
        self.press(duty, "#reveal-person button", "a file with the name shown")
        self.go(duty, f"/residents/{person}/slip", "issuing a slip")
        self.press(duty, "main form button.primary", "the slip")
        address = duty.locator("main .large a").get_attribute("href")
        self.expect("the slip has a code to scan", duty.locator("main svg.qr").is_visible())
        own = self.open(duty.language, 390)
        own.goto(address)
        own.wait_for_url("**/me")
        self.check(own, "resident’s own page")
        words = own.locator("main").inner_text()
        self.expect("the answer comes first", own.locator("h1.answer time").count() == 1, words[:200])
        facts = own.locator("article.restriction dt").count()
        self.expect("why, clause, evidence, who, until, how to disagree", facts >= 6, str(facts))
        looks = own.locator(".looks li").count()
        self.expect("who looked is shown", looks > 0)
        before = own.locator(".looks").inner_text()
        duty.goto(f"{self.base}/residents/{person}")
        duty.locator("#reveal-person > summary").click()
        self.press(duty, "#reveal-person button[value=containment], #reveal-person button", "looked again")
        own.reload()
        self.expect("the list of who looked grows", own.locator(".looks").inner_text() != before)
        choice = own.locator("#object input[type=radio]")
        if choice.count():
            choice.first.check()
        own.locator("#object textarea").fill("I was never at that market.")
        self.press(own, "#object button.primary", "objected")
        self.done(own, "objected")
        self.go(reviewer, "/objections")
        waiting = reviewer.locator("a[href^='/objections/']")
        self.expect("the reviewer sees it", waiting.count() > 0)
        self.press(reviewer, waiting, "an objection")
        reviewer.locator(f"input[name=upheld][value={'true' if isUpheld else 'false'}]").check()
        reviewer.locator("textarea[name=reason]").fill("The venue's records were looked at again.")
        self.press(reviewer, "form[action='/do/objections.decide'] button.primary", "decided")
        self.done(reviewer, "decided")
        own.reload()
        self.check(own, "resident’s page after the decision")
        own.context.close()
