// What the device keeps: entries that wait, stored pages, locks and notes, in one database of the
// browser. Whatever stands in it is sealed before (seal.js); here nothing is opened.

const databaseName = "denghuo";
const databaseVersion = 1;

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
export async function within(stores, access, body) {
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

export const rows = (store, of) =>
  within([store], "readonly", (t) =>
    store === "entries" ? t.objectStore(store).index("device").getAll(of) : t.objectStore(store).getAll());
export const one = (store, name) => within([store], "readonly", (t) => t.objectStore(store).get(name));
export const save = (store, value) => within([store], "readwrite", (t) => t.objectStore(store).put(value));
export const erase = (store, name) => within([store], "readwrite", (t) => t.objectStore(store).delete(name));

/** All entries on this device, of every account that signed in on it. */
export const everyEntry = () =>
  within(["entries"], "readonly", (t) => t.objectStore("entries").getAll());

/** Every page that a device keeps, as a range of keys. */
export const pagesOf = (device) => IDBKeyRange.bound([device, ""], [device, "\uffff"]);

/** Leaves nothing behind, not even the empty database. */
export async function destroy() {
  (await database()).close();
  opened = null;
  indexedDB.deleteDatabase(databaseName);
}
