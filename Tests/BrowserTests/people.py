"""The days of two people: a street coordinator at a desk, partly by keyboard alone, and a resident in isolation
with a phone, who needs nothing but the slip. Between them stands the grid worker who brings what was asked for.

Usage: people.py DATA LINKS CHROMIUM [PICTURES]

Each line is {"step": …, "faults": […]}; the last one is {"step": "end", "faults": [], "pages": n}.
"""

import json
import os
import re
import sys

from playwright.sync_api import sync_playwright

from accounts import local
from browse import ROLES, Browse
from keyboard import Keyboard

ROLES["street"] = "Street office leader"
ROLES["community"] = "Community leader"
ROLES["resident"] = "A resident in isolation"
WAYS = [("en", 1440), ("zh-CN", 390)]
if os.environ.get("DENGHUO_WAYS") == "all":
    WAYS += [("zh-CN", 1440), ("en", 390)]
FEVER = "38.4"


class People(Browse):
    def __init__(self, browser, base, links, pictures):
        super().__init__(browser, base, links)
        self.pictures = pictures

    def check(self, page, step, status=200):
        super().check(page, step, status)
        if self.pictures:
            name = re.sub(r"\W+", "-", step).strip("-")[:60]
            page.screenshot(
                path=os.path.join(self.pictures, f"{self.pages:03}-{name}-{page.language}-{page.width}.png"),
                full_page=True)

    @staticmethod
    def form(page, action):
        return page.locator(f"form[action='/do/{action}']")

    # MARK: The street

    def coordinator(self, street):
        """What is late first, then what only the street decides, then who lacks, then the change of shift."""
        self.go(street, "/", "the street's wall")
        self.press(street, "main a[href*='show=late']", "what is late in the street")
        late = street.locator("main a[href^='/obligations/']")
        self.expect("something is late", late.count() > 0)
        self.press(street, late, "the first that is late")
        words = street.locator("main").inner_text()
        self.expect("no page names a command", not re.search(r"[(（][a-z]+\.[a-zA-Z]+", words), words[:400])
        take = self.form(street, "obligations.claim").locator("button")
        if take.count():
            self.press(street, take, "taken on")
            self.done(street, "taken on")
        self.go(street, "/obligations?show=mine", "what I have taken on")
        self.expect("it is mine", street.locator("main a[href^='/obligations/']").count() > 0)

    def zone(self, street, community):
        """A proposed zone: one is declined with the street's word; the page says what follows. Where none
        waits, the community proposes one."""
        self.go(street, "/zones?show=proposed", "zones to be decided")
        proposed = street.locator("main a[href^='/zones/']")
        if not proposed.count():
            self.propose(community)
            self.go(street, "/zones?show=proposed", "a zone has come to be decided")
        self.expect("a zone waits for the street", proposed.count() > 0)
        self.press(street, proposed, "a proposed zone")
        self.press(street, self.form(street, "zones.decline").locator("button"), "declined")
        self.done(street, "declined")
        self.expect("it is decided", self.form(street, "zones.open").count() == 0)

    def propose(self, community):
        """The community proposes a zone around an infection that lives there."""
        self.go(community, "/zones", "the community's zones")
        community.locator("#propose > summary").click()
        form = self.form(community, "zones.propose")
        free = form.locator("label.stair.none:not(.whole) input, label.stair.none input")
        free.first.check()
        form.locator("[name=level]").first.check()
        form.locator("[name=infection]").fill(form.locator("datalist option").first.get_attribute("value"))
        self.press(community, form.locator("button.primary"), "a zone proposed")
        self.done(community, "a zone proposed")

    def lack(self, street):
        """Which post is vacant, and where; the numbers of the street's site; who is at home."""
        self.go(street, "/offices", "the street's teams")
        below = street.locator("main a[href^='/offices?place=']")
        self.expect("vacancies are listed by community", below.count() > 0)
        self.press(street, below, "a community's team")
        self.go(street, "/capacity", "capacity")
        form = self.form(street, "capacity.report")
        form.locator("[name=site]").fill("辽宁路街道临时点")
        form.locator("[name=total]").fill("20")
        form.locator("[name=used]").fill("-3")
        self.press(street, form.locator("button"), "fewer taken than none", 422)
        form = self.form(street, "capacity.report")
        self.expect("what was typed stays", form.locator("[name=total]").input_value() == "20")
        form.locator("[name=used]").fill("4")
        self.press(street, form.locator("button"), "capacity told")
        self.done(street, "capacity told")
        self.go(street, "/home", "who is at home")
        self.go(street, "/isolation", "the street's sites")

    # MARK: The resident

    def resident(self, own, community, worker):
        """Reports, is refused in words, reports a fever, asks for what is needed, asks to go for care."""
        own.goto(self.links[ROLES["resident"]])
        own.wait_for_url("**/me")
        self.check(own, "my page")
        self.expect("the answer comes first", own.locator("h1.answer time").count() == 1)
        self.report(own, "63", 422, "a temperature that nobody has")
        if not own.locator("details[id^='report-again']").count():
            self.report(own, "36.5", 200, "a temperature")
            self.done(own, "a temperature")
        self.report(own, "36.6", 422, "well again too soon")
        self.report(own, FEVER, 200, "a fever", symptom="fever")
        self.done(own, "a fever")
        self.expect("the page says that somebody calls", "120" in own.locator("main").inner_text())
        ask = self.form(own, "home.ask")
        ask.locator("input[name=kind]").nth(1).check()
        ask.locator("[name=text]").fill("降压药 3 天")
        self.press(own, ask.locator("button.primary"), "asked for medicine")
        self.done(own, "asked for medicine")
        self.expect("who sees to it is said", "降压药" in own.locator("main").inner_text())
        self.brought(worker)
        self.outing(own, community)
        for link in ["/me/code", "/me/tests"]:
            found = own.locator(f"main a[href*='{link}']")
            if found.count():
                address = own.url
                self.press(own, found, f"my page: {link}")
                own.goto(address)
        self.expect("who looked is shown", own.locator(".looks li").count() > 0)

    def report(self, own, degrees, status, step, symptom="none"):
        again = own.locator("details[id^='report-again']")
        if again.count() and not again.evaluate("(part) => part.open"):
            again.locator("summary").click()
        form = self.form(own, "home.reportOwn")
        form.locator("[name=temperature]").fill(degrees)
        form.locator("[name=symptom]").select_option(symptom)
        self.press(own, form.locator("button.primary"), step, status)

    def brought(self, worker):
        """The request stands where the grid worker looks, with what was asked."""
        self.go(worker, "/obligations?kind=home.request", "what residents ask for")
        asked = worker.locator("main a[href^='/obligations/']")
        self.expect("the request has come", asked.count() > 0, worker.locator("main").inner_text()[:300])

    def outing(self, own, community):
        """Asks to go for care by the own page; the community approves; the page says so."""
        form = self.form(own, "home.askOwnOuting")
        if not form.count():
            return
        own.locator("#ask-outing > summary").click()
        form.locator("[name=destination]").fill("市立医院")
        form.locator("[name=reason]").fill("复查血压")
        form.locator("[name=leaveAt]").fill(local(hours=20))
        self.press(own, form.locator("button.primary"), "asked to go for care")
        self.done(own, "asked to go for care")
        self.go(community, "/home", "who asks to go out")
        address = community.locator("main a[href^='/home/outings/']")
        self.expect("the outing waits for the community", address.count() > 0)


def walk(browser, base, links, pictures):
    all = People(browser, base, links, pictures)
    for language, width in WAYS:
        way = f"{language} {width}"
        with all.part(f"{way} signing in"):
            street = all.enter("street", language, width)
            community = all.enter("community", language, width)
            worker = all.enter("worker", language, width)
        with all.part(f"{way} coordinator"):
            all.coordinator(street)
        with all.part(f"{way} zone"):
            all.zone(street, community)
        with all.part(f"{way} what is lacking"):
            all.lack(street)
        if width > 600:
            with all.part(f"{way} keyboard"):
                note = Keyboard(all).coordinator(street)
                other = all.enter("duty", language, width)
                Keyboard(all).takeOver(other, note)
                other.context.close()
        with all.part(f"{way} resident"):
            own = all.open(language, 390)
            all.resident(own, community, worker)
        for page in [street, community, worker, own]:
            page.context.close()
    print(json.dumps({"step": "end", "faults": [], "pages": all.pages}), flush=True)


def main():
    base, file, chromium = sys.argv[1:4]
    pictures = sys.argv[4] if len(sys.argv) > 4 else None
    links = dict(re.findall(r"^ *([^:\n]+): (http://\S+)$", open(file).read(), re.M))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        walk(browser, base, links, pictures)
        browser.close()


if __name__ == "__main__":
    main()
