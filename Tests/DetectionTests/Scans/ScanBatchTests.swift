import Kernel
import Testing

@testable import Detection

@Suite("Packed scans") struct ScanBatchTests {
  private func batch(_ chance: inout SeededChance, count: Int) -> ScanBatch {
    var batch = ScanBatch()
    for _ in 0..<count {
      let from = UInt32.random(in: 1_669_600_000..<1_669_900_000, using: &chance)
      batch.add(
        ScanBatch.Scan(
          person: batch.place(ofPerson: "p\(Int.random(in: 0..<400, using: &chance))"),
          venue: batch.place(ofVenue: "场所\(Int.random(in: 0..<70, using: &chance))"),
          from: from, to: from + UInt32.random(in: 0..<200_000, using: &chance),
          source: VisitSource.allCases.randomElement(using: &chance) ?? .venueCode))
    }
    return batch
  }

  @Test("what was packed is read back whole", arguments: [0, 1, 300])
  func roundTrip(count: Int) {
    var chance = SeededChance(state: UInt64(count))
    let batch = batch(&chance, count: count)
    #expect(ScanBatch(packed: batch.packed) == batch)
  }

  @Test("bytes that are cut off or changed in their structure are no batch")
  func damage() {
    var chance = SeededChance(state: 5)
    let packed = batch(&chance, count: 20).packed
    for length in 0..<packed.count {
      #expect(ScanBatch(packed: Array(packed.prefix(length))) == nil)
    }
    #expect(ScanBatch(packed: packed + [0]) == nil)
    // Whatever a byte becomes, nothing is read beyond the lists.
    for place in packed.indices {
      var changed = packed
      changed[place] = ~changed[place]
      if let read = ScanBatch(packed: changed) {
        #expect(read.scans.allSatisfy { Int($0.person) < read.persons.count })
      }
    }
  }

  @Test("day by day, each part lies in its day and no second is lost or doubled")
  func days() {
    var chance = SeededChance(state: 9)
    let batch = batch(&chance, count: 300)
    var seconds = 0
    for (day, part) in batch.byDay() {
      let begin = UInt32(day) * ScanTime.day
      for scan in part.scans {
        #expect(scan.from >= begin && scan.to <= begin + ScanTime.day)
        #expect(!scan.continues || scan.from == begin)
        seconds += Int(scan.to - scan.from)
      }
    }
    #expect(seconds == batch.scans.reduce(0) { $0 + Int($1.to - $1.from) })
  }

  @Test(
    "an instant and the second of the district's clock in which it lies agree",
    arguments: [0, 1, 999, 1_000, 1_669_600_800_123, 4_266_000_000_000] as [Int64])
  func clock(milliseconds: Int64) throws {
    let clock = ScanTime(.china)
    let instant = Instant(milliseconds: milliseconds)
    let second = try #require(clock.second(of: instant))
    #expect(clock.instant(of: second) <= instant)
    #expect(instant - clock.instant(of: second) < .seconds(1))
    #expect(second / ScanTime.day == UInt32(Day(of: instant, in: .china).number))
    #expect(clock.second(of: Instant(milliseconds: 4_294_967_296_000)) == nil)
  }
}
