// The queue of what was done without network: one for the whole product.
//
//   import { queue } from "/queue.js";
//   await queue.open();                     // "open" | "locked" | "out" (nobody is signed in) | "none"
//   await queue.ready();                    // the same, and asks once more before giving up
//   const entry = await queue.put({         // kept for good once this has resolved
//     name: "obligations.finish",           // the command
//     command: { obligation, proof },       // its fields as JSON, or instead
//     form: { obligation, "proof.temperature": "36.5" },   // as a form would send them
//     words: "602 · temperature 36.5",      // what a person reads in the list
//     subject: obligation,                  // what it is about: an obligation's id
//     place,                                // where, when there is no subject
//   });                                     // -> { id, order, doneAt, ... }
//   await queue.entries();                  // all of this account on this device, in order
//   await queue.drop(id);                   // takes back what was not sent, or puts away a refused one
//   await queue.send();                     // tries now; it is tried by itself otherwise
//   queue.watch((state) => ...);            // { mode, online, waiting, refused, others, oldest, syncedAt, sending }
//   await queue.keep(address, html); await queue.kept(address);   // pages, sealed like entries
//   await queue.leave();                    // before signing out: nothing here can be read afterwards
//
// An entry has an id of its own, made here, so that sending it twice does it once. Entries are sent
// in their order, in parts, again and again until the district has answered each. What it refuses
// stays in sight as refused, and is reported to the supervisor by an entry of its own.
// All is sealed with AES-256-GCM under the device's key, which the district gives to a session of
// this device only and which is never stored: it lives in the memory of pages and of the worker.
// docs/decisions/0016 says what that protects and what it does not.
import {
  ask, askWorker, device, isOnline, key, leave, leaveForGood, lockIfKept, mode, own, patience,
  protect, quickPatience, setOnline, stand, take, unlock, until, whenChanged,
} from "/device.js";
import { discard, keep, kept } from "/pages.js";
import { entryPlace, seal, unseal } from "/seal.js";
import { everyEntry, one, rows, save, within } from "/store.js";

/** The form in which an entry is sealed. `younger` brings older ones up to it. */
const entryVersion = 2;
const partEntries = 25;
const partBytes = 900_000;
const firstPause = 2_000;
const longestPause = 300_000;
const tellPause = 60_000;
const sentKept = 36 * 3_600_000;
const changes = new BroadcastChannel("denghuo-queue");

let pause = firstPause;
let timer = null;
let toldAt = 0;
let told = "";
let isSending = false;
const watchers = new Set();

// MARK: Entries

/** Older forms of an entry, brought up step by step; an app that was upgraded finds them here. */
const younger = [
  null,
  // 1 -> 2: the words were called title, and the time stood in milliseconds.
  (old) => ({
    ...old, version: 2, words: old.words ?? old.title ?? old.name,
    doneAt: old.doneAt ?? new Date(old.time ?? Date.now()).toISOString(),
  }),
];

const damaged = new Set();

async function opening(row, by = own()) {
  try {
    let content = JSON.parse(await unseal(row.sealed, entryPlace(row.id, by.device), by.key));
    while ((content.version ?? 1) < entryVersion) content = younger[content.version ?? 1](content);
    damaged.delete(row.id);
    return { ...content, id: row.id, order: row.order, at: row.at, state: row.state };
  } catch {
    // Damaged on the disk: it stays, is shown, is tried again, and never stops the others.
    if (by.key && row.device === by.device) damaged.add(row.id);
    return { id: row.id, order: row.order, at: row.at, state: "damaged", words: "?" };
  }
}

async function row(content, state = "waiting", by = own()) {
  const { id, ...rest } = content;
  const text = JSON.stringify({ ...rest, version: entryVersion });
  const sealed = await seal(text, entryPlace(id, by.device), by.key);
  return { id, device: by.device, state, at: Date.now(), size: sealed.byteLength, sealed };
}

async function put(said) {
  if (!key) throw new Error("the queue is locked");
  const content = {
    id: said.id ?? crypto.randomUUID(), doneAt: new Date().toISOString(), name: said.name,
    command: said.command, form: said.form, words: said.words ?? said.name,
    subject: said.subject, place: said.place,
  };
  const made = await row(content);
  await within(["entries"], "readwrite", (t) => t.objectStore("entries").add(made));
  pause = firstPause;
  changed();
  schedule(0);
  return content;
}

async function entries() {
  const by = own();
  if (!by.key) return [];
  return Promise.all((await rows("entries", by.device)).map((each) => opening(each, by)));
}

async function drop(id) {
  await exclusively(async () => {
    await within(["entries"], "readwrite", (t) => {
      const store = t.objectStore("entries");
      store.index("id").getKey(id).onsuccess = (event) => {
        if (event.target.result !== undefined) store.delete(event.target.result);
      };
    });
  });
  changed();
}

/** One page sends at a time; without locks (old browsers) the ids keep it from being done twice. */
const exclusively = (body, options = {}) =>
  navigator.locks ? navigator.locks.request("denghuo-send", options, body) : body(true);

// MARK: Sending

function schedule(wait) {
  clearTimeout(timer);
  timer = setTimeout(send, wait);
}

function later(least = 0) {
  schedule(Math.max(least, pause * (0.5 + Math.random())));
  pause = Math.min(pause * 2, longestPause);
}

async function send() {
  if (!key && mode !== "out") await stand(patience).catch(() => later());
  if (!key) return;
  const by = own();
  await exclusively(async (lock) => {
    if (!lock) return later();
    isSending = true;
    try {
      let sent = 0;
      for (;;) {
        const part = await nextPart(by);
        if (part.length === 0 || device !== by.device) break;
        changed();
        const isThrough = await sendPart(part, by);
        sent += part.length;
        if (!isThrough) return;
      }
      pause = firstPause;
      if (sent > 0 || isOnline) await tell();
      if (sent > 0) {
        await save("notes", { name: "synced", device, at: Date.now() });
      }
    } catch {
      later();
    } finally {
      isSending = false;
      changed();
    }
  }, { ifAvailable: true });
}

async function nextPart(by) {
  const part = [];
  let bytes = 0;
  for (const found of await rows("entries", by.device)) {
    if (found.state === "refused") continue;
    if (part.length > 0 && (part.length >= partEntries || bytes + found.size > partBytes)) break;
    const content = await opening(found, by);
    if (content.state === "damaged") continue;
    bytes += found.size;
    part.push({ row: found, content });
  }
  return part;
}

/** Whether the next part may follow at once. */
async function sendPart(part, by) {
  const body = JSON.stringify(part.map(({ content }) => ({
    id: content.id, name: content.name, done: content.doneAt,
    ...(content.command ? { command: content.command } : { form: content.form ?? {} }),
  })));
  const answer = await ask("/api/batch", {
    method: "POST", body,
    headers: { "Content-Type": "application/json", Accept: "application/json" },
  });
  if (answer.status === 401) {
    await stand();
    later();
    return false;
  }
  if (answer.status === 413 && part.length > 1) return sendPart(part.slice(0, part.length >> 1), by);
  if (!answer.ok && (answer.status >= 500 || answer.status === 429 || part.length > 1)) {
    if (answer.status < 500 && answer.status !== 429) return sendPart(part.slice(0, 1), by);
    later(1_000 * Number(answer.headers.get("retry-after") ?? 0));
    return false;
  }
  // Refused as a whole: it was one entry.
  const said = answer.ok
    ? await answer.json()
    : [{ ...(await answer.json().catch(() => ({}))), id: part[0].content.id, status: answer.status }];
  const isThrough = await settle(part, new Map(said.map((each) => [each.id, each])), by);
  if (said.some((each) => each.status === 401)) await stand();
  return isThrough;
}

const isForLater = (status) => status >= 500 || status === 429 || status === 401;

async function settle(part, answers, by) {
  const done = [];
  const refused = [];
  let isStopped = false;
  for (const each of part) {
    const answer = answers.get(each.content.id);
    if (!answer || isForLater(answer.status)) isStopped = true;
    else if (answer.status === 200) done.push(each);
    // What follows something that has not gone in yet may have been refused for that alone.
    else if (!isStopped) refused.push({ ...each, refusal: { status: answer.status, ...answer.refusal } });
  }
  const marked = [];
  for (const { row: old, content, refusal } of refused) {
    const sealed = await row({ ...content, refusal }, "refused", by);
    marked.push({ ...old, ...sealed, order: old.order, at: old.at });
    const isNews = content.name !== "devices.reportUnsent" && !(await isHeld(`${content.id}.refused`));
    if (isNews) marked.push(await report(content, refusal, by));
  }
  await within(["entries"], "readwrite", (t) => {
    const store = t.objectStore("entries");
    for (const { row: old } of done) store.delete(old.order);
    for (const each of marked) store.put(each);
  });
  await noteSent(done.map(({ content }) => content));
  await changed({ done: done.map(({ content }) => content) });
  if (isStopped) later();
  return !isStopped;
}

/** What was sent and when, by subject: stored pages are older than that. Identifiers only. */
async function noteSent(entries) {
  const sent = (await one("notes", `sent:${device}`))?.sent ?? {};
  const now = Date.now();
  for (const [subject, { at }] of Object.entries(sent)) if (now - at > sentKept) delete sent[subject];
  for (const { subject, name } of entries) if (subject) sent[subject] = { name, at: now };
  await save("notes", { name: `sent:${device}`, sent });
}

/** What was sent after a moment: `{ subject: { name, at } }`. */
async function sentSince(moment) {
  const sent = (device && (await one("notes", `sent:${device}`))?.sent) || {};
  return Object.fromEntries(Object.entries(sent).filter(([, { at }]) => at >= moment));
}

const isHeld = async (id) =>
  (await within(["entries"], "readonly", (t) => t.objectStore("entries").index("id").getKey(id))) !== undefined;

/** What the supervisor is told of something that was refused. */
function report(content, refusal, by) {
  // A photograph or a signature is no words; the list of what did not go in does without it.
  const told = Object.fromEntries(
    Object.entries(content.form ?? content.command ?? {})
      .filter(([, value]) => JSON.stringify(value).length < 2_000));
  return row({
    id: `${content.id}.refused`, name: "devices.reportUnsent", doneAt: content.doneAt,
    words: content.words, subject: content.subject, isReport: true,
    command: {
      entry: content.id, device: by.device, command: content.name, code: refusal.code ?? `${refusal.status}`,
      doneAt: content.doneAt, ...(content.subject ? { subject: content.subject } : {}),
      ...(content.place ? { place: content.place } : {}),
      content: { name: content.name, form: told, words: content.words, why: refusal.message },
    },
  }, "waiting", by);
}

/** Tells the district how much waits here; nobody is told twice of the same within a minute. */
async function tell() {
  const now = await state();
  const text = `${now.waiting}|${now.oldest}`;
  if (Date.now() - toldAt < tellPause && text === told) return;
  if (!device) return;
  const command = { device, waiting: now.waiting };
  if (now.oldest) command.oldestAt = new Date(now.oldest).toISOString();
  const answer = await ask("/api/commands/devices.tell", {
    method: "POST", body: JSON.stringify(command),
    headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() },
  }, quickPatience);
  if (answer.status === 401 || answer.status === 403) await stand();
  toldAt = Date.now();
  told = text;
}

// MARK: How it stands

async function state() {
  const all = await everyEntry();
  // Nobody is signed in: whoever looks still sees that something waits here, and how much.
  const held = device ? all.filter((each) => each.device === device) : all;
  const waiting = held.filter((each) => each.state !== "refused" && !damaged.has(each.id));
  const synced = device ? await one("notes", "synced") : null;
  const lock = device ? await one("locks", device) : null;
  return {
    mode, device, until, online: isOnline, sending: isSending,
    waiting: waiting.length, oldest: waiting[0]?.at ?? null,
    others: all.length - held.length, isProtected: Boolean(lock),
    refused: held.filter((each) => each.state === "refused" || damaged.has(each.id)).length,
    syncedAt: synced?.device === device ? synced.at : null,
  };
}

whenChanged(() => changed());

async function changed(what = {}) {
  changes.postMessage({});
  await announce(what);
}

async function announce(what = {}) {
  if (watchers.size === 0) return;
  const now = await state().catch(() => ({ mode, online: isOnline, waiting: 0, refused: 0 }));
  for (const watcher of watchers) watcher(now, what);
}

// MARK: Opening

let opening_ = null;

async function open() {
  opening_ ??= begin();
  return opening_;
}

async function begin() {
  if (!globalThis.crypto?.subtle || !globalThis.indexedDB || !navigator.serviceWorker) return mode;
  navigator.serviceWorker.addEventListener("message", (event) => {
    if (event.data?.say === "key?") event.ports[0]?.postMessage(key ? { key, device, until } : null);
  });
  await navigator.serviceWorker.register("/worker.js").catch(() => {});
  await leaveForGood();
  const held = await askWorker({ say: "key?" });
  if (held?.key) await take(held, false);
  const asked = stand().catch(() => schedule(quickPatience));
  // With the key in hand nobody waits for the network.
  if (mode !== "open") await asked;
  await lockIfKept();
  navigator.storage?.persist?.();
  addEventListener("online", () => {
    setOnline(true);
    pause = firstPause;
    wake();
  });
  addEventListener("offline", () => setOnline(false));
  document.addEventListener("visibilitychange", () => document.hidden || wake());
  changes.addEventListener("message", () => announce());
  schedule(0);
  await announce();
  return mode;
}

/** Opens, and asks again where the first answer was too slow: before something is given up. */
async function ready() {
  await open();
  if (mode !== "open") await stand(patience).catch(() => {});
  return mode;
}

async function wake() {
  if (mode !== "open") {
    await leaveForGood();
    await stand().catch(() => {});
  }
  announce();
  schedule(0);
}

export const queue = {
  open, ready, put, entries, drop, send, sentSince, state, protect, unlock, leave, keep, kept, discard,
  watch: (watcher) => {
    watchers.add(watcher);
    announce();
    return () => watchers.delete(watcher);
  },
};
