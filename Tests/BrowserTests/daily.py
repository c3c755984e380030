"""The console's daily work: the search, lists to take away, the change of shift, and ten questions that are
each answered within three presses (docs/howto/QUESTIONS.md)."""

class Daily:
    def __init__(self, walk):
        self.walk, self.base = walk, walk.base

    # MARK: The search and what is taken away

    def search(self, page):
        """By initials, by a place, by a number; the purpose goes along to the file."""
        walk = self.walk
        walk.go(page, "/find", "find, nothing typed")
        page.goto(self.base + "/obligations")
        page.fill(".search input", "zh")
        with page.expect_navigation():
            page.press(".search input", "Enter")
        walk.check(page, "find by initials")
        people = page.locator("#found-people tbody a")
        walk.expect("people are found by the initials of their names", people.count() > 0)
        names = people.all_inner_texts()
        walk.expect("names have stars", all("＊" in name for name in names), str(names))
        page.locator("main select[name=purpose]").select_option("containment")
        walk.press(page, "main form.filters button", "find again for another purpose")
        person = page.locator("#found-people tbody a").first
        walk.expect("the purpose goes along", "purpose=containment" in person.get_attribute("href"))
        walk.press(page, person, "a file from the search")
        walk.expect("its name has stars still", page.locator("h1 .masked").count() == 1)
        page.go_back()
        walk.expect("going back brings what was found", page.locator("#found-people").count() == 1)
        walk.expect("no address names anybody", "words" not in page.url and "sealed=" in page.url,
                    page.url)
        self.find(page, "延安路", "find a place")
        walk.expect("a place is found", page.locator("#found-places tbody a").count() > 0)
        self.find(page, "no-such-thing-anywhere", "find nothing")
        walk.expect("nothing is said to be found", page.locator(".empty").count() == 1)
        for label, kind in [("T0000001F", "tubes"), ("BOX-1", "boxes"), ("海云超市", "venues")]:
            self.find(page, label, f"find what bears the label {label}")
            found = page.locator(f"#found-{kind} tbody a")
            walk.expect(f"{label} is found", found.count() == 1)
            walk.press(page, found, f"what bears the label {label}")
        page.goto(self.base + "/obligations")
        number = page.locator("#obligations h3 a").first.get_attribute("href").split("/")[-1]
        self.find(page, number, "find an obligation")
        walk.expect("an obligation is found by its number",
                    page.locator("#found-obligations tbody a").count() == 1)

    def find(self, page, words, step):
        """Types into the box in the header: what is looked for stands in no address."""
        page.fill(".search input", words)
        with page.expect_navigation():
            page.press(".search input", "Enter")
        self.walk.check(page, step)

    def takeAway(self, page):
        """Each list as a spreadsheet opens it, with the filters of its page."""
        for path in ["/obligations?show=late", "/restrictions", "/referrals?show=all"]:
            page.goto(self.base + path)
            address = page.locator(".take a").get_attribute("href")
            answer = page.request.get(self.base + address)
            body = answer.body()
            self.walk.expect(f"a list from {path}",
                             answer.status == 200 and body.startswith(b"\xef\xbb\xbf")
                             and "attachment" in answer.headers["content-disposition"],
                             f"{answer.status} {body[:60]}")
        page.goto(self.base + "/obligations")
        kind = page.locator("main select[name=kind] option").nth(1).get_attribute("value")
        page.locator("main select[name=kind]").select_option(kind)
        self.walk.press(page, "main form.filters button", "a filter")
        self.walk.expect("the filter stands in the address", f"kind={kind}" in page.url, page.url)
        if page.locator("main form.filters a.button").count():
            self.walk.press(page, "main form.filters a.button", "the filter cleared")
            self.walk.expect("it is gone from the address", "kind=" not in page.url, page.url)

    # MARK: The change of shift

    def shift(self, page, second):
        """One hands over and cannot take it; another reads it and signs."""
        walk = self.walk
        walk.go(page, "/day")
        walk.go(page, "/handover")
        form = "form[action='/do/handover.give']"
        page.fill(f"{form} textarea", "打 13800138000")
        walk.press(page, f"{form} button.primary", "a note with somebody’s number", 422)
        page.fill(f"{form} textarea", "1 号楼等车，已答应 20 点前到")
        walk.press(page, f"{form} button.primary", "handed over")
        walk.done(page, "handed over")
        walk.press(page, "main table a.row-link", "the note, by its giver")
        walk.expect("the giver cannot sign it",
                    page.locator("form[action='/do/handover.take']").count() == 0)
        second.goto(self.base + page.url.replace(self.base, ""))
        walk.check(second, "the note, by whoever comes")
        walk.press(second, "form[action='/do/handover.take'] button.primary", "taken over")
        walk.done(second, "taken over")
        walk.go(page, "/day", "the day after the change of shift")
        walk.expect("the day shows what was handed over",
                    page.locator("main a[href^='/handover/']").count() > 0)

    # MARK: Ten questions

    def ask(self, page, question, start, presses, answer):
        """Follows the presses from a page, and looks whether the answer stands there."""
        if len(presses) > 3:
            self.walk.say(f"question: {question}", f"{len(presses)} presses")
            return
        page.goto(self.base + start)
        for press in presses:
            if callable(press):
                press(page)
                continue
            found = page.locator(press)
            if not found.count():
                self.walk.say(f"question: {question}", f"nothing to press: {press} on {page.url}")
                return
            with page.expect_navigation():
                found.first.click()
        seen = page.locator(answer)
        self.walk.expect(f"question: {question}", seen.count() > 0, f"{answer} on {page.url}")

    @staticmethod
    def typed(words):
        """Words typed into the box of the header: one press."""
        def press(page):
            page.fill(".search input", words)
            with page.expect_navigation():
                page.press(".search input", "Enter")
        return press

    @staticmethod
    def chosen(name, index):
        """A choice in a list's filter and its button: one press."""
        def press(page):
            page.locator(f"main form.filters select[name={name}]").select_option(index=index)
            with page.expect_navigation():
                page.locator("main form.filters button").first.click()
        return press

    def questions(self, page, person):
        nav = "nav.sections a[href='{}']".format
        self.ask(page, "what is late in this street?", "/",
                 ["#board a.tile", "#figures a[href*='show=late']"], "#obligations li, .empty")
        self.ask(page, "which doors still owe a sample today?", "/",
                 ["#kinds a.row-link[href*='restrictions.test']", self.chosen("place", 1)],
                 "#obligations li")
        self.ask(page, "why may this neighbour not go out, and until when?", "/",
                 [self.typed(person), "#found-people tbody a", "main a[href^='/restrictions/of/']"],
                 "article.restriction dt, .empty")
        self.ask(page, "what is due within the hour?", "/",
                 [nav("/obligations"), ".tabs a[href*='show=soon']"], "#obligations li, .empty")
        self.ask(page, "who has this, and who was told?", "/",
                 ["#obligations h3 a"], "dl.facts dt")
        self.ask(page, "what did the last shift leave?", "/",
                 [nav("/day"), "main a[href^='/handover/']"], "main table, .empty")
        self.ask(page, "which contacts have not been told?", "/",
                 [nav("/referrals"), "#figures a[href*='show=untold']"], "#referrals li, .empty")
        self.ask(page, "who here lives alone, or needs dialysis?", "/",
                 [nav("/residents"), self.chosen("tag", 1)], "main table tbody tr, .empty")
        self.ask(page, "who has looked at this person’s data, and what for?", "/",
                 [self.typed(person), "#found-people tbody a", "main a[href*='purpose=supervision']"],
                 ".looks li")
        self.ask(page, "who are today’s new cases, and how was each found?", "/",
                 ["#figures a[href^='/bulletin/rows']"], "main table, .empty")
        self.ask(page, "who is on duty in this grid?", "/", [nav("/offices")], "main table tbody tr")
