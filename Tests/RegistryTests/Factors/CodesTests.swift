import Cryptography
import Kernel
import Testing

@testable import Registry

@Suite("Codes by time") struct CodesTests {
  private static let secret = Array("12345678901234567890".utf8)
  private let suite = OpenSSLSuite()

  @Test(
    "RFC 6238, appendix B, SHA-1",
    arguments: [
      (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"),
      (1_234_567_890, "89005924"), (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
    ] as [(Int64, String)])
  func byTime(seconds: Int64, code: String) {
    let step = FactorsRules.step(at: Instant(milliseconds: seconds * 1_000), seconds: 30)
    #expect(FactorsRules.code(Self.secret, step: step, digits: 8, suite: suite) == code)
  }

  @Test("RFC 4226, appendix D")
  func byCount() {
    let codes = [
      "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
      "520489",
    ]
    for (count, code) in codes.enumerated() {
      #expect(FactorsRules.code(Self.secret, step: Int64(count), suite: suite) == code)
    }
  }

  @Test(
    "RFC 2202: HMAC-SHA-1, of short keys and long ones",
    arguments: [
      (Array(repeating: 0x0b, count: 20), "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00"),
      (
        Array("Jefe".utf8), "what do ya want for nothing?",
        "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
      ),
      (
        Array(repeating: 0xaa, count: 80), "Test Using Larger Than Block-Size Key - Hash Key First",
        "aa4ae5e15272d00e95705637ce8a3b55ed402112"
      ),
    ] as [([UInt8], String, String)])
  func authenticated(key: [UInt8], message: String, digest: String) {
    #expect(Hex.text(suite.authenticateBriefly(Array(message.utf8), key: key)) == digest)
  }

  @Test(
    "RFC 4648, section 10",
    arguments: [
      ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"),
      ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI"),
    ])
  func base32(plain: String, text: String) {
    #expect(Base32.text(Array(plain.utf8)) == text)
    #expect(Base32.bytes(text) == Array(plain.utf8))
    #expect(Base32.bytes("\(text)1") == nil)
  }

  @Test("what is typed with blanks, dashes and small letters is what stands on the paper")
  func typed() {
    #expect(FactorsRules.normalised(" 755 224 ") == "755224")
    #expect(FactorsRules.normalised("abcd-efgh 2345") == "ABCDEFGH2345")
    #expect(FactorsRules.isCode("755224"))
    #expect(!FactorsRules.isCode("75522") && !FactorsRules.isCode("75522A"))
  }

  @Test("an address for authenticators fits a QR code, whatever the account is called")
  func address() {
    let secret = Base32.text(Self.secret)
    #expect(
      FactorsRules.address(secret: secret, account: "worker")
        == "otpauth://totp/Denghuo:worker?secret=\(secret)&issuer=Denghuo")
    for account in ["管理员", String(repeating: "a", count: 100)] {
      let address = FactorsRules.address(secret: secret, account: account)
      #expect(address == "otpauth://totp/Denghuo?secret=\(secret)&issuer=Denghuo")
      #expect(address.utf8.count <= 106)
    }
  }
}
