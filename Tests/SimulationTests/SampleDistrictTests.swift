import Kernel
import Simulator
import Testing
import Town

/// The sample that the demonstration plays: made up, the same from one seed, and plausible.
@Suite("The sample district") struct SampleDistrictTests {
  /// As the demonstration makes it.
  private static let seed: UInt64 = 20_221_129
  private static let days = 14

  private func district(_ population: Int, seed: UInt64 = seed) throws -> SampleDistrict {
    let table = try PlainTable(
      csv: SharedData.repositoryFile("Reference/divisions/communities.csv"))
    let (code, name) = (try table.column("code"), try table.column("name"))
    let communities = table.rows.indices.map { row in
      SampleCommunity(code: table.cell(row, code), name: table.cell(row, name))
    }
    return SampleDistrict(
      communities: communities.filter { $0.code.hasPrefix("370203") }, county: "370203",
      atLeast: population, today: try #require(Day("2022-11-29")), seed: seed)
  }

  private func play(
    _ district: SampleDistrict, seeds: Int = SampleDays.seeds(among: 21_000)
  ) throws -> SampleDays {
    let today = try #require(Day("2022-11-29"))
    return SampleDays(
      district: district, code: "370203", first: today - Self.days, last: today,
      seeds: seeds, seed: Self.seed)
  }

  @Test("one seed makes one town, another seed another")
  func replays() throws {
    let first = try district(3_000)
    #expect(try first.residents.map(\.fields) == district(3_000).residents.map(\.fields))
    #expect(try first.residents.map(\.name) != district(3_000, seed: 1).residents.map(\.name))
    let days = try play(first)
    let again = try play(district(3_000))
    #expect(
      days.visits.map { days.fields(of: $0, in: first) }
        == again.visits.map { again.fields(of: $0, in: first) })
    #expect(days.infections.map(\.person) == again.infections.map(\.person))
    #expect(days.infections.map(\.reportedAt) == again.infections.map(\.reportedAt))
  }

  @Test("identity numbers are well formed and nobody shares one")
  func identities() throws {
    let numbers = try district(21_000).residents.map(\.identity).filter { !$0.isEmpty }
    #expect(numbers.count > 20_000)
    #expect(Set(numbers).count == numbers.count)
    #expect(numbers.allSatisfy(NaiveIdentity.isValid))
    #expect(!NaiveIdentity.isValid("370203198005120000"))
  }

  @Test("the outbreak is one that a district could have: it neither dies out nor runs away")
  func outbreak() throws {
    let district = try district(21_000)
    let days = try play(district)
    let today = try #require(Day("2022-11-29"))
    let infections = days.infections
    #expect((45...120).contains(infections.count), "\(infections.count) infections")
    for day in [today - 2, today - 1] {
      let reported = infections.filter { Day(of: $0.reportedAt, in: .china) == day }.count
      #expect((6...20).contains(reported), "\(reported) on \(day.text)")
    }
    let visits = Dictionary(grouping: days.visits, by: \.venue)
    let sum = infections.reduce(0) { $0 + contacts(of: $1, among: visits).count }
    let average = Double(sum) / Double(max(1, infections.count))
    #expect((6...15).contains(average), "\(average) contacts per case")
  }

  @Test(
    "somebody in a small town is nobody's contact yet, or a reader would have nobody to decide on")
  func smallTown() throws {
    let district = try district(1_200)
    let days = try play(district, seeds: SampleDays.seeds(among: 1_200))
    let visits = Dictionary(grouping: days.visits, by: \.venue)
    let met = days.infections.reduce(into: Set<Int>()) {
      $0.formUnion(contacts(of: $1, among: visits))
    }
    #expect(days.infections.count > 10)
    #expect(
      met.count * 4 < district.residents.count, "\(met.count) people have been near a case")
  }

  /// Those who were at a venue with a case from two days before the onset or the sample on.
  private func contacts(
    of infection: SampleInfection, among visits: [Int: [SampleVisit]]
  ) -> Set<Int> {
    let known = infection.onset ?? Day(of: infection.reportedAt, in: .china)
    let start = (known - 2).start(in: .china)
    var others: Set<Int> = []
    for stays in visits.values {
      let own = stays.filter { $0.person == infection.person && $0.to > start }
      if own.isEmpty { continue }
      for visit in stays where visit.person != infection.person {
        let isTogether = own.contains { max($0.from, start) < visit.to && visit.from < $0.to }
        if isTogether { others.insert(visit.person) }
      }
    }
    return others
  }
}
