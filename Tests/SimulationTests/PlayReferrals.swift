import Kernel
import Simulator
import Town

/// Contacts on their way to the area of their home.
extension Draw {
  mutating func referral() async throws -> Letter {
    let known = try await one(
      "SELECT id FROM referral ORDER BY state IN ('replaced', 'closed'), id")
    let id = Fields.text(known ?? "nothing")
    let area = try await sender("leader", "otherLeader", "street", "duty")
    switch chance.number(1...12) {
    case 1...3:
      let chosen = try await several(4, "SELECT id FROM referral WHERE state = 'sent' ORDER BY id")
      return letter("referrals.accept", ["referrals": .texts(chosen)], area)
    case 4...5:
      let reason = chance.pick(["other_area", "moved_away", "no_such_person", "unreachable"])
      return letter("referrals.return", ["referral": id, "reason": .text(reason)], area)
    case 6...7:
      let outcome = chance.pick(["home", "site", "hospital", "abroad", "moon"])
      return letter("referrals.report", ["referral": id, "outcome": .text(outcome)], area)
    case 8...9:
      let contact = try await one(
        "SELECT contact FROM referral WHERE state IN ('sent', 'accepted', 'returned') ORDER BY id")
      return letter(
        "referrals.send",
        [
          "contact": .text(contact ?? "nothing"),
          "place": spot(.community, .otherCommunity, .otherDistrict, .street),
        ], try await sender("investigator", "duty"))
    case 10:
      return letter("referrals.depart", ["referral": id, "site": .text("海滨酒店")], area)
    default:
      return letter(
        "referrals.arrive", ["referral": id], try await sender("investigator", "duty"))
    }
  }
}
