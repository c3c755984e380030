import Kernel

/// What must hold of records of entries.
enum EntriesInvariants {
  static let all: [Invariant] = [
    Invariant("I-55 entries", "no record of an entry is kept longer than the policy says") {
      context in
      let keepDays = try context.policy(EntriesPolicy.self).keepDays
      // The clock deletes once an hour; a day more is what a deletion may take (P14).
      return try EntriesStore(context.transaction).kept(
        from: context.now - .days(keepDays + 1) - .hours(2))
    }
  ]
}
