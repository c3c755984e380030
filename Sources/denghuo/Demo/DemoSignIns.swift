import Cryptography
import Foundation
import Kernel
import Registry
import Simulator

/// As whom a visitor of the sample district may sign in.
enum DemoSignIns {
  static let people: [(account: String, title: Words)] = [
    ("admin", Words("系统管理员（全部）", "Administrator (everything)")),
    ("duty", Words("区值班", "District duty officer")),
    ("investigator", Words("流调员", "Case investigator")),
    ("street", Words("街道负责人", "Street office leader")),
    ("community", Words("社区负责人", "Community leader")),
    ("worker", Words("网格员（手机）", "Grid worker (phone)")),
    ("site", Words("隔离点负责人（手机）", "Leader of an isolation site (phone)")),
    ("sampler", Words("采样点（手机）", "Sampling point (phone)")),
    ("courier", Words("样本转运员", "Courier of samples")),
    ("laboratory", Words("检测机构", "Laboratory")),
    ("reviewer", Words("异议复核员", "Objection reviewer")),
    ("auditor", Words("审计员", "Auditor")),
  ]

  /// The secret of a one-time sign-in for an account.
  static func link(_ account: String, _ door: ServerDoor) async throws -> String {
    let secret = Hex.text(Entropy.system.bytes(32))
    _ = try await door.perform(
      IssueLink.name,
      .object([
        "account": .text(account), "fingerprint": .text(Secret.fingerprint(secret)),
      ]))
    return secret
  }

  /// A slip for somebody who is in isolation; nil when nobody is.
  static func slip(_ door: ServerDoor) async throws -> String? {
    let answer = try Fields.json(
      await door.ask("restrictions.list", .object([:]), purpose: .containment))
    let restrictions = answer["restrictions"].items
    guard let chosen = restrictions.first(where: { $0["kind"].string.contains("isolation") })
    else { return nil }
    return try await slip(chosen["person"], door)
  }

  private static func slip(_ person: Fields, _ door: ServerDoor) async throws -> String {
    let secret = Hex.text(Entropy.system.bytes(32))
    _ = try await door.perform(
      "residents.issueSlip",
      .object(["person": person, "fingerprint": .text(Secret.fingerprint(secret))]))
    return secret
  }

  /// The shop that the sample brings: the path of its screen, and where it is; nil when it has none.
  private static func shop(_ door: ServerDoor) async throws -> (screen: String, place: Fields)? {
    let venues = try Fields.json(
      await door.ask("venues.list", .object([:]), purpose: .supervision))["venues"].items
    guard let shop = venues.first(where: { $0["ended"] == .flag(false) }) else { return nil }
    return (shop["screen"].string, shop["at"])
  }

  /// The path of the sample shop's screen.
  static func screen(_ door: ServerDoor) async throws -> String? {
    try await shop(door)?.screen
  }

  /// A slip for somebody whose code is green and who shows a child's, too; nil when nobody does.
  static func greenSlip(_ door: ServerDoor) async throws -> String? {
    guard let place = try await shop(door)?.place else { return nil }
    let neighbours = try Fields.json(
      await door.ask("residents.list", .object(["place": place]), purpose: .containment))
    for neighbour in neighbours["residents"].items {
      let person = neighbour["person"]
      let care = try Fields.json(
        await door.ask("passes.care", .object(["person": person]), purpose: .containment))
      if !care["shows"].items.isEmpty { return try await slip(person, door) }
    }
    return nil
  }
}
