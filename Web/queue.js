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

const databaseName = "denghuo";
const databaseVersion = 1;
/** The form in which an entry is sealed. `younger` brings older ones up to it. */
const entryVersion = 2;
const partEntries = 25;
const partBytes = 900_000;
const firstPause = 2_000;
const longestPause = 300_000;
const patience = 30_000;
const quickPatience = 4_000;
const tellPause = 60_000;
const sentKept = 36 * 3_600_000;
const stretches = 600_000;
const changes = new BroadcastChannel("denghuo-queue");

const encoder = new TextEncoder();
const decoder = new TextDecoder();

let key = null;
let device = null;
let until = null;
let mode = "none";
let pause = firstPause;
let timer = null;
let toldAt = 0;
let told = "";
let isSending = false;
let isOnline = navigator.onLine;
const watchers = new Set();

// MARK: Storage

let opened = null;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName, databaseVersion);
    request.onupgradeneeded = () => {
      const made = request.result;
      if (!made.objectStoreNames.contains("entries")) {
        const entries = made.createObjectStore("entries", { keyPath: "order", autoIncrement: true });
        entries.createIndex("device", "device");
        entries.createIndex("id", "id", { unique: true });
        made.createObjectStore("pages", { keyPath: ["device", "address"] });
        made.createObjectStore("locks", { keyPath: "device" });
        made.createObjectStore("notes", { keyPath: "name" });
      }
    };
    request.onsuccess = () => {
      // A newer page upgrades the store: this one lets go and asks again when it needs it.
      request.result.onversionchange = () => {
        request.result.close();
        opened = null;
      };
      request.result.onclose = () => (opened = null);
      resolve(request.result);
    };
    request.onerror = () => {
      opened = null;
      reject(request.error);
    };
  });
  return opened;
}

/** Runs `body` in one transaction; resolves with its result once it is on the disk. */
async function within(stores, access, body) {
  const base = await database();
  return new Promise((resolve, reject) => {
    const options = access === "readwrite" ? { durability: "strict" } : {};
    const transaction = base.transaction(stores, access, options);
    let result;
    transaction.oncomplete = () => resolve(result instanceof IDBRequest ? result.result : result);
    transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
    transaction.onerror = () => reject(transaction.error);
    result = body(transaction);
  });
}

const rows = (store, of) =>
  within([store], "readonly", (t) =>
    store === "entries" ? t.objectStore(store).index("device").getAll(of) : t.objectStore(store).getAll());
const one = (store, name) => within([store], "readonly", (t) => t.objectStore(store).get(name));
const save = (store, value) => within([store], "readwrite", (t) => t.objectStore(store).put(value));
const erase = (store, name) => within([store], "readwrite", (t) => t.objectStore(store).delete(name));

// MARK: Sealing

export const hex = {
  text: (bytes) => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join(""),
  bytes: (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16)),
};

const aes = (raw) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

/** Seals text for one place: moved elsewhere it does not open. The nonce leads the result. */
async function seal(text, place, by) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: encoder.encode(place) }, by, encoder.encode(text));
  const whole = new Uint8Array(12 + sealed.byteLength);
  whole.set(iv);
  whole.set(new Uint8Array(sealed), 12);
  return whole.buffer;
}

async function unseal(whole, place, by) {
  const plain = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: new Uint8Array(whole, 0, 12), additionalData: encoder.encode(place) },
    by, new Uint8Array(whole, 12));
  return decoder.decode(plain);
}

const entryPlace = (id, of) => `${of}|${id}`;
const pagePlace = (address, of) => `${of}|page|${address}`;

// MARK: The key

/** Asks the worker, or pages through it, for something that lives in memory only. */
async function askWorker(message) {
  const worker = (await navigator.serviceWorker?.getRegistration())?.active;
  if (!worker) return null;
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    const late = setTimeout(() => resolve(null), 1_500);
    channel.port1.onmessage = (event) => {
      clearTimeout(late);
      resolve(event.data);
    };
    worker.postMessage(message, [channel.port2]);
  });
}

async function tellWorker(message) {
  (await navigator.serviceWorker?.getRegistration())?.active?.postMessage(message);
}

async function take(found, fresh) {
  key = found.key;
  device = found.device;
  until = found.until ?? null;
  mode = "open";
  if (fresh) await tellWorker({ say: "key", key, device, until });
}

async function ask(address, options = {}, wait = patience) {
  const end = new AbortController();
  const late = setTimeout(() => end.abort(), wait);
  try {
    const answer = await fetch(address, { ...options, signal: end.signal, cache: "no-store" });
    setOnline(true);
    return answer;
  } catch (failure) {
    setOnline(false);
    throw failure;
  } finally {
    clearTimeout(late);
  }
}

function setOnline(is) {
  if (is === isOnline) return;
  isOnline = is;
  changed();
}

/** Asks the district how this browser stands. Nobody else gives the key. */
async function stand(wait = quickPatience) {
  const all = await within(["entries"], "readonly", (t) => t.objectStore("entries").getAll());
  const held = [...new Set(all.map((each) => each.device))].join(",");
  const answer = await ask(held ? `/device?held=${encodeURIComponent(held)}` : "/device", { headers: { Accept: "application/json" } }, wait);
  if (!answer.ok) throw new Error(`standing ${answer.status}`);
  const standing = await answer.json();
  for (const revoked of standing.revoked ?? []) await empty(revoked);
  if (!standing.device) {
    if (key && mode === "open") await forget();
    mode = "out";
    return;
  }
  const raw = hex.bytes(standing.key);
  const isOther = standing.device !== device;
  await take({ key: await aes(raw), device: standing.device, until: standing.until }, true);
  await save("notes", { name: "device", device, until, attempts: standing.attempts });
  await lockUp(raw);
  for (const earlier of standing.earlier ?? []) await adopt(earlier);
  if (isOther) changed();
}

/** Seals anew what an earlier device of the same account left here: its cookie was lost. */
async function adopt(earlier) {
  const by = await aes(hex.bytes(earlier.key));
  const to = own();
  const adopted = [];
  for (const old of await rows("entries", earlier.device)) {
    const text = await unseal(old.sealed, entryPlace(old.id, earlier.device), by).catch(() => null);
    // What does not open stays where it is; it is counted among what cannot be read here.
    if (text === null) continue;
    adopted.push({ ...old, device: to.device, sealed: await seal(text, entryPlace(old.id, to.device), to.key) });
  }
  await within(["entries", "pages", "locks"], "readwrite", (t) => {
    for (const each of adopted) t.objectStore("entries").put(each);
    t.objectStore("locks").delete(earlier.device);
    t.objectStore("pages").delete(IDBKeyRange.bound([earlier.device, ""], [earlier.device, "\uffff"]));
  });
}

/** Keeps the key behind the password that was just typed, for a restart without network. */
async function lockUp(raw) {
  const typed = await askWorker({ say: "secret?" });
  if (!typed?.key) return;
  await save("locks", {
    device, salt: typed.salt, stretches: typed.stretches, until, wrong: 0,
    sealed: await seal(hex.text(raw), `${device}|lock`, typed.key),
  });
}

async function stretched(password, salt, times) {
  const base = await crypto.subtle.importKey(
    "raw", encoder.encode(password), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations: times }, base,
    { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** Hands a typed password on as a key only, to the page after the sign-in. */
export async function rememberPassword(password) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const made = await stretched(password, salt, stretches);
  // On the very first page the worker is still being put in its place.
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage({ say: "secret", salt, stretches, key: made });
}

/** Keeps the key behind a password from now on; the district is asked for it once more. */
async function protect(password) {
  await rememberPassword(password);
  await stand(patience);
  await announce();
}

// MARK: Revoking and leaving

/** Hands over what a revoked device holds, still sealed, and leaves nothing of it here. */
async function empty(revoked) {
  for (;;) {
    const held = (await rows("entries", revoked)).slice(0, 50);
    const entries = held.map((row) => ({ id: row.id, sealed: hex.text(row.sealed) }));
    const answer = await ask("/device", {
      method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ device: revoked, entries, last: held.length === 0 }),
    });
    if (!answer.ok) throw new Error(`handing over ${answer.status}`);
    if (held.length === 0) break;
    await within(["entries"], "readwrite", (t) => {
      for (const row of held) t.objectStore("entries").delete(row.order);
    });
  }
  await forget(revoked);
  const left = await within(["entries"], "readonly", (t) => t.objectStore("entries").count());
  if (left === 0) {
    (await database()).close();
    opened = null;
    indexedDB.deleteDatabase(databaseName);
  }
}

/** Forgets pages, lock and key of a device; what waits to be sent stays, sealed. */
async function forget(of = device) {
  if (!of) return;
  await within(["pages", "locks", "notes"], "readwrite", (t) => {
    t.objectStore("locks").delete(of);
    t.objectStore("pages").delete(IDBKeyRange.bound([of, ""], [of, "\uffff"]));
    t.objectStore("notes").delete("device");
    t.objectStore("notes").delete(`sent:${of}`);
  });
  await tellWorker({ say: "lock", device: of });
  if (of === device) {
    key = device = until = null;
    mode = "none";
  }
  changed();
}

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

/** Key and device as they are at this moment: another sign-in may change both between two steps. */
const own = () => ({ key, device });
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
    id: content.id, name: content.name,
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
  const all = await within(["entries"], "readonly", (t) => t.objectStore("entries").getAll());
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
  if (mode === "none" && (await rows("locks")).length > 0) mode = "locked";
  navigator.storage?.persist?.();
  addEventListener("online", () => {
    isOnline = true;
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

/** Opens with the password after a restart without network; ten wrong ones and it is forgotten. */
async function unlock(password) {
  for (const lock of await rows("locks")) {
    if (lock.until && Date.parse(lock.until) < Date.now()) {
      await forget(lock.device);
      continue;
    }
    const by = await stretched(password, lock.salt, lock.stretches);
    try {
      const raw = hex.bytes(await unseal(lock.sealed, `${lock.device}|lock`, by));
      await save("locks", { ...lock, wrong: 0 });
      await take({ key: await aes(raw), device: lock.device, until: lock.until }, true);
      changed();
      return true;
    } catch {
      const most = (await one("notes", "device"))?.attempts ?? 10;
      if (lock.wrong + 1 >= most) await forget(lock.device);
      else await save("locks", { ...lock, wrong: lock.wrong + 1 });
    }
  }
  if ((await rows("locks")).length === 0) mode = "none";
  return false;
}

/** Signs out here and now; the district is told as soon as there is network. */
async function leave() {
  await save("notes", { name: "leaving", at: Date.now() });
  await forget();
}

async function leaveForGood() {
  if (!(await one("notes", "leaving").catch(() => null))) return;
  const answer = await ask("/sign-out", { method: "POST", redirect: "manual" }, quickPatience)
    .catch(() => null);
  if (answer) await erase("notes", "leaving");
}

/** The sign-in that follows is a new one: it must not be ended by an earlier leaving. */
export const stay = () => erase("notes", "leaving").catch(() => {});

// MARK: Pages

async function keep(address, html) {
  const by = own();
  if (!by.key) return;
  const text = JSON.stringify({ html, at: Date.now() });
  const sealed = await seal(text, pagePlace(address, by.device), by.key);
  await save("pages", { device: by.device, address, at: Date.now(), sealed });
}

async function kept(address) {
  const by = own();
  const found = by.key && (await one("pages", [by.device, address]));
  return found ? JSON.parse(await unseal(found.sealed, pagePlace(address, by.device), by.key)) : null;
}

/** Forgets pages that were kept before a moment: doors of yesterday. */
async function discard(before) {
  if (!device) return;
  const old = (await rows("pages")).filter((page) => page.device === device && page.at < before);
  await within(["pages"], "readwrite", (t) => {
    for (const page of old) t.objectStore("pages").delete([page.device, page.address]);
  });
}

export const queue = {
  open, ready, put, entries, drop, send, sentSince, state, protect, unlock, leave, keep, kept, discard,
  watch: (watcher) => {
    watchers.add(watcher);
    announce();
    return () => watchers.delete(watcher);
  },
};
