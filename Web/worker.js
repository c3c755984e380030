// Stands between the pages and the network: without network it shows what is stored on the device.
// It keeps the device's key in memory only, for as long as the browser lets it live, and asks open
// pages for it afterwards. What waits to be sent is the business of queue.js.

// The server writes the digest of all files here: when one of them changes, so does this one, and
// browsers, which compare it byte by byte, install it and fetch the others anew.
const version = "@files@";
const shellName = `denghuo-shell-${version}`;
// Kept by pass.js and verify.js; a new worker leaves them.
const passName = "denghuo-pass-1";
const verifyName = "denghuo-verify-1";
const keptNames = [shellName, passName, verifyName];
const shell = [
  "/offline", "/app.css", "/pages.css", "/live.js", "/queue.js", "/device.js", "/store.js",
  "/seal.js", "/pages.js", "/field.js", "/waiting.js", "/words.js", "/door.js", "/capture.js",
  "/swab.js", "/codes.js", "/lists.js", "/camera.js", "/luminance.js", "/qrcode.js", "/qrdecode.js",
  "/code128.js", "/pass.js", "/passcode.js", "/verify.js",
  "/venue.js", "/icon.svg", "/manifest.webmanifest",
];
// Pages that ask the network for nothing that is here: a million of them open at eight.
const quietPages = ["/me/code", "/verify"];
// Where the verifier in the former language lies until the network brings the other one.
const formerVerifier = "/verify?former";
const slowMilliseconds = 6_000;
const secretMilliseconds = 120_000;

let held = null;
let typed = null;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(shellName);
    await cache.addAll(shell.map((path) => new Request(path, { cache: "reload" })));
    // The verifier is a page and not a file: while it is not to be had the phones in the field go on.
    await fetch(new Request("/verify", { cache: "reload" })).then(keepVerifier).catch(() => {});
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (!keptNames.includes(name)) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener("message", (event) => {
  const said = event.data ?? {};
  switch (said.say) {
    case "key":
      held = { key: said.key, device: said.device, until: said.until };
      break;
    case "lock":
      if (!said.device || held?.device === said.device) held = null;
      break;
    case "secret":
      typed = { key: said.key, salt: said.salt, stretches: said.stretches };
      setTimeout(() => (typed = null), secretMilliseconds);
      break;
    case "key?":
      event.waitUntil(heldKey(event.source?.id).then((found) => event.ports[0].postMessage(found)));
      break;
    case "secret?":
      event.ports[0].postMessage(typed);
      typed = null;
      break;
  }
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (address.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(navigate(event.request, address));
  else if (event.request.method === "GET" && shell.includes(address.pathname)) {
    event.respondWith(piece(event.request, address.pathname, event.clientId));
  }
});

/** Whether a page lives on what is stored: its own code, or the verifier. */
async function isQuiet(clientId) {
  const client = clientId ? await self.clients.get(clientId) : null;
  return client !== undefined && client !== null && quietPages.includes(new URL(client.url).pathname)
    && !new URL(client.url).search;
}

/** Keeps the verifier in the language that the district sends now. */
async function keepVerifier(answer) {
  if (!answer.ok || answer.redirected) return;
  const cache = await caches.open(verifyName);
  await cache.put("/verify", answer);
  await cache.delete(formerVerifier);
}

/** Puts the verifier aside: another language was chosen, and without network the former one is better than none. */
async function setVerifierAside() {
  const cache = await caches.open(verifyName);
  const page = await cache.match("/verify");
  if (!page) return;
  await cache.put(formerVerifier, page);
  await cache.delete("/verify");
}

const ofShell = async (path) => (await caches.open(shellName)).match(path);

/** A file of the product: the stored one when it is of the version that the page names, else the newest there is. */
async function piece(request, path, clientId) {
  const asked = new URL(request.url).searchParams.get("v");
  if (asked === version || (await isQuiet(clientId))) {
    const stored = await ofShell(path);
    if (stored) return stored;
  }
  try {
    const answer = await fetch(request);
    // What a newer page names goes into the newer worker's shell, which the browser installs by itself.
    if (answer.ok && (asked ?? version) === version) (await caches.open(shellName)).put(path, answer.clone());
    return answer;
  } catch (failure) {
    const stored = await ofShell(path);
    if (stored) return stored;
    throw failure;
  }
}

/** Who signed out without network is signed out before anything else is shown. */
async function leaveFirst() {
  if (!(await stored("notes", "leaving").catch(() => null))) return;
  await fetch("/sign-out", { method: "POST", redirect: "manual" });
  await stored("notes", "leaving", "delete");
}

/** The code that is stored here and has not ended, or the verifier; nothing for any other page. */
async function quietPage(request, address) {
  if (request.method !== "GET" || address.search || !quietPages.includes(address.pathname)) return null;
  if (address.pathname === "/verify") return (await caches.open(verifyName)).match("/verify");
  const stored = await (await caches.open(passName)).match(address.pathname);
  const until = Date.parse(stored?.headers.get("Denghuo-Until") ?? "");
  return until > Date.now() ? stored : null;
}

async function navigate(request, address) {
  // Another slip is another person: nothing of the one before stays.
  if (address.pathname.startsWith("/s/")) await caches.delete(passName);
  // What is stored is in the other language.
  if (address.searchParams.has("language")) {
    await caches.delete(passName);
    await setVerifierAside();
  }
  const quiet = await quietPage(request, address).catch(() => null);
  return quiet ?? navigateOut(request, address);
}

async function navigateOut(request, address) {
  const network = leaveFirst().then(() => fetch(request));
  network.catch(() => {});
  const slow = new Promise((_, reject) => setTimeout(reject, slowMilliseconds));
  try {
    const answer = await Promise.race([network, slow]);
    if (![502, 503, 504].includes(answer.status)) {
      if (request.method === "GET" && address.pathname === "/verify") {
        await keepVerifier(answer.clone()).catch(() => {});
      }
      return answer;
    }
  } catch {
    // Below.
  }
  const page = request.method === "GET" ? await keptPage(address).catch(() => null) : null;
  if (page) return page;
  // Past its end it says so itself.
  if (address.pathname === "/me/code") {
    const stored = await (await caches.open(passName)).match("/me/code");
    if (stored) return stored;
  }
  if (request.method === "GET" && address.pathname === "/verify") {
    const cache = await caches.open(verifyName);
    const stored = (await cache.match("/verify")) ?? (await cache.match(formerVerifier));
    if (stored) return stored;
  }
  return network.catch(() => noNetwork(request.method));
}

/** What is shown instead; a form that went the direct way was not kept, and the page says so. */
async function noNetwork(method) {
  const page = await ofShell("/offline");
  if (!page || method === "GET") return page ?? Response.error();
  const html = (await page.text()).replace("<html ", '<html data-lost="" ');
  const headers = new Headers(page.headers);
  for (const name of ["content-encoding", "content-length"]) headers.delete(name);
  return new Response(html, { headers });
}

// MARK: Stored pages

async function keptPage(address) {
  const found = await heldKey();
  if (!found) return null;
  const name = address.pathname + address.search;
  const row = await stored("pages", [found.device, name]);
  if (!row) return null;
  const plain = await crypto.subtle.decrypt(
    {
      name: "AES-GCM", iv: new Uint8Array(row.sealed, 0, 12),
      additionalData: new TextEncoder().encode(`${found.device}|page|${name}`),
    },
    found.key, new Uint8Array(row.sealed, 12));
  const page = JSON.parse(new TextDecoder().decode(plain));
  // The page says from when it is; its own rules hold for it as when the district sent it.
  const html = page.html.replace("<html ", `<html data-kept="${new Date(page.at).toISOString()}" `);
  return new Response(html, {
    headers: {
      "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store",
      "Content-Security-Policy": page.policy ??
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    },
  });
}

/** The key, from memory or from a page that has it; nothing once the shift is over. */
async function heldKey(except) {
  if (!held) held = await askPages(except);
  if (held?.until && Date.parse(held.until) < Date.now()) held = null;
  return held;
}

async function askPages(except) {
  const pages = await self.clients.matchAll({ includeUncontrolled: true, type: "window" });
  const answers = pages.filter((page) => page.id !== except).map((page) => new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => resolve(event.data);
    setTimeout(() => resolve(null), 1_000);
    page.postMessage({ say: "key?" }, [channel.port2]);
  }));
  return (await Promise.all(answers)).find(Boolean) ?? null;
}

function stored(store, name, act = "get") {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("denghuo");
    // A store that is not there is not made here.
    request.onupgradeneeded = () => request.transaction.abort();
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const base = request.result;
      base.onversionchange = () => base.close();
      const access = act === "get" ? "readonly" : "readwrite";
      const asked = base.transaction([store], access).objectStore(store)[act](name);
      asked.onsuccess = () => {
        base.close();
        resolve(asked.result);
      };
      asked.onerror = () => {
        base.close();
        reject(asked.error);
      };
    };
  });
}
