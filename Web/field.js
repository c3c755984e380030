// The round on a phone: what is pressed at a door is kept first and sent afterwards, so that it
// makes no difference whether there is network. Without this module the forms work as they stand.

import { queue } from "/queue.js";
import "/door.js";
import { scan } from "/camera.js";
import { describe, doorAddress } from "/capture.js";
import { list } from "/waiting.js";
import { askInWindow, clock, element, say } from "/words.js";

const here = () => location.pathname + location.search;
const crawlPause = 15 * 60_000;
const mostPages = 120;
const doneKept = 36 * 3_600_000;
const finishing = "obligations.finish";
/** A sampling point draws its own page: it is kept like others, and never swapped under the scanner. */
const isPoint = Boolean(document.querySelector("[data-sampling]"));

// MARK: The bar

function bar(state) {
  const header = document.querySelector("header.round");
  if (!header) return;
  let row = document.getElementById("queue-state");
  if (!row) {
    row = element("div", undefined, "row note");
    row.id = "queue-state";
    row.setAttribute("role", "status");
    header.append(row);
  }
  const parts = [chip(state)];
  if (state.refused > 0) {
    parts.push(element("span", say(`${state.refused} 条没被接受`, `${state.refused} refused`), "chip late"));
  }
  parts.push(element("span", asOf(state)));
  const link = element("a", say("待传清单", "What waits"));
  link.href = "/round/queue";
  if (location.pathname !== "/round/queue") parts.push(link);
  if (location.pathname === "/round") parts.push(scanner());
  // The same words again would be read out again.
  const text = parts.map((part) => part.textContent).join("|");
  if (row.dataset.text === text) return;
  row.dataset.text = text;
  row.replaceChildren(...parts);
}

/** Opens the page of a building or a door by the code that hangs there. */
function scanner() {
  const button = element("button", say("扫码", "Scan"), "quiet");
  button.type = "button";
  button.addEventListener("click", async () => {
    const address = doorAddress(await scan(say("对准楼栋或门牌上的二维码", "Point at the code of the building or door")));
    if (address) location.assign(address);
  });
  return button;
}

function chip(state) {
  if (state.mode === "out") {
    return element("span", state.waiting > 0
      ? say(`请重新登录，待传 ${state.waiting}`, `Sign in again, ${state.waiting} waiting`)
      : say("请重新登录", "Sign in again"), "chip late");
  }
  const oldest = state.oldest ? say(`，最早 ${clock(state.oldest)}`, `, oldest ${clock(state.oldest)}`) : "";
  if (!state.online) {
    return element("span", say(`离线 · 待传 ${state.waiting}${oldest}`, `Offline · ${state.waiting} waiting${oldest}`), "chip soon");
  }
  if (state.sending && state.waiting > 0) {
    return element("span", say(`正在传 ${state.waiting}`, `Sending ${state.waiting}`), "chip today");
  }
  if (state.waiting > 0) {
    return element("span", say(`待传 ${state.waiting}${oldest}`, `${state.waiting} waiting${oldest}`), "chip soon");
  }
  return element("span", say("都已传出", "All sent"), "chip done");
}

function asOf(state) {
  const kept = document.documentElement.dataset.kept;
  if (kept) return say(`清单存于 ${clock(kept)}`, `stored at ${clock(kept)}`);
  if (state.syncedAt) return say(`上次传出 ${clock(state.syncedAt)}`, `last sent ${clock(state.syncedAt)}`);
  // From now on a whole shift works without network.
  const stored = document.documentElement.dataset.stored;
  return stored ? say(`清单已存 ${clock(stored)}`, `round stored ${clock(stored)}`) : "";
}

// MARK: Doors

const subjectOf = (form) => form.querySelector("input[name=obligation]")?.value;

/** The forms of one obligation: the usual values, the whole proof, nobody and help. */
const formsOf = (subject) => [
  ...document.querySelectorAll(`main input[name=obligation][value="${CSS.escape(subject)}"]`),
].map(({ form }) => form).filter(Boolean);

/** Marks what waits, what was refused, and what was sent after this page was stored. */
async function overlay() {
  const entries = await queue.entries();
  document.querySelectorAll("[data-overlay]").forEach((old) => old.remove());
  const last = new Map();
  for (const entry of entries) if (entry.subject && !entry.isReport) last.set(entry.subject, entry);
  // A stored page may be older than what was sent since.
  const kept = document.documentElement.dataset.kept;
  const sent = kept ? await queue.sentSince(Date.parse(kept)) : {};
  for (const [subject, { name }] of Object.entries(sent)) {
    if (!last.has(subject)) last.set(subject, { state: "sent", name });
  }
  for (const door of document.querySelectorAll(".door.waiting")) door.classList.remove("waiting");
  for (const [subject, entry] of last) mark(subject, entry);
}

function mark(subject, entry) {
  const forms = formsOf(subject);
  if (forms.length === 0) return;
  const door = forms[0].closest(".door");
  const note = element("p", undefined, "work");
  note.dataset.overlay = subject;
  const isDone = entry.name === finishing;
  if (entry.state === "sent") {
    note.append(element("span", say("已传出", "Sent"), "chip done"));
  } else if (entry.state === "waiting") {
    note.append(element("span", say(`${clock(entry.doneAt)} 已存，待传`, `Stored ${clock(entry.doneAt)}, not sent yet`), "chip soon"));
    note.append(" ", entry.words.split(" · ").at(-1));
    door?.classList.add("waiting");
  } else {
    note.append(element("span", say("没被接受", "Refused"), "chip late"));
    note.append(" ", entry.refusal?.message ?? "");
  }
  (forms[0].closest("details") ?? forms[0]).before(note);
  // What is done is not done again; who was not at home may be asked again later.
  for (const form of forms) {
    for (const button of form.querySelectorAll("button")) {
      button.disabled = isDone && entry.state !== "refused";
    }
    const details = form.closest("details");
    if (details && isDone && entry.state !== "refused") details.open = false;
  }
}

// MARK: Pressing

/** The fields that a form sends with the button that was pressed. */
function fieldsOf(form, button) {
  const data = new FormData(form);
  if (button?.name) data.append(button.name, button.value);
  const fields = {};
  for (const [name, value] of data) {
    if (name === "id" || name === "back" || typeof value !== "string") continue;
    if (name in fields) fields[name] = [fields[name], value].flat();
    else fields[name] = value;
  }
  return fields;
}

/** What a person reads in the list of what waits. */
function wordsOf(form, button) {
  const door = form.closest(".door");
  const parts = [];
  if (door) {
    parts.push(`${door.querySelector(".number")?.textContent ?? ""} ${door.querySelector(".who")?.textContent ?? ""}`.trim());
    let work = form;
    while (work && !work.matches?.("p.work:not([data-overlay])")) work = work.previousElementSibling ?? work.parentElement;
    if (work && door.contains(work)) parts.push(work.textContent);
  } else {
    parts.push(document.querySelector("h1")?.textContent ?? "");
  }
  const filled = [...form.querySelectorAll("select, input:not([type=hidden]), textarea")]
    .filter((field) => field.value && (field.type !== "radio" || field.checked) && field.type !== "file")
    .map((field) => field.type === "radio"
      ? field.closest("label")?.textContent
      : `${field.labels?.[0]?.textContent ?? ""} ${field.tagName === "SELECT" ? field.selectedOptions[0]?.textContent : field.value}`);
  const isQuick = form.classList.contains("quick");
  const pressed = isQuick
    ? `${form.previousElementSibling?.textContent ?? ""}${button?.textContent ?? ""}`
    : button?.textContent;
  return parts.concat(filled.length > 0 ? filled : [pressed]).filter(Boolean).join(" · ");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  const action = new URL(button?.getAttribute("formaction") ?? form.action, location.href).pathname;
  if (!action.startsWith("/do/") || !form.closest("main") || form.dataset.direct) return;
  event.preventDefault();
  press(form, button, action.slice(4)).catch(() => {
    // Nothing can be kept here: the form goes the old way.
    form.dataset.direct = "1";
    form.requestSubmit(button ?? undefined);
  });
});

async function press(form, button, name) {
  const mode = await queue.ready();
  if (mode === "out") return signInFirst();
  if (mode !== "open") throw new Error(mode);
  const subject = subjectOf(form);
  const fields = fieldsOf(form, button);
  // What is sent in the evening was done in the morning: the proof says so, by the phone's clock.
  if (name === finishing) fields["proof.done_at"] = new Date().toISOString();
  const entry = await queue.put({
    name, form: fields, words: wordsOf(form, button), subject,
    place: form.querySelector("[name=home], [name=place]")?.value,
  });
  // From here on it is kept: whatever fails now must not send the form a second way.
  document.documentElement.dataset.put = entry.id;
  if (!subject) form.reset();
  tell(say("已存在手机里", "Stored on the phone"), entry.words, "soon");
  await overlay().catch(() => {});
}

/** The sign-in has ended: nothing can be sealed, and a form sent now would only reach the door. */
async function signInFirst() {
  const answer = await askInWindow(
    say("登录已结束", "Your sign-in has ended"),
    say("这一项还没有存。请登录后再做一次；之前存下的都还在。", "This has not been stored. Sign in and do it again; what was stored before is still here."),
    [["go", say("去登录", "Sign in"), "primary"], ["", say("以后再说", "Later")]]);
  if (answer === "go") location.assign(`/sign-in?next=${encodeURIComponent(here())}`);
}

/** Says once what became of something, for those who see the page and those who hear it. */
function tell(title, text, tone) {
  document.getElementById("stored")?.remove();
  const notice = element("div", undefined, `notice ${tone}`);
  notice.id = "stored";
  notice.setAttribute("role", "status");
  notice.append(element("strong", title), element("p", text));
  document.getElementById("main")?.prepend(notice);
}

// MARK: Fresh pages

let isRefreshing = false;
let isPressed = false;
for (const [name, value] of [["pointerdown", true], ["pointerup", false], ["pointercancel", false]]) {
  document.addEventListener(name, () => (isPressed = value), { capture: true, passive: true });
}

/** Waits until no finger is on the page: what is swapped beneath one is never pressed, and nothing says so. */
async function released() {
  while (isPressed) {
    await new Promise((done) => {
      for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, done, { once: true });
    });
    // The click comes after the finger has left.
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** Shows the page as the district has it now, and stores it. */
async function refresh() {
  if (isRefreshing) return;
  isRefreshing = true;
  try {
    const page = await fetchPage(here());
    if (!page) return;
    await queue.keep(here(), page.html);
    if (isPoint) return;
    await released();
    const active = document.activeElement;
    if (active?.matches("input, select, textarea") && active.closest("main")) return;
    const open = [...document.querySelectorAll("main details[open][id]")].map(({ id }) => id);
    const notice = document.getElementById("stored");
    for (const part of ["main", "header.round"]) {
      const [old, fresh] = [document.querySelector(part), page.parsed.querySelector(part)];
      if (old && fresh) old.replaceWith(document.importNode(fresh, true));
    }
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (notice) document.getElementById("main")?.prepend(notice);
    delete document.documentElement.dataset.kept;
    describe(document);
    await list();
    await overlay();
    bar(await queue.state());
  } finally {
    isRefreshing = false;
  }
}

async function fetchPage(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return null;
    const html = await answer.text();
    return { html, parsed: new DOMParser().parseFromString(html, "text/html") };
  } catch {
    return null;
  }
}

/** Stores the people of a sampling point beside its page. */
async function keepList(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok) await queue.keep(address, await answer.text());
}

/** Stores the whole round of today: every building, place and point that the first pages lead to. */
async function crawl() {
  // Kept like a page, so that it goes when the pages go.
  const last = (await queue.kept("crawled"))?.at ?? 0;
  if (Date.now() - last < crawlPause) {
    document.documentElement.dataset.stored = new Date(last).toISOString();
    return;
  }
  // Who samples only has no doors, and who has doors perhaps no point.
  const isOffered = (path) => document.querySelector(`.sections a[href='${path}']`) !== null;
  const waiting = [
    ...(isOffered("/round") ? ["/round", "/round/new"] : []),
    ...(isOffered("/sampling") ? ["/sampling"] : []), "/round/queue",
  ];
  const [first] = waiting;
  const seen = new Set(waiting);
  const start = Date.now();
  while (waiting.length > 0 && seen.size <= mostPages) {
    const address = waiting.shift();
    const page = await fetchPage(address);
    if (!page) {
      if (address === first) return;
      continue;
    }
    await queue.keep(address, page.html);
    for (const part of page.parsed.querySelectorAll("[data-list]")) await keepList(part.dataset.list);
    for (const link of page.parsed.querySelectorAll("main a[href^='/round'], main a[href^='/sampling']")) {
      const found = link.getAttribute("href");
      if (!seen.has(found) && isOffered(found.startsWith("/round") ? "/round" : "/sampling")) {
        seen.add(found);
        waiting.push(found);
      }
    }
  }
  await queue.keep("crawled", "");
  document.documentElement.dataset.stored = new Date(start).toISOString();
  bar(await queue.state());
  await queue.discard(start - doneKept);
  await fetch("/offline").catch(() => {});
}

// MARK: Start

let latest = null;
// live.js swaps the header for a fresh one, which knows nothing of this phone.
new MutationObserver(() => {
  if (latest && !document.getElementById("queue-state")) bar(latest);
}).observe(document.body, { childList: true });

queue.watch((state, what) => {
  latest = state;
  bar(state);
  list();
  if (isPoint) return;
  if (what?.done?.length) {
    refresh().then(() => tell(say("已办成", "Done"), what.done.at(-1).words, "done"));
  } else {
    overlay();
  }
});

const mode = await queue.open();
describe(document);
if (mode === "open") {
  bar(await queue.state());
  await overlay();
  if (isPoint) await (await import("/swab.js")).begin();
  if (!document.documentElement.dataset.kept) {
    const page = await fetchPage(here());
    if (page) await queue.keep(here(), page.html);
  }
  await crawl();
  bar(await queue.state());
}
