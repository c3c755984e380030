import Testing

@testable import Containment

@Suite("Containment") struct ContainmentTests {}
