import Testing

@testable import Detection

@Suite("Detection") struct DetectionTests {}
