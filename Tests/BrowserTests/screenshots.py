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

ROLES = {
    "admin": "Administrator (everything)",
    "duty": "District duty officer",
    "investigator": "Case investigator",
    "street": "Street office leader",
    "community": "Community leader",
    "worker": "Grid worker (phone)",
    "reviewer": "Objection reviewer",
    "site": "Leader of an isolation site (phone)",
    "resident": "A resident in isolation",
}
WAYS = [("zh-CN", 1440), ("en", 1440), ("zh-CN", 390), ("en", 390)]
DARK = {"wall", "obligations", "find", "residents", "case", "round-doors", "me", "design", "day"}
PRINTED = {"isolation-kitchen", "obligations", "residents", "restrictions-of", "bulletin-published", "handover", "me"}


class Pages:
    """Every page with a name, the role that opens it, and the way there."""

    def __init__(self, base):
        self.base = base
        self.known = {}

    def first(self, page, path, selector, which=0):
        """The address that a link on a page leads to; nothing where there is none."""
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
        yield "wall-city", "admin", lambda p: self.first(p, "/", ".title + *, .title a")
        yield "obligations", "duty", lambda p: "/obligations"
        yield "obligations-late", "duty", lambda p: "/obligations?show=late"
        yield "obligation", "duty", lambda p: self.first(p, "/obligations", "#obligations h3 a")
        yield "day", "duty", lambda p: "/day"
        yield "handover", "duty", lambda p: "/handover"
        yield "find-empty", "duty", lambda p: "/find"
        yield "find", "duty", lambda p: self.find(p, "zh")
        yield "find-place", "duty", lambda p: self.find(p, "延安路")
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
        yield "restrictions", "duty", lambda p: "/restrictions"
        yield "restrictions-of", "duty", lambda p: self.first(
            p, "/restrictions", "#restrictions a[href^='/restrictions/of/']")
        yield "objections", "reviewer", lambda p: "/objections"
        yield "isolation", "street", lambda p: "/isolation"
        yield "isolation-site", "site", self.site
        yield "isolation-kitchen", "site", lambda p: self.site(p) + "/kitchen"
        yield "isolation-staff", "site", lambda p: self.site(p) + "/staff"
        yield "isolation-round", "site", lambda p: self.site(p) + "/round"
        yield "isolation-stay", "site", lambda p: self.first(
            p, self.first(p, self.site(p), "#floor-2 a.tile"), "#guests h3 a")
        yield "bulletin", "admin", lambda p: "/bulletin"
        yield "bulletin-published", "admin", lambda p: self.first(
            p, "/bulletin", "main a[href^='/bulletin/']:not([href*=rows])")
        yield "bulletin-rows", "admin", lambda p: self.first(
            p, "/bulletin", "main a[href^='/bulletin/rows']")
        yield "offices", "admin", lambda p: "/offices"
        yield "office", "admin", lambda p: self.first(p, "/offices", "main a[href^='/offices/']")
        yield "invitations", "admin", lambda p: "/invitations"
        yield "shifts", "admin", lambda p: "/shifts"
        yield "my-offices", "duty", lambda p: "/my-offices"
        yield "second-factor", "duty", lambda p: "/second-factor"
        yield "audit", "admin", lambda p: "/audit"
        yield "authorisation", "admin", lambda p: "/audit/authorisation"
        yield "password", "duty", lambda p: "/password"
        yield "design", "duty", lambda p: "/design"
        yield "round", "duty", lambda p: "/round"
        yield "round-doors", "worker", lambda p: self.doors(p)
        yield "wall-worker", "worker", lambda p: "/"
        yield "me", "resident", lambda p: "/me"

    def case(self, page):
        return self.first(page, "/cases", "#cases a[href^='/cases/']", 3)

    def site(self, page):
        return self.first(page, "/isolation", "#sites a.tile")

    def resident(self, page):
        return self.first(page, self.community(page), "main table a[href^='/residents/']").split("?")[0]

    def doors(self, page):
        return self.first(page, "/round", "#buildings a.tile.late, #buildings a.tile") or "/round"


def shoot(browser, base, links, folder, words):
    pages = Pages(base)
    states = {None: None}
    for role, title in ROLES.items():
        context = browser.new_context(locale="en")
        page = context.new_page()
        if role == "resident":
            if title not in links:
                continue
            page.goto(links[title])
            page.wait_for_url("**/me")
        else:
            page.goto(links[title])
            with page.expect_navigation():
                page.locator("main button.primary").click()
        states[role] = context.storage_state()
        context.close()
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
        shoot(browser, base, links, folder, sys.argv[5:])
        browser.close()


main()
