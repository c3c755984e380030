import Testing

@testable import Kernel

@Suite("The assembly") struct AssemblyTests {
  private static let assembly = Assembly([Toy.slice])

  @Test("finds what slices offer by name")
  func names() {
    #expect(Self.assembly.commands["toy.mark"]?.duty == "toy.work")
    #expect(Self.assembly.queries["toy.look"]?.purposes == LookAt.purposes)
    #expect(Self.assembly.obligationKinds["toy.chore"]?.proof.count == 3)
    #expect(Self.assembly.commands["toy.nothing"] == nil)
  }

  @Test("lists the duties that offices can hold, without the special ones")
  func duties() {
    let duties = Self.assembly.duties
    #expect(duties.isSuperset(of: ["toy.work", "toy.read", "obligations.work", "journal.read"]))
    #expect(duties.isDisjoint(with: [.clockOnly, .anyone, .ownAccount, .ownFile]))
  }

  @Test("makes the kernel's tables first")
  func migrations() {
    #expect(Self.assembly.migrations.first?.name == "kernel-0001")
    #expect(Self.assembly.migrations.last?.name == "toy-0001")
  }
}
