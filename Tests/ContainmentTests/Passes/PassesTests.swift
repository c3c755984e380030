import Cryptography
import Foundation
import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

extension Town {
  static let child = PersonID(trusted: "child")

  func passes(_ person: PersonID = Town.zhao) async throws -> OwnPasses.Answer {
    try await ask(OwnPasses(), for: .ownFile, from: .resident(person))
  }

  func code(_ person: PersonID = Town.zhao) async throws -> String {
    guard let code = try await passes(person).passes.first?.code else {
      throw Refusal.missing("code")
    }
    return code
  }

  /// A code that somebody issues whose own clock is ahead, by what holds now.
  func code(
    lateBy span: Duration, for person: PersonID = Town.zhao
  ) async throws -> String? {
    try await read(for: .fieldwork) { reading in
      let office = PassOffice(
        transaction: reading.transaction, vault: reading.vault, rules: reading.rules,
        now: reading.now + span)
      let resident = try ResidentsStore(reading.transaction).survivor(of: person)
      return try office.issue(to: resident, carriedByAnother: false, onPaper: false)?.text
    }
  }

  func check(_ code: String) async throws -> CheckPass.Answer {
    try await ask(CheckPass(code: code), for: .supervision, from: .nobody)
  }

  /// Nora lives behind the same door as Zhao.
  func settleChild(bornYearsAgo years: Int) async throws {
    try await submit(Happen(event: .resident(Town.child, Spot.door201.id)), from: .clock)
    let born = Day(of: now, in: .china) - years * 366
    let text = born.text
    _ = try await desk.storage.write { transaction in
      try transaction.execute("UPDATE person SET birth_day = \(text) WHERE id = 'child'")
    }
  }
}

@Suite("Passes") struct PassesTests {
  @Test("somebody whom nothing limits is green for twelve hours, and nothing is written for it")
  func green() async throws {
    let town = try await Town.withZhao()
    let before = try await town.rows("SELECT COUNT(*) FROM journal").first?.integer(0)
    let answer = try await town.passes()
    let pass = try #require(answer.passes.first)
    #expect(answer.used && answer.passes.count == 1 && pass.colour == .green && pass.why == nil)
    #expect(pass.from == town.now && pass.until == town.now + .hours(12) && !pass.carried)
    let code = try #require(pass.code)
    #expect(!code.contains("赵") && code.count == 146)
    let checked = try await town.check(code)
    #expect(checked.verdict == .valid && checked.colour == .green)
    #expect(try await town.rows("SELECT COUNT(*) FROM journal").first?.integer(0) == before)
    town.stall(.hours(12) - .milliseconds(1))
    #expect(try await town.check(code).verdict == .valid)
    town.stall(.milliseconds(1))
    #expect(try await town.check(code).verdict == .expired)
  }

  @Test(
    "who turns red reads why; the green code of before is revoked at once, the new one says red")
  func worse() async throws {
    let town = try await Town.withZhao()
    let green = try await town.code()
    try await town.pass(.hours(2))
    #expect(try await town.check(green).verdict == .valid)
    try await town.confirm(exposedAt: town.now)
    #expect(try await town.check(green).verdict == .revoked)
    let pass = try #require(try await town.passes().passes.first)
    #expect(pass.colour == .red && pass.words.english == "Red code")
    let why = try #require(pass.why)
    #expect(why.clause.english == "Close contact" && why.edition == "cn-9@1")
    #expect(why.issuer == "rules" && !why.units.isEmpty && !why.appeal.isEmpty)
    #expect(why.quote.contains("7天集中隔离") && why.reason.english == "a confirmed contact")
    let red = try await town.check(try #require(pass.code))
    #expect(red.verdict == .valid && red.colour == .red)
    let list = try await town.ask(RevokedPasses(), for: .supervision, from: .nobody)
    #expect(list.entries == 2 && list.bytes == 13 + 2 * 10 + 64, "yesterday’s bearer and today’s")
    #expect(try await town.violations() == [:])
  }

  @Test("who is released early is green by itself, and nobody is held by the red code of before")
  func better() async throws {
    let town = try await Town.withZhao()
    try await town.confirm(exposedAt: town.now)
    let red = try await town.code()
    try await town.pass(.hours(1))
    try await town.withdraw("contact-1")
    #expect(try await town.check(red).verdict == .revoked)
    let green = try await town.check(try await town.code())
    #expect(green.verdict == .valid && green.colour == .green)
    #expect(try await town.rows("SELECT person FROM pass_standing").isEmpty)
    #expect(try await town.violations() == [:])
  }

  @Test("a red code ends when what it says ends, though no job has run")
  func ends() async throws {
    let town = try await Town.withZhao()
    try await town.confirm(exposedAt: town.now)
    let end = try #require(try await town.own().first?.end)
    town.stall(end - town.now - .hours(2))
    let pass = try #require(try await town.passes().passes.first)
    #expect(pass.colour == .red && pass.until == end)
    let code = try #require(pass.code)
    town.stall(.hours(2))
    #expect(try await town.check(code).verdict == .expired)
    #expect(try await town.passes().passes.first?.colour == .green)
    try await town.catchUp()
    #expect(try await town.rows("SELECT person FROM pass_standing").isEmpty)
    #expect(try await town.violations() == [:])
  }

  @Test("an objection that nobody answers in time ends the red code, a rejected one brings it back")
  func objection() async throws {
    let town = try await Town.withZhao()
    try await town.confirm(exposedAt: town.now)
    let view = try #require(try await town.own().first)
    let objection = try await town.submit(
      RaiseObjection(restriction: view.restriction, ground: "不在场"), from: .resident(Town.zhao)
    ).objection
    town.stall(.hours(20))
    let red = try #require(try await town.passes().passes.first)
    #expect(red.colour == .red && red.until == town.now + .hours(4))
    try await town.pass(.hours(4))
    let green = try await town.code()
    #expect(try await town.check(green).colour == .green)
    try await town.catchUp()
    #expect(try await town.violations() == [:])
    try await town.submit(
      DecideObjection(objection: objection, upheld: false, reason: "属实"), as: "reviewer")
    #expect(try await town.check(green).verdict == .revoked)
    #expect(try await town.passes().passes.first?.colour == .red)
    #expect(try await town.violations() == [:])
  }

  @Test("a child’s code is on the parent’s phone, a neighbour’s only with consent")
  func care() async throws {
    let town = try await Town.withZhao()
    try await town.settleChild(bornYearsAgo: 8)
    try await town.submit(EntrustPass(person: Town.child, carer: Town.zhao), as: "worker")
    let passes = try await town.passes().passes
    #expect(
      passes.map(\.person) == [Town.zhao, Town.child] && passes.map(\.carried) == [false, true])
    let code = try #require(passes.last?.code)
    #expect(try await town.check(code).carried)
    await #expect(throws: Refusal.self) {
      try await town.submit(EntrustPass(person: Town.zhao, carer: Town.child), as: "worker")
    }
    try await town.submit(
      EntrustPass(person: Town.zhao, carer: Town.child, consent: true), as: "worker")
    #expect(try await town.passes(Town.child).passes.count == 2)
    // A grown-up’s reason is for that person alone.
    try await town.confirm(exposedAt: town.now)
    let shown = try #require(try await town.passes(Town.child).passes.last)
    #expect(shown.colour == .red && shown.why == nil)
    try await town.submit(EndPassCare(person: Town.child, carer: Town.zhao), as: "worker")
    #expect(try await town.passes().passes.map(\.person) == [Town.zhao])
    #expect(try await town.check(code).verdict == .revoked)
    await #expect(throws: Refusal.self) {
      try await town.submit(EndPassCare(person: Town.child, carer: Town.zhao), as: "worker")
    }
    #expect(try await town.violations() == [:])
  }

  @Test("a child that has grown up is asked itself")
  func grownUp() async throws {
    let town = try await Town.withZhao()
    try await town.settleChild(bornYearsAgo: 15)
    await #expect(throws: Refusal.self) {
      try await town.submit(EntrustPass(person: Town.child, carer: Town.zhao), as: "worker")
    }
    try await town.settleAge(13)
    try await town.submit(EntrustPass(person: Town.child, carer: Town.zhao), as: "worker")
    #expect(try await town.passes().passes.count == 2)
    try await town.settleAge(14)
    #expect(try await town.passes().passes.count == 1)
  }

  @Test("keys change by the week; codes of the one before are taken until they end")
  func rotation() async throws {
    let town = try await Town.withZhao()
    let first = try await town.ask(PassKeys(), for: .supervision, from: .nobody).keys
    #expect(first.count >= 2, "the present one and the next")
    let change = try #require(first.first { $0.from <= town.now && town.now < $0.until }).until
    town.stall(change - town.now - .seconds(60))
    let code = try await town.code()
    town.stall(.seconds(120))
    #expect(try await town.check(code).verdict == .valid)
    let next = try await town.code()
    let suite = OpenSSLSuite()
    let one = try PassCode.read(code, with: suite).code
    let other = try PassCode.read(next, with: suite).code
    #expect(one.key != other.key)
    // A verifier that was last online before the change knows the next key already.
    let known = Set(first.map(\.id))
    #expect(known.contains(Hex.text(one.key)) && known.contains(Hex.text(other.key)))
    town.stall(.hours(25))
    let later = try await town.ask(PassKeys(), for: .supervision, from: .nobody).keys
    #expect(!later.contains { $0.id == Hex.text(one.key) })
  }

  @Test(
    "an edition that changes how long a key signs leaves every code of before and after its key",
    arguments: [1, 3, 5, 30])
  func otherSpans(days: Int) async throws {
    let folder = try PassesPolicyFolder.make(
      from: "2022-07-06", [("key_days: 7", "key_days: \(days)")])
    let town = try await Town(on: "2022-07-05", policyFolder: folder)
    try await town.submit(Happen(event: .resident(Town.zhao, Town.Spot.door201.id)), from: .clock)
    town.stall(.hours(13))
    let old = try await town.code()
    let known = try await town.ask(PassKeys(), for: .supervision, from: .nobody).keys
    town.stall(.hours(4))
    let new = try await town.code()
    #expect(try await town.check(old).verdict == .valid)
    #expect(try await town.check(new).verdict == .valid)
    let keys = try await town.ask(PassKeys(), for: .supervision, from: .nobody).keys
    #expect(Set(keys.map(\.id)).count == keys.count)
    let signer = Hex.text(try PassCode.read(new, with: OpenSSLSuite()).code.key)
    #expect(keys.contains { $0.id == signer })
    #expect(known.contains { $0.id == signer }, "it was published before it signed")
  }

  @Test("two files of one person: what limits one colours both, and parting them parts that")
  func merged() async throws {
    let town = try await Town.withZhao()
    let other = PersonID(trusted: "zhao-2")
    try await town.submit(Happen(event: .resident(other, Town.Spot.door201.id)), from: .clock)
    let code = try await town.code()
    try await town.confirm("contact-2", of: other, exposedAt: town.now)
    #expect(try await town.check(code).verdict == .valid)
    try await town.submit(MergeResidents(survivor: Town.zhao, merged: other), as: "duty")
    #expect(try await town.check(code).verdict == .revoked)
    #expect(try await town.passes().passes.first?.colour == .red)
    #expect(try await town.violations() == [:])
  }

  @Test("a green code of a file that becomes a restricted person's is worth nothing from then on")
  func mergedIntoRestricted() async throws {
    let town = try await Town.withZhao()
    let other = PersonID(trusted: "zhao-2")
    try await town.submit(Happen(event: .resident(other, Town.Spot.door201.id)), from: .clock)
    let code = try await town.code()
    try await town.confirm("contact-2", of: other, exposedAt: town.now)
    try await town.submit(MergeResidents(survivor: other, merged: Town.zhao), as: "duty")
    #expect(try await town.check(code).verdict == .revoked)
    #expect(try await town.violations() == [:])
  }

  @Test("a sheet for everybody behind one door is a document with the end on it")
  func sheets() async throws {
    let town = try await Town.withZhao()
    try await town.settleChild(bornYearsAgo: 8)
    let answer = try await town.ask(
      PassesOfHome(home: Town.Spot.door201.id), for: .fieldwork, as: "worker")
    #expect(answer.passes.count == 2)
    #expect(answer.passes.allSatisfy { $0.until == town.now + .hours(24) })
    let code = try #require(answer.passes.first?.code)
    #expect(try await town.check(code).paper)
    let text = String(decoding: PassSheet.pdf(of: answer, zone: .china), as: UTF8.self)
    #expect(text.hasPrefix("%PDF-1.4") && text.hasSuffix("%%EOF\n") && text.contains("/Count 1 "))
    // 2022-07-05 08:00 in the letters of the face.
    let end = "2022-07-05 08:00".utf16.map { unit in
      let digits = String(unit, radix: 16, uppercase: true)
      return String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
    #expect(text.contains(end))
    await #expect(throws: Refusal.self) {
      try await town.ask(
        PassesOfHome(home: Town.Spot.door201.id), for: .fieldwork, as: "otherWorker")
    }
  }

  @Test("where codes are abolished nobody gets one, and nobody is asked for one")
  func abolished() async throws {
    let town = try await Town.withZhao(on: "2023-01-09")
    let answer = try await town.passes()
    #expect(!answer.used && answer.passes.isEmpty)
    await #expect(throws: Refusal.self) {
      try await town.ask(IssuePass(person: Town.zhao), for: .containment, as: "duty")
    }
  }
}

extension Town {
  fileprivate func settleAge(_ years: Int) async throws {
    let born = (Day(of: now, in: .china) - years * 366).text
    _ = try await desk.storage.write { transaction in
      try transaction.execute("UPDATE person SET birth_day = \(born) WHERE id = 'child'")
    }
  }
}

/// A policy folder whose section of codes differs from the built-in one from a day on.
enum PassesPolicyFolder {
  static func make(from day: String, _ changes: [(String, String)]) throws -> String {
    let base = String(decoding: try SharedData.repositoryFile("Policies/base.yaml"), as: UTF8.self)
    let from = try #require(base.range(of: "\n  passes:\n"))
    let rest = base[from.upperBound...]
    let end = try #require(rest.range(of: "\n  #"))
    var section = String(rest[..<end.lowerBound])
    for (old, new) in changes {
      try #require(section.contains(old))
      section = section.replacing(old, with: new)
    }
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "passes-policy-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let text = """
      id: trial
      version: 1
      title: {zh: 试验, en: Trial}
      source: ["a test"]
      effective_from: \(day)
      sections:
        passes:
      \(section)
      """
    try Data(text.utf8).write(to: folder.appending(path: "trial.yaml"))
    return folder.path
  }
}
