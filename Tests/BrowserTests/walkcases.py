"""What the walk does with cases, their sources, leads and the bulletin."""

from browse import Browse


class Cases(Browse):
    # MARK: Cases

    def people(self, page):
        """Who is restricted in the grid of a worker."""
        page.goto(self.base + "/restrictions")
        links = page.locator("#restrictions a[href^='/restrictions/of/']")
        found = [links.nth(i).get_attribute("href").split("/")[-1] for i in range(links.count())]
        return list(dict.fromkeys(found))

    def report(self, page, person, number):
        self.go(page, "/cases")
        form = page.locator("form[action='/do/cases.report']")
        form.locator("[name=case]").fill(number)
        form.locator("[name=person]").fill(person)
        form.locator("[name=name]").fill("林样本")
        now = form.locator("[name=reported_at]").input_value()
        form.locator("[name=reported_at]").fill(f"{int(now[:4]) + 1}{now[4:16]}")
        form.locator("[name=kind][value=asymptomatic]").check()
        self.press(page, form.locator("button.primary"), "a refused case", 422)
        form = page.locator("form[action='/do/cases.report']")
        self.expect("a refused case keeps what was typed",
                    form.locator("[name=case]").input_value() == number
                    and form.locator("[name=name]").input_value() == "林样本"
                    and form.locator("[name=kind][value=asymptomatic]").is_checked())
        self.expect("a refused case says it at the field",
                    form.locator("[name=reported_at][aria-invalid=true]").count() == 1
                    and form.locator(".error").count() == 1, page.locator("main").inner_text()[:300])
        form.locator("[name=reported_at]").fill(now)
        form.locator("[name=name]").fill("")
        self.press(page, form.locator("button.primary"), "a reported case")
        self.done(page, "reported")
        self.expect("the case is in the list",
                    page.locator(f"#cases a[href='/cases/{number}']").count() == 1)

    def casePage(self, page, number):
        own = f"/cases/{number}"
        self.go(page, own, "case")
        compute = page.locator("form[action='/do/contacts.compute'] button")
        if compute.count():
            page.locator("#compute > summary").click()
            self.press(page, compute, "contacts computed again")
        self.expect("the case shows a trajectory",
                    page.locator("svg.trajectory, .empty").count() > 0)
        self.expect("at most three gaps are drawn", page.locator("svg .gap").count() <= 3)
        if page.locator("svg.trajectory").count():
            outside = page.evaluate(
                """() => [...document.querySelectorAll("svg.trajectory text")].filter((text) => {
                  const box = text.getBBox(), view = text.ownerSVGElement.viewBox.baseVal;
                  return box.x < 0 || box.x + box.width > view.width;
                }).map((text) => text.textContent)""")
            self.expect("no label of the trajectory is cut off", not outside, str(outside))
            page.locator("#trajectory-list > summary").click()
            self.check(page, "trajectory as a list")
        waiting = page.locator("form[action='/do/contacts.confirm']").count()
        self.waiting += waiting
        if waiting:
            self.expect("contacts wait with their evidence", page.locator("article li").count() > 0)
        if waiting > 1:
            self.press(page, "form[action='/do/contacts.confirm'] button.primary", "one contact")
            self.done(page, "one contact confirmed")
            page.locator("details[id^=reject-] > summary").first.click()
            self.press(page, "form[action='/do/contacts.reject'] button", "one is none")
            self.done(page, "one contact rejected")
        page.locator("#reveal-case > summary").click()
        self.press(page, "#reveal-case button", "case with the name shown")
        self.expect("the name is shown", page.locator("h1 .masked").count() == 0)

    def decideAll(self, page, second):
        """Contacts in bulk: first what it would mean; more than one may confirm wait for a second person."""
        self.go(page, "/cases", "cases to decide on")
        cases = [link.get_attribute("href") for link in page.locator("#cases a[href^='/cases/']").all()]
        preview = page.locator("a[href*='preview=true']")
        for own in dict.fromkeys(cases[:25]):
            page.goto(self.base + own)
            if preview.count():
                break
        if not preview.count():
            return
        self.waiting += page.locator("form[action='/do/contacts.confirm']").count()
        self.press(page, preview, "what deciding all means")
        self.press(page, ".notice form[action='/do/contacts.confirm'] button.primary", "all contacts")
        self.done(page, "all contacts")
        asked = page.locator("a[href^='/contact-requests#']")
        if not asked.count():
            return
        self.asked += 1
        self.press(page, asked, "what was asked of a second person")
        approve = "form[action='/do/contacts.approve'] button[value=true]"
        self.press(page, approve, "the asker may not approve", 422)
        self.go(second, "/contact-requests", "second person")
        second.locator("details[id^=people-] > summary").first.click()
        self.press(second, approve, "approved by a second person")
        self.done(second, "approved")

    def handOver(self, page, second):
        """A contact on the way to the area of the home: taken on, found, sent off, arrived."""
        self.go(page, "/referrals", "hand-overs")
        self.expect("the board has its figures", page.locator("#figures").count() == 1)
        self.go(page, "/referrals?show=all", "all hand-overs")
        self.go(page, "/referrals?direction=outgoing&show=all", "help letters")
        page.goto(self.base + "/referrals?show=unanswered")
        accept = page.locator("main form[action='/do/referrals.accept'] button.primary")
        if accept.count():
            self.press(page, accept, "many accepted")
            self.done(page, "many accepted")
        # Whoever isolates at home is found and goes nowhere; the first who has to move is moved.
        for _ in range(8):
            page.goto(self.base + "/referrals?show=unfound")
            links = page.locator("#referrals a[href^='/referrals/']")
            if not links.count():
                return
            self.press(page, links, "a hand-over")
            own = page.url
            self.press(page, "form[action='/do/referrals.report'] button[value=home]", "found at home")
            self.done(page, "found at home")
            page.goto(own)
            if page.locator("#depart").count():
                break
        else:
            return
        if not page.locator("#depart form").is_visible():
            page.locator("#depart > summary").click()
        page.locator("#depart [name=site]").fill("海滨酒店")
        self.press(page, "#depart button.primary", "sent off")
        self.done(page, "sent off")
        page.goto(own)
        self.press(page, "form[action='/do/referrals.arrive'] button.primary", "own arrival", 422)
        second.goto(own)
        self.press(second, "form[action='/do/referrals.arrive'] button.primary", "arrived")
        self.done(second, "arrived")
        self.moved += 1

    def decision(self, page):
        """What only a decision closes offers that decision, and neither finishing nor waiving."""
        self.go(page, "/obligations?kind=objections.decide", "decisions owed")
        links = page.locator(".obligation a[href^='/obligations/']")
        if not links.count():
            return
        self.press(page, links, "a decision owed")
        self.expect("nobody ticks a decision off",
                    page.locator("form[action='/do/obligations.finish'], #waive").count() == 0)
        self.expect("it leads to the decision", page.locator("main a[href^='/objections/']").count() > 0)

    def add(self, page, number, person):
        self.go(page, f"/cases/{number}", "case")
        page.locator("#add > summary").click()
        form = page.locator("#add form")
        form.locator("[name=person]").fill(person)
        form.locator("[name=from]").fill("2020-02-02T10:00")
        form.locator("[name=to]").fill("2020-02-02T09:00")
        self.press(page, form.locator("button.primary"), "a contact that ends before it begins", 422)
        form = page.locator("#add form")
        self.expect("the refused form stands open", form.is_visible())
        today = page.locator("#clock time").get_attribute("datetime")[:10]
        form.locator("[name=from]").fill(f"{today}T00:00")
        form.locator("[name=to]").fill(f"{today}T00:01")
        self.press(page, form.locator("button.primary"), "a contact by hand")
        self.done(page, "a contact by hand")

    def rightAndWithdraw(self, page, number):
        own = f"/cases/{number}"
        self.go(page, own, "case to correct")
        page.locator("#correct > summary").click()
        form = page.locator("form[action='/do/cases.correct']")
        form.locator("select[name=field]").select_option("age")
        form.locator("[name=value]").fill("not a number")
        form.locator("[name=reason]").fill("typed wrongly")
        self.press(page, form.locator("button.primary"), "a refused correction", 422)
        form = page.locator("form[action='/do/cases.correct']")
        self.expect("a refused form stands open with its reason",
                    form.is_visible() and form.locator("[name=reason]").input_value() == "typed wrongly")
        if not form.is_visible():
            page.locator("#correct > summary").click()
        form.locator("[name=value]").fill("47")
        self.press(page, form.locator("button.primary"), "a correction")
        self.done(page, "corrected")
        page.locator("#withdraw > summary").click()
        page.locator("#withdraw textarea").fill("a second laboratory found nothing")
        self.press(page, "#withdraw button.danger", "withdrawn")
        self.done(page, "withdrawn")
        self.expect("the page says that it is withdrawn", page.locator(".notice.soon").count() > 0)
        self.go(page, "/cases?show=withdrawn")
        self.expect("withdrawn cases can be found",
                    page.locator(f"#cases a[href='/cases/{number}']").count() == 1)

    # MARK: Who infected whom, and leads

    def transmission(self, page, number):
        self.go(page, "/transmission")
        drawing, nested = page.locator("svg.tree"), page.locator("ul.tree-list")
        self.expect("the tree is drawn where there is room, and nested where there is not",
                    drawing.is_visible() == (page.width > 600)
                    and nested.is_visible() == (page.width <= 600))
        if drawing.is_visible():
            page.locator("svg.tree a").first.focus()
            self.expect("a case in the drawing can be reached by keyboard", page.evaluate(
                "document.activeElement.closest('svg.tree') !== null"))
        self.go(page, f"/cases/{number}", "case")
        self.press(page, f"main a[href='/transmission/{number}']", "from the case to its source")
        enter = "#enter form"
        page.locator("#enter > summary").click()
        page.locator(f"{enter} [name=infector]").fill(number)
        self.press(page, f"{enter} button.primary", "nobody infected themselves", 422)
        page.locator(f"{enter} [name=infector]").fill("imported")
        self.press(page, f"{enter} button.primary", "a source entered")
        self.done(page, "a source entered")
        page.locator("#withdraw > summary").click()
        page.locator("#withdraw [name=reason]").fill("came from the other flat")
        self.press(page, "#withdraw button.danger", "a source withdrawn")
        self.done(page, "a source withdrawn")
        self.expect("what was withdrawn stays with its reason", page.locator("#closed").count() == 1)

    def leads(self, page, way):
        self.go(page, "/leads")
        for part in ["first", "second"]:
            page.locator("#enter > summary").click()
            form = page.locator("#enter form")
            form.locator("[name=title]").fill(f"{way} {part}")
            form.locator("[name=urgency][value=urgent]").check()
            form.locator("[name=name]").fill("林样本")
            form.locator("[name=phone]").fill("13800000117")
            self.press(page, form.locator("button.primary"), f"{part} lead")
            self.done(page, f"{part} lead")
            self.expect("the split is shown before it is done", page.locator("#split table").count() == 1)
            self.press(page, "#split form button.primary", "split")
            self.done(page, "split")
            self.go(page, "/leads?state=assigned", "leads to check")
            self.press(page, page.locator("#leads a", has_text=f"{way} {part}"), f"{part} lead opened")
            if part == "first":
                page.locator("#reveal-lead > summary").click()
                self.press(page, "#reveal-lead button", "a lead with the name shown")
                self.expect("the telephone can be called", page.locator("a[href^='tel:']").count() == 1)
                page.locator("#result [name=measure][value=home]").check()
                self.press(page, "#result form button.primary", "a result")
                self.done(page, "a result")
                self.go(page, "/leads")
        self.expect("an earlier result of the same person is shown",
                    page.locator(".notice.information").count() == 1)
        page.locator("#hand-over > summary").click()
        page.locator("#hand-over [name=reason]").fill("lives there")
        self.press(page, "#hand-over button.primary", "handed over")
        self.done(page, "handed over")

    # MARK: The bulletin

    def bulletin(self, page, isFirst):
        self.go(page, "/bulletin")
        if isFirst:
            form = page.locator("form[action='/do/bulletin.publish']")
            form.locator("[name='declared.total']").fill("4711")
            self.press(page, form.locator("button.primary"), "a declared number that differs", 422)
            self.expect("the difference is said", page.locator("[role=alert]").count() == 1
                        and "4711" in page.locator("main").inner_text().replace(",", ""))
            form = page.locator("form[action='/do/bulletin.publish']")
            form.locator("[name='declared.total']").fill("")
            self.press(page, form.locator("button.primary"), "published")
            self.done(page, "published")
        self.press(page, page.locator("main a[href^='/bulletin/']:not([href*=rows])"), "a published bulletin")
        page.goto(self.base + "/bulletin")
        rows = page.locator("main a[href^='/bulletin/rows']")
        self.press(page, rows, "the rows of a number")
        page.goto(self.base + "/")
        today = page.locator("main a[href^='/bulletin/rows']")
        if today.count():
            self.press(page, today, "today’s rows from the wall")
