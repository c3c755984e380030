import Foundation

exit(await Entry.run(Array(CommandLine.arguments.dropFirst())))
