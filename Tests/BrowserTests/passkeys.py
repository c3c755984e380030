"""Passkeys as people meet them, with the browser's own virtual authenticator: one is set up on the account's
page, shown at the next sign-in, refused in plain words where it cannot be, and removed. Part of accounts.py.
"""

import re

from browse import PASSWORD


class Authenticator:
    """What keeps the keys of one page (WebAuthn, "WebDriver extension", over the DevTools protocol)."""

    def __init__(self, page):
        self.line = page.context.new_cdp_session(page)
        self.line.send("WebAuthn.enable")
        self.id = self.line.send("WebAuthn.addVirtualAuthenticator", {"options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
            "hasUserVerification": True, "isUserVerified": True,
            "automaticPresenceSimulation": True}})["authenticatorId"]

    def credentials(self):
        return self.line.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]

    def put(self, credential):
        self.line.send("WebAuthn.addCredential", {"authenticatorId": self.id, "credential": credential})

    def empty(self):
        self.line.send("WebAuthn.clearCredentials", {"authenticatorId": self.id})

    def remove(self):
        self.line.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.id})


MAKE = "button[data-make]"
SEND = "button[data-show=send]"
KEEP = "button[data-show=keep]"


def tall(all, page, selector, step):
    """A thumb finds it."""
    height = page.locator(selector).evaluate("e => e.getBoundingClientRect().height")
    all.expect(step, height >= 40, f"{height} px")


def trouble(page):
    said = page.locator("[data-trouble]:visible")
    said.first.wait_for()
    return said.first.inner_text()


def enrol(all, page, name):
    """Sets up the first passkey of an account; answers what keeps it, and the recovery codes."""
    keys = Authenticator(page)
    all.go(page, "/password", f"{name}: my account")
    all.press(page, "main a[href='/second-factor']", f"{name}: nothing is set up")
    tall(all, page, MAKE, f"{name}: the button is big enough")
    page.fill("#title", name)
    all.press(page, MAKE, f"{name}: set up")
    codes = page.locator(".codes li").all_inner_texts()
    all.expect(f"{name}: ten codes", len(set(codes)) == 10, str(len(codes)))
    found = keys.credentials()
    all.expect(f"{name}: one key for this host",
               [one["rpId"] for one in found] == ["localhost"], str(found)[:200])
    all.go(page, "/second-factor", f"{name}: listed")
    row = page.locator(".passkeys li")
    all.expect(f"{name}: by its name", row.count() == 1 and name in row.inner_text())
    return keys, codes


def again(all, page, name):
    """The same device is not taken twice; confirming by the passkey comes first."""
    page.locator(KEEP).click()
    page.locator("[data-confirmed]:visible").wait_for()
    all.check(page, f"{name}: confirmed by the passkey")
    all.expect(f"{name}: no code is asked for then", not page.locator("#code").is_visible())
    page.locator(MAKE).click()
    said = trouble(page)
    all.expect(f"{name}: it has one already, in plain words",
               "already" in said or "已有" in said, said)
    all.check(page, f"{name}: the same device again")


def leave(all, page, step):
    all.go(page, "/password", f"{step}: my account")
    all.press(page, "main form[action='/sign-out'] button", f"{step}: signed out")


def enter(all, page, account, step):
    all.go(page, "/my-offices", f"{step}: at the door")
    page.fill("#account", account)
    page.fill("#password", PASSWORD)
    all.press(page, "main button.primary", f"{step}: asked for the passkey")
    all.expect(f"{step}: at the second step", "/second-factor" in page.url, page.url)
    tall(all, page, SEND, f"{step}: the button is big enough")


def passkeys(all, ways):
    """Walks it in each way; `all` serves at localhost, because keys belong to names."""
    for (language, width), role in zip(ways, ("duty", "reviewer", "investigator", "worker")):
        way = f"{language} {width} passkey"
        with all.part(way):
            page = all.signIn(role, language, width)
            keys, codes = enrol(all, page, f"Key of {role}")
            again(all, page, way)
            leave(all, page, way)
            enter(all, page, role, way)
            kept = keys.credentials()
            keys.empty()
            page.locator(SEND).click()
            said = trouble(page)
            all.expect(f"{way}: no key, in plain words",
                       re.search("recovery code|恢复码", said) is not None, said)
            all.check(page, f"{way}: without the key")
            for one in kept:
                keys.put(one)
            all.press(page, SEND, f"{way}: signed in")
            all.expect(f"{way}: where they wanted to go", page.url.endswith("/my-offices"), page.url)
            all.go(page, "/second-factor", f"{way}: used")
            used = page.locator(".passkeys li").inner_text()
            all.expect(f"{way}: when it was used", re.search("last used|上次使用", used) is not None, used)
            page.fill("#code", codes[0])
            all.press(page, ".passkeys button", f"{way}: removed by a recovery code")
            all.expect(f"{way}: none is left", page.locator(".passkeys li").count() == 0
                       and page.locator(MAKE).is_visible())
            leave(all, page, way)
            all.go(page, "/my-offices", f"{way}: at the door once more")
            page.fill("#account", role)
            page.fill("#password", PASSWORD)
            all.press(page, "main button.primary", f"{way}: one step again")
            all.expect(f"{way}: in", page.url.endswith("/my-offices"), page.url)
            page.context.close()


def unusable(all, page, step):
    """At an address of numbers browsers keep no keys: a sentence says so, and codes go on to work."""
    all.go(page, "/second-factor", step)
    sentence = page.locator("[data-unusable]:visible")
    all.expect(f"{step}: said why", sentence.count() == 1 and len(sentence.inner_text()) > 10)
    all.expect(f"{step}: no button that cannot work", not page.locator(MAKE).is_visible())
    all.expect(f"{step}: the other way is open",
               page.locator("form[action='/second-factor/begin'] button").is_visible())
