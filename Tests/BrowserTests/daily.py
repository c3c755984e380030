"""The console's daily work: the search, lists to take away, the change of shift, everything by keyboard
alone, and ten questions that are each answered within three presses (docs/howto/QUESTIONS.md)."""

VISIBLE_FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return "nothing";
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const shade = one.querySelector?.(".shade, circle");
  const drawn = shade ? getComputedStyle(shade).strokeWidth : "0";
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
    || parseFloat(drawn) >= 4;
  if (!ring) return `no ring: ${one.outerHTML.slice(0, 90)}`;
  if (box.bottom < 0 || box.top > innerHeight) return `out of sight: ${one.outerHTML.slice(0, 90)}`;
  return "";
}"""


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

    # MARK: By keyboard alone

    def keyboard(self, page):
        """From the skip link to a claim, a search and a name, without a mouse."""
        walk = self.walk
        page.goto(self.base + "/")
        page.keyboard.press("Tab")
        walk.expect("the first stop skips to the content",
                    page.evaluate("document.activeElement.className") == "skip")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        walk.expect("and does so", page.evaluate("document.activeElement.closest('main') !== null"))
        page.goto(self.base + "/")
        faults, stops = [], 0
        for _ in range(60):
            page.keyboard.press("Tab")
            fault = page.evaluate(VISIBLE_FOCUS)
            if fault == "nothing":
                break
            stops += 1
            if fault:
                faults.append(fault)
        walk.say("keyboard: every stop is seen", *faults[:3])
        walk.expect("keyboard: the wall has stops", stops > 30, str(stops))
        order = page.evaluate("[...document.querySelectorAll('[tabindex]')].filter((e) => e.tabIndex > 0).length")
        walk.expect("keyboard: nothing jumps the queue", order == 0)

        page.goto(self.base + "/obligations?show=untaken")
        claim = "form[action='/do/obligations.claim'] button"
        if page.locator(claim).count():
            self.tabTo(page, claim)
            with page.expect_navigation():
                page.keyboard.press("Enter")
            walk.done(page, "keyboard: claimed")

        page.goto(self.base + "/obligations")
        self.tabTo(page, ".search input")
        page.keyboard.type("zh")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        self.tabTo(page, "#found-people tbody a")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        self.tabTo(page, "#reveal-person > summary")
        page.keyboard.press("Enter")
        self.tabTo(page, "#reveal-person button")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        walk.expect("keyboard: a name was opened for a purpose",
                    page.locator("h1 .masked").count() == 0 and "purpose=" in page.url, page.url)

    @staticmethod
    def tabTo(page, target):
        """Presses the tabulator until something has the focus."""
        for _ in range(250):
            page.keyboard.press("Tab")
            if page.evaluate("(target) => document.activeElement.matches(target)", target):
                return
        raise AssertionError(f"the tabulator never came to {target}")

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
