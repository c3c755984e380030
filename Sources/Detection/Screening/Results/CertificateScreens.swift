import Gazette
import Kernel
import Look
import Registry

/// The resident's own results, to be shown on a phone or printed on paper.
enum CertificateScreens {
  static let own = Screen(
    path: "/me/tests", title: Words("我的检测结果", "My test results"), duty: .ownFile,
    purpose: .ownFile
  ) { _, reading in
    let look = Look(reading)
    let own = try reading.ask(OwnCertificate())
    let resident = try ResidentsStore(reading.transaction).current(own.person)
    let page = CertificatePage(
      own: own, name: resident?.name.map { Mask.name($0.revealed) }, look: look)
    return Page(
      title: look("我的检测结果", "My test results"), body: page.body, frame: .resident)
  }
}

/// First whether it counts and until when, then the certificate, then what was before it.
private struct CertificatePage {
  let own: Certificate
  let name: String?
  let look: Look

  var body: HTML {
    HTML([
      answer, waiting, certificate, history,
      look.linkButton(look("回到我的情况", "Back to my situation"), to: "/me"), slip,
    ])
  }

  private var answer: HTML {
    if own.heldSince != nil, own.lines.first?.result != Recall.State.held.rawValue {
      return look.answer(
        look(
          "所在混管异常：在您自己的单管出结果之前，任何阴性都不算数",
          "A tube with your swab in it was not negative: until a tube of your own is, no negative counts"
        ))
    }
    guard let latest = own.lines.first else {
      return look.answer(look("还没有检测结果", "There is no test result yet"))
    }
    if latest.isValid {
      return look.answer(
        look("核酸阴性，有效至 ", "Negative; it counts until "), until: latest.validUntil,
        look("过期后请重新采样。", "After that, be sampled again."))
    }
    if latest.result == TubeResult.negative.rawValue {
      return look.answer(
        look("最近一次是阴性，已过有效期", "Your last result was negative; it does not count any more"))
    }
    return look.answer(words(latest.result))
  }

  private var waiting: HTML {
    own.waitingSince.map { since in
      look.notice(
        look("已采样，等待结果", "Sampled, waiting for the result"),
        look("采样时间 \(look.moment(since))", "sampled \(look.moment(since))"), tone: .soon)
    } ?? ""
  }

  /// The latest result with everything that somebody at a door has to see.
  private var certificate: HTML {
    guard let latest = own.lines.first else { return "" }
    let tone: Look.Tone =
      latest.isValid
      ? .done : latest.result == TubeResult.positive.rawValue ? .late : .soon
    return look.card(
      look("核酸检测证明", "Test certificate"),
      look.row([
        look.masked(name ?? own.person.text), look.pushedChip(.init(words(latest.result), tone)),
      ])
        + look.facts([
          (look("人员编号", "Number"), "\(own.person.text)"),
          (look("采样时间", "Sampled"), look.timeTag(latest.sampledAt, look.moment(latest.sampledAt))),
          (
            look("报告时间", "Reported"),
            look.timeTag(latest.reportedAt, look.moment(latest.reportedAt))
          ), (look("检测机构", "Laboratory"), "\(latest.laboratory?.text ?? "—")"),
          (look("试管", "Tube"), "\(latest.tube.text)"),
          (
            look("有效至", "Counts until"),
            latest.isValid
              ? look.timeTag(latest.validUntil, look.moment(latest.validUntil)) : "—"
          ),
        ]) + Self.paperHint(look))
  }

  private static func paperHint(_ look: Look) -> HTML {
    """
    <p class="take no-print"><span class="note">\(look(
      "可截屏出示；没有手机可打印这一页（Ctrl-P）。",
      "Show it on the phone, or print this page (Ctrl-P)."))</span></p>
    """
  }

  private var history: HTML {
    guard own.lines.count > 1 else { return "" }
    let title = look("以前的结果", "Earlier results")
    let rows = own.lines.dropFirst().map { line in
      Look.TableRow(
        look.moment(line.sampledAt),
        cells: [.text(words(line.result)), .text(look.moment(line.reportedAt))])
    }
    return look.card(
      title,
      look.table(
        title,
        columns: [
          .init(look("采样", "Sampled")), .init(look("结果", "Result")),
          .init(look("报告", "Reported")),
        ], rows: Array(rows), id: "earlier"))
  }

  /// What leaves the house ends with its number and its expiry.
  private var slip: HTML {
    guard let latest = own.lines.first, latest.isValid else { return "" }
    return look.slipLine(number: latest.tube.text, until: latest.validUntil)
  }

  private func words(_ result: String) -> String {
    if let known = TubeResult(rawValue: result) { return look(known.words) }
    return look("需要单独复核，请等候通知", "A swab of your own decides; you will be told")
  }
}
