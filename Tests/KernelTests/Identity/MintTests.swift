import Cryptography
import Testing

@testable import Kernel

@Suite("Minted identifiers") struct MintTests {
  private static func mint(_ command: String, at: Int64 = 1_669_680_000_000) -> Mint {
    Mint(
      command: CommandID(trusted: command), now: Instant(milliseconds: at), suite: OpenSSLSuite())
  }

  @Test("follow from the command, and are all different")
  func follow() {
    var first = Self.mint("a")
    var again = Self.mint("a")
    var other = Self.mint("b")
    var seen: Set<String> = []
    for _ in 0..<500 {
      let id = first.next()
      #expect(id == again.next() && id.count == 26)
      seen.insert(id)
      seen.insert(other.next())
    }
    #expect(seen.count == 1_000)
  }

  @Test("sort by their time, to the ends of what 48 bits hold")
  func sorted() {
    let times: [Int64] = [0, 1, 31, 32, 1_669_680_000_000, 1_669_680_000_001, (1 << 48) - 1]
    let ids = times.map {
      Mint.text(at: Instant(milliseconds: $0), chance: [UInt8](repeating: 255, count: 10))
    }
    #expect(ids == ids.sorted() && Set(ids).count == times.count)
    #expect(Mint.text(at: Instant(milliseconds: -5), chance: [0]).count == 11)
  }

  @Test("keep every bit of chance")
  func chance() {
    var seen: Set<String> = []
    for bit in 0..<80 {
      var bytes = [UInt8](repeating: 0, count: 10)
      bytes[bit / 8] = 1 << (bit % 8)
      seen.insert(Mint.text(at: Instant(milliseconds: 0), chance: bytes))
    }
    #expect(seen.count == 80)
  }
}
