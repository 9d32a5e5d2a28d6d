"""Defects of scenario files."""

import re

from tests.defects.planting import BASELINE, Copy, Defect

CHILD = "scenarios/child.yaml"
_HEAD = (
    "version: 1\nid: child\nextends: {base}\n"
    "title: {{th: ลูก, en: Child}}\nquestion: {{th: ถาม, en: Question}}\n"
)


def replaced(*texts: str, new: str):
    return lambda copy: copy.replace(BASELINE, *texts, new=new)


def child(body: str, base: str = "baseline"):
    return lambda copy: copy.write(CHILD, _HEAD.format(base=base) + body)


def loop(copy: Copy) -> None:
    child("", base="other")(copy)
    other = _HEAD.format(base="child").replace("id: child", "id: other")
    copy.write("scenarios/other.yaml", other)


def no_weight_at_all(copy: Copy) -> None:
    weights = copy.read(BASELINE).split("weights:\n")[1].split("green_estate:")[0]
    zero = ", ".join(f"{name}: 0" for name in re.findall(r"(?m)^ +(\w+): [0-9.]+$", weights))
    child(f"change:\n  viewpoints.starting.weights.container_yard: {{{zero}}}\n")(copy)


def removed_beyond(copy: Copy) -> None:
    """Remove land far from the villages, and say so in the title."""
    limit = "  settlement_core:\n"
    copy.replace(BASELINE, limit, "ภายใน {within_m}", new="ไกลกว่า {beyond_m}")
    copy.replace(BASELINE, limit, "Within {within_m}", new="Beyond {beyond_m}")
    copy.replace(BASELINE, limit, "test: {within_m: 500}", new="test: {beyond_m: 500}")


RAIL = ("  container_yard:\n    title", "road_access:")
ESTATE = ("  green_estate:\n    title", "hazard:")

LEARNT = """add:
  learnt:
    {use}: {{presence: {{layer: reservoirs}}, {more}basis: A test}}
"""
ALL_BUT_SLOPE = (
    "water_env",
    "settlement_buffer",
    "transport_rail_cy",
    "hazard",
    "power_grid",
    "labour_services",
    "reuse_brownfield",
    "present_use",
)

PAPER_TO_COME = '{title: {th: ก, en: a}, date: "2580-01-01", covers: [eia_change]}'
HOMES = ("\nexposure:", "  homes:")

CASES = (
    Defect(
        "a central share above the greatest",
        replaced(*HOMES, "most: 0.3", new="most: 0.05"),
        (BASELINE, *HOMES, "outlines:"),
        "exposure.homes.outlines: The central share (0.1) is greater than the greatest (0.05). "
        "Lower central, or raise most; both are shares of the people from 0 to 1.",
        "exposure.homes.outlines: ส่วนแบ่งค่ากลาง (0.1) มากกว่าส่วนแบ่งสูงสุด (0.05) "
        "ลด central หรือเพิ่ม most ทั้งสองเป็นส่วนแบ่งของประชาชนตั้งแต่ 0 ถึง 1",
    ),
    Defect(
        "shares of people that are not all",
        replaced(*HOMES, "central: 0.4", new="central: 0.3"),
        (BASELINE, "exposure:"),
        "exposure: The central shares of the estimates of where people live sum to 0.9. "
        "Make central of all homes and of evenly sum to 1.",
        "exposure: ส่วนแบ่งค่ากลางของการประมาณตำแหน่งที่อยู่อาศัยรวมกันได้ 0.9 "
        "กำหนด central ของทุกชั้นใน homes และของ evenly ให้รวมกันได้ 1",
    ),
    Defect(
        "a document that is said to exist and is of a year to come",
        child(f"change:\n  zones.pit.basis:\n    - {PAPER_TO_COME}\n"),
        (CHILD, "basis"),
        "zones.pit.basis: The document is dated 2580-01-01, but a document that exists cannot be "
        "later than 2569. Mark it as supposed: true, or give its true date.",
        "zones.pit.basis: เอกสารลงวันที่ 2580-01-01 แต่เอกสารที่มีอยู่จริงต้องไม่หลัง พ.ศ. 2569 "
        "ระบุ supposed: true หรือแก้วันที่ให้ตรงกับเอกสาร",
    ),
    Defect(
        "homes chosen by class in a layer of lines",
        replaced(
            *HOMES,
            "layer: road_lines\n      where: {class: [minor, service]}",
            new="layer: railway\n      classes: [minor]",
        ),
        (BASELINE, *HOMES, "lanes:"),
        "exposure.homes.lanes: A layer of lines cannot be read this way for homes. Name the "
        "classes of a raster that are homes; choose features of points, lines or polygons by "
        "where.",
        "exposure.homes.lanes: อ่านบ้านเรือนจากชั้นข้อมูลประเภท lines ด้วยวิธีนี้ไม่ได้ "
        "หากเป็นราสเตอร์ให้ระบุ classes ที่เป็นบ้านเรือน หากเป็นจุด เส้น หรือรูปปิดให้เลือกด้วย where",
    ),
    Defect(
        "a key given twice",
        replaced("seed: 2569", new="seed: 2569\nyear: 2570"),
        (BASELINE, "year: 2570"),
        "year: The key is given twice; first on line 11. Keep one of them.",
        "year: คีย์นี้ซ้ำกับบรรทัด 11 เก็บไว้เพียงแห่งเดียว",
    ),
    Defect(
        "a word that YAML readers take for a number or a text",
        replaced("conditional: true", new="conditional: yes"),
        (BASELINE, "conditional: yes"),
        "uses.container_yard.land.conditional: yes means different things to different readers. "
        "Put it in quotes, or write true, false or a plain number.",
        "uses.container_yard.land.conditional: yes ตีความได้หลายอย่าง "
        "ใส่เครื่องหมายอัญประกาศ หรือเขียน true false หรือตัวเลขธรรมดา",
    ),
    Defect(
        "a key with a typing error",
        replaced("spacing_m: 1000", new="spacing: 1000"),
        (BASELINE, "spacing: 1000"),
        "uses.container_yard.land.spacing: There is no key spacing here. Did you mean spacing_m?",
        "uses.container_yard.land.spacing: ไม่มีคีย์ spacing ในที่นี้ หมายถึง spacing_m ใช่หรือไม่",
    ),
    Defect(
        "a Common Era year",
        replaced("year: 2569", new="year: 2026"),
        (BASELINE, "year: 2026"),
        "year: 2026 is a Common Era year. Write the Buddhist Era year 2569.",
        "year: 2026 เป็นปีคริสต์ศักราช เขียนเป็นปีพุทธศักราช 2569",
    ),
    Defect(
        "value points in another unit than the measure",
        replaced(*RAIL, "unit: m", new="unit: km"),
        (BASELINE, *RAIL, "unit: km"),
        "uses.container_yard.criteria.road_access.value.unit: The points are in km, the measure is "
        "in m. Write the points in m.",
        "uses.container_yard.criteria.road_access.value.unit: จุดเป็นหน่วย km แต่ค่าที่วัดเป็นหน่วย m "
        "เขียนจุดเป็นหน่วย m",
    ),
    Defect(
        "a layer that is not in the catalog",
        replaced(*RAIL, "distance_to: highways", new="distance_to: highway"),
        (BASELINE, *RAIL, "distance_to: highway"),
        "uses.container_yard.criteria.road_access.measure.distance_to: The catalog has no layer "
        "highway. Did you mean highways?",
        "uses.container_yard.criteria.road_access.measure.distance_to: ไม่มีชั้นข้อมูล highway "
        "ในบัญชีชั้นข้อมูล หมายถึง highways ใช่หรือไม่",
    ),
    Defect(
        "people counted on a network that is not there",
        replaced("people_within: {network: lampang,", new="people_within: {network: lampung,"),
        (BASELINE, "people_within: {network: lampung,"),
        "uses.green_estate.criteria.labour_services.measure.people_within.network: There is no "
        "network named lampung. Did you mean lampang?",
        "uses.green_estate.criteria.labour_services.measure.people_within.network: ไม่มีโครงข่ายชื่อ "
        "lampung หมายถึง lampang ใช่หรือไม่",
    ),
    Defect(
        "amounts by a column that the table does not have",
        replaced("amounts: freight_demand, by: origin,", new="amounts: freight_demand, by: orign,"),
        (BASELINE, "amounts: freight_demand, by: orign,"),
        "uses.container_yard.criteria.freight_access.measure.potential.by: The layer has no column "
        "orign. Did you mean origin?",
        "uses.container_yard.criteria.freight_access.measure.potential.by: ชั้นข้อมูลไม่มีคอลัมน์ "
        "orign หมายถึง origin ใช่หรือไม่",
    ),
    Defect(
        "a column that the layer does not have",
        replaced("where: {part: dump}", new="where: {parts: dump}"),
        (BASELINE, "parts: dump"),
        "limits.mine_dumps.where.parts: The layer has no column parts. Did you mean part?",
        "limits.mine_dumps.where.parts: ชั้นข้อมูลไม่มีคอลัมน์ parts หมายถึง part ใช่หรือไม่",
    ),
    Defect(
        "a criterion without a weight",
        lambda copy: copy.delete_line(BASELINE, "weights:", "road_access: 0.20"),
        (BASELINE, "weights:", "container_yard:"),
        "viewpoints.starting.weights.container_yard: The criterion road_access has no weight. "
        "Add one; 0 leaves it out on purpose.",
        "viewpoints.starting.weights.container_yard: ปัจจัย road_access ไม่มีค่าถ่วงน้ำหนัก "
        "เพิ่มค่าถ่วงน้ำหนัก หากตั้งใจไม่ใช้ให้เขียน 0",
    ),
    Defect(
        "weights that are all zero",
        no_weight_at_all,
        (CHILD, "viewpoints.starting"),
        "viewpoints.starting.weights.container_yard: The weights sum to nothing. "
        "Give at least one criterion a weight above 0.",
        "viewpoints.starting.weights.container_yard: ค่าถ่วงน้ำหนักรวมกันได้ศูนย์ "
        "ให้ค่าถ่วงน้ำหนักมากกว่า 0 อย่างน้อยหนึ่งปัจจัย",
    ),
    Defect(
        "a negative weight",
        replaced("weights:", "road_access: 0.20", new="road_access: -0.20"),
        (BASELINE, "road_access: -0.20"),
        "viewpoints.starting.weights.container_yard.road_access: -0.2 is not allowed. "
        "Allowed: >= 0.",
        "viewpoints.starting.weights.container_yard.road_access: ใช้ค่า -0.2 ไม่ได้ ค่าที่ใช้ได้: >= 0",
    ),
    Defect(
        "a weight for a criterion that does not exist",
        replaced("weights:", "hazard: 0.06", new="hazard: 0.06\n        hazards: 0.1"),
        (BASELINE, "hazards: 0.1"),
        "viewpoints.starting.weights.container_yard.hazards: There is no criterion hazards. "
        "Did you mean hazard?",
        "viewpoints.starting.weights.container_yard.hazards: ไม่มีปัจจัย hazards หมายถึง hazard ใช่หรือไม่",
    ),
    Defect(
        "a land class that does not exist",
        replaced("classes: [forest]", new="classes: [forrest]"),
        (BASELINE, "classes: [forrest]"),
        "limits.mapped_forest.test.classes: The layer has no class forrest. Did you mean forest?",
        "limits.mapped_forest.test.classes: ชั้นข้อมูลไม่มีประเภท forrest หมายถึง forest ใช่หรือไม่",
    ),
    Defect(
        "two tests in one limit",
        replaced("test: {above: 15, unit", new="test: {above: 15, below: 60, unit"),
        (BASELINE, "test: {above: 15, below: 60"),
        "limits.steep_land.test: Exactly one is needed, given: above, below. "
        "Choose one of: inside, within_m, beyond_m, above, below, classes.",
        "limits.steep_land.test: ต้องระบุเพียงหนึ่งอย่าง แต่พบ: above, below "
        "เลือกหนึ่งจาก: inside, within_m, beyond_m, above, below, classes",
    ),
    Defect(
        "a threshold without its unit",
        replaced("test: {above: 15, unit: percent}", new="test: {above: 15}"),
        (BASELINE, "test: {above: 15}"),
        "limits.steep_land.test: The unit of above is missing. Add unit, such as unit: percent; it "
        "must be that of the layer.",
        "limits.steep_land.test: ไม่ระบุหน่วยของ above เพิ่ม unit เช่น unit: percent "
        "และต้องเป็นหน่วยของชั้นข้อมูล",
    ),
    Defect(
        "land removed for being far from a layer that is complete nowhere",
        removed_beyond,
        (BASELINE, "beyond_m: 500}"),
        "limits.settlement_core.test.beyond_m: settlements is complete nowhere, so being far from "
        "it proves nothing. State complete_within in the catalog, or make it a criterion.",
        "limits.settlement_core.test.beyond_m: settlements ไม่ครบถ้วนในที่ใดเลย "
        "ระยะที่ไกลจึงพิสูจน์อะไรไม่ได้ ระบุ complete_within ในบัญชีชั้นข้อมูล หรือใช้เป็นปัจจัยแทน",
    ),
    Defect(
        "value points that do not rise",
        replaced(*ESTATE, "[[500, 0], [5000, 1]]", new="[[5000, 1], [500, 0]]"),
        (BASELINE, *ESTATE, "value:"),
        "uses.green_estate.criteria.hazard.value.points: The measures of the points do not rise. "
        "Order the points by measure, none twice.",
        "uses.green_estate.criteria.hazard.value.points: ค่าที่วัดได้ของจุดไม่เรียงจากน้อยไปมาก "
        "เรียงจุดตามค่าที่วัดได้โดยไม่ซ้ำ",
    ),
    Defect(
        "a limit with neither a test nor a missing layer",
        lambda copy: copy.delete_line(BASELINE, "  repeated_flood:", "needs:"),
        (BASELINE, "  repeated_flood:"),
        "limits.repeated_flood: A limit needs either layer and test, or needs, which says what "
        "layer is missing. Give one of the two.",
        "limits.repeated_flood: ข้อจำกัดต้องมี layer กับ test หรือมี needs ซึ่งบอกชั้นข้อมูลที่ขาด "
        "ระบุอย่างใดอย่างหนึ่ง",
    ),
    Defect(
        "a grid in degrees",
        replaced('crs: "EPSG:32647"', new='crs: "EPSG:4326"'),
        (BASELINE, "grid:"),
        "grid.crs: EPSG:4326 is in degrees; areas and distances need metres. "
        "Use a projected system, at Mae Moh EPSG:32647.",
        "grid.crs: EPSG:4326 เป็นองศา แต่การหาพื้นที่และระยะทางต้องใช้เมตร "
        "ใช้ระบบพิกัดฉาก ที่แม่เมาะใช้ EPSG:32647",
    ),
    Defect(
        "scenarios that extend one another in a loop",
        loop,
        ("scenarios/other.yaml", "extends:"),
        "extends: The scenarios extend one another in a loop: child → other → child. "
        "Let one of them stand alone.",
        "extends: ฉากทัศน์อ้างถึงกันเป็นวง: child → other → child ให้ฉากทัศน์หนึ่งไม่อ้างถึงใคร",
    ),
    Defect(
        "a change of a key that the base does not have",
        child("change:\n  limits.far_from_rail.test.beyond: 3000\n"),
        (CHILD, "limits.far_from_rail"),
        "change.limits.far_from_rail.test.beyond: The base has no key "
        "limits.far_from_rail.test.beyond. Did you mean limits.far_from_rail.test.beyond_m?",
        "change.limits.far_from_rail.test.beyond: ฉากทัศน์ฐานไม่มีคีย์ "
        "limits.far_from_rail.test.beyond หมายถึง limits.far_from_rail.test.beyond_m ใช่หรือไม่",
    ),
    Defect(
        "an addition that exists already",
        child("add:\n  limits.mine_pit: {}\n"),
        (CHILD, "limits.mine_pit"),
        "add.limits.mine_pit: The base already has the key limits.mine_pit. Put it under change.",
        "add.limits.mine_pit: ฉากทัศน์ฐานมีคีย์ limits.mine_pit อยู่แล้ว ย้ายไปไว้ใต้ change",
    ),
    Defect(
        "a changed value of the wrong kind",
        child("change:\n  uses.container_yard.land.area_rai: big\n"),
        (CHILD, "uses.container_yard.land.area_rai"),
        "uses.container_yard.land.area_rai: big is not of the right form. Write it like this: 1.5.",
        "uses.container_yard.land.area_rai: รูปแบบของ big ไม่ถูกต้อง เขียนในรูป: 1.5",
    ),
    Defect(
        "least land above the wanted land",
        replaced("least_rai: 100", new="least_rai: 200"),
        (BASELINE, "container_yard:", "    land:"),
        "uses.container_yard.land: The least area of 200.0 rai is above the wanted 150.0 rai. "
        "Make least_rai the smaller one.",
        "uses.container_yard.land: พื้นที่น้อยที่สุด 200.0 ไร่ มากกว่าที่ต้องการ 150.0 ไร่ แก้ least_rai ให้น้อยกว่า",
    ),
    Defect(
        "a needed key with a typing error",
        replaced("ground: physics", new="grounds: physics"),
        (BASELINE, "grounds: physics"),
        "limits.mine_pit.grounds: There is no key grounds here. Did you mean ground?",
        "limits.mine_pit.grounds: ไม่มีคีย์ grounds ในที่นี้ หมายถึง ground ใช่หรือไม่",
    ),
    Defect(
        "features chosen by nothing",
        replaced("where: {part: dump}", new="where: {part: null}"),
        (BASELINE, "where: {part: null}"),
        "limits.mine_dumps.where.part: null is not allowed. Allowed: text, 1, 1.5, true, [ , ].",
        "limits.mine_dumps.where.part: ใช้ค่า null ไม่ได้ ค่าที่ใช้ได้: text, 1, 1.5, true, [ , ]",
    ),
    Defect(
        "an addition below a plain value",
        child("add:\n  area.layer.crs: EPSG:32647\n"),
        (CHILD, "area.layer.crs"),
        "add.area.layer.crs: The base has no key area.layer.crs. Did you mean area.layer?",
        "add.area.layer.crs: ฉากทัศน์ฐานไม่มีคีย์ area.layer.crs หมายถึง area.layer ใช่หรือไม่",
    ),
    Defect(
        "a scenario that extends nothing",
        child("", base="null"),
        (CHILD, "extends:"),
        "extends: null is not of the right form. Write it like this: text.",
        "extends: รูปแบบของ null ไม่ถูกต้อง เขียนในรูป: text",
    ),
    Defect(
        "something to learn of a use that does not exist",
        child(LEARNT.format(use="estate", more="")),
        (CHILD, "estate: {presence"),
        "learnt.estate: There is no use estate. Use one of these: green_estate, container_yard.",
        "learnt.estate: ไม่มีการใช้ประโยชน์ estate ใช้ค่าใดค่าหนึ่งต่อไปนี้: green_estate, container_yard",
    ),
    Defect(
        "a criterion not to learn from that does not exist",
        child(LEARNT.format(use="green_estate", more="leave_out: [slope], ")),
        (CHILD, "leave_out"),
        "learnt.green_estate.leave_out: There is no criterion slope. Did you mean slope_terrain?",
        "learnt.green_estate.leave_out: ไม่มีปัจจัย slope หมายถึง slope_terrain ใช่หรือไม่",
    ),
    Defect(
        "too little to learn from",
        child(LEARNT.format(use="green_estate", more=f"leave_out: [{', '.join(ALL_BUT_SLOPE)}], ")),
        (CHILD, "green_estate: {presence"),
        "learnt.green_estate: 1 of the criteria has a measure left to learn from; 2 or more are "
        "needed. Give more criteria a measure, or leave fewer out.",
        "learnt.green_estate: มีปัจจัยที่มีค่าวัดให้เรียนรู้เพียง 1 ข้อ ต้องมีอย่างน้อย 2 ข้อ "
        "เพิ่มปัจจัยที่มีค่าวัด หรือตัดออกให้น้อยลง",
    ),
    Defect(
        "places to learn from that are lines",
        child(LEARNT.format(use="green_estate", more="").replace("reservoirs", "railway")),
        (CHILD, "layer: railway"),
        "learnt.green_estate.presence.layer: The layer is of kind lines; this needs points / "
        "polygons. Name another layer or another test.",
        "learnt.green_estate.presence.layer: ชั้นข้อมูลเป็นชนิด lines แต่ต้องการ points / polygons "
        "ระบุชั้นข้อมูลอื่นหรือวิธีทดสอบอื่น",
    ),
)
