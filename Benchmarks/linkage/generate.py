"""Makes lists of people with planted doubles, the same for the same seed.

    python3 generate.py chinese|latin PEOPLE DOUBLES SEED people.csv truth.csv

PEOPLE are different persons, DOUBLES further rows that are damaged copies of some of them.
The Chinese list has households: families that share surname, address and telephone, brothers and
sisters whose names share a character, twins. Identity numbers are valid by GB 11643 unless damaged.
"""
import csv
import random
import sys

SURNAMES = (
    "王7.1 李7.0 张6.7 刘5.1 陈4.6 杨3.1 赵2.7 黄2.4 周2.0 吴1.9 徐1.7 孙1.5 胡1.4 朱1.3 高1.2 林1.2 何1.2 郭1.1 "
    "马1.1 罗0.9 梁0.9 宋0.8 郑0.8 谢0.7 韩0.7 唐0.7 冯0.6 于0.6 董0.6 萧0.6 程0.6 曹0.6 袁0.5 邓0.5 许0.5 傅0.5 "
    "沈0.5 曾0.5 彭0.5 吕0.5 苏0.5 卢0.5 蒋0.5 蔡0.4 贾0.4 丁0.4 魏0.4 薛0.4 叶0.4 阎0.4 余0.4 潘0.4 杜0.4 戴0.4 "
    "夏0.4 钟0.4 汪0.4 田0.4 任0.4 姜0.4 范0.4 方0.3 石0.3 姚0.3 谭0.3 廖0.3 邹0.3 熊0.3 金0.3 陆0.3 郝0.3 孔0.3 "
    "白0.3 崔0.3 康0.3 毛0.3 邱0.3 秦0.2 江0.2 史0.2 顾0.2 侯0.2 邵0.2 孟0.2 龙0.2 万0.2 段0.2 雷0.2 钱0.2 汤0.2 "
    "尹0.2 黎0.2 易0.2 常0.2 武0.2 乔0.2 贺0.2 赖0.2 龚0.2 文0.2 单0.05 仇0.05 解0.05 查0.05 欧阳0.05 司马0.02 "
    "上官0.02 诸葛0.02 尉迟0.01 慕容0.01"
).split()
SOUNDS = (
    "伟炜玮纬 丽莉俐 静婧靖 芳 杰洁捷 明铭鸣 军君钧均 红虹宏弘洪鸿 英瑛颖莹 华花骅 晓小筱 玉钰宇雨羽 文雯闻 志智致 建健剑 国 海 涛 "
    "磊蕾 勇永咏 艳燕雁 娟 敏 霞 平萍 刚钢 辉晖徽 春 梅玫 林琳霖 佳嘉家 欣新馨心 怡宜仪 子梓紫 轩萱 浩皓昊 涵晗 雪 飞菲 峰锋丰枫 强 "
    "秀 兰岚 桂贵 淑 珍真 荣蓉 凤 德 生 成诚程 立力 东冬 亮 超 鹏 斌彬 波 龙 云芸 祥翔 瑞 一依伊 思 诗 梦 佩 彤 雅 婷 倩 莲 芬 菊"
).split()
TRADITIONAL = dict(zip("伟丽静军红华晓国涛磊艳刚辉轩飞峰强兰贵凤东亮龙云诗梦莲张刘陈杨赵黄吴孙马罗郑谢韩冯许邓苏卢蒋叶钟谭邹陆顾龚",
                       "偉麗靜軍紅華曉國濤磊艷剛輝軒飛峯強蘭貴鳳東亮龍雲詩夢蓮張劉陳楊趙黃吳孫馬羅鄭謝韓馮許鄧蘇盧蔣葉鍾譚鄒陸顧龔"))
AREAS = ("230102 230103 230104 230106 230108 230109 230110 230111 370202 370203 370211 370212 370213 370214 371002 "
         "371003 371081 371082 140105 140106 140107 140108 140109 140110 110105 320311 340524 410203 210102 220102").split()
STREETS = [a + b for a in "幸福 和平 建设 人民 解放 中山 光明 朝阳 红旗 长江 黄河 文化 新华 友谊 胜利 团结 迎宾 滨海 学府 站前".split()
           for b in ("路", "街", "大街", "巷")]
ESTATES = [a + b for a in "阳光 金色 锦绣 东方 翠湖 御景 世纪 华府 金地 绿城 书香 名门 丽景 江南 香榭".split()
           for b in ("花园", "小区", "家园", "新城", "苑")]
WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]


def cumulative(weights):
    total, sums = 0, []
    for weight in weights:
        total += weight
        sums.append(total)
    return sums


def zipf(count):
    return cumulative(1 / (rank + 3) for rank in range(count))


def check_digit(digits):
    return "10X98765432"[sum(w * int(d) for w, d in zip(WEIGHTS, digits)) % 11]


def other_digit(chance, text):
    place = chance.randrange(len(text))
    wrong = chance.choice([d for d in "0123456789" if d != text[place]])
    return text[:place] + wrong + text[place + 1:]


def birthday(chance, low, high):
    return f"{chance.randint(low, high):04}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"


def damaged_day(chance, day):
    year, month, date = day.split("-")
    if chance.random() < 0.35 and int(date) <= 12 and date != month:
        return f"{year}-{date}-{month}"
    part = chance.randrange(3)
    if part == 0:
        return f"{year[:3]}{(int(year[3]) + chance.randint(1, 9)) % 10}-{month}-{date}"
    if part == 1:
        return f"{year}-{int(month) % 12 + 1:02}-{date}"
    return f"{year}-{month}-{(int(date) + chance.choice([1, 2, 9, 10])) % 28 + 1:02}"


class Chinese:
    header = "person,name,sex,birth_date,identity_number,phone,address,community".split(",")

    def __init__(self, chance, people):
        self.chance = chance
        self.used = set()
        self.surnames = [entry.rstrip("0123456789.") for entry in SURNAMES]
        self.surname_sums = cumulative(float(e[len(s):]) for e, s in zip(SURNAMES, self.surnames))
        self.characters = [c for group in SOUNDS for c in group]
        chance.shuffle(self.characters)
        self.character_sums = zipf(len(self.characters))
        self.sounds = {c: group for group in SOUNDS for c in group}
        self.communities = [f"{s}社区" if n == 0 else f"{s}第{n}社区"
                            for n in range(1 + people // 3000 // len(STREETS)) for s in STREETS]

    def draw(self, values, sums):
        return self.chance.choices(values, cum_weights=sums)[0]

    def given(self, shared=None):
        if shared:
            return shared + self.draw(self.characters, self.character_sums)
        count = 1 if self.chance.random() < 0.15 else 2
        return "".join(self.draw(self.characters, self.character_sums) for _ in range(count))

    def phone(self):
        return "1" + self.chance.choice(["38", "39", "36", "50", "58", "86", "88", "77"]) + \
            f"{self.chance.randrange(10 ** 8):08}"

    def place(self):
        chance = self.chance
        community = chance.choice(self.communities)
        street = STREETS[self.communities.index(community) % len(STREETS)] if len(self.communities) < 200 \
            else chance.choice(STREETS)
        return (f"{street}{chance.randint(1, 200)}号{chance.choice(ESTATES)}{chance.randint(1, 30)}栋"
                f"{chance.randint(1, 4)}单元{chance.randint(1, 18)}0{chance.randint(1, 4)}", community)

    def identity(self, area, day, sex):
        while True:
            serial = self.chance.randrange(500) * 2 + (1 if sex == "男" else 0)
            digits = area + day.replace("-", "") + f"{serial:03}"
            if digits not in self.used:
                self.used.add(digits)
                return digits + check_digit(digits)

    def household(self):
        chance = self.chance
        address, community = self.place()
        area = chance.choice(AREAS)
        size = chance.choices([1, 2, 3, 4, 5], [25, 28, 27, 13, 7])[0]
        father, mother = (self.draw(self.surnames, self.surname_sums) for _ in range(2))
        year = chance.randint(1935, 2000)
        shared_phone = self.phone()
        members = []
        generation = self.draw(self.characters, self.character_sums) if chance.random() < 0.3 else None
        twin = None
        for index in range(size):
            if index < 2:
                sex = "男" if index == 0 else "女"
                name = (father if index == 0 else mother) + self.given()
                day = birthday(chance, year - 3, year + 3)
            else:
                sex = chance.choice("男女")
                name = father + self.given(generation)
                while any(name == member[0] for member in members):
                    name = father + self.given(generation)
                born = min(year + 22 + chance.randrange(15), 2021)
                day = twin if twin and chance.random() < 0.03 else birthday(chance, born, born)
                twin = day
            adult = int(day[:4]) < 2006
            phone = self.phone() if adult and chance.random() < 0.85 else shared_phone
            where = area if chance.random() < 0.7 else chance.choice(AREAS)
            members.append([name, sex, day, self.identity(where, day, sex), phone, address, community])
        return members

    def people(self, count):
        rows = []
        while len(rows) < count:
            rows += self.household()
        return rows[:count]

    def damage(self, row):
        chance = self.chance
        row = list(row)
        kinds = chance.sample(
            ["sound", "variant", "missing character", "day", "identity digit", "no identity", "phone",
             "no phone", "moved", "written otherwise"], chance.choices([1, 2, 3], [45, 35, 20])[0])
        for kind in kinds:
            name = row[0]
            if kind == "sound":
                place = chance.randrange(1, len(name))
                group = self.sounds.get(name[place], name[place])
                row[0] = name[:place] + chance.choice(group) + name[place + 1:]
            elif kind == "variant":
                row[0] = "".join(TRADITIONAL.get(c, c) for c in name)
            elif kind == "missing character" and len(name) > 2:
                row[0] = name[:-1] if chance.random() < 0.5 else name[0] + name[2:]
            elif kind == "day":
                row[2] = damaged_day(chance, row[2])
            elif kind == "identity digit" and row[3]:
                row[3] = other_digit(chance, row[3][:17]) + row[3][17]
            elif kind == "no identity":
                row[3] = ""
            elif kind == "phone":
                row[4] = self.phone()
            elif kind == "no phone":
                row[4] = ""
            elif kind == "moved":
                row[5], row[6] = self.place()
            elif kind == "written otherwise":
                row[5] = row[5].replace("号", "", 1) if chance.random() < 0.5 else row[5].replace("栋", "号楼")
        return row


class Latin:
    header = "person,given_name,surname,birth_date,identity,address,locality,postcode".split(",")

    def __init__(self, chance, people):
        self.chance = chance
        starts = "b br c ch d f g gr h j k l m n p r s st t th v w".split()
        middles = "a e i o u ai ee ou".split()
        ends = ["", "n", "r", "l", "s", "t", "son", "ton", "ley", "man", "well", "by"]

        def words(count, parts):
            known = {}
            while len(known) < count:
                word = "".join(chance.choice(starts) + chance.choice(middles) for _ in range(parts))
                known[word + chance.choice(ends)] = True
            return list(known)

        self.given, self.given_sums = words(800, 2), zipf(800)
        self.surnames, self.surname_sums = words(20000, 2), zipf(20000)
        self.streets = [f"{w} {k}" for w in words(4000, 2) for k in ("street", "place", "avenue", "close")]
        self.places = [(w, f"{chance.randrange(800, 9000):04}") for w in words(2500, 2)]

    def place(self):
        locality, postcode = self.chance.choice(self.places)
        return f"{self.chance.randint(1, 300)} {self.chance.choice(self.streets)}", locality, postcode

    def people(self, count):
        chance = self.chance
        return [[chance.choices(self.given, cum_weights=self.given_sums)[0],
                 chance.choices(self.surnames, cum_weights=self.surname_sums)[0],
                 birthday(chance, 1920, 2010), f"{chance.randrange(10 ** 8, 10 ** 9)}", *self.place()]
                for _ in range(count)]

    def typo(self, text):
        if len(text) < 2:
            return text
        chance, place = self.chance, self.chance.randrange(len(text) - 1)
        letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
        return chance.choice([text[:place] + text[place + 1:], text[:place] + letter + text[place:],
                              text[:place] + letter + text[place + 1:],
                              text[:place] + text[place + 1] + text[place] + text[place + 2:]])

    def damage(self, row):
        chance = self.chance
        row = list(row)
        kinds = chance.sample(["given", "surname", "day", "identity", "street", "locality", "postcode", "swap",
                               "moved", "empty"], chance.choices([1, 2, 3, 4], [30, 35, 25, 10])[0])
        for kind in kinds:
            if kind == "given":
                row[0] = self.typo(row[0])
            elif kind == "surname":
                row[1] = self.typo(row[1])
            elif kind == "day" and row[2]:
                row[2] = damaged_day(chance, row[2])
            elif kind == "identity" and row[3]:
                row[3] = other_digit(chance, row[3])
            elif kind == "street":
                row[4] = self.typo(row[4])
            elif kind == "locality":
                row[5] = self.typo(row[5])
            elif kind == "postcode" and row[6]:
                row[6] = other_digit(chance, row[6])
            elif kind == "swap":
                row[0], row[1] = row[1], row[0]
            elif kind == "moved":
                row[4], row[5], row[6] = self.place()
            elif kind == "empty":
                row[chance.randrange(len(row))] = ""
        return row


def main():
    kind, people, doubles, seed, target, truth = sys.argv[1:7]
    people, doubles = int(people), int(doubles)
    chance = random.Random(int(seed))
    maker = {"chinese": Chinese, "latin": Latin}[kind](chance, people)
    rows = maker.people(people)
    owners = list(range(people)) + [chance.randrange(people) for _ in range(doubles)]
    rows += [maker.damage(rows[owner]) for owner in owners[people:]]
    order = list(range(len(rows)))
    chance.shuffle(order)
    names = {row: f"P{number:08}" for number, row in enumerate(order)}
    with open(target, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(maker.header)
        writer.writerows([names[row], *rows[row]] for row in order)
    same = {}
    for row, owner in enumerate(owners):
        same.setdefault(owner, []).append(names[row])
    with open(truth, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["a", "b"])
        for members in same.values():
            members.sort()
            for index, one in enumerate(members):
                writer.writerows([one, other] for other in members[index + 1:])


if __name__ == "__main__":
    main()
