// Pages that the device keeps for a shift without network, sealed like entries.

import { device, own } from "/device.js";
import { pagePlace, seal, unseal } from "/seal.js";
import { one, rows, save, within } from "/store.js";

export async function keep(address, html) {
  const by = own();
  if (!by.key) return;
  const text = JSON.stringify({ html, at: Date.now() });
  const sealed = await seal(text, pagePlace(address, by.device), by.key);
  await save("pages", { device: by.device, address, at: Date.now(), sealed });
}

export async function kept(address) {
  const by = own();
  const found = by.key && (await one("pages", [by.device, address]));
  return found ? JSON.parse(await unseal(found.sealed, pagePlace(address, by.device), by.key)) : null;
}

/** Forgets pages that were kept before a moment: doors of yesterday. */
export async function discard(before) {
  if (!device) return;
  const old = (await rows("pages")).filter((page) => page.device === device && page.at < before);
  await within(["pages"], "readwrite", (t) => {
    for (const page of old) t.objectStore("pages").delete([page.device, page.address]);
  });
}
