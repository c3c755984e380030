import Cryptography
import Testing

@testable import Kernel

@Suite("The vault") struct VaultTests {
  private static func vault(_ byte: UInt8 = 7) -> Vault {
    Vault(
      suite: OpenSSLSuite(), secret: Array(repeating: byte, count: 32), entropy: .system)
  }

  @Test("opens what it locked, at the same place only", arguments: ["", "a", "赵小明", "x\u{0}y"])
  func locked(plain: String) throws {
    let vault = Self.vault()
    let sealed = try vault.lock(plain, place: "person/name/1")
    #expect(try vault.unlock(sealed, place: "person/name/1") == plain)
    #expect(throws: (any Error).self) { try vault.unlock(sealed, place: "person/name/2") }
    #expect(throws: (any Error).self) {
      try Self.vault(8).unlock(sealed, place: "person/name/1")
    }
    #expect(try vault.lock(plain, place: "person/name/1") != sealed)
  }

  @Test("does not open what was changed, cut or made up")
  func changed() throws {
    let vault = Self.vault()
    let sealed = try vault.lock("赵小明", place: "p")
    for at in sealed.indices {
      var forged = sealed
      forged[at] ^= 1
      #expect(throws: (any Error).self) { try vault.unlock(forged, place: "p") }
      #expect(throws: (any Error).self) { try vault.unlock(Array(sealed[..<at]), place: "p") }
    }
    #expect(throws: (any Error).self) { try vault.unlock([], place: "p") }
  }

  @Test("finds equal values of one kind, and only those")
  func index() {
    let vault = Self.vault()
    #expect(vault.index("a", kind: "phone") == vault.index("a", kind: "phone"))
    #expect(vault.index("a", kind: "phone") != vault.index("b", kind: "phone"))
    #expect(vault.index("a", kind: "phone") != vault.index("a", kind: "identity"))
    #expect(vault.index("a", kind: "phone") != Self.vault(8).index("a", kind: "phone"))
    #expect(vault.index("a", kind: "phone").count == 32)
  }

  @Test("hexadecimal text names bytes and back, and nothing else does")
  func hex() {
    let all = (0...255).map { UInt8($0) }
    #expect(Hex.bytes(Hex.text(all)) == all && Hex.bytes("") == [] && Hex.bytes("Af") == [0xAF])
    for wrong in ["a", "0g", "+a", "-1", " 1", "1 ", "李"] {
      #expect(Hex.bytes(wrong) == nil, "\(wrong)")
    }
  }
}
