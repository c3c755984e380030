import District
import Foundation
import Kernel
import Registry
import Synchronization
import Testing
import Town

@testable import Server

/// Every command, question, page and list, asked by every role at its own area and at its neighbour's, by
/// somebody without an office, by a resident with a slip, and by nobody, of a running server; the answer
/// is compared with what the slices declare (P11).
@Suite("Who may do what", .serialized) struct AuthorisationTests {
  @Test("every cell of the matrix is answered as it is declared", .timeLimit(.minutes(20)))
  func matrix() async throws {
    try await TownServer.serve(limits: Self.limits, isWhole: true) { here in
      let walk = try await MatrixWalk(here)
      try await walk.settle()
      var cells = 0
      for kind in here.desk.assembly.commands.values.sorted(by: { $0.name < $1.name })
      where !kind.isEdgeOnly { cells += try await walk.command(kind) }
      for kind in here.desk.assembly.queries.values.sorted(by: { $0.name < $1.name }) {
        cells += try await walk.question(kind)
      }
      for screen in here.desk.assembly.screens.sorted(by: { $0.path < $1.path }) {
        cells += try await walk.page(screen)
      }
      for kind in here.desk.assembly.exports.values.sorted(by: { $0.kind < $1.kind }) {
        cells += try await walk.list(kind)
      }
      let faults = walk.faults.withLock { $0 }
      for fault in faults.prefix(60) { Issue.record("\(fault)") }
      #expect(faults.isEmpty, "\(faults.count) of \(cells) cells")
      #expect(cells > 9_000 / MatrixWalk.step)
      print("authorisation: \(cells) cells walked")
    }
  }

  private static var limits: DistrictServer.Limits {
    var limits = TownServer.smallLimits
    limits.idleSeconds = 30
    return limits
  }

  @Test("what only an edge sends is offered to nobody")
  func edgeOnly() async throws {
    try await TownServer.serve(isWhole: true) { here in
      let admin = try await here.token("admin")
      let kinds = here.desk.assembly.commands.values.filter(\.isEdgeOnly)
      #expect(kinds.count > 10)
      for kind in kinds {
        let answer = await here.command("{}", key: "edge-number-1", admin, name: kind.name)
        #expect(answer.status == 404, "\(kind.name)")
        let form = await here.form("/do/\(kind.name)", "", try await here.browser("duty"))
        #expect(form.status == 404, "\(kind.name)")
      }
    }
  }

  @Test("every way of the server is declared, and what is declared is there")
  func doors() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources/Server")
    let files = try #require(FileManager.default.enumerator(atPath: folder.path))
    var named: Set<String> = []
    for case let file as String in files where file.hasSuffix(".swift") {
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      for match in text.matches(of: /Route\(\s*"([^"]+)"/) { named.insert(String(match.1)) }
    }
    #expect(named.count > 20)
    let families = [
      "/api/commands/\\(", "/api/queries/\\(", "/do/\\(", "/export/\\(", "/api/operations/\\(",
    ]
    let declared = Set(RouteAccess.all.map(\.name))
    #expect(declared.count == RouteAccess.all.count)
    for name in named where !families.contains(where: name.hasPrefix) {
      #expect(declared.contains(name), "nobody declared who may use \(name)")
    }
    for name in declared { #expect(named.contains(name), "there is no way \(name)") }
  }

  @Test("a way that nobody declared is answered with a defect")
  func undeclared() throws {
    let assembly = District.assembly
    #expect(RouteAccess.isDeclared("/sign-in", assembly, []))
    #expect(RouteAccess.isDeclared("/do/offices.grant", assembly, []))
    #expect(!RouteAccess.isDeclared("/do/offices.seize", assembly, []))
    #expect(!RouteAccess.isDeclared("/backdoor", assembly, []))
    #expect(RouteAccess.isDeclared("/backdoor", assembly, ["/backdoor"]))
  }

  @Test("docs/AUTHORISATION.md is what `make authorisation` makes now")
  func document() async throws {
    let town = try await Town()
    let doors = RouteAccess.all.map { way in
      AuthorisationDocument.Door(
        name: way.name, methods: way.methods,
        audience: way.duty.map { "as `\($0.name)`" } ?? way.rule.words.english)
    }
    let made = try await AuthorisationDocument.text(of: town.desk, doors: doors)
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "docs/AUTHORISATION.md")
    let kept = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    let isFresh = kept.trimmingWhitespace() == made.trimmingWhitespace()
    #expect(isFresh, "docs/AUTHORISATION.md is stale: make authorisation")
  }
}
