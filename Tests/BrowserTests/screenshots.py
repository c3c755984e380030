"""Takes a picture of every page of a sample district: both languages, phone and desk, some of them dark
or as they print.

Usage: screenshots.py BASE LINKS CHROMIUM FOLDER [WORD…]
  BASE      the address of the server
  LINKS     a file with the sign-in addresses that `denghuo demo` prints
  CHROMIUM  the browser
  FOLDER    where the pictures go: NAME.LANGUAGE.WIDTH[.dark|.print].png
  WORD      only pages whose name holds one of these
"""

import os
import re
import sys

from playwright.sync_api import sync_playwright

from accounts import code

ROLES = {
    "admin": "Administrator (everything)",
    "duty": "District duty officer",
    "investigator": "Case investigator",
    "street": "Street office leader",
    "community": "Community leader",
    "worker": "Grid worker (phone)",
    "reviewer": "Objection reviewer",
    "auditor": "Auditor",
    "courier": "Courier of samples",
    "laboratory": "Laboratory",
    "site": "Leader of an isolation site (phone)",
    "sampler": "Sampling point (phone)",
    "resident": "A resident in isolation",
    "green": "A resident whose code is green",
}
SLIPS = {"resident", "green"}
SCREEN = "The screen of a shop"
WAYS = [("zh-CN", 1440), ("en", 1440), ("zh-CN", 390), ("en", 390)]
DARK = {"wall", "obligations", "find", "residents", "case", "round-doors", "me", "design", "day"}
PRINTED = {"isolation-kitchen", "obligations", "residents", "restrictions-of", "bulletin-published", "handover", "me"}


class Pages:
    """Every page with a name, the role that opens it, and the way there; sheets of labels are no pages."""

    def __init__(self, base, links):
        self.base = base
        self.links = links
        self.known = {}

    def first(self, page, path, selector, which=0):
        """The address that a link on a page leads to; nothing where there is none, or no such page."""
        if path is None:
            return None
        key = (path, selector, which)
        if key not in self.known:
            page.goto(self.base + path)
            links = page.locator(selector)
            self.known[key] = links.nth(which).get_attribute("href") if links.count() > which else None
        return self.known[key]

    def down(self, page, levels):
        path = "/"
        for _ in range(levels):
            tiles = "#board a.tile.late, #board a.tile:has(progress)"
            path = (self.first(page, path, tiles) or self.first(page, path, "#board a.tile")
                    or path)
        return path

    def community(self, page):
        path = "/residents"
        while path and "#places" not in path:
            tile = self.first(page, path, "#places a.tile:not(:has-text(' 0 '))")
            if not tile:
                return path
            path = tile
        return path

    def find(self, page, words):
        """The address under which what was typed into the box is found."""
        page.goto(self.base + "/find")
        page.fill(".search input", words)
        with page.expect_navigation():
            page.press(".search input", "Enter")
        return page.url[len(self.base):]

    def all(self):
        yield "sign-in", None, lambda p: "/sign-in"
        yield "not-found", "duty", lambda p: "/no-such-page"
        yield "wall", "duty", lambda p: "/"
        yield "wall-street", "duty", lambda p: self.down(p, 1)
        yield "wall-community", "duty", lambda p: self.down(p, 2)
        yield "wall-grid", "duty", lambda p: self.down(p, 4)
        yield "wall-city", "admin", lambda p: "/"
        yield "obligations", "duty", lambda p: "/obligations"
        yield "obligations-late", "duty", lambda p: "/obligations?show=late"
        yield "obligation", "duty", lambda p: self.first(p, "/obligations", "#obligations h3 a")
        yield "day", "duty", lambda p: "/day"
        yield "handover", "duty", lambda p: "/handover"
        yield "find-empty", "duty", lambda p: "/find"
        yield "find", "duty", lambda p: self.find(p, "zh")
        yield "find-place", "duty", lambda p: self.find(p, "延安路")
        yield "capacity", "duty", lambda p: "/capacity"
        yield "handover-note", "duty", lambda p: self.first(p, "/day", "main a[href^='/handover/']")
        yield "field", "community", lambda p: "/field"
        yield "zones", "street", lambda p: "/zones"
        yield "zones-community", "community", lambda p: "/zones"
        yield "zone", "street", lambda p: self.first(p, "/zones", "#zones h3 a")
        yield "editions", "duty", lambda p: "/editions"
        yield "residents-choose", "duty", lambda p: "/residents"
        yield "residents", "duty", self.community
        yield "resident", "duty", self.resident
        yield "resident-open", "duty", lambda p: self.resident(p) + "?reveal=true&purpose=containment"
        yield "slip", "duty", lambda p: self.resident(p) + "/slip"
        yield "duplicates", "duty", lambda p: self.first(p, self.community(p), "a[href^='/duplicates']")
        yield "cases", "duty", lambda p: "/cases"
        yield "case", "investigator", lambda p: self.first(p, "/cases", "#cases a[href^='/cases/']", 3)
        yield "investigations", "investigator", lambda p: "/investigations"
        yield "interview", "investigator", lambda p: self.case(p) + "/interview"
        yield "contacts", "investigator", lambda p: self.case(p) + "/contacts"
        yield "contacts-picture", "investigator", lambda p: self.case(p) + "/contacts?view=graph"
        yield "contacts-preview", "investigator", lambda p: self.case(p) + "/contacts?preview=reject"
        yield "contact", "investigator", lambda p: self.first(
            p, self.case(p) + "/contacts", "#contacts a[href^='/contacts/']")
        yield "transmission", "duty", lambda p: "/transmission"
        yield "source", "duty", lambda p: self.first(
            p, "/cases", "#cases a[href^='/cases/']", 3).replace("/cases/", "/transmission/")
        yield "contact-requests", "duty", lambda p: "/contact-requests"
        yield "referrals", "duty", lambda p: "/referrals?show=all"
        yield "referral", "duty", lambda p: self.first(p, "/referrals?show=all", "#referrals h3 a")
        yield "leads", "duty", lambda p: "/leads"
        yield "lead", "duty", lambda p: self.first(p, "/leads", "main a[href^='/leads/']")
        yield "restrictions", "duty", lambda p: "/restrictions"
        yield "restrictions-of", "duty", lambda p: self.first(
            p, "/restrictions", "#restrictions a[href^='/restrictions/of/']")
        yield "objections", "reviewer", lambda p: "/objections"
        yield "objection", "reviewer", lambda p: self.first(p, "/objections", "main a[href^='/objections/']")
        yield "home", "community", lambda p: "/home"
        yield "home-household", "community", self.household
        yield "home-care", "community", lambda p: self.first(p, self.household(p), "main a[href^='/home/care/']")
        yield "home-outing", "community", lambda p: self.first(p, "/home", "main a[href^='/home/outings/']")
        yield "home-request", "duty", lambda p: self.first(
            p, self.first(p, "/obligations?kind=home.request", "#obligations h3 a"), "main a[href^='/home/requests/']")
        yield "passes-of", "community", lambda p: self.resident(p).replace("/residents/", "/passes/of/")
        yield "passes-sheet", "community", lambda p: self.first(
            p, self.resident(p).replace("/residents/", "/passes/of/"), "main a[href^='/passes/sheet/']")
        yield "isolation", "street", lambda p: "/isolation"
        yield "isolation-site", "site", self.site
        yield "isolation-kitchen", "site", lambda p: self.site(p) + "/kitchen"
        yield "isolation-staff", "site", lambda p: self.site(p) + "/staff"
        yield "isolation-round", "site", lambda p: self.site(p) + "/round"
        yield "isolation-loop", "site", lambda p: self.first(
            p, self.site(p) + "/staff", "main a[href^='/isolation/loops/']")
        yield "isolation-stay", "site", lambda p: self.first(
            p, self.first(p, self.site(p), "#floor-2 a.tile"), "#guests h3 a")
        yield "bulletin", "admin", lambda p: "/bulletin"
        yield "bulletin-published", "admin", lambda p: self.first(
            p, "/bulletin", "main a[href^='/bulletin/']:not([href*=rows])")
        yield "bulletin-rows", "admin", lambda p: self.first(
            p, "/bulletin", "main a[href^='/bulletin/rows']")
        yield "figures", None, lambda p: "/figures"
        yield "screening", "street", lambda p: "/screening"
        yield "screening-round", "street", self.screening
        yield "untested", "street", lambda p: self.first(p, self.screening(p), "#tiles a.tile")
        for part in ["recalls", "boxes", "slots", "homes"]:
            yield "screening-" + part, "street", lambda p, part=part: self.screening(p) + "/" + part
        yield "screening-desk", "street", lambda p: self.screening(p) + "/point"
        yield "screening-tube", "street", lambda p: self.first(
            p, self.screening(p) + "/recalls", "#recalls tbody td a[href^='/screening/tube']")
        yield "screening-box", "street", lambda p: self.first(p, self.screening(p) + "/boxes", "#boxes a.row-link")
        yield "screening-quarantine", "duty", lambda p: "/screening/quarantine"
        yield "screening-corrections", "duty", lambda p: "/screening/corrections"
        yield "screening-labels", "duty", lambda p: "/screening/labels"
        yield "screening-list", "duty", lambda p: "/screening/list"
        yield "screening-laboratories", "admin", lambda p: "/screening/laboratories"
        yield "screening-of", "duty", lambda p: self.resident(p).replace("/residents/", "/screening/of/")
        yield "courier-boxes", "courier", lambda p: self.screening(p) + "/boxes"
        yield "laboratory", "laboratory", lambda p: "/laboratory"
        yield "find-tube", "duty", lambda p: self.find(p, "T0000001F")
        yield "obligations-unstruck", "duty", lambda p: "/obligations?show=unstruck"
        yield "sampling", "sampler", lambda p: "/sampling"
        yield "sampling-point", "sampler", lambda p: self.first(p, "/sampling", "main a[href^='/sampling/']")
        yield "venues", "street", lambda p: "/venues"
        yield "venue", "street", lambda p: self.first(p, "/venues", "main a[href^='/venues/']")
        yield "venue-screen", None, lambda p: self.links.get(SCREEN)
        yield "verify", None, lambda p: "/verify"
        yield "code-unknown", None, lambda p: "/v/not-a-code"
        yield "offline", None, lambda p: "/offline"
        yield "readings", "auditor", lambda p: "/audit/readings"
        yield "offices", "admin", lambda p: "/offices"
        yield "office", "admin", lambda p: self.first(p, "/offices", "main a[href^='/offices/']")
        yield "invitations", "admin", lambda p: "/invitations"
        yield "shifts", "admin", lambda p: "/shifts"
        yield "my-offices", "duty", lambda p: "/my-offices"
        yield "devices", "duty", lambda p: "/devices"
        yield "second-factor", "duty", lambda p: "/second-factor"
        yield "audit", "admin", lambda p: "/audit"
        yield "authorisation", "admin", lambda p: "/audit/authorisation"
        yield "password", "duty", lambda p: "/password"
        yield "design", "duty", lambda p: "/design"
        yield "round", "duty", lambda p: "/round"
        yield "round-doors", "worker", lambda p: self.doors(p)
        yield "round-new", "worker", lambda p: "/round/new"
        yield "round-queue", "worker", lambda p: "/round/queue"
        yield "wall-worker", "worker", lambda p: "/"
        yield "me", "resident", lambda p: "/me"
        yield "me-code", "resident", lambda p: "/me/code"
        yield "me-tests", "resident", lambda p: "/me/tests"
        yield "me-green", "green", lambda p: "/me"
        yield "me-green-code", "green", lambda p: "/me/code"

    def household(self, page):
        return self.first(page, "/home", "main a[href^='/home/']:not([href*='/home/outings/'])")

    def screening(self, page):
        return self.first(page, "/screening", "#rounds a[href^='/screening/']")

    def case(self, page):
        return self.first(page, "/cases", "#cases a[href^='/cases/']", 3)

    def site(self, page):
        return self.first(page, "/isolation", "#sites a.tile")

    def resident(self, page):
        return self.first(page, self.community(page), "main table a[href^='/residents/']").split("?")[0]

    def doors(self, page):
        return self.first(page, "/round", "#buildings a.tile.late, #buildings a.tile") or "/round"


def enrol(page):
    """The second step that an office asks for, by an authenticator."""
    page.locator("form[action='/second-factor/begin'] button.primary").click()
    secret = page.locator(".secret").inner_text()
    page.fill("#code", code(secret))
    page.locator("form[action='/second-factor/enrol'] button").click()
    page.locator("main a.button").first.click()


def signedIn(browser, links):
    """What a browser keeps of each role once it is signed in; a link that signs nobody in ends the work."""
    states = {None: None}
    for role, title in ROLES.items():
        if role in SLIPS and title not in links:
            continue
        context = browser.new_context(locale="en")
        page = context.new_page()
        page.goto(links[title])
        if role not in SLIPS:
            with page.expect_navigation():
                page.locator("main button.primary").click()
            if page.url.split("?")[0].endswith("/second-factor"):
                enrol(page)
            if "/sign-in" in page.url or "/link/" in page.url:
                sys.exit(f"the address of “{title}” signs nobody in: is the list of an earlier run, or was it used?")
        states[role] = context.storage_state()
        context.close()
    return states


def prepared(browser, base, states):
    """What a fresh sample lacks, so that its pages have something to show: a note of the last shift, a published
    bulletin, a lead, an objection, and something that a resident asks for. Done once: the second time each says so."""
    def page(role, path):
        made = browser.new_context(locale="zh-CN", storage_state=states[role]).new_page()
        made.set_default_timeout(5_000)
        made.goto(base + path)
        return made

    def send(made, action, button="button.primary"):
        with made.expect_navigation():
            made.locator(f"form[action='/do/{action}'] {button}").first.click()
        made.context.close()

    def note():
        made = page("duty", "/handover")
        made.fill("form[action='/do/handover.give'] textarea", "3 号楼 2 单元等药，已答应 18 点前送到")
        send(made, "handover.give")

    def lead():
        made = page("duty", "/leads")
        made.locator("#enter > summary").click()
        form = made.locator("#enter form")
        form.locator("[name=title]").fill("外地协查：同乘列车")
        form.locator("[name=urgency][value=urgent]").check()
        form.locator("[name=name]").fill("林样本")
        form.locator("[name=phone]").fill("13800000117")
        with made.expect_navigation():
            form.locator("button.primary").click()
        made.context.close()

    def objection():
        made = page("resident", "/me")
        choice = made.locator("#object input[type=radio]")
        if choice.count():
            choice.first.check()
        made.locator("#object textarea").fill("那天我在上班，没有去过那家店。")
        with made.expect_navigation():
            made.locator("#object button.primary").click()
        made.context.close()

    def request():
        made = page("resident", "/me")
        form = made.locator("form[action='/do/home.ask']")
        form.locator("input[name=kind]").nth(1).check()
        form.locator("[name=text]").fill("降压药 3 天")
        send(made, "home.ask")

    for step in [note, lead, objection, request, lambda: send(page("admin", "/bulletin"), "bulletin.publish")]:
        try:
            step()
        except Exception as failure:  # noqa: BLE001: a page without it is taken all the same
            sys.stderr.write(f"not prepared: {str(failure).splitlines()[0]}\n")


def shoot(browser, base, links, states, folder, words):
    pages = Pages(base, links)
    for language, width in WAYS:
        for name, role, way in pages.all():
            if role not in states or (words and not any(word in name for word in words)):
                continue
            looks = [("", "light", "screen")]
            if name in DARK:
                looks.append((".dark", "dark", "screen"))
            if name in PRINTED and width == 1440:
                looks.append((".print", "light", "print"))
            for suffix, scheme, media in looks:
                context = browser.new_context(
                    locale=language, color_scheme=scheme, storage_state=states[role],
                    viewport={"width": width, "height": 844 if width < 600 else 900})
                page = context.new_page()
                path = way(page)
                if path is None:
                    sys.stderr.write(f"nothing to show: {name}\n")
                    context.close()
                    continue
                page.goto(path if path.startswith("http") else base + path)
                if media == "print":
                    page.emulate_media(media="print")
                page.wait_for_load_state()
                page.screenshot(
                    path=f"{folder}/{name}.{language[:2]}.{width}{suffix}.png", full_page=True)
                context.close()


def main():
    base, file, chromium, folder = sys.argv[1:5]
    os.makedirs(folder, exist_ok=True)
    links = dict(re.findall(r"^ *([^:\n]+): (http://\S+)$", open(file).read(), re.M))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        states = signedIn(browser, links)
        prepared(browser, base, states)
        shoot(browser, base, links, states, folder, sys.argv[5:])
        browser.close()


if __name__ == "__main__":
    main()
