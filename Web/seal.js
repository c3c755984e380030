// How everything that a device keeps is sealed: AES-256-GCM under the device's key, each thing for
// its own place. docs/decisions/0016 says what that protects and what it does not.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const hex = {
  text: (bytes) => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join(""),
  bytes: (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16)),
};

export const aes = (raw) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

/** Seals text for one place: moved elsewhere it does not open. The nonce leads the result. */
export async function seal(text, place, by) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: encoder.encode(place) }, by, encoder.encode(text));
  const whole = new Uint8Array(12 + sealed.byteLength);
  whole.set(iv);
  whole.set(new Uint8Array(sealed), 12);
  return whole.buffer;
}

export async function unseal(whole, place, by) {
  const plain = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: new Uint8Array(whole, 0, 12), additionalData: encoder.encode(place) },
    by, new Uint8Array(whole, 12));
  return decoder.decode(plain);
}

export const entryPlace = (id, of) => `${of}|${id}`;
export const pagePlace = (address, of) => `${of}|page|${address}`;

/** A key made of a password, slowly, so that guessing is slow too. */
export async function stretched(password, salt, times) {
  const base = await crypto.subtle.importKey(
    "raw", encoder.encode(password), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations: times }, base,
    { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}
