/// The command: the bulletin, the dispatch, the wall.
package enum Headquarters {}
