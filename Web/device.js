// Who is signed in on this device, and the key under which it keeps things. The district gives the
// key to a session of this device only; it is never stored and lives in the memory of pages and of
// the worker. docs/decisions/0016 says why.

import { destroy, erase, everyEntry, one, pagesOf, rows, save, within } from "/store.js";
import { aes, entryPlace, hex, seal, stretched, unseal } from "/seal.js";

/** How long an answer of the district is waited for, in milliseconds. */
export const patience = 30_000;
export const quickPatience = 4_000;
const stretches = 600_000;

export let key = null;
export let device = null;
export let until = null;
/** "open", "locked", "out" (nobody is signed in) or "none". */
export let mode = "none";
export let isOnline = navigator.onLine;

let changed = () => {};

/** Lets the queue know when something of this has become different. */
export function whenChanged(told) {
  changed = told;
}

/** Asks the worker, or pages through it, for something that lives in memory only. */
export async function askWorker(message) {
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

export async function take(found, fresh) {
  key = found.key;
  device = found.device;
  until = found.until ?? null;
  mode = "open";
  if (fresh) await tellWorker({ say: "key", key, device, until });
}

export async function ask(address, options = {}, wait = patience) {
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

export function setOnline(is) {
  if (is === isOnline) return;
  isOnline = is;
  changed();
}

/** Asks the district how this browser stands. Nobody else gives the key. */
export async function stand(wait = quickPatience) {
  const held = [...new Set((await everyEntry()).map((each) => each.device))].join(",");
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
    t.objectStore("pages").delete(pagesOf(earlier.device));
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

/** Key and device as they are at this moment: another sign-in may change both between two steps. */
export const own = () => ({ key, device });

/** Hands a typed password on as a key only, to the page after the sign-in. */
export async function rememberPassword(password) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const made = await stretched(password, salt, stretches);
  // On the very first page the worker is still being put in its place.
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage({ say: "secret", salt, stretches, key: made });
}

/** Keeps the key behind a password from now on; the district is asked for it once more. */
export async function protect(password) {
  await rememberPassword(password);
  await stand(patience);
  changed();
}

// MARK: Revoking and leaving

/** Hands over what a revoked device holds, still sealed, and leaves nothing of it here. */
async function empty(revoked) {
  const hand = async (held) => {
    const entries = held.map((row) => ({ id: row.id, sealed: hex.text(row.sealed) }));
    const answer = await ask("/device", {
      method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ device: revoked, entries, last: held.length === 0 }),
    });
    if (!answer.ok) throw new Error(`handing over ${answer.status}`);
  };
  for (;;) {
    const held = (await rows("entries", revoked)).slice(0, 50);
    if (held.length === 0) break;
    await hand(held);
    await within(["entries"], "readwrite", (t) => {
      for (const row of held) t.objectStore("entries").delete(row.order);
    });
  }
  // Once the district has heard that nothing is left it asks no more: it hears it when it is so.
  await forget(revoked);
  await hand([]);
  const left = await within(["entries"], "readonly", (t) => t.objectStore("entries").count());
  if (left === 0) await destroy();
}

/** Forgets pages, lock and key of a device; what waits to be sent stays, sealed. */
export async function forget(of = device) {
  if (!of) return;
  await within(["pages", "locks", "notes"], "readwrite", (t) => {
    t.objectStore("locks").delete(of);
    t.objectStore("pages").delete(pagesOf(of));
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

/** Opens with the password after a restart without network; ten wrong ones and it is forgotten. */
export async function unlock(password) {
  // Of several that the same password opens, the one that was signed in on last.
  const latest = (await one("notes", "device").catch(() => null))?.device;
  const locks = (await rows("locks")).sort((a, b) => (b.device === latest) - (a.device === latest));
  for (const lock of locks) {
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
export async function leave() {
  await save("notes", { name: "leaving", at: Date.now() });
  await forget();
}

export async function leaveForGood() {
  if (!(await one("notes", "leaving").catch(() => null))) return;
  const answer = await ask("/sign-out", { method: "POST", redirect: "manual" }, quickPatience)
    .catch(() => null);
  if (answer) await erase("notes", "leaving");
}

/** The sign-in that follows is a new one: it must not be ended by an earlier leaving. */
export const stay = () => erase("notes", "leaving").catch(() => {});

/** Something is kept here behind a password, and nobody has opened it yet. */
export async function lockIfKept() {
  if (mode === "none" && (await rows("locks")).length > 0) mode = "locked";
}
