"""Defects of the catalog, found before any scenario runs."""

from tests.defects.planting import CATALOG, Defect


def without(id: str, key: str):
    return lambda copy: copy.delete_line(CATALOG, f"\n  {id}:\n", f"    {key}:")


def replaced(id: str, old: str, new: str):
    return lambda copy: copy.replace(CATALOG, f"\n  {id}:\n", old, new=new)


def at(id: str, key: str) -> tuple[str, ...]:
    return (CATALOG, f"\n  {id}:\n", f"    {key}:")


def itself(id: str) -> tuple[str, ...]:
    return (CATALOG, f"  {id}:\n")


def _missing(id: str, key: str, what: str) -> Defect:
    return Defect(
        f"a layer without {what}",
        without(id, key),
        itself(id),
        f"layers.{id}.{key}: The key is missing. Add it.",
        f"layers.{id}.{key}: ไม่มีคีย์นี้ เพิ่มคีย์",
    )


CASES = (
    _missing("settlements", "complete_within", "a word on where it is complete"),
    _missing("facilities", "licence", "licence"),
    _missing("faults", "as_of", "date"),
    _missing("mine", "sha256", "checksum"),
    Defect(
        "a file outside the project",
        replaced("settlements", "settlements.geojson", "../../settlements.geojson"),
        at("settlements", "path"),
        "layers.settlements.path: ../../settlements.geojson leads out of the project folder. "
        "Put the file inside the folder and give a relative path.",
        "layers.settlements.path: ../../settlements.geojson ชี้ออกนอกโฟลเดอร์ของโครงการ "
        "นำไฟล์ไว้ในโฟลเดอร์และระบุที่อยู่แบบสัมพัทธ์",
    ),
    Defect(
        "Indian 1975 without the way to WGS 84",
        replaced("settlements", "EPSG:4326", "EPSG:24047"),
        itself("settlements"),
        "layers.settlements.datum_operation: EPSG:24047 is not on WGS 84, and the way from its "
        "datum is not named: Indian 1975 (EPSG:1812, EPSG:1304, EPSG:1537). Add datum_operation, "
        "one of those in brackets (for Indian 1975 the 62-station parameters EPSG:1304), and test "
        "it on a control point. Where none is shown, write the CRS by its EPSG code or save the "
        "file in WGS 84.",
        "layers.settlements.datum_operation: EPSG:24047 ไม่ได้อยู่บน WGS 84 "
        "และไม่ระบุวิธีแปลงจากพื้นหลักฐานของตน: Indian 1975 (EPSG:1812, EPSG:1304, EPSG:1537) "
        "เพิ่ม datum_operation จากรายการในวงเล็บ (Indian 1975 ใช้ค่าพารามิเตอร์ 62 สถานี EPSG:1304) "
        "และทดสอบกับหมุดหลักฐาน หากไม่มีรายการให้เลือก ให้ระบุระบบพิกัดด้วยรหัส EPSG "
        "หรือบันทึกไฟล์เป็น WGS 84",
    ),
    Defect(
        "a layer without CRS",
        without("faults", "crs"),
        itself("faults"),
        "layers.faults.crs: The layer states no coordinate reference system. "
        "Ask who made it; never guess.",
        "layers.faults.crs: ไม่ระบุระบบพิกัดของชั้นข้อมูล สอบถามผู้จัดทำ ห้ามคาดเดา",
    ),
    Defect(
        "a date of the Common Era",
        replaced("mine", '"2569-11-21"', '"2026-11-21"'),
        at("mine", "retrieved"),
        "layers.mine.retrieved: 2026-11-21 is a Common Era year. Write the Buddhist Era year 2569.",
        "layers.mine.retrieved: 2026-11-21 เป็นปีคริสต์ศักราช เขียนเป็นปีพุทธศักราช 2569",
    ),
    Defect(
        "an unknown grade of confidence",
        replaced("mine", "confidence: L", "confidence: low"),
        at("mine", "confidence"),
        "layers.mine.confidence: low is not allowed. Allowed: H, M, L, ASSUMPTION.",
        "layers.mine.confidence: ใช้ค่า low ไม่ได้ ค่าที่ใช้ได้: H, M, L, ASSUMPTION",
    ),
    Defect(
        "class codes that would be averaged",
        replaced("land_use", "resampling: nearest", "resampling: bilinear"),
        at("land_use", "resampling"),
        "layers.land_use.resampling: Class codes cannot be averaged (bilinear). "
        "Write resampling: nearest.",
        "layers.land_use.resampling: รหัสจำแนกนำมาเฉลี่ยไม่ได้ (bilinear) เขียน resampling: nearest",
    ),
    Defect(
        "a completeness that is no place",
        replaced("settlements", "complete_within: none", "complete_within: everywhere"),
        at("settlements", "complete_within"),
        "layers.settlements.complete_within: everywhere is not allowed. "
        "Allowed: none, extent, {layer: …}.",
        "layers.settlements.complete_within: ใช้ค่า everywhere ไม่ได้ "
        "ค่าที่ใช้ได้: none, extent, {layer: …}",
    ),
    Defect(
        "a key mistyped below completeness",
        replaced("settlements", "complete_within: none", "complete_within: {layr: districts}"),
        at("settlements", "complete_within"),
        "layers.settlements.complete_within.layr: There is no key layr here. Did you mean layer?",
        "layers.settlements.complete_within.layr: ไม่มีคีย์ layr ในที่นี้ หมายถึง layer ใช่หรือไม่",
    ),
)
