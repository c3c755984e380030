import Kernel
import Look
import Registry

/// What was brought from a door, for those who supervise.
enum ProofsScreens {
  static let all = [list, picture]

  private static let list = Screen(
    path: "/proofs/of/:obligation", title: Words("现场凭证", "Proof from the door"),
    duty: ListProofs.duty, purpose: .supervision
  ) { request, reading in
    let look = Look(reading)
    let id = try ObligationID(request.parameter("obligation"), field: "obligation")
    let pieces = try reading.ask(ListProofs(obligation: id))
    let accounts = OfficesStore(reading.transaction)
    let rows = try pieces.map { piece in
      Look.TableRow(
        look(piece.kind.words), to: piece.isKept ? "/proofs/\(piece.id.text)" : nil,
        cells: [
          .text(piece.takenAt.map { look.moment($0) } ?? "–"), .text(look.moment(piece.addedAt)),
          .text(try accounts.title(of: piece.account) ?? piece.account.text),
        ])
    }
    return Page(
      title: look("现场凭证", "Proof from the door"),
      body: look.title(look("现场凭证", "Proof from the door"))
        + (rows.isEmpty
          ? look.empty(look("没有照片、签名或凭条", "No photograph, signature or slip"))
          : look.table(
            look("现场凭证", "Proof from the door"),
            columns: [
              .init(look("什么", "What")), .init(look("何时（手机时间）", "When (phone’s clock)")),
              .init(look("收到", "Received")), .init(look("谁", "Who")),
            ], rows: rows)))
  }

  private static let picture = Screen(
    path: "/proofs/:piece", title: Words("现场凭证", "Proof from the door"),
    duty: ShowProof.duty, purpose: .supervision
  ) { request, reading in
    let look = Look(reading)
    let answer = try reading.ask(
      ShowProof(piece: try ProofPieceID(request.parameter("piece"), field: "piece")))
    let title = look(answer.piece.kind.words)
    let when = look.moment(answer.piece.takenAt ?? answer.piece.addedAt)
    return Page(
      title: title,
      body: HTML([
        look.title(title, look.note(when)),
        look.paragraph(
          look("看了会记下来，本人能看到。", "That you looked is recorded, and the person sees it.")),
        shown(answer, title, look),
        look.linkButton(
          look("全部凭证", "All of this obligation"),
          to: "/proofs/of/\(answer.piece.obligation.text)"),
      ]))
  }

  private static func shown(_ answer: ShowProof.Answer, _ title: String, _ look: Look) -> HTML {
    guard let type = answer.type, let picture = answer.picture else {
      return look.empty(
        look("图片已按期删除", "The picture was deleted when its time was over"))
    }
    return "<p><img src=\"data:\(type);base64,\(picture)\" alt=\"\(title)\"/></p>"
  }
}
