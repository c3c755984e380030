import Testing

@testable import Look

@Suite("Look") struct LookTests {}
