import Kernel
import Registry

/// Where the day is played: the divisions of Wendeng, a district of Weihai.
package struct WendengPlaces: Sendable {
  package let communities: [SampleCommunity]
  private let rows: [[Fields]]

  /// - Parameters:
  ///   - count: how many communities there are people in, spread over all streets.
  ///   - read: a table of divisions by its name.
  package init(count: Int, read: (String) throws -> [UInt8]) throws {
    var rows: [[Fields]] = []
    var known: [SampleCommunity] = []
    for kind in ["districts", "streets", "communities"] {
      let table = try PlainTable(csv: read(kind))
      let (code, name) = try (table.column("code"), table.column("name"))
      let own = table.rows.indices.filter {
        table.cell($0, code).hasPrefix(WendengDay.county)
      }
      rows.append(
        own.map { row in
          .object(
            Dictionary(
              zip(table.header, table.rows[row].map { Fields.text($0) })
            ) { first, _ in first })
        })
      if kind == "communities" {
        known = own.map {
          SampleCommunity(code: table.cell($0, code), name: table.cell($0, name))
        }
      }
    }
    self.rows = rows
    let count = min(count, known.count)
    communities = (0..<count).map { known[$0 * known.count / count] }
  }

  /// Makes the places.
  package func make(_ script: Script) async throws {
    for part in rows { try await script.send(rows: part, to: ImportPlaces.name, as: "admin") }
  }

  /// Who lives there, made up.
  package func residents(_ size: WendengSize, today: Day) -> [SampleResident] {
    SampleDistrict(
      communities: communities, county: WendengDay.county, atLeast: size.residents,
      today: today, seed: WendengDay.seed
    ).residents
  }
}
