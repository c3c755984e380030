import Testing

@testable import Kernel

@Suite("What is personal") struct RedactedTests {
  private struct Holder {
    let phone: Redacted<String>
  }

  @Test("prints as stars, however it is printed")
  func printed() {
    let phone = Redacted("13800138000")
    var dumped = ""
    dump(Holder(phone: phone), to: &dumped)
    let texts = [
      "\(phone)", String(describing: phone), String(reflecting: phone), "\(Holder(phone: phone))",
      "\([phone])", "\(phone as Redacted<String>?)", dumped,
    ]
    for text in texts { #expect(!text.contains("138")) }
    #expect(phone.revealed == "13800138000")
  }

  @Test(
    "shows only its ends",
    arguments: [("赵小明", "赵＊＊"), ("赵", "赵＊"), ("", ""), ("欧阳小明明明", "欧＊＊＊")])
  func names(name: String, mask: String) { #expect(Mask.name(name) == mask) }

  @Test("an identity number or a telephone that is short is not shown whole")
  func short() {
    #expect(Mask.identity("370203199001011234") == "37＊＊＊34")
    #expect(Mask.identity("123456") == "＊＊＊" && Mask.identity("") == "")
    #expect(Mask.phone("13800138000") == "＊＊＊8000" && Mask.phone("") == "")
    #expect(Mask.phone("1234") == "＊＊＊" && Mask.phone("123") == "＊＊＊")
  }
}
