/// Names that could be anybody's: frequent surnames and given-name characters, put together by
/// chance. No list of real people stands behind them.
enum SampleNames {
  private static let surnames = Array("王李张刘陈杨赵黄周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹")
  private static let female = Array("敏静丽娟秀芳玲霞燕红桂英兰梅洁雪琳颖欣怡婷蕾薇晴")
  private static let male = Array("伟强军磊勇涛斌超辉刚健峰明亮平志国建华鹏飞宇浩然")

  /// A name for a person of a sex.
  static func name(isFemale: Bool, surname: Character, chance: inout Chance) -> String {
    let characters = isFemale ? female : male
    var name = String(surname) + String(chance.pick(characters))
    if chance.happens(0.7) { name.append(chance.pick(characters)) }
    return name
  }

  /// A surname; frequent ones come first and are taken more often.
  static func surname(_ chance: inout Chance) -> Character {
    let first = chance.number(0...(surnames.count - 1))
    let second = chance.number(0...(surnames.count - 1))
    return surnames[min(first, second)]
  }
}
