import Kernel

extension Jurisdiction {
  /// Who may do what where, answered from accounts, offices and places.
  package static let registry = Jurisdiction(
    authority: { sender, transaction, now, policies in
      guard case .account(let account) = sender else {
        return Authority(sender: sender, offices: [])
      }
      let store = OfficesStore(transaction)
      guard try store.hasAccount(account) else {
        throw Refusal(
          .unknownSender, "account.unknown",
          Words("没有这个账号，或账号已停用", "There is no such account, or it was closed"))
      }
      return try ActingOffices(transaction, policies, now).authority(of: account)
    },
    path: { place, transaction in
      place == Offices.everywhere ? .everywhere : try PlacesStore(transaction).find(place)?.path
    },
    seat: { rule, place, transaction in
      guard let level = PlaceLevel(rawValue: rule.level) else {
        throw Refusal(
          .conflict, "policy.level",
          Words("政策中的层级“\(rule.level)”不存在", "The policy names a level “\(rule.level)” that is none")
        )
      }
      let store = PlacesStore(transaction)
      let line = try store.line(to: store.get(place).path)
      // A place above the level asked for answers for itself: a case known by district only.
      let seat = line.last { $0.level.depth <= level.depth }
      return Seat(role: rule.role, place: seat?.id ?? place)
    },
    lateAuthority: { late, transaction, policies in
      guard case .account(let account) = late.sender else { return nil }
      return try ActingOffices(transaction, policies, late.now).authority(
        of: account, doneAt: late.doneAt)
    })
}
