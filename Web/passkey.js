// Passkeys at the second step of signing in (Web Authentication Level 2): asks the browser for one or for a
// new one, and puts its answer into the form. Whatever happens is said on the page.

import { say } from "/words.js";

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** Why passkeys cannot be used here; nothing when they can. */
function obstacle() {
  const instead = say("请用验证器和恢复码。", "Use the authenticator app and recovery codes.");
  if (!isSecureContext) {
    return say("这个网址没有加密（https），不能用通行密钥。", "This address is not encrypted (https), so that passkeys cannot be used. ") + instead;
  }
  if (!window.PublicKeyCredential || !navigator.credentials) {
    return say("这个浏览器不支持通行密钥。", "This browser knows no passkeys. ") + instead;
  }
  // An address of numbers has no name to which a key could belong.
  if (/^[\d.]+$|^\[/.test(location.hostname)) {
    return say("用数字网址（IP）打开时不能用通行密钥，请改用域名打开；或", "Passkeys need an address with a name, not one of numbers. ")
      + say("用验证器和恢复码。", "Open it by its name, or use the authenticator app and recovery codes.");
  }
  return null;
}

/** What the browser’s refusal means. It does not tell whether somebody cancelled or had no key: nobody is to learn that. */
function words(failure, isMaking, isOver) {
  if (failure.told) return failure.message;
  switch (failure.name) {
    case "NotAllowedError":
    case "AbortError":
      if (isOver) return say("等得太久，没有完成；请再点一次。", "It took too long and was not done; press the button again.");
      return isMaking
        ? say("没有设置：取消了，或这台设备没有可用的锁屏、指纹或安全密钥。可以再试一次。", "Not set up: it was cancelled, or this device has no screen lock, finger or security key for it. You can try again.")
        : say("没有完成：取消了，或这台设备上没有本账号的通行密钥。可以再试，或用验证码、恢复码。", "Not done: it was cancelled, or this device has no passkey of this account. Try again, or use a code or a recovery code.");
    case "InvalidStateError":
      return say("这台设备上已有本账号的通行密钥，不用再设。", "This device has a passkey of this account already.");
    case "NotSupportedError":
    case "ConstraintError":
      return say("这台设备做不出可用的通行密钥；请换一台设备或安全密钥，或用验证器。", "This device cannot make a passkey that works here; use another device, a security key or the authenticator app.");
    case "SecurityError":
      return say("此页的网址和本系统登记的网址不同，不能用通行密钥；请核对地址栏。", "This page’s address is not the one that the district is known by, so that passkeys cannot be used; look at the address bar.");
    case "TypeError":
      return say("连不上网，请稍后再试。", "There is no connection; try again in a moment.");
    default:
      return say("浏览器没有完成，请再试一次，或用验证码、恢复码。", "The browser did not finish it; try again, or use a code or a recovery code.");
  }
}

/** Asks the district for what the browser is to do. */
async function ask(path, form) {
  const answer = await fetch(path, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (answer.status === 401) {
    location.assign("/sign-in?next=" + encodeURIComponent(location.pathname));
    return new Promise(() => {});
  }
  const said = await answer.json().catch(() => null);
  if (answer.ok && said) return said;
  throw Object.assign(
    new Error(said?.refusal?.message ?? say("没有成功，请稍后再试。", "That did not work; try again in a moment.")),
    { told: true });
}

function fill(form, values) {
  for (const [name, value] of Object.entries(values)) {
    let field = form.querySelector(`input[type=hidden][name="${name}"]`);
    if (!field) {
      field = Object.assign(document.createElement("input"), { type: "hidden", name });
      form.append(field);
    }
    field.value = value;
  }
}

const named = (all) => all.map((one) => ({ ...one, id: bytes(one.id) }));

/** Shows a passkey; its answer stands in the form afterwards. */
async function show(form, options) {
  const shown = await navigator.credentials.get({
    publicKey: {
      ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials),
    },
  });
  fill(form, {
    credential: text(shown.rawId), client: text(shown.response.clientDataJSON),
    authenticator: text(shown.response.authenticatorData), signature: text(shown.response.signature),
    user: shown.response.userHandle ? text(shown.response.userHandle) : "",
  });
}

/** Makes a passkey and sends it. */
async function make(form, options) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: named(options.excludeCredentials),
    },
  });
  const answer = document.createElement("form");
  answer.method = "post";
  answer.action = "/second-factor/passkey/enrol";
  fill(answer, {
    next: form.elements.next.value, title: form.elements.title.value,
    client: text(made.response.clientDataJSON), attestation: text(made.response.attestationObject),
    transports: (made.response.getTransports?.() ?? []).join(","),
  });
  document.body.append(answer);
  answer.submit();
}

function prepare(form) {
  const hindrance = obstacle();
  for (const part of form.querySelectorAll("[data-usable]")) part.hidden = hindrance !== null;
  const unusable = form.querySelector("[data-unusable]");
  unusable.textContent = hindrance ?? "";
  unusable.hidden = hindrance === null;
  if (hindrance) return;

  const trouble = form.querySelector("[data-trouble]");
  // What was asked for once holds for some minutes: whoever cancels need not confirm again.
  let waiting = null;

  async function act(button, body) {
    trouble.hidden = true;
    button.disabled = true;
    const start = performance.now();
    let limit = Infinity;
    try {
      await body((options) => (limit = options.timeout));
    } catch (failure) {
      const isOver = performance.now() - start >= limit - 1_000;
      if (isOver || failure.told) waiting = null;
      trouble.textContent = words(failure, "make" in button.dataset, isOver);
      trouble.hidden = false;
      trouble.scrollIntoView({ block: "nearest" });
      button.disabled = false;
    }
  }

  for (const button of form.querySelectorAll("[data-show]")) {
    button.addEventListener("click", () => act(button, async (begun) => {
      const options = await ask("/second-factor/passkey/ask", form);
      begun(options);
      await show(form, options);
      if (button.dataset.show === "send") {
        form.submit();
        return;
      }
      const code = form.querySelector("[data-code]");
      code.querySelector("input").required = false;
      code.hidden = button.parentElement.hidden = true;
      form.querySelector("[data-confirmed]").hidden = false;
    }));
  }
  for (const button of form.querySelectorAll("[data-make]")) {
    button.addEventListener("click", () => {
      if (!form.reportValidity()) return;
      act(button, async (begun) => {
        if (!waiting || waiting.until < Date.now()) {
          const options = await ask("/second-factor/passkey/begin", form);
          waiting = { options, until: Date.now() + options.timeout };
        }
        begun(waiting.options);
        await make(form, waiting.options);
      });
    });
  }
}

for (const form of document.querySelectorAll("form[data-passkeys]")) prepare(form);
