// My code: stored on this phone once, shown as often as anybody asks without a request. It is fetched
// anew shortly before it ends, and each time it is opened while it is not green, because whoever waits
// for green is not to wait for an end that was moved.

import { dayClock, say } from "/words.js";

const cacheName = "denghuo-pass-1";
// A district that does not answer is left alone for so long.
const patienceMilliseconds = 120_000;
const address = "/me/code";
const holder = () => document.getElementById("passes");
const said = (text) => {
  const line = document.getElementById("pass-said");
  if (line) line.textContent = text;
};

/** Keeps the page as the district sent it; its own rules hold for it as they did. */
async function keep(html, until) {
  const cache = await caches.open(cacheName);
  const marked = html.replace("<html ", `<html data-kept="${new Date().toISOString()}" `);
  await cache.put(address, new Response(marked, {
    headers: {
      "Content-Type": "text/html; charset=utf-8", "Denghuo-Until": until, "Content-Security-Policy":
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    },
  }));
}

async function fetchNewest() {
  const answer = await fetch(`${address}?fresh=1`, { headers: { Accept: "text/html" } });
  if (answer.status === 401 || answer.status === 403) {
    // The slip was taken back or has ended: nothing of it stays here.
    await caches.delete(cacheName);
    location.assign(`${address}?fresh=1`);
    return;
  }
  if (!answer.ok) throw new Error("refused");
  const html = await answer.text();
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.getElementById("passes");
  if (!fresh) throw new Error("no code");
  await keep(html, fresh.dataset.until);
  document.querySelector("main").replaceWith(document.importNode(page.querySelector("main"), true));
  delete document.documentElement.dataset.kept;
}

function show() {
  const held = holder();
  if (!held) return;
  const until = Date.parse(held.dataset.until);
  const isOver = until <= Date.now();
  held.classList.toggle("over", isOver);
  if (isOver) {
    said(say(`已于 ${dayClock(until)} 到期，联网后更新。`, `It ended at ${dayClock(until)}; a network brings the next one.`));
  } else if (document.documentElement.dataset.kept) {
    said(say(`存在手机里，没有网络也能出示。取于 ${dayClock(held.dataset.at)}。`, `Stored on the phone, shown without network. Fetched ${dayClock(held.dataset.at)}.`));
  }
}

let tried = -Infinity;

async function renew() {
  if (performance.now() - tried < patienceMilliseconds) return;
  const held = holder();
  if (!held || !navigator.onLine) return;
  const left = Date.parse(held.dataset.until) - Date.now();
  const isNear = left < Number(held.dataset.renew) * 60_000;
  if (!isNear && held.dataset.green === "1") return;
  // Just fetched: what is not green was asked for this very moment.
  if (!document.documentElement.dataset.kept && !isNear) return;
  tried = performance.now();
  try {
    await fetchNewest();
  } catch {
    // The kept one stands as long as it is valid.
  }
  show();
}

const whole = `<!doctype html>\n${document.documentElement.outerHTML}`;
const isKept = Boolean(document.documentElement.dataset.kept);
if (holder() && globalThis.caches && navigator.serviceWorker) {
  try {
    await navigator.serviceWorker.register("/worker.js");
    await navigator.serviceWorker.ready;
    if (!isKept) await keep(whole, holder().dataset.until);
    if (!isKept) said(say("已存在手机里，没有网络也能出示。", "Stored on the phone; it can be shown without network."));
  } catch {
    said(say("这个浏览器存不下来，出示时需要网络。", "This browser cannot store it; showing it takes a network."));
  }
}
show();
await renew();
setInterval(() => {
  show();
  if (!document.hidden) renew();
}, 20_000);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) {
    show();
    renew();
  }
});
