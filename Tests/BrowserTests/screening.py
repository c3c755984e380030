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

from playwright.sync_api import sync_playwright

from browse import PASSWORD, Browse
from screeningdays import LIST, Days

ROLES = {
    "duty": "District duty officer", "investigator": "Case investigator",
    "street": "Street office leader", "sampler": "Sampling point (phone)",
    "admin": "Administrator (everything)", "courier": "Courier of samples", "laboratory": "Laboratory", "worker": "Grid worker (phone)",
}
WAYS = [("en", 1440), ("zh-CN", 390)]
if os.environ.get("DENGHUO_WAYS") == "all":
    WAYS += [("zh-CN", 1440), ("en", 390)]


class Screening(Browse, Days):
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


    def communityQuery(self, page):
        """The address part of the round’s own area, as the page offers it."""
        page.goto(self.base + self.round + "/slots")
        return "place=" + page.locator("main [name=place]").input_value()

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
