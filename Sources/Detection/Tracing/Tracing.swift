import Kernel

/// Who was where when, and who was together with a case.
package enum Tracing {
  package static let slice = Slice(name: "tracing", policySections: [ContactsPolicy.self])
}
