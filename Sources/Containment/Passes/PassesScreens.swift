import Kernel

enum PassesScreens {
  static let all: [Screen] = []
}
