// Lists that a page of the field has stored beside it, and how those on one stand.

import { queue } from "/queue.js";
import { say } from "/words.js";

/** Fetches a list and keeps it sealed; nothing when there is no network. */
export async function fetchList(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) return null;
    const text = await answer.text();
    await queue.keep(address, text);
    return text;
  } catch {
    return null;
  }
}

/** How somebody on a point’s list stands, in words and with a tone. */
export const standings = {
  sampled: [say("已采样", "sampled"), "done"], tested: [say("已出结果", "tested"), "done"],
  exempt: [say("免采", "exempt"), "neutral"], reswab: [say("须重采", "sample again"), "late"],
  away: [say("外出", "away"), "neutral"], refused: [say("拒绝", "refused"), "neutral"],
};

/** Why somebody is on a round’s list. */
export const listings = {
  resident: say("居住在本范围", "lives in the area"), named: say("名单指定", "named on the list"),
  contact: say("病例的密接", "contact of a case"), need: say("台账登记的特殊需要", "special need in the register"),
  unreached: say("上一轮没有结果", "no result in an earlier round"),
  repeated: say("按上一轮名单再检", "on the list that is repeated"),
};

/** So many people are shown of those who are found. */
export const mostFound = 8;

/** People whose door, masked name or number holds what was typed. */
export function search(people, text) {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [];
  const found = [];
  for (const line of people.values()) {
    const said = `${line.door} ${line.name ?? ""} ${line.person}`.toLowerCase();
    if (wanted.every((word) => said.includes(word))) found.push(line);
    if (found.length > mostFound) break;
  }
  return found;
}
