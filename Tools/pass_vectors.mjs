// Writes docs/formats/pass-vectors.json: codes and what a verifier says of each, made without any of the
// product's own code. Run it with node; the same bytes come out each time.

import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { writeFileSync } from "node:fs";

const signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const bytes = (number, count) => Buffer.from(number.toString(16).padStart(count * 2, "0"), "hex");
const digest = (data) => createHash("sha256").update(data).digest();
const seed = (name) => digest(`pass vectors: ${name}`);

function privateKey(name) {
  const prefix = Buffer.from("302e020100300506032b657004220420", "hex");
  return createPrivateKey({ key: Buffer.concat([prefix, seed(name)]), format: "der", type: "pkcs8" });
}
const publicKey = (name) => createPublicKey(privateKey(name)).export({ format: "der", type: "spki" }).subarray(-32);
const identifier = (name) => digest(publicKey(name)).subarray(0, 4);

function text(data) {
  let bits = "";
  for (const byte of data) bits += byte.toString(2).padStart(8, "0");
  while (bits.length % 5) bits += "0";
  return bits.match(/.{5}/g).map((five) => signs[parseInt(five, 2)]).join("");
}

const colours = { green: 0, yellow: 1, red: 2 };
function tailNumber(tail) {
  if (tail === null) return 0xffff;
  return Number(tail.slice(0, 3)) * 11 + (tail[3] === "X" ? 10 : Number(tail[3]));
}
function body(said) {
  const flags = colours[said.colour] | (said.carried ? 4 : 0) | (said.paper ? 8 : 0);
  return Buffer.concat([
    Buffer.from([1, flags]), identifier(said.key), Buffer.from(said.bearer, "hex"), bytes(said.from, 4),
    bytes(said.minutes, 2), bytes(tailNumber(said.document), 2), bytes(said.district ?? 0, 3),
  ]);
}
function finished(body, signature) {
  const signed = Buffer.concat([body, signature]);
  return "DH1" + text(Buffer.concat([signed, digest(signed).subarray(0, 2)]));
}
const signature = (body, key) => sign(null, Buffer.concat([Buffer.from("denghuo pass 1\n"), body]), privateKey(key));
const code = (said, key = said.key) => finished(body(said), signature(body(said), key));

function list(entries, made, key) {
  const sorted = entries.toSorted(([one], [other]) => (one < other ? -1 : 1));
  const said = Buffer.concat([
    Buffer.from([1]), identifier(key), bytes(made, 4), bytes(sorted.length, 4),
    ...sorted.map(([bearer, before]) => Buffer.concat([Buffer.from(bearer, "hex"), bytes(before, 4)])),
  ]);
  return Buffer.concat([said, sign(null, Buffer.concat([Buffer.from("denghuo list 1\n"), said]), privateKey(key))]);
}

// 2022-11-29T08:00+08:00.
const now = 1_669_680_000;
const plain = {
  colour: "green", carried: false, paper: false, key: "present", bearer: "0a1b2c3d4e5f", from: now - 3_600,
  minutes: 720, document: "123X", district: 370203,
};
const other = (change) => ({ ...plain, ...change });
const iso = (seconds) => new Date(seconds * 1_000).toISOString().replace(".000", "");
const week = 7 * 86_400;
const keys = [
  { name: "former", from: now - 86_400 - week, until: now - 7_200 },
  { name: "present", from: now - 7_200, until: now - 7_200 + week },
];
const edited = (said, change) => finished(body({ ...said, ...change }), signature(body(said), said.key));
const typed = code(plain);
const swapped = (at) => typed.slice(0, at) + (typed[at] === "7" ? "8" : "7") + typed.slice(at + 1);
const future = body(plain);
future[0] = 2;

const cases = [
  ["a green code", typed, "valid"],
  ["small letters, spaces and hyphens", typed.toLowerCase().replace(/(.{5})/g, "$1- "), "valid"],
  ["a yellow code of a child without a document", code(other({ colour: "yellow", carried: true, document: null })), "valid"],
  ["a red code on paper", code(other({ colour: "red", paper: true, minutes: 1_440, document: "0000" })), "valid"],
  ["of the key before, issued while it signed", code(other({ key: "former", from: now - 7_201 })), "valid"],
  ["valid from within the difference of two clocks", code(other({ from: now + 300 })), "valid"],
  ["in its last second", code(other({ key: "former", from: now - 43_199 })), "valid"],
  ["ended this second", code(other({ key: "former", from: now - 43_200 })), "expired"],
  ["valid from later", code(other({ from: now + 301 })), "future"],
  ["revoked", code(other({ bearer: "ffffffffff00", from: now - 600 })), "revoked"],
  ["of the same bearer, issued after the revocation", code(other({ bearer: "ffffffffff00", from: now - 599 })), "valid"],
  ["a colour painted green, signature kept", edited(other({ colour: "red" }), { colour: "green" }), "forged"],
  ["an end moved", edited(plain, { minutes: 1_440 }), "forged"],
  ["another document", edited(plain, { document: "9999" }), "forged"],
  ["another bearer", edited(plain, { bearer: "010203040506" }), "forged"],
  ["signed with a stranger’s key under our identifier", finished(body(plain), signature(body(plain), "stranger")), "forged"],
  ["of the key before, dated after it", code(other({ key: "former", from: now - 3_600 })), "forged"],
  ["of the present key, dated before it", code(other({ from: now - 7_201 })), "forged"],
  ["of another district", code(other({ key: "stranger" })), "foreign"],
  ["of a key that is gone, ended long ago", code(other({ key: "stranger", from: now - 500_000 })), "expired"],
  ["a wrong letter", swapped(20), "mistyped"],
  ["a wrong last letter", swapped(typed.length - 1), "mistyped"],
  ["a last letter that is not filled with zeros", typed.slice(0, -1) + signs[signs.indexOf(typed.at(-1)) + 1], "mistyped"],
  ["cut short", typed.slice(0, -4), "mistyped"],
  ["a letter that is none of ours", typed.slice(0, 30) + "U" + typed.slice(31), "mistyped"],
  ["of a later format", finished(future, signature(future, "present")), "newer"],
  ["something else", "https://example.org/", "other"],
  ["nothing", "", "other"],
].map(([name, text, verdict]) => ({ name, text, verdict }));

const vectors = {
  about: "docs/formats/PASSES.md; written by Tools/pass_vectors.mjs, which shares no code with the product",
  now, skew_minutes: 5,
  keys: keys.map(({ name, from, until }) => ({
    id: identifier(name).toString("hex"), key: publicKey(name).toString("hex"), from: iso(from), until: iso(until),
  })),
  seeds: Object.fromEntries(keys.map(({ name }) => [identifier(name).toString("hex"), seed(name).toString("hex")])),
  list: list([["ffffffffff00", now - 600], ["000000000001", now - 7_000]], now - 60, "present").toString("hex"),
  foreign_list: list([["0a1b2c3d4e5f", now]], now, "stranger").toString("hex"),
  plain: { ...plain, text: typed },
  cases,
};
writeFileSync(new URL("../docs/formats/pass-vectors.json", import.meta.url), JSON.stringify(vectors, null, 2) + "\n");
