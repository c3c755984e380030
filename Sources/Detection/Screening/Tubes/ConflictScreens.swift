import Gazette
import Kernel
import Look
import Registry

/// The contradictions of a round, each with what may be decided and what follows from it.
struct ConflictsPanel {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let round: ScreeningRound

  private static let most = 50

  func html(count: Int) throws -> HTML {
    let lines = try reading.ask(ListConflicts(round: round.id)).prefix(Self.most)
    let people = lines.filter { kind($0).isAboutPerson }.map { PersonID(trusted: $0.about) }
    let files = try ResidentsStore(reading.transaction).current(Set(people))
    let title = look("登记矛盾，待人工核对", "Contradictions to look at")
    let rows = lines.map { line in
      Look.TableRow(
        look(kind(line).words),
        cells: [
          about(line, files), .text(details(line)), .text(look.moment(line.notedAt)),
          .markup(decisions(line)),
        ])
    }
    return look.panel(
      title, id: "conflicts",
      note: look(
        "剔除：此人不再算在该管内；重采：须再采一次，期限自动下达；作废：管内每人重采",
        "struck out: no longer counted in the tube; swab again: owed within the policy’s time; void: everybody in the tube is swabbed again"
      ), chip: .init(look.number(count), .soon),
      look.table(
        title,
        columns: [
          .init(look("矛盾", "What")), .init(look("试管或人员", "Tube or person")),
          .init(look("详情", "Details")), .init(look("发现于", "Noted")),
          .init(look("处理", "Decide")),
        ], rows: rows, id: "conflict-list"))
  }

  private func kind(_ line: ListConflicts.Line) -> ConflictKind {
    ConflictKind(rawValue: line.kind) ?? .overfull
  }

  private func about(
    _ line: ListConflicts.Line, _ files: [PersonID: Resident]
  ) -> Look.Cell {
    guard kind(line).isAboutPerson else {
      return .linked(line.about, to: CorrectionScreens.address(of: TubeCode(trusted: line.about)))
    }
    let name = files[PersonID(trusted: line.about)]?.name.map { Mask.name($0.revealed) }
    return .linked(
      look.dotted([name, line.about]), to: "/screening/of/\(Address.escaped(line.about))")
  }

  private func details(_ line: ListConflicts.Line) -> String {
    if kind(line).isAboutPerson {
      return line.tubes.map(\.text).joined(separator: look("、", ", "))
    }
    if let counted = line.counted, let registered = line.registered {
      return look(
        "封管时清点 \(counted)，登记 \(registered)",
        "\(counted) counted at the seal, \(registered) registered")
    }
    return line.devices.map { "\($0.device) × \($0.swabs)" }.joined(separator: look("、", ", "))
  }

  private func decisions(_ line: ListConflicts.Line) -> HTML {
    let forms = line.decisions.flatMap { decision -> [HTML] in
      switch decision {
      case .keep:
        line.tubes.map { tube in
          form(
            line, decision, [("tube", tube.text)],
            look.plainButton(look("\(tube.text) 为准", "\(tube.text) counts")))
        }
      case .device:
        line.devices.map { device in
          form(
            line, decision, [("device", device.device)],
            look.plainButton(look("归 \(device.device)", "it is \(device.device)’s")))
        }
      case .reswab: [form(line, decision, [], look.plainButton(look(decision.words)))]
      case .void: [form(line, decision, [], look.dangerButton(look(decision.words)))]
      case .stands: [form(line, decision, [], look.plainButton(look(decision.words)))]
      }
    }
    return look.row(forms)
  }

  private func form(
    _ line: ListConflicts.Line, _ decision: ConflictDecision, _ more: [(String, String)],
    _ button: HTML
  ) -> HTML {
    look.form(
      SettleConflict.name, for: request,
      hidden: [("conflict", line.conflict.text), ("decision", decision.rawValue)] + more,
      buttons: button, isInline: true)
  }
}
