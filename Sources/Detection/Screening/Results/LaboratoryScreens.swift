import Gazette
import Kernel
import Look
import Registry

/// A laboratory's own page, and the district's list of laboratories.
enum LaboratoryScreens {
  static let all = [own, list]

  private static let own = Screen(
    path: "/laboratory", title: Words("检测机构", "Laboratory"), duty: DeliverResults.duty,
    purpose: .supervision
  ) { request, reading in
    let look = Look(reading)
    let title = look("检测机构", "Laboratory")
    let found = try LaboratoriesStore(reading.transaction)
      .laboratory(of: reading.authority.sender.text)
    guard let found else {
      return Page(
        title: title,
        body: HTML([
          look.title(title), look.notice(look(Laboratory.nobodys.words), tone: .soon),
          reading.authority.holds(AppointLaboratory.duty)
            ? look.linkButton(look("检测机构名单", "Laboratories"), to: "/screening/laboratories") : "",
        ]))
    }
    let page = OwnLaboratory(request: request, reading: reading, look: look, laboratory: found)
    return Page(title: title, body: try page.body(), scripts: ["/laboratory.js"])
  }

  private static let list = Screen(
    path: "/screening/laboratories", title: Words("检测机构名单", "Laboratories"),
    duty: AppointLaboratory.duty, purpose: .supervision
  ) { request, reading in
    let look = Look(reading)
    return Page(
      title: look("检测机构名单", "Laboratories"),
      body: try LaboratoryList(request: request, reading: reading, look: look).body())
  }
}

/// What a laboratory does by itself: its key, its lists, tubes that wait, and what was put aside.
private struct OwnLaboratory {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let laboratory: Laboratory

  private static let mostBatches = 50
  private static let mostTubes = 200

  func body() throws -> HTML {
    HTML([
      look.title(laboratory.name, look.note(laboratory.id.text)), try missing(), try waiting(),
      deliver,
      try batches(), key,
    ])
  }

  /// The numbers that were passed over.
  private func missing() throws -> HTML {
    let gaps = try GapsStore(reading.transaction).open(of: laboratory.id, limit: ListGaps.most)
    if gaps.isEmpty { return "" }
    let numbers = GapsPanel.numbers(gaps.flatMap(\.missing), look)
    return look.notice(
      look("第 \(numbers) 批没有到", "List \(numbers) did not come"),
      look(
        "请按原批号补报；没有这批的，告诉区指挥部说明原因。",
        "Deliver it under that number; when there is no such list, tell the district what became of it."
      ),
      tone: .soon)
  }

  /// The tubes that came here and have no result, each with its entry by hand once a test can be done.
  private func waiting() throws -> HTML {
    let tubes = try LaboratoriesStore(reading.transaction).waiting(
      at: laboratory.id, limit: Self.mostTubes)
    let title = look("待出结果的试管", "Tubes without a result")
    if tubes.isEmpty {
      return look.panel(
        title, look.empty(look("没有待出结果的试管", "No tube waits for a result"), isGood: true))
    }
    let policy = try reading.policy(ScreeningPolicy.self)
    let rows = try tubes.map { tube in
      let from = try ResultsRules.possible(
        from: tube, holding: SwabsStore(reading.transaction).inTube(tube.code), policy)
      return Look.TableRow(
        tube.code.text,
        cells: [
          .text(tube.receivedAt.map { look.nearMoment($0) } ?? "—"),
          try ResultsStore(reading.transaction).waiting(of: tube.code) != nil
            ? .text(look("已录入，待两人审核，未生效", "entered; waits for two people, does not count"))
            : from > look.now
              ? .text(look("\(look.nearMoment(from)) 起可录", "from \(look.nearMoment(from)) on"))
              : .markup(entry(tube)),
        ])
    }
    return look.panel(
      title, id: "waiting", chip: .init(look.number(tubes.count), .neutral),
      look.disclosure(
        look("手工录入", "Enter by hand"), id: "by-hand",
        look.table(
          title,
          columns: [
            .init(look("管码", "Tube")), .init(look("接收", "Received")),
            .init(look("结果", "Result")),
          ], rows: rows, id: "waiting-tubes")))
  }

  private func entry(_ tube: Tube) -> HTML {
    look.row(
      TubeResult.allCases.map { result in
        look.form(
          EnterOwnResult.name, for: request,
          hidden: [("tube", tube.code.text), ("result", result.rawValue)],
          buttons: look.plainButton(look(result.words)), isInline: true)
      })
  }

  private var deliver: HTML {
    let form = look.form(
      DeliverSheet.name, for: request,
      fields: [
        .init(
          "sequence", look("第几批", "List number"), .number, required: true,
          start: String(laboratory.lastSequence &+ 1)),
        .init(
          "sheet", look("结果表", "The results"), .long,
          hint: look(
            "粘贴或读入 CSV，首行 tube,result,reported_at",
            "paste or read a CSV whose first row is tube,result,reported_at"),
          required: true),
        .init(
          "signature", look("签名", "Signature"),
          hint: look(
            "128 位十六进制；可用下面的私钥文件在本机签",
            "128 hexadecimal digits; the private key below signs it on this machine"),
          required: true),
      ], buttons: look.primaryButton(look("上报这一批", "Deliver this list")))
    return look.panel(
      look("上报一批结果", "Deliver a list of results"), id: "deliver-list",
      note: look(
        "一批要么全部生效，要么全部待审", "a list counts whole, or is put aside whole"),
      laboratory.key == nil
        ? look.notice(
          look("还没有登记公钥：先在下面登记", "No key is registered: register one below first"), tone: .soon)
        : form)
  }

  private func batches() throws -> HTML {
    let found = try LaboratoriesStore(reading.transaction).batches(
      of: laboratory.id, limit: Self.mostBatches)
    let title = look("上报过的批次", "Lists that were delivered")
    if found.isEmpty {
      return look.panel(title, look.empty(look("还没有上报过", "Nothing was delivered yet")))
    }
    let rows = found.map { batch in
      let (words, tone) = Self.words(of: batch.state)
      // Of a single tube the reason would tell which one is a control.
      let said = batch.tube == nil ? batch.reasons : []
      let reasons = said.map { code in
        if code == "gap" { return look("前面的批次未到", "a list before it did not come") }
        return ResultFault(rawValue: code).map { look($0.words) } ?? code
      }
      return Look.TableRow(
        batch.tube.map { look("手工：\($0.text)", "by hand: \($0.text)") }
          ?? look("第 \(batch.sequence) 批", "list \(batch.sequence)"),
        cells: [
          .markup(look.chip(look(words), tone)), .number(batch.rows),
          .text(look.moment(batch.cameAt)), .text(reasons.joined(separator: look("；", "; "))),
        ])
    }
    let aside = found.count { $0.state == .quarantined }
    return look.panel(
      title, id: "own-lists",
      chip: aside == 0 ? nil : .init(look("\(aside) 批待审", "\(aside) put aside"), .soon),
      look.table(
        title,
        columns: [
          .init(look("批次", "List")), .init(look("状态", "State")),
          .number(look("条数", "Results")), .init(look("到达", "Came")),
          .init(look("原因与办法", "Why, and what helps")),
        ], rows: rows, id: "own-batches"))
  }

  private static func words(of state: ResultBatch.State) -> (Words, Look.Tone) {
    switch state {
    case .applied: (Words("已生效", "counts"), .done)
    case .quarantined: (Words("待审，未生效", "put aside, does not count"), .soon)
    case .released: (Words("两人放行，已生效", "let through by two people"), .done)
    case .discarded: (Words("已退回，请重新上报", "discarded; deliver it anew"), .late)
    }
  }

  private var key: HTML {
    let change: [Look.Field] =
      laboratory.key == nil
      ? []
      : [
        .init(
          "signature", look("原私钥的签名", "Signed with the key before"),
          hint: look(
            "更换公钥时必填；遗失的请管理员（管辖全域的指挥部）更换",
            "needed for another key; when it is lost, the administrator (who commands everywhere) changes it"
          ))
      ]
    return look.panel(
      look("公钥", "Key"), id: "own-key",
      chip: laboratory.key == nil
        ? .init(look("未登记", "none"), .soon) : .init(look("已登记", "registered"), .done),
      HTML([
        laboratory.key.map { look.facts([(look("现用公钥", "In use"), "\($0)")]) } ?? "",
        look.form(
          RegisterKey.name, for: request,
          fields: [
            .init(
              "key", look("新公钥", "New public key"),
              hint: look("64 位十六进制（Ed25519）", "64 hexadecimal digits (Ed25519)"), required: true)
          ] + change, buttons: look.primaryButton(look("登记公钥", "Register it"))),
      ]))
  }
}
