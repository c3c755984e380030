import Containment
import Cryptography
import Detection
import Fieldwork
import Foundation
import Headquarters
import Kernel
import Registry
import Storage

/// A running district: its slices put together on a storage, with its policies, keys and clock.
package struct District: Sendable {
  package let desk: Desk
  package let pump: Pump
  /// The index of scans; nil where they are looked through as they stand.
  package let scans: ScanEngine?

  /// All slices of the product, in the order in which their tables are made.
  package static let assembly = Assembly(
    Registry.slices + Detection.slices + Containment.slices + Fieldwork.slices
      + Headquarters.slices + [Screening.takenOver])

  /// What decisions rest on: the policies of the binary and of a folder, and the calendar.
  package static func rulebook(policyFolder: String? = nil) throws -> Rulebook {
    Rulebook(
      policies: try PolicyFiles.library(
        sections: assembly.policySections, folder: policyFolder),
      calendar: try calendar(), zone: .china,
      references: [
        try areaCodes.get(), PinyinInitials(Assets.bytes("Reference/pinyin_initials.txt") ?? []),
      ])
  }

  /// A district on a storage that is brought up to date.
  ///
  /// - Parameter scans: the index of scans; nil to look them through as they stand.
  /// - Throws: a refusal when the data was written by a newer program or locked with another secret.
  package init(
    storage: any Storage, rules: Rulebook, secret: [UInt8], clock: Clock, entropy: Entropy,
    scans: ScanEngine? = nil, changed: @escaping @Sendable () -> Void = {}
  ) async throws {
    try await storage.migrate(Self.assembly.migrations)
    let vault = Vault(suite: OpenSSLSuite(), secret: secret, entropy: entropy)
    try await VaultMark.check(vault, on: storage)
    self.scans = scans
    let rules = rules.with(KeptRevocations())
    desk = Desk(
      storage: storage, assembly: Self.assembly, jurisdiction: .registry,
      rules: scans.map(rules.with) ?? rules,
      vault: vault, clock: clock, changed: changed)
    pump = Pump(desk: desk)
  }

  /// The area codes, read once for the life of the process.
  private static let areaCodes = Result { () throws(Refusal) in
    try AreaCodes(csv: Assets.bytes("Reference/areacodes.csv") ?? [])
  }

  /// The built-in calendar of working days.
  package static func calendar() throws -> WorkingCalendar {
    try WorkingCalendar(
      holidays: PlainTable(csv: Assets.bytes("Reference/holidays.csv") ?? []))
  }
}
