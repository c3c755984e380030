import Kernel

/// All live links in the form in which they are imported, what follows from exposures among them.
package struct ExportTransmission: Query {
  package static let name = "transmission.export"
  package static let urgency = Urgency.export
  package static let duty: Duty = TransmissionTreeOf.duty
  package static let purposes: [Purpose] = [.exchange]
  private static let page = 500

  package let after: String?

  package init(after: String? = nil) { self.after = after }

  package func area(in reading: Reading) -> Area { .everywhere }

  package func answer(in reading: Reading) throws -> ExportAnswer {
    reading.disclose(everybodyIn: .everywhere)
    let evidence = TransmissionEvidence(
      reading.transaction, try reading.policy(TransmissionPolicy.self), reading.zone)
    let cases = try CasesStore(reading.transaction).reported(
      in: .everywhere, from: nil, to: nil, withdrawn: false, after: CaseCursor.read(after),
      limit: Self.page)
    let gathered = try evidence.gather(cases)
    let rows = cases.flatMap { infection in
      (gathered.links[infection.id] ?? []).map { Self.row($0.link, in: reading.zone) }
    }
    return ExportAnswer(
      rows: rows, after: cases.count == Self.page ? cases.last.map(CaseCursor.text) : nil)
  }

  private static func row(_ link: TransmissionLink, in zone: Zone) -> [String] {
    [
      link.infection.text, link.infector?.text ?? link.origin.code, link.basis?.rawValue ?? "",
      (link.venue ?? link.origin.cluster)?.text ?? "", link.exposedFrom?.text(in: zone) ?? "",
      link.exposedTo?.text(in: zone) ?? "", link.state.rawValue,
    ]
  }
}
