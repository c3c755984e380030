import Kernel

/// What must hold of links between cases at any moment.
enum TransmissionInvariants {
  static let all: [Invariant] = [
    Invariant(
      "I-33", "no case is said to have infected itself",
      violations: """
        SELECT id FROM transmission_link WHERE infector = infection ORDER BY id LIMIT 20
        """),
    Invariant(
      "I-33", "a case has one confirmed source at most",
      violations: """
        SELECT infection
        FROM transmission_link
        WHERE state = 'confirmed'
        GROUP BY infection
        HAVING COUNT(*) > 1
        ORDER BY infection LIMIT 20
        """),
    Invariant("I-33", "confirmed links never run in a circle") { context in
      try circles(in: context.transaction)
    },
  ]

  private static func circles(in transaction: any Transaction) throws -> [String] {
    let links = try transaction.rows(
      """
      SELECT infection, infector
      FROM transmission_link
      WHERE state = 'confirmed' AND infector IS NOT NULL
      ORDER BY infection
      LIMIT 1000000
      """
    ).map { row in
      TransmissionLink(infection: row.id(0), origin: .infector(row.id(1)), state: .confirmed)
    }
    return TransmissionLoopsRules.circles(among: links).prefix(20).map { $0.cases[0].text }
  }
}
