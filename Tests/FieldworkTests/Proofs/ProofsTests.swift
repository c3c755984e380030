import Foundation
import Kernel
import Registry
import Testing
import Town

@testable import Fieldwork

/// Opens a file and makes something owed for it, as other slices would.
private struct PrepareProof: Command {
  static let name = "test.prepareProof"
  static let duty: Duty = .clockOnly
  let person: PersonID

  func area(in work: Work) -> Area { .everywhere }

  func perform(in work: Work) throws -> ObligationID {
    let home = try PlacesStore(work.transaction).get(Town.Spot.door101.id)
    _ = try work.person(person, name: "赵小明", at: home)
    guard let kind = work.assembly.obligationKinds["restrictions.health"] else {
      return ObligationID(trusted: "none")
    }
    return try work.oblige(
      kind, about: "r-1", person: person, at: home.id, by: work.now + .hours(8))
  }
}

@Suite("Proof from the door") struct ProofsTests {
  private let zhao = PersonID(trusted: "zhao")
  private static let photo = Data([0xFF, 0xD8, 0xFF, 0xE0] + [UInt8](repeating: 7, count: 40))

  private func settled() async throws -> (Town, ObligationID) {
    let town = try await Town(on: "2022-07-04")
    return (town, try await town.submit(PrepareProof(person: zhao), from: .clock))
  }

  private func code(_ body: () async throws -> Void) async -> String? {
    do {
      try await body()
      return nil
    } catch { return (error as? Refusal)?.code ?? "\(error)" }
  }

  private func attach(_ obligation: ObligationID, _ data: Data = photo) -> AttachProof {
    AttachProof(obligation: obligation, kind: .photo, picture: data.base64EncodedString())
  }

  @Test("a photograph is locked, shown for a purpose, and the person sees who looked")
  func photo() async throws {
    let (town, obligation) = try await settled()
    let piece = try await town.submit(attach(obligation), as: "worker")
    let answer = try await town.ask(ShowProof(piece: piece), for: .supervision, as: "leader")
    #expect(answer.picture == Self.photo.base64EncodedString() && answer.type == "image/jpeg")
    let looked = try await town.rows("SELECT person FROM disclosure WHERE question = 'town'")
    #expect(looked.contains { $0.text(0) == "zhao" })
    let kept = try #require(try await town.rows("SELECT content FROM proof_piece").first?.bytes(0))
    #expect(!String(decoding: kept, as: UTF8.self).contains(Self.photo.base64EncodedString()))
    #expect(try await town.ask(ListProofs(obligation: obligation), as: "leader").count == 1)
    #expect(
      await code {
        _ = try await town.ask(ShowProof(piece: piece), for: .supervision, as: "otherLeader")
      }
        == "duty.outsideArea")
  }

  @Test("what is no picture, too large, too much or elsewhere is refused")
  func refused() async throws {
    let (town, obligation) = try await settled()
    #expect(
      await code { try await town.submit(attach(obligation, Data("<svg/>".utf8)), as: "worker") }
        == "proof.form")
    let large = Self.photo + Data(repeating: 7, count: 400_000)
    #expect(
      await code { try await town.submit(attach(obligation, large), as: "worker") } == "proof.large"
    )
    #expect(
      await code { try await town.submit(attach(obligation), as: "otherWorker") }
        == "duty.outsideArea")
    for _ in 1...8 { try await town.submit(attach(obligation), as: "worker") }
    #expect(await code { try await town.submit(attach(obligation), as: "worker") } == "proof.many")
  }

  @Test("a slip proves that it was shown by the person, and by nobody else")
  func slip() async throws {
    let (town, obligation) = try await settled()
    let own = String(repeating: "ab", count: 32)
    #expect(
      await code {
        try await town.submit(ShowSlip(obligation: obligation, fingerprint: own), as: "worker")
      } == "proof.otherSlip")
    try await town.submit(IssueSlip(person: zhao, fingerprint: own), as: "worker")
    try await town.submit(ShowSlip(obligation: obligation, fingerprint: own), as: "worker")
    let pieces = try await town.ask(ListProofs(obligation: obligation), as: "worker")
    #expect(pieces.map(\.kind) == [.slip] && pieces.first?.isKept == false)
  }

  @Test("pictures are deleted when their time is over, and not before")
  func forgotten() async throws {
    let (town, obligation) = try await settled()
    let piece = try await town.submit(attach(obligation), as: "worker")
    try await town.pass(.days(60))
    #expect(try await town.ask(ShowProof(piece: piece), for: .audit, as: "leader").picture != nil)
    try await town.pass(.hours(1))
    #expect(try await town.ask(ShowProof(piece: piece), for: .audit, as: "leader").picture == nil)
  }
}
