import Cryptography
import Kernel
import Testing

@Suite("Digests and codes")
struct DigestsTests {
  private let suite = OpenSSLSuite()

  @Test("SHA-256 gives what FIPS 180-4 says of “abc” and of nothing")
  func digests() {
    #expect(
      Hex.text(suite.digest(Array("abc".utf8)))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      Hex.text(suite.digest([]))
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test(
    "HMAC gives the codes of RFC 4231, also for a key longer than a block",
    arguments: [
      (
        [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
      ),
      (
        Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      ),
      (
        [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
      ),
      (
        [UInt8](repeating: 0xAA, count: 131),
        Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
      ),
    ])
  func codes(key: [UInt8], message: [UInt8], code: String) {
    #expect(Hex.text(suite.authenticate(message, key: key)) == code)
  }

  @Test("what the system gives by chance has the length asked for and does not come again")
  func chance() {
    for count in [0, 1, 256, 257, 1_000] {
      let bytes = Entropy.system.bytes(count)
      #expect(bytes.count == count)
      if count > 8 { #expect(bytes != Entropy.system.bytes(count)) }
      if count > 256 { #expect(bytes[256...].contains { $0 != 0 }) }
    }
  }
}
