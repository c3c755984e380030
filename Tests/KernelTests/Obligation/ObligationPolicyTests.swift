import Testing

@testable import Kernel

@Suite("The rules of who owes what") struct ObligationPolicyTests {
  @Test(
    "a ladder rises, repeats no seat and ends at the command",
    arguments: [
      (#"[{"after_minutes":0,"role":"command","level":"district"}]"#, true),
      (
        #"""
        [{"after_minutes":5,"role":"leader","level":"street"},
         {"after_minutes":5,"role":"command","level":"district"}]
        """#, true
      ),
      ("[]", false),
      (#"[{"after_minutes":0,"role":"leader","level":"street"}]"#, false),
      (#"[{"after_minutes":-1,"role":"command","level":"district"}]"#, false),
      (#"[{"after_minutes":9223372036854775807,"role":"command","level":"district"}]"#, false),
      (
        #"""
        [{"after_minutes":5,"role":"leader","level":"street"},
         {"after_minutes":4,"role":"command","level":"district"}]
        """#, false
      ),
      (
        #"""
        [{"after_minutes":5,"role":"worker","level":"grid"},
         {"after_minutes":6,"role":"command","level":"district"}]
        """#, false
      ),
    ])
  func ladders(ladder: String, isRight: Bool) throws {
    let chore = #"{"owner":{"role":"worker","level":"grid"},"ladder":\#(ladder)}"#
    if isRight {
      _ = try ToyTown.edition(chore: chore)
    } else {
      let refusal = #expect(throws: Refusal.self) { try ToyTown.edition(chore: chore) }
      #expect(refusal?.code == "policy.fault" && refusal?.field == "sections.obligations")
    }
  }
}
