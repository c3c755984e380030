import Testing

@testable import Fieldwork

@Suite("Fieldwork") struct FieldworkTests {}
