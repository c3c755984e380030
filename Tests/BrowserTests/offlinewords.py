"""What the parts of a shift without network share: what is noted in it, and how the stores are read."""

NOTE = "lighthouse keeper coughs behind the blue door"
NAME = "Ottoline Quartermain"
UNSENT = "SELECT id, cause, code FROM unsent ORDER BY reported_at, id"

# Asks the worker for the key, as a page does, and seals an entry as the pages of an older app did.
OLDER_ENTRY = """async ([id, name, form, title]) => {
  const worker = (await navigator.serviceWorker.getRegistration()).active;
  const { queue } = await import(document.querySelector("[href^='/queue.js']").getAttribute("href"));
  // After a restart the worker may have the key of an earlier device until the page has asked the district.
  let held = null;
  for (let turn = 0; turn < 50 && (!held || held.device !== (await queue.state()).device); turn++) {
    if (turn > 0) await new Promise((done) => setTimeout(done, 200));
    held = await new Promise((done) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = (event) => done(event.data);
      worker.postMessage({ say: "key?" }, [channel.port2]);
    });
  }
  const place = new TextEncoder().encode(`${held.device}|${id}`);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const text = JSON.stringify({ version: 1, name, form, title, time: Date.now(), subject: form.obligation });
  const sealed = new Uint8Array(await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: place }, held.key, new TextEncoder().encode(text)));
  const whole = new Uint8Array(12 + sealed.length);
  whole.set(iv);
  whole.set(sealed, 12);
  const base = await new Promise((done) => {
    indexedDB.open("denghuo").onsuccess = (event) => done(event.target.result);
  });
  await new Promise((done) => {
    const transaction = base.transaction(["entries"], "readwrite");
    transaction.objectStore("entries").add({
      id, device: held.device, state: "waiting", at: Date.now(), size: whole.length,
      sealed: whole.buffer });
    transaction.oncomplete = done;
  });
  base.close();
  await queue.send();
}"""

# Everything that a stranger can read out of the stores of a page, as text.
ALL_STORES = """async () => {
  const names = (await indexedDB.databases()).map(({ name }) => name);
  if (!names.includes("denghuo")) return { stores: [], text: "" };
  const base = await new Promise((done) => {
    indexedDB.open("denghuo").onsuccess = (event) => done(event.target.result);
  });
  const stores = [...base.objectStoreNames];
  const transaction = base.transaction(stores);
  const all = await Promise.all(stores.map((store) => new Promise((done) => {
    transaction.objectStore(store).getAll().onsuccess = (event) => done(event.target.result);
  })));
  base.close();
  const text = JSON.stringify(all, (name, value) => value instanceof ArrayBuffer
    ? new TextDecoder("latin1").decode(value) : value instanceof CryptoKey ? "a key in the clear" : value);
  return { stores, text, entries: all[stores.indexOf("entries")].length };
}"""
