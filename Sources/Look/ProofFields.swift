import Kernel

/// What a proof asks for, as fields of a form.
package struct ProofFields: Sendable {
  let look: Look

  package init(look: Look) { self.look = look }

  /// The fields of a kind's proof; none when it asks for none.
  package func fields(of kind: ObligationKind?) -> [Look.Field] {
    (kind?.proof ?? []).map { field in
      Look.Field(
        "proof.\(field.name)", label(field), entry(field.form), hint: nil,
        required: field.isRequired)
    }
  }

  private func label(_ field: ProofField) -> String {
    let name = look(field.words)
    let unit: String =
      if case .number(let unit, _) = field.form, !name.contains(unit) { "（\(unit)）" } else { "" }
    return name + unit + (field.isRequired ? "" : look("，可不填", ", optional"))
  }

  private func entry(_ form: ProofField.Form) -> Look.Field.Entry {
    switch form {
    case .number: .number
    case .text: .line
    case .choice(let choices): .choices(choices.map { .init($0.code, look($0.words)) })
    }
  }
}
