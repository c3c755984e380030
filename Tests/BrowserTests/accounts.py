"""Accounts as people meet them: a colleague is invited by slip, joins on a phone, sets up an authenticator,
signs in with its code or with a passkey, hands an office over, and is out when the shift is not on; an administrator, the
auditor and the pages of all that, wide and narrow, in both languages.

Usage: accounts.py DATA LINKS CHROMIUM [PICTURES]

Each line is {"step": …, "faults": […]}; the last one is {"step": "end", "faults": [], "pages": n}.
"""

import base64
import hashlib
import hmac
import json
import os
import re
import struct
import sys
import time
from datetime import datetime, timedelta, timezone

from playwright.sync_api import sync_playwright

from browse import PASSWORD, ROLES, Browse
from passkeys import passkeys, unusable

ROLES["street"] = "Street office leader"
WAYS = [("en", 1440), ("zh-CN", 390)]
if os.environ.get("DENGHUO_WAYS") == "all":
    WAYS += [("zh-CN", 1440), ("en", 390)]
STEP = 30


def code(secret, steps=0):
    """What an authenticator shows (RFC 6238), written here anew."""
    text = secret.replace(" ", "")
    key = base64.b32decode(text + "=" * (-len(text) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // STEP + steps), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def local(hours):
    """A moment some hours from now as a form's field has it, in the district's zone."""
    zone = timezone(timedelta(hours=8))
    return (datetime.now(zone) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")


class Accounts(Browse):
    def __init__(self, browser, base, links, pictures):
        super().__init__(browser, base, links)
        self.pictures = pictures

    def note(self, page, message):
        # That it asks for one kind of key only is meant so (decision 27).
        if "pubKeyCredParams" not in message.text:
            super().note(page, message)

    def check(self, page, step, status=200):
        # Without a status any will do: where somebody ends depends on what they may open.
        super().check(page, step, page.status if status is None else status)
        if self.pictures:
            name = re.sub(r"\W+", "-", step).strip("-")[:60]
            page.screenshot(
                path=os.path.join(self.pictures, f"{name}-{page.language}-{page.width}.png"),
                full_page=True)

    # MARK: Inviting

    def invite(self, inviter, account, role, step):
        """Makes a slip; answers the address on it."""
        self.go(inviter, "/invitations", f"{step}: invitations")
        form = inviter.locator("form[action='/invitations/issue']")
        form.locator("[name=account]").fill("Not Typed")
        form.locator("[name=title]").fill("新同事")
        form.locator("[name=role]").select_option(role)
        form.locator("[name=place]").select_option(index=0)
        self.press(inviter, form.locator("button.primary"), f"{step}: a name that cannot be typed", 422)
        form = inviter.locator("form[action='/invitations/issue']")
        self.expect(f"{step}: what was typed stays",
                    form.locator("[name=title]").input_value() == "新同事"
                    and form.locator("[name=account][aria-invalid=true]").count() == 1)
        form.locator("[name=account]").fill(account)
        self.press(inviter, form.locator("button.primary"), f"{step}: the slip")
        self.expect(f"{step}: the slip has a code", inviter.locator("svg.qr").count() == 1)
        return inviter.locator(".secret a").get_attribute("href")

    def join(self, address, account, language, width):
        page = self.open(language, width)
        self.go(page, address, f"{account}: what the slip opens")
        self.expect(f"{account}: the account stands there",
                    page.locator("#account").input_value() == account)
        page.fill("#password", "short")
        page.fill("#again", "short")
        self.press(page, "main button.primary", f"{account}: a short password", 422)
        page.fill("#password", PASSWORD)
        page.fill("#again", PASSWORD)
        self.press(page, "main button.primary", f"{account}: joined")
        again = self.open(language, width)
        self.go(again, address, f"{account}: the slip a second time", 401)
        again.context.close()
        return page

    # MARK: The second factor

    def enrol(self, page, account):
        """Sets up an authenticator; answers its secret and the recovery codes."""
        self.expect(f"{account}: asked to set up", page.url.split("?")[0].endswith("/second-factor"),
                    page.url)
        self.press(page, "form[action='/second-factor/begin'] button.primary", f"{account}: the secret")
        self.expect(f"{account}: a code to scan", page.locator("svg.qr").count() == 1)
        secret = page.locator(".secret").inner_text()
        page.fill("#code", "000000")
        self.press(page, "form[action='/second-factor/enrol'] button", f"{account}: a wrong code", 422)
        page.fill("#code", code(secret))
        self.press(page, "form[action='/second-factor/enrol'] button", f"{account}: recovery codes")
        codes = page.locator(".codes li").all_inner_texts()
        self.expect(f"{account}: ten codes", len(set(codes)) == 10, str(len(codes)))
        self.press(page, "main a.button", f"{account}: in")
        return secret, codes

    def signInAgain(self, account, secret, codes, language, width):
        page = self.open(language, width)
        self.go(page, "/my-offices", f"{account}: at the door")
        page.fill("#account", account)
        page.fill("#password", PASSWORD)
        self.press(page, "main button.primary", f"{account}: asked for the code")
        self.expect(f"{account}: at the second step", "/second-factor" in page.url, page.url)
        self.go(page, "/my-offices", f"{account}: nothing is open before it")
        self.expect(f"{account}: still at the second step", "/second-factor" in page.url, page.url)
        page.fill("#code", "123")
        self.press(page, "form[action='/second-factor'] button", f"{account}: no code", 422)
        # The next step's code: this one may have been used while setting up.
        page.fill("#code", code(secret, 1))
        self.press(page, "form[action='/second-factor'] button", f"{account}: signed in")
        self.expect(f"{account}: where they wanted to go", page.url.endswith("/my-offices"), page.url)
        other = self.open(language, width)
        other.goto(self.base + "/sign-in")
        other.fill("#account", account)
        other.fill("#password", PASSWORD)
        self.press(other, "main button.primary", f"{account}: asked again")
        other.fill("#code", codes[0].lower())
        self.press(other, "form[action='/second-factor'] button", f"{account}: in by a recovery code")
        self.go(other, "/second-factor", f"{account}: how it stands")
        self.expect(f"{account}: nine are left", "9" in other.locator("main").inner_text())
        other.context.close()
        return page

    def another(self, page, account, recovery):
        """Begins with another phone, which takes a code once more, and thinks better of it."""
        self.go(page, "/second-factor", f"{account}: another phone")
        page.fill("#code", "000000")
        again = page.locator("button[formaction='/second-factor/begin']")
        self.press(page, again, f"{account}: not with a wrong code", 422)
        page.fill("#code", recovery)
        self.press(page, page.locator("button[formaction='/second-factor/begin']"),
                   f"{account}: a new key")
        self.expect(f"{account}: a code to scan", page.locator("svg.qr").count() == 1)
        self.press(page, "form[action='/second-factor/cancel'] button", f"{account}: left at that")
        self.expect(f"{account}: eight are left", "8" in page.locator("main").inner_text())

    # MARK: Shifts and delegation

    def shift(self, boss, account, page):
        """The shift is tomorrow: the office rests until then, and says so."""
        self.go(page, "/obligations", f"{account}: work before the shift is planned")
        self.go(boss, f"/offices/{account}", f"{account}: the account's page")
        boss.locator("summary", has_text=re.compile("Plan a shift|排班")).first.click()
        form = boss.locator("form[action='/do/shifts.plan']")
        form.locator("[name=begins]").fill(local(24))
        form.locator("[name=ends]").fill(local(32))
        self.press(boss, form.locator("button.primary"), f"{account}: a shift is planned")
        self.done(boss, f"{account}: planned")
        self.go(page, "/obligations", f"{account}: work before the shift", 403)
        said = page.locator("main").inner_text()
        self.expect(f"{account}: told why and who can help",
                    ("shift" in said or "班次" in said), said[:300])
        self.go(page, "/my-offices", f"{account}: my offices between shifts")
        self.expect(f"{account}: told there, too", page.locator(".notice").count() > 0)
        self.go(boss, "/shifts", "shifts")
        self.go(boss, f"/shifts?day={local(24)[:10]}", "shifts of tomorrow")
        self.expect("the shift is listed", boss.locator("table tbody tr").count() >= 1)

    def delegate(self, giver, account):
        self.go(giver, "/my-offices", f"{account}: my offices")
        giver.locator("summary", has_text=re.compile("Hand to a colleague|请同事代理")).first.click()
        form = giver.locator("form[action='/do/offices.delegate']").first
        form.locator("[name=to]").fill(account)
        form.locator("[name=until]").fill(local(8))
        form.locator("[name=reason]").fill("夜里休息")
        self.press(giver, form.locator("button.primary"), f"{account}: handed over")
        self.done(giver, f"{account}: handed over")
        self.press(giver, "form[action='/do/offices.endDelegation'] button", f"{account}: ended")
        self.done(giver, f"{account}: ended")


def accounts(browser, base, links, pictures):
    all = Accounts(browser, base, links, pictures)
    admin = all.enter("admin", "en", 1440)
    street = all.enter("street", "zh-CN", 1440)
    with all.part("invitation and shift"):
        address = all.invite(street, "newcomer", "street_cadre", "street")
        phone = all.join(address, "newcomer", "zh-CN", 390)
        all.shift(street, "newcomer", phone)
        all.delegate(street, "newcomer")
    with all.part("second factor"):
        address = all.invite(admin, "watcher", "auditor", "admin")
        phone = all.join(address, "watcher", "en", 390)
        secret, codes = all.enrol(phone, "watcher")
        auditor = all.signInAgain("watcher", secret, codes, "en", 1440)
        all.another(auditor, "watcher", codes[1])
        for path in ("/audit", "/audit/readings", "/audit/authorisation", "/offices/newcomer"):
            all.go(auditor, path)
    with all.part("no passkeys at an address of numbers"):
        for language, width in WAYS:
            page = all.enter("street", language, width)
            unusable(all, page, f"{language} {width} numbers")
    cookies = {"watcher": auditor.context.cookies(), "street": street.context.cookies()}
    for language, width in WAYS:
        with all.part(f"{language} {width} pages"):
            for account, paths in {
                "watcher": ("/audit", "/audit/readings", "/audit/authorisation?role=grid_worker",
                            "/second-factor", "/my-offices", "/devices", "/password"),
                "street": ("/invitations", "/shifts", "/offices", "/offices/newcomer",
                           "/my-offices", "/second-factor"),
            }.items():
                page = all.open(language, width)
                page.context.add_cookies(cookies[account])
                for path in paths:
                    all.go(page, path)
                page.context.close()
    with all.part("devices"):
        phone = all.open("zh-CN", 390)
        all.go(phone, "/sign-in", "newcomer: the door")
        phone.fill("#account", "newcomer")
        phone.fill("#password", PASSWORD)
        all.press(phone, "main button.primary", "newcomer: signed in again", None)
        other = all.open("zh-CN", 390)
        other.context.add_cookies(phone.context.cookies())
        all.go(other, "/devices", "newcomer: devices")
        all.press(other, "form[action='/do/devices.revoke'] button", "newcomer: revoked", None)
        all.go(phone, "/my-offices", "newcomer: out at once")
        all.expect("newcomer: at the door", "/sign-in" in phone.url, phone.url)
    # Keys belong to names: the same server by its own.
    named = Accounts(browser, base.replace("127.0.0.1", "localhost"), {
        role: address.replace("127.0.0.1", "localhost") for role, address in links.items()}, pictures)
    passkeys(named, WAYS)
    pages = all.pages + named.pages
    print(json.dumps({"step": "end", "faults": [], "pages": pages}), flush=True)


def main():
    base, file, chromium = sys.argv[1:4]
    pictures = sys.argv[4] if len(sys.argv) > 4 else None
    links = dict(re.findall(r"^ *([^:\n]+): (http://\S+)$", open(file).read(), re.M))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        accounts(browser, base, links, pictures)
        browser.close()


if __name__ == "__main__":
    main()
