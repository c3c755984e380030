// Checks pass codes with nothing but public keys, a list and a clock: docs/formats/PASSES.md. The same
// as Sources/Containment/Passes/PassVerification.swift, and held to the same vectors.

const signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const bodyBytes = 23;
const signatureBytes = 64;
const checkBytes = 2;
const entryBytes = 10;
const headBytes = 13;
const colours = ["green", "yellow", "red"];
const ascii = (text) => new TextEncoder().encode(text);

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
export function unhex(text) {
  if (typeof text !== "string" || text.length % 2 || /[^0-9a-f]/i.test(text)) return null;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** The bytes of a text in base 32; null when it is none, or its last sign is not filled with zeros. */
function fromText(text) {
  const bytes = [];
  let held = 0;
  let bits = 0;
  for (const sign of text.toUpperCase()) {
    const value = sign === "O" ? 0 : sign === "I" || sign === "L" ? 1 : signs.indexOf(sign);
    if (value < 0) return null;
    held = ((held << 5) | value) & 0xffff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
  }
  return bits < 5 && (held & ((1 << bits) - 1)) === 0 ? Uint8Array.from(bytes) : null;
}

const number = (bytes) => bytes.reduce((sum, byte) => sum * 256 + byte, 0);
const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
const joined = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));

async function isSigned(what, publicKey, signature) {
  const key = await crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "Ed25519" }, key, signature, what);
}

/** Whether this browser can check signatures at all. */
export async function canCheck() {
  try {
    if (!globalThis.crypto?.subtle) return false;
    // The first vector of RFC 8032: an empty message.
    const key = unhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    const signature = unhex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
    return await isSigned(new Uint8Array(), key, signature);
  } catch {
    return false;
  }
}

/** What a text says, unbelieved; a word for why it says nothing. */
async function read(text) {
  const trimmed = text.replace(/[\s-]/g, "");
  if (trimmed.length > 400 || trimmed.slice(0, 3).toUpperCase() !== "DH1") return { fault: "other" };
  const bytes = fromText(trimmed.slice(3));
  if (!bytes || bytes.length !== bodyBytes + signatureBytes + checkBytes) return { fault: "mistyped" };
  const signed = bytes.slice(0, bodyBytes + signatureBytes);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", signed));
  if (!same(digest.slice(0, checkBytes), bytes.slice(-checkBytes))) return { fault: "mistyped" };
  const body = bytes.slice(0, bodyBytes);
  const tail = number(body.slice(18, 20));
  const colour = colours[body[1] & 3];
  if (body[0] !== 1 || (body[1] & 0xf0) !== 0 || !colour || (tail !== 0xffff && tail >= 11_000)) {
    return { fault: "newer" };
  }
  const from = number(body.slice(12, 16));
  const code = {
    colour, carried: (body[1] & 4) !== 0, paper: (body[1] & 8) !== 0, key: hex(body.slice(2, 6)),
    bearer: hex(body.slice(6, 12)), from, until: from + number(body.slice(16, 18)) * 60,
    document: tail === 0xffff
      ? null
      : String(Math.floor(tail / 11)).padStart(3, "0") + (tail % 11 === 10 ? "X" : String(tail % 11)),
    district: number(body.slice(20, 23)) || null,
  };
  return { code, body, signature: signed.slice(bodyBytes) };
}

/**
 * The list of revoked codes as its bytes say; null unless one of the keys signed it.
 * @param bytes the list
 * @param keys what /api/queries/passes.keys answers as `keys`
 */
export async function readList(bytes, keys) {
  if (!bytes || bytes.length < headBytes + signatureBytes || bytes[0] !== 1) return null;
  const count = number(bytes.slice(9, 13));
  if (bytes.length !== headBytes + count * entryBytes + signatureBytes) return null;
  const key = keys.find(({ id }) => id === hex(bytes.slice(1, 5)));
  const body = bytes.slice(0, -signatureBytes);
  if (!key || !(await isSigned(joined(ascii("denghuo list 1\n"), body), unhex(key.key), bytes.slice(-signatureBytes)))) {
    return null;
  }
  const entries = new Map();
  for (let at = headBytes; at < body.length; at += entryBytes) {
    entries.set(hex(body.slice(at, at + 6)), number(body.slice(at + 6, at + 10)));
  }
  return { made: number(bytes.slice(5, 9)), entries, bytes: bytes.length };
}

/**
 * What a text is worth.
 * @param text what was scanned or typed
 * @param known `{ keys, list, skew_minutes }`
 * @param now whole seconds since 1970
 */
export async function check(text, known, now) {
  const shown = await read(text);
  if (shown.fault) return { verdict: shown.fault, code: null };
  const { code } = shown;
  const key = known.keys.find(({ id }) => id === code.key);
  // One that says itself that it has ended may be ours of last week, whose key is gone.
  if (!key) return { verdict: code.until <= now ? "expired" : "foreign", code: null };
  const seconds = (moment) => Date.parse(moment) / 1_000;
  const isOurs = await isSigned(joined(ascii("denghuo pass 1\n"), shown.body), unhex(key.key), shown.signature);
  if (!isOurs || code.from < seconds(key.from) || code.from >= seconds(key.until)) {
    return { verdict: "forged", code: null };
  }
  const skew = known.skew_minutes * 60;
  if (known.list && now + skew < known.list.made) return { verdict: "clock", code };
  const before = known.list?.entries.get(code.bearer);
  if (before !== undefined && code.from <= before) return { verdict: "revoked", code };
  if (code.from > now + skew) return { verdict: "future", code };
  if (code.until <= now) return { verdict: "expired", code };
  return { verdict: "valid", code };
}

/** How old a list is: `fresh`, `aging`, `too_old`, `missing`. */
export function age(list, known, now) {
  if (!list) return "missing";
  const old = now - list.made;
  if (old <= known.list_minutes * 60) return "fresh";
  return old <= known.list_oldest_minutes * 60 ? "aging" : "too_old";
}
