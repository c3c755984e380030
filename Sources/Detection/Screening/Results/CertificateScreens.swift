import Gazette
import Kernel
import Look
import Registry

/// The resident's own results, to be shown or printed.
enum CertificateScreens {
  static let own = Screen(
    path: "/me/tests", title: Words("我的检测结果", "My test results"), duty: .ownFile,
    purpose: .ownFile
  ) { _, reading in
    let look = Look(reading)
    let own = try reading.ask(OwnCertificate())
    return Page(
      title: look("我的检测结果", "My test results"), body: body(own, look), frame: .resident)
  }

  private static func body(_ own: Certificate, _ look: Look) -> HTML {
    let waiting: HTML =
      own.waitingSince.map { since in
        look.notice(
          look("已采样，等待结果", "Sampled, waiting for the result"),
          look("采样时间 \(look.moment(since))", "sampled \(look.moment(since))"), tone: .soon)
      } ?? ""
    guard let latest = own.lines.first else {
      return HTML([look.answer(look("还没有检测结果", "There is no test result yet")), waiting])
    }
    return HTML([
      answer(latest, look), waiting,
      HTML(own.lines.map { line in look.card(words(line.result, look), facts(line, look)) }),
    ])
  }

  private static func answer(_ line: Certificate.Line, _ look: Look) -> HTML {
    look.answer(
      line.isValid
        ? look(
          "核酸阴性，有效至 \(look.moment(line.validUntil))",
          "Negative, counts until \(look.moment(line.validUntil))")
        : words(line.result, look))
  }

  private static func words(_ result: String, _ look: Look) -> String {
    if let known = TubeResult(rawValue: result) { return look(known.words) }
    return look("需要单独复核，请等候通知", "A swab of your own decides; you will be told")
  }

  private static func facts(_ line: Certificate.Line, _ look: Look) -> HTML {
    look.facts([
      (look("采样时间", "Sampled"), "\(look.moment(line.sampledAt))"),
      (look("报告时间", "Reported"), "\(look.moment(line.reportedAt))"),
      (look("检测机构", "Laboratory"), "\(line.laboratory?.text ?? "—")"),
      (look("有效至", "Counts until"), "\(look.moment(line.validUntil))"),
    ])
  }
}
