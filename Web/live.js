// Keeps [data-live] parts of a page fresh: on an event from /live it fetches the page again and
// swaps the parts that changed. Without it the page is whole, only older.

const settleMilliseconds = 400;
const spreadMilliseconds = 1200;
const patienceMilliseconds = 10_000;
const checkMilliseconds = 15_000;

let waiting = null;
let missed = false;
let fetching = false;
let lostTimer = null;

const clock = () => document.querySelector(".clock");

function isOld(element) {
  const limit = Number(element.dataset.staleAfter) * 1000;
  const asOf = Date.parse(element.querySelector("time")?.dateTime ?? "");
  return limit > 0 && Number.isFinite(asOf) && Date.now() - asOf > limit;
}

function showAge() {
  const element = clock();
  if (!element) return;
  const lost = document.documentElement.dataset.connection === "lost";
  element.classList.toggle("stale", lost || isOld(element));
}

function setConnection(state) {
  document.documentElement.dataset.connection = state;
  showAge();
}

function partKey(element, index) {
  return element.id || `part-${index}`;
}

function partsOf(page) {
  const parts = new Map();
  page.querySelectorAll("[data-live]").forEach((element, index) => {
    parts.set(partKey(element, index), element);
  });
  return parts;
}

function isBeingUsed(element) {
  const active = document.activeElement;
  return element.contains(active) && active.matches("input, select, textarea");
}

function openDisclosures(element) {
  return [...element.querySelectorAll("details[open][id]")].map((details) => details.id);
}

const stopsIn = (element) => [...element.querySelectorAll("a[href], button, summary, [tabindex]")];
const nameOf = (stop) =>
  [stop.id, stop.tagName, stop.getAttribute("href"), stop.getAttribute("name"), stop.getAttribute("value")].join(" ");

/** Where the keyboard stands in a part: the same stop of the fresh one, or the one in its place. */
function standingIn(element) {
  const active = document.activeElement;
  if (!element.contains(active)) return () => {};
  const place = stopsIn(element).indexOf(active);
  return (next) => {
    const stops = stopsIn(next);
    const same = stops.find((stop) => nameOf(stop) === nameOf(active));
    (same ?? stops[Math.min(place, stops.length - 1)])?.focus({ preventScroll: true });
  };
}

function swap(old, fresh) {
  if (old.isEqualNode(fresh) || isBeingUsed(old)) return;
  const stand = standingIn(old);
  const open = openDisclosures(old);
  const scroll = old.scrollLeft;
  const next = document.importNode(fresh, true);
  old.replaceWith(next);
  next.scrollLeft = scroll;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  stand(next);
}

async function refresh() {
  if (document.hidden || fetching) {
    missed = true;
    return;
  }
  fetching = true;
  missed = false;
  try {
    const answer = await fetch(document.documentElement.dataset.address || location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error("refused");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = partsOf(page);
    for (const [key, old] of partsOf(document)) {
      if (fresh.has(key)) swap(old, fresh.get(key));
    }
    setConnection("live");
  } catch {
    setConnection("lost");
  } finally {
    fetching = false;
    if (missed && !document.hidden) schedule("");
  }
}

function concerns(topics) {
  if (!topics) return true;
  const changed = topics.split(/\s+/);
  return [...document.querySelectorAll("[data-live]")].some((element) => {
    const wanted = element.dataset.live.split(/\s+/).filter(Boolean);
    return wanted.length === 0 || wanted.some((topic) => changed.includes(topic));
  });
}

// The random part keeps a hundred wall screens from asking in the same millisecond.
function schedule(topics) {
  if (waiting || !concerns(topics)) return;
  waiting = setTimeout(() => {
    waiting = null;
    refresh();
  }, settleMilliseconds + Math.random() * spreadMilliseconds);
}

function listen() {
  const source = new EventSource("/live");
  source.addEventListener("open", () => {
    clearTimeout(lostTimer);
    lostTimer = null;
    const wasLost = document.documentElement.dataset.connection === "lost";
    setConnection("live");
    if (wasLost) schedule("");
  });
  source.addEventListener("error", () => {
    lostTimer ??= setTimeout(() => setConnection("lost"), patienceMilliseconds);
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(listen, patienceMilliseconds);
    }
  });
  source.addEventListener("message", (event) => schedule(event.data));
  source.addEventListener("changed", (event) => schedule(event.data));
}

if (document.querySelector("[data-live]") && "EventSource" in window) {
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && missed) refresh();
  });
  setInterval(showAge, checkMilliseconds);
  showAge();
  listen();
}
