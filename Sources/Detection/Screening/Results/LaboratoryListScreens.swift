import Gazette
import Kernel
import Look
import Registry

/// The laboratories that the district knows, and who speaks for each.
struct LaboratoryList {
  let request: ScreenRequest
  let reading: Reading
  let look: Look

  private static let most = 200

  func body() throws -> HTML {
    let found = try LaboratoriesStore(reading.transaction).all(limit: Self.most)
    let title = look("检测机构名单", "Laboratories")
    let rows = found.map { laboratory, accounts in
      Look.TableRow(
        laboratory.name,
        cells: [
          .text(laboratory.id.text),
          .markup(
            laboratory.key == nil
              ? look.chip(look("无公钥", "no key"), .soon)
              : look.chip(look("有公钥", "has a key"), .done)),
          .number(laboratory.lastSequence),
          accounts.isEmpty
            ? .text(look("还没有账户", "no account")) : .markup(look.row(accounts.map(dismissal))),
        ])
    }
    let list =
      rows.isEmpty
      ? look.empty(look("还没有检测机构", "No laboratory yet"))
      : look.table(
        title,
        columns: [
          .init(look("名称", "Name")), .init(look("编号", "Number")),
          .init(look("公钥", "Key")), .number(look("上报到第几批", "Last list")),
          .init(look("代表账户", "Accounts")),
        ], rows: rows, id: "laboratories")
    return HTML([
      look.title(title), look.panel(title, list),
      mayChange ? "" : look.notice(look(Laboratory.whoSets), tone: .information),
      mayChange ? set : "", mayChange ? appoint(found.map(\.laboratory)) : "",
      try change(found.map(\.laboratory)),
      look.linkButton(look("检测轮次", "Rounds"), to: "/screening"),
    ])
  }

  /// Laboratories are of no area: only who commands everywhere changes anything here.
  private var mayChange: Bool { reading.authority.may(SetLaboratory.duty, at: .everywhere) }

  private var set: HTML {
    look.panel(
      look("设检测机构", "Set up a laboratory"),
      note: look(
        "公钥由机构自己登记；改名时公钥留空即保持不变",
        "it registers its key itself; an empty key leaves the one it has"),
      look.form(
        SetLaboratory.name, for: request,
        fields: [
          .init("laboratory", look("编号", "Number"), required: true),
          .init("name", look("名称", "Name"), required: true),
          .init("key", look("公钥", "Public key")),
        ], buttons: look.primaryButton(look("设机构", "Set it up"))))
  }

  /// An account with what takes it back.
  private func dismissal(_ account: String) -> HTML {
    if !mayChange { return "\(account)" }
    return look.form(
      DismissLaboratory.name, for: request, hidden: [("account", account)],
      buttons: look.plainButton(look("\(account)：取消代表", "\(account): take back")), isInline: true)
  }

  /// Another key, or none, where the laboratory cannot change it by itself.
  private func change(_ laboratories: [Laboratory]) throws -> HTML {
    let keyed = laboratories.filter { $0.key != nil }
    if keyed.isEmpty { return "" }
    let asked = try KeyRequestsStore(reading.transaction).all(limit: Self.most)
    if !mayChange && asked.isEmpty { return "" }
    let card = KeyRequestCard(request: request, reading: reading, look: look)
    return look.panel(
      look("更换或取消密钥", "Change or take back a key"), id: "key-change",
      note: look(
        "只在机构丢失私钥时用；另一单位的人同意后才生效",
        "only where its private key is lost; nothing changes until somebody of another organisation agrees"
      ),
      HTML(try asked.map { try card.html($0) })
        + (!mayChange
          ? ""
          : look.form(
            AskKey.name, for: request,
            fields: [
              .init(
                "laboratory", look("检测机构", "Laboratory"),
                .list(keyed.map { .init($0.id.text, $0.name) }), required: true),
              .init(
                "key", look("新公钥（留空为取消）", "New public key (empty: take it back)"),
                hint: look("64 位十六进制（Ed25519）", "64 hexadecimal digits (Ed25519)")),
            ], buttons: look.dangerButton(look("申请", "Ask for it")))))
  }

  private func appoint(_ laboratories: [Laboratory]) -> HTML {
    if laboratories.isEmpty { return "" }
    return look.panel(
      look("哪个账户代表哪家机构", "Who speaks for which"),
      look.form(
        AppointLaboratory.name, for: request,
        fields: [
          .init(
            "laboratory", look("检测机构", "Laboratory"),
            .list(laboratories.map { .init($0.id.text, $0.name) }), required: true),
          .init(
            "account", look("账户", "Account"),
            hint: look("其岗位须有“检测机构”职责", "its office carries the duties of a laboratory"),
            required: true),
        ], buttons: look.primaryButton(look("登记", "Appoint it"))))
  }
}

/// What is asked for of a laboratory's key, with the second person's buttons.
struct KeyRequestCard {
  let request: ScreenRequest
  let reading: Reading
  let look: Look

  func html(_ asked: KeyRequest) throws -> HTML {
    let name =
      try ResultsStore(reading.transaction).laboratory(asked.laboratory)?.name
      ?? asked.laboratory.text
    let what =
      asked.key.map { look("换为 \($0)", "becomes \($0)") }
      ?? look("取消：此后不签名的文件也算数", "is taken back: files without a signature count from then on")
    let who = try reading.office(ofSender: asked.askedBy, at: asked.askedAt)
    return look.card(
      look("\(name) 的密钥", "The key of \(name)"),
      look.facts([
        (look("申请", "Asked for"), "\(what)"),
        (look("申请人", "Asked by"), "\(who) · \(look.moment(asked.askedAt))"),
      ]) + (try decision(asked)))
  }

  /// Whether the sender belongs to another organisation than whoever asked.
  private func isSecond(_ asked: KeyRequest) throws -> Bool {
    let roles = try reading.policy(OfficesPolicy.self).roles
    let entitled = reading.authority.offices.filter { $0.duties.contains(DecideKey.duty) }
      .compactMap { roles[$0.role]?.organisation }
    return !Set(entitled).subtracting(asked.organisations).isEmpty
  }

  private func decision(_ asked: KeyRequest) throws -> HTML {
    let isAsker = asked.askedBy == reading.authority.sender.text
    guard reading.authority.holds(DecideKey.duty), try isAsker || isSecond(asked) else {
      return look.paragraph(look("等另一单位复核", "waits for another organisation"))
    }
    return look.form(
      DecideKey.name, for: request,
      hidden: [("laboratory", asked.laboratory.text), ("key", asked.key ?? "")]
        + (isAsker ? [("approved", "false")] : []),
      buttons: isAsker ? look.plainButton(look("撤回申请", "Take it back")) : look.approvalButtons,
      isInline: true)
  }
}
