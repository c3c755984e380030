import Kernel

/// Judgement about who may invite whom.
enum InvitationsRules {
  /// Refuses a role that holds more than the inviter does at the same place: nobody gives what they do not
  /// have, nor for good what a colleague handed to them for days. Whoever manages offices there may give
  /// any.
  ///
  /// - Parameter organisations: those of the inviter's own offices.
  static func check(
    _ role: OfficesPolicy.Role, at path: PlacePath, by acting: Authority,
    organisations: Set<String>, policy: InvitationsPolicy
  ) throws(Refusal) {
    let inviter = acting.own
    if inviter.may("offices.manage", at: path) { return }
    let missing = role.held.filter { !inviter.may($0, at: path) }.sorted()
    guard missing.isEmpty else {
      let names = missing.prefix(3).map(\.name).joined(separator: ", ")
      throw Refusal(
        .forbidden, "invitation.more",
        Words(
          "“\(role.title.chinese)”有您在这里没有的职责（\(names)），请管理员邀请",
          "“\(role.title.english)” holds duties that you do not hold there (\(names)); ask an administrator to invite"
        ), field: "role")
    }
    let approving = role.duties.contains { policy.secondPersonDuties.contains($0) }
    guard !approving || organisations.contains(role.organisation) else {
      throw Refusal(
        .forbidden, "invitation.secondPerson",
        Words(
          "“\(role.title.chinese)”属于另一单位并可作第二人审批，不能由您任命，请管理员邀请",
          "“\(role.title.english)” is of another organisation and approves as a second person; an administrator invites"
        ), field: "role")
    }
  }

  /// What an account is named that can be typed at the door on any telephone.
  static func check(account: AccountID) throws(Refusal) {
    let isPlain = account.text.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || [UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_")].contains(byte)
    }
    guard isPlain, (2...24).contains(account.text.utf8.count) else {
      throw Refusal(
        .invalid, "invitation.account",
        Words(
          "账号名为 2 到 24 个小写字母、数字或 - . _",
          "An account's name is 2 to 24 small letters, digits or - . _"),
        field: "account")
    }
  }
}
