"""Defects of layer files, found by the audit of each layer by itself."""

from tests.defects.planting import CATALOG, Defect
from tests.defects.spoiling import (
    at,
    change,
    copied,
    set_property,
    set_shape,
    spoil,
    swap_axes,
    without_property,
)

RIVERS = "drainage"

BOW_TIE = {
    "type": "Polygon",
    "coordinates": [
        [[99.70, 18.30], [99.72, 18.32], [99.72, 18.30], [99.70, 18.32], [99.70, 18.30]]
    ],
}
IN_1975 = {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::24047"}}}
# The four villages in metres of EPSG:24047, to 10 m.
VILLAGES_1975 = ([579620, 2033900], [579920, 2037080], [582010, 2059530], [577140, 2022350])


def in_1975(features: list[dict]) -> None:
    for feature, xy in zip(features, VILLAGES_1975, strict=True):
        feature["geometry"]["coordinates"] = xy


CASES = (
    Defect(
        "longitude and latitude swapped",
        change("settlements", swap_axes),
        at("settlements"),
        "settlements: Longitude and latitude are swapped in 4 of 4 features, the first is feature "
        "1. Swap them in the file.",
        "settlements: ลองจิจูดและละติจูดสลับกัน 4 จาก 4 วัตถุ วัตถุแรกคือวัตถุที่ 1 สลับพิกัดในไฟล์ให้ถูกต้อง",
        layers=("settlements",),
    ),
    Defect(
        "longitude and latitude swapped in one feature",
        change("settlements", lambda features: swap_axes(features[2:3])),
        at("settlements"),
        "settlements: Longitude and latitude are swapped in 1 of 4 features, the first is feature "
        "3. Swap them in the file.",
        "settlements: ลองจิจูดและละติจูดสลับกัน 1 จาก 4 วัตถุ วัตถุแรกคือวัตถุที่ 3 สลับพิกัดในไฟล์ให้ถูกต้อง",
        layers=("settlements",),
    ),
    Defect(
        "a file in another CRS than the catalog says",
        change("settlements", in_1975, **IN_1975),
        at("settlements", "    crs:"),
        "settlements: The file has EPSG:24047, the catalog says EPSG:4326. Find out which is right "
        "and correct the other; a wrong one moves every feature.",
        "settlements: ไฟล์เป็น EPSG:24047 แต่บัญชีระบุ EPSG:4326 ตรวจสอบว่าค่าใดถูกแล้วแก้อีกค่าหนึ่ง "
        "ระบบพิกัดที่ผิดทำให้ทุกวัตถุเลื่อนที่",
        layers=("settlements",),
    ),
    Defect(
        "a feature at zero north, zero east",
        set_shape("settlements", 2, {"type": "Point", "coordinates": [0, 0]}),
        at("settlements"),
        "settlements: 1 of 4 features lie nowhere near Thailand, the first is feature 2 at "
        "0.00000,0.00000. Check the CRS and the coordinates.",
        "settlements: 1 จาก 4 วัตถุอยู่ไกลจากประเทศไทย วัตถุแรกคือวัตถุที่ 2 ที่ 0.00000,0.00000 "
        "ตรวจสอบระบบพิกัดและพิกัด",
        layers=("settlements",),
    ),
    Defect(
        "a line far from the province",
        set_shape(RIVERS, 1, {"type": "LineString", "coordinates": [[99.8, 15.1], [99.8, 15.2]]}),
        at(RIVERS),
        "drainage: 1 of 43 features lie more than 120 km from Lampang, the first is feature 1 at "
        "15.10000,99.80000. Check the coordinates; leave them if they are meant to be there.",
        "drainage: 1 จาก 43 วัตถุอยู่ห่างจังหวัดลำปางเกิน 120 กิโลเมตร วัตถุแรกคือวัตถุที่ 1 ที่ "
        "15.10000,99.80000 ตรวจสอบพิกัด หากตั้งใจให้อยู่ที่นั่นไม่ต้องแก้",
        severity="warns",
        layers=(RIVERS,),
    ),
    Defect(
        "a polygon that crosses itself",
        set_shape("mine", 2, BOW_TIE),
        at("mine"),
        "mine: 1 of 5 features are invalid; feature 2: Self-intersection, 18.31000,99.71000. "
        "Mend it in QGIS with Fix geometries.",
        "mine: 1 จาก 5 วัตถุมีรูปทรงไม่ถูกต้อง วัตถุที่ 2: Self-intersection, 18.31000,99.71000 "
        "แก้ไขใน QGIS ด้วยคำสั่ง Fix geometries",
        layers=("mine",),
    ),
    Defect(
        "a feature without geometry",
        set_shape("mine", 3, None),
        at("mine"),
        "mine: 1 of 5 features have no geometry, the first is feature 3. "
        "Draw them or delete the rows.",
        "mine: 1 จาก 5 วัตถุไม่มีรูปทรง วัตถุแรกคือวัตถุที่ 3 วาดรูปทรงหรือลบแถว",
        layers=("mine",),
    ),
    Defect(
        "a point among lines",
        set_shape(RIVERS, 5, {"type": "Point", "coordinates": [99.8, 18.2]}),
        at(RIVERS, "    kind:"),
        "drainage: 1 of 43 features are Point, the catalog says lines; the first is feature 5. "
        "Correct the kind, or keep the features in a layer of their own.",
        "drainage: 1 จาก 43 วัตถุเป็น Point แต่บัญชีระบุ lines วัตถุแรกคือวัตถุที่ 5 "
        "แก้ kind หรือแยกวัตถุเป็นอีกชั้นข้อมูล",
        layers=(RIVERS,),
    ),
    Defect(
        "a feature given twice",
        change(RIVERS, copied(7)),
        at(RIVERS),
        "drainage: 1 of 44 features repeat an earlier one in shape and attributes, the first is "
        "feature 44; each counts once. Delete the copies.",
        "drainage: 1 จาก 44 วัตถุซ้ำกับวัตถุก่อนหน้าทั้งรูปทรงและข้อมูล วัตถุแรกคือวัตถุที่ 44 "
        "ระบบนับเพียงครั้งเดียว ลบวัตถุที่ซ้ำ",
        severity="warns",
        layers=(RIVERS,),
    ),
    Defect(
        "a layer without features",
        change("faults", list.clear),
        at("faults", "    path:"),
        "faults: The file faults.geojson holds no features or rows. "
        "Restore it, or take the layer out of the catalog.",
        "faults: ไฟล์ faults.geojson ไม่มีวัตถุหรือแถวข้อมูล กู้คืนไฟล์ หรือลบชั้นข้อมูลออกจากบัญชี",
        layers=("faults",),
    ),
    Defect(
        "a file that was changed after it was described",
        lambda copy: copy.replace(
            CATALOG, copy.line_with("settlements", "sha256"), new=f'    sha256: "{"a" * 64}"'
        ),
        at("settlements", "    sha256:"),
        "settlements: The file is not the one the catalog describes: checksum {checksum}…, "
        "expected aaaaaaaaaaaa…. Restore the file, or describe the new one in the catalog.",
        "settlements: ไฟล์ไม่ตรงกับบัญชีชั้นข้อมูล: ค่าตรวจสอบ {checksum}… ควรเป็น aaaaaaaaaaaa… "
        "กู้คืนไฟล์ หรือปรับบัญชีชั้นข้อมูลให้ตรงกับไฟล์ใหม่",
        layers=("settlements",),
    ),
    Defect(
        "a file that is not there",
        lambda copy: copy.path_of("settlements").unlink(),
        at("settlements", "    path:"),
        "settlements: The file settlements.geojson is not there. Restore it; the bundled layers "
        "come with the project.",
        "settlements: ไม่พบไฟล์ settlements.geojson กู้คืนไฟล์ ชั้นข้อมูลที่ให้มามีอยู่ในชุดไฟล์ของโครงการ",
        layers=("settlements",),
    ),
    Defect(
        "a file that is half copied",
        spoil("settlements", '{"type": "FeatureColl'),
        at("settlements", "    path:"),
        "settlements: The file settlements.geojson cannot be read as points. "
        "Restore it; a file that is half copied or renamed reads like this.",
        "settlements: อ่านไฟล์ settlements.geojson เป็น points ไม่ได้ "
        "กู้คืนไฟล์ ไฟล์ที่คัดลอกไม่ครบหรือเปลี่ยนชื่อมักเป็นเช่นนี้",
        layers=("settlements",),
    ),
    Defect(
        "a file that nobody described",
        lambda copy: (copy.layers / "villages.geojson").write_text("{}"),
        ("layers/villages.geojson",),
        "The catalog does not describe this file, so nobody knows its source and licence. "
        "Describe it in layers/catalog.yaml, or move it elsewhere.",
        "บัญชีไม่ได้อธิบายไฟล์นี้ จึงไม่ทราบที่มาและสัญญาอนุญาต อธิบายไว้ใน layers/catalog.yaml หรือย้ายไปที่อื่น",
        severity="warns",
        layers=("settlements",),
    ),
    Defect(
        "a licence that is not stated",
        lambda copy: copy.delete_line(CATALOG, "\n  settlements:\n", "    licence:"),
        at("settlements"),
        "layers.settlements.licence: The key is missing. Add it.",
        "layers.settlements.licence: ไม่มีคีย์นี้ เพิ่มคีย์",
        layers=("settlements",),
    ),
    Defect(
        "a licence without a standard name",
        lambda copy: copy.replace(
            CATALOG, "\n  mine:\n", "    licence: CC0-1.0", new="    licence: free to use"
        ),
        at("mine", "    licence:"),
        "layers.mine.licence: The licence free to use has no standard name. "
        "Use the SPDX name, such as ODbL-1.0, if there is one.",
        "layers.mine.licence: สัญญาอนุญาต free to use ไม่ใช่ชื่อมาตรฐาน ใช้ชื่อ SPDX เช่น ODbL-1.0 หากมี",
        severity="warns",
        layers=("mine",),
    ),
    Defect(
        "a column that the file lacks",
        without_property("settlements", "moo"),
        at("settlements", "    columns:", "      moo:"),
        "settlements: The catalog describes the column moo, but the file has none of that name. "
        "Use one of these: name_th, name_en, subdistrict_name_th, district_name_th, uncertainty_m, "
        "confidence.",
        "settlements: บัญชีระบุคอลัมน์ moo แต่ไฟล์ไม่มีคอลัมน์ชื่อนี้ ใช้ค่าใดค่าหนึ่งต่อไปนี้: name_th, "
        "name_en, subdistrict_name_th, district_name_th, uncertainty_m, confidence",
        layers=("settlements",),
    ),
    Defect(
        "a column that the catalog lacks",
        set_property("settlements", 1, headman="x"),
        at("settlements", "    columns:"),
        "settlements: The file has the column headman, which the catalog does not describe. "
        "Describe it under columns, or take it out of the file.",
        "settlements: ไฟล์มีคอลัมน์ headman ซึ่งบัญชีไม่ได้อธิบาย เพิ่มคำอธิบายใต้ columns หรือลบออกจากไฟล์",
        severity="warns",
        layers=("settlements",),
    ),
    Defect(
        "a Common Era year in a column of Buddhist Era years",
        set_property("mine", 4, year_be=2000),
        at("mine", "    columns:", "      year_be:"),
        "mine: The column year_be holds 2000, not years B.E., in 1 of 5 rows, the first is row 4. "
        "Write Buddhist Era years between 2400 and 2700.",
        "mine: คอลัมน์ year_be มีค่า 2000 ซึ่งไม่ใช่ปี พ.ศ. ใน 1 จาก 5 แถว แถวแรกคือแถวที่ 4 "
        "เขียนเป็นปีพุทธศักราชระหว่าง 2400 ถึง 2700",
        layers=("mine",),
    ),
    Defect(
        "a grade of confidence that does not exist",
        set_property("settlements", 4, confidence="low"),
        at("settlements", "    columns:", "      confidence:"),
        "settlements: The column confidence holds low in 1 of 4 rows, the first is row 4. "
        "Allowed: H, M, L, ASSUMPTION.",
        "settlements: คอลัมน์ confidence มีค่า low ใน 1 จาก 4 แถว แถวแรกคือแถวที่ 4 "
        "ค่าที่ใช้ได้: H, M, L, ASSUMPTION",
        severity="warns",
        layers=("settlements",),
    ),
    Defect(
        "a village without a name",
        set_property("settlements", 2, name_th=" "),
        at("settlements", "    columns:", "      name_th:"),
        "settlements: 1 of 4 features have no name_th, the first is feature 2. "
        "Name them, or say in the caution that they have no name.",
        "settlements: 1 จาก 4 วัตถุไม่มี name_th วัตถุแรกคือวัตถุที่ 2 ตั้งชื่อ หรือระบุในข้อควรระวังว่าไม่มีชื่อ",
        severity="warns",
        layers=("settlements",),
    ),
    Defect(
        "a village named twice",
        set_property("settlements", 2, name_th="บ้านดง", moo=2),
        at("settlements", "    columns:", "      name_th:"),
        "settlements: The name บ้านดง stands 2 times: features 1, 2. Delete the copy, or "
        "add what tells them apart, such as the subdistrict.",
        "settlements: ชื่อ บ้านดง ซ้ำกัน 2 ครั้ง: วัตถุที่ 1, 2 ลบวัตถุที่ซ้ำ หรือเพิ่มข้อมูลที่แยกกันได้ เช่น ตำบล",
        severity="warns",
        layers=("settlements",),
    ),
    Defect(
        "two seats of one code",
        set_property("district_seats", 3, code=5202),
        at("district_seats", "    columns:", "      code:"),
        "district_seats: The code 5202 stands more than once: features 2, 3. "
        "Give each feature its own code.",
        "district_seats: รหัส 5202 ซ้ำกัน: วัตถุที่ 2, 3 กำหนดรหัสของแต่ละวัตถุไม่ให้ซ้ำ",
        layers=("district_seats",),
    ),
)
