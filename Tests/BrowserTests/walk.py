"""Drives a browser over every page of a sample district and says what it saw, a JSON line a step.

Usage: walk.py DATA LINKS CHROMIUM
  DATA      the address of the server
  LINKS     a file with the sign-in addresses that `denghuo demo` prints
  CHROMIUM  the browser

Each line is {"step": …, "faults": […]}; the last one is {"step": "end", "faults": [], "pages": n}.
"""

import json
import os
import re
import sys

from playwright.sync_api import sync_playwright

from daily import Daily
from keyboard import Keyboard
from walkcases import Cases
from walkdoors import Doors

# Each half of the walk has a server of its own: wide in one language and narrow in the other. With all
# ways each half goes its own way in the other language, too.
WAYS = [("en", 1440), ("zh-CN", 390)]
ALL_WAYS = [("en", 1440), ("zh-CN", 1440), ("zh-CN", 390), ("en", 390)]


class Walk(Cases, Doors):
    # MARK: Everything else

    def sweep(self, page):
        for link in page.locator("nav.sections a").all():
            page.paths = getattr(page, "paths", []) + [link.get_attribute("href")]
        for path in page.paths:
            self.go(page, path)
        page.goto(self.base + "/")
        tile = page.locator("#board a.tile")
        if tile.count():
            self.press(page, tile, "a street")
        if page.locator("#board a.tile").count():
            self.press(page, "#board a.tile", "a community")
        self.go(page, "/no-such-page", status=404)
        self.go(page, "/audit", "what is not theirs", 403)
        self.go(page, "/password")

    def live(self, page, other, person, number):
        """A case reported elsewhere appears without anybody reloading."""
        self.go(page, "/cases", "cases, kept open")
        page.evaluate("window.stillHere = true")
        page.locator('html[data-connection=live]').wait_for(state='attached')
        other.goto(self.base + "/cases")
        form = other.locator("form[action='/do/cases.report']")
        form.locator("[name=case]").fill(number)
        form.locator("[name=person]").fill(person)
        form.locator("[name=kind][value=confirmed]").check()
        self.press(other, form.locator("button.primary"), "reported elsewhere")
        page.wait_for_selector(f"#cases a[href='/cases/{number}']", timeout=12_000)
        self.expect("the page was not loaded again", page.evaluate("window.stillHere === true"))

    def plain(self, state, number):
        """Reading and pressing without any script."""
        context = self.browser.new_context(
            locale="en", viewport={"width": 390, "height": 844}, java_script_enabled=False,
            storage_state=state)
        page = context.new_page()
        for path in ["/", "/obligations", f"/cases/{number}", "/round", "/bulletin", "/restrictions"]:
            answer = page.goto(self.base + path)
            self.expect(f"without scripts {path}",
                        answer.status == 200 and len(page.locator("main").inner_text()) > 40)
        page.goto(self.base + f"/cases/{number}")
        page.locator("#correct > summary").click()
        self.expect("without scripts a disclosure opens", page.locator("#correct form").is_visible())
        context.close()


def walk(browser, base, links, part):
    all = Walk(browser, base, links)
    people, strikes = [], 0
    ways = ALL_WAYS if os.environ.get("DENGHUO_WAYS") == "all" else WAYS
    half = len(ways) // 2
    for index, (language, width) in list(enumerate(ways))[half * part:half * (part + 1)]:
        isFirst = index == half * part
        way = f"{language} {width}"
        with all.part(f"{way} signing in"):
            duty = all.signIn("duty", language, width)
            worker = all.enter("worker", language, width)
            reviewer = all.enter("reviewer", language, width)
            second = all.enter("investigator", language, width)
            admin = all.enter("admin", language, width)
            people = people or all.people(worker)
            all.expect("somebody is restricted", len(people) > 9, str(len(people)))
        number = f"W{index}"
        with all.part(f"{way} pages"):
            all.sweep(duty)
        with all.part(f"{way} reporting"):
            all.report(duty, people[-1 - index], number)
        with all.part(f"{way} case"):
            all.casePage(duty, number)
            all.add(duty, number, people[index + 4])
        with all.part(f"{way} deciding"):
            all.decideAll(duty, second)
            all.decision(duty)
            all.handOver(duty, second)
        with all.part(f"{way} round"):
            all.doors(worker, way)
        with all.part(f"{way} board"):
            all.board(duty)
        with all.part(f"{way} obligations"):
            all.obligations(duty)
        with all.part(f"{way} strike off"):
            strikes += all.strikeOff(duty)
        daily = Daily(all)
        with all.part(f"{way} search"):
            daily.search(duty)
        with all.part(f"{way} taking away"):
            daily.takeAway(duty)
        with all.part(f"{way} change of shift"):
            daily.shift(duty, second)
        if width > 600:
            with all.part(f"{way} keyboard"):
                Keyboard(all).officer(duty)
        with all.part(f"{way} resident"):
            all.resident(duty, reviewer, people[index], isUpheld=index % 2 == 0)
        # Wide in one language and narrow in the other; the sweep opens both pages every way.
        if isFirst:
            with all.part(f"{way} transmission"):
                all.transmission(duty, number)
            with all.part(f"{way} leads"):
                all.leads(duty, way)
        with all.part(f"{way} bulletin"):
            all.bulletin(admin, isFirst=isFirst)
        if index == 0:
            with all.part("live"):
                other = all.open(language, width)
                other.context.add_cookies(duty.context.cookies())
                all.live(duty, other, people[-5], "L1")
            with all.part("without scripts"):
                all.plain(duty.context.storage_state(), number)
        if width > 600:
            with all.part(f"{way} questions"):
                daily.questions(duty, people[index])
        with all.part(f"{way} correcting"):
            all.rightAndWithdraw(duty, number)
        with all.part(f"{way} signing out"):
            all.signOut(duty)
        for page in [duty, worker, reviewer, second, admin]:
            page.context.close()
    all.expect("axe looked at the pages", all.rules is not None, "axe-playwright-python is not installed")
    all.expect("something late was struck off", strikes > 0)
    all.expect("contacts waited for a decision", all.waiting > 0)
    all.expect("somebody was moved by two sides", all.moved > 0)
    print(json.dumps({"step": "end", "faults": [], "pages": all.pages}), flush=True)


def main():
    base, file, chromium, part = sys.argv[1:5]
    links = dict(re.findall(r"^ *([^:\n]+): (http://\S+)$", open(file).read(), re.M))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        walk(browser, base, links, int(part))
        browser.close()


if __name__ == "__main__":
    main()
