import Testing

@testable import Kernel

@Suite("Kernel") struct KernelTests {}
