"""Defects that show only between features: gaps, overlaps, breaks, loose ends, strange codes."""

from tests.defects.planting import Defect
from tests.defects.spoiling import (
    at,
    change,
    cut_corner,
    far_road,
    nothing_known,
    one_strange_cell,
    repaint,
    road,
    set_property,
    set_shape,
    without_feature,
)

CASES = (
    Defect(
        "a gap between two districts",
        cut_corner(2, outward=False),
        at("districts"),
        "districts: Gaps between the areas: 1; the largest is 15.39 rai, at 18.33966,99.65142. "
        "Close it; shared borders must have the same corners.",
        "districts: มีช่องว่างระหว่างพื้นที่ 1 แห่ง มากที่สุด 15.39 ไร่ ที่ 18.33966,99.65142 "
        "ปิดช่องว่าง แนวเขตร่วมต้องใช้จุดเดียวกัน",
        layers=("districts",),
    ),
    Defect(
        "land that two districts claim",
        cut_corner(2, outward=True),
        at("districts"),
        "districts: Overlapping pairs of areas: 1; the largest overlap is 7.17 rai, of เมืองลำปาง / "
        "Mueang Lampang and แม่เมาะ / Mae Mo, at 18.34086,99.65577. Give the land to one of them; "
        "shared borders must have the same corners.",
        "districts: มีพื้นที่ซ้อนทับกัน 1 คู่ มากที่สุด 7.17 ไร่ ระหว่าง เมืองลำปาง / Mueang Lampang กับ "
        "แม่เมาะ / Mae Mo ที่ 18.34086,99.65577 ให้ที่ดินอยู่ในเขตเดียว แนวเขตร่วมต้องใช้จุดเดียวกัน",
        layers=("districts",),
    ),
    Defect(
        "a subdistrict left out",
        without_feature("subdistricts", code=520202),
        at("subdistricts"),
        "subdistricts: The subdistricts of แม่เมาะ / Mae Mo and the district differ by 100,947 rai, "
        "at 18.36535,99.83296. Take both from one edition of the boundaries.",
        "subdistricts: ตำบลรวมกันของ แม่เมาะ / Mae Mo ต่างจากเขตอำเภอ 100,947 ไร่ ที่ "
        "18.36535,99.83296 ใช้แนวเขตชุดเดียวกันทั้งสองชั้น",
        layers=("districts", "subdistricts"),
    ),
    Defect(
        "a subdistrict of no district",
        set_property("subdistricts", 1, district_code=5299),
        at("subdistricts", "    columns:", "      district_code:"),
        "subdistricts: 1 of 100 subdistricts belong to no district of the catalog (5299), the "
        "first is feature 1. Correct district_code, or add the district.",
        "subdistricts: 1 จาก 100 ตำบลไม่อยู่ในอำเภอใดของบัญชี (5299) วัตถุแรกคือวัตถุที่ 1 "
        "แก้ district_code หรือเพิ่มอำเภอ",
        layers=("districts", "subdistricts"),
    ),
    Defect(
        "a railway section left out",
        without_feature("railway", from_station="Mae Mo"),
        at("railway"),
        "railway: The line falls into 2 pieces; the first break is 5,273 m wide, at "
        "18.26143,99.70701. Join the sections end to end.",
        "railway: ทางรถไฟขาดเป็น 2 ส่วน จุดแรกขาด 5,273 เมตร ที่ 18.26143,99.70701 ต่อช่วงทางให้ปลายตรงกัน",
        layers=("railway",),
    ),
    Defect(
        "a station off the line",
        set_shape("stations", 10, {"type": "Point", "coordinates": [99.70704, 18.2714]}),
        at("stations"),
        "stations: แม่เมาะ / Mae Mo stands 788 m from the line, more than 100 m. "
        "Check its position; the line is the surer of the two.",
        "stations: แม่เมาะ / Mae Mo อยู่ห่างทางรถไฟ 788 เมตร เกิน 100 เมตร "
        "ตรวจสอบตำแหน่งสถานี แนวทางรถไฟเชื่อถือได้มากกว่า",
        layers=("railway", "stations"),
    ),
    Defect(
        "a road that nothing leads to",
        change("roads", far_road),
        at("roads"),
        "roads: The network falls into 2 pieces; 1 of 148 edges (1.1 km) cannot be reached from "
        "the rest, the first is edge 148, at 18.95000,99.60000. "
        "Join them to the network, or take them out.",
        "roads: โครงข่ายขาดเป็น 2 ส่วน 1 จาก 148 เส้น (1.1 กิโลเมตร) เข้าถึงจากส่วนใหญ่ไม่ได้ "
        "เส้นแรกคือเส้นที่ 148 ที่ 18.95000,99.60000 เชื่อมเข้ากับโครงข่ายหรือลบออก",
        severity="warns",
        layers=("roads",),
    ),
    Defect(
        "a road that names a node far from its end",
        set_property("roads", 5, from_node=17),
        at("roads", "    columns:", "      from_node:"),
        "roads: Nodes at which lines that name them end more than 2 m apart: "
        "1 (17). Correct from_node and to_node, or the lines.",
        "roads: มี 1 จุดเชื่อมที่เส้นซึ่งระบุจุดเดียวกันมีปลายห่างกันเกิน 2 เมตร (17) "
        "แก้ไข from_node และ to_node หรือแก้แนวเส้น",
        layers=("roads",),
    ),
    Defect(
        "roads that cross without a node",
        road(300),
        at("roads"),
        "roads: Pairs of edges that meet without a node: 1; the first are edges 16 and 148, at "
        "18.43880,99.06906. Cut both there if one can turn; leave them if it is a bridge.",
        "roads: มีเส้นทาง 1 คู่ที่พบกันโดยไม่มีจุดเชื่อม คู่แรกคือเส้นที่ 16 และ 148 ที่ "
        "18.43880,99.06906 ตัดเส้นทั้งสองที่จุดนั้นหากเลี้ยวได้ หากเป็นสะพานไม่ต้องแก้",
        severity="warns",
        layers=("roads",),
    ),
    Defect(
        "a road that stops just short of another",
        road(-30),
        at("roads"),
        "roads: 1 of 148 edges end within 50 m of another without meeting it, the first is edge "
        "148, at 18.43175,98.86800. Join the end to the road beside it.",
        "roads: 1 จาก 148 เส้นมีปลายห่างเส้นอื่นไม่เกิน 50 เมตรแต่ไม่บรรจบ เส้นแรกคือเส้นที่ 148 ที่ "
        "18.43175,98.86800 ต่อปลายเข้ากับถนนข้างเคียง",
        severity="warns",
        layers=("roads",),
    ),
    Defect(
        "a class code that no table explains",
        repaint("land_use", one_strange_cell),
        at("land_use", "    classes:"),
        "land_use: Cells that hold 77, which the class table does not: 1. Describe the class, or "
        "correct the cells; known: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11.",
        "land_use: มี 1 ช่องเป็นรหัส 77 ซึ่งไม่มีในตารางประเภท เพิ่มประเภท หรือแก้ค่าในช่อง รหัสที่มี: "
        "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11",
        layers=("land_use",),
    ),
    Defect(
        "a raster that cannot say unknown",
        repaint("slope", lambda cells: None, nodata=None),
        at("slope"),
        "slope: The raster has no value for unknown cells, so every cell counts as known. "
        "Set a nodata value, or confirm that nothing is missing.",
        "slope: ราสเตอร์ไม่กำหนดค่าไม่มีข้อมูล ทุกช่องจึงถือว่าทราบค่า กำหนดค่า nodata หรือยืนยันว่าไม่มีช่องใดขาดข้อมูล",
        severity="warns",
        layers=("slope",),
    ),
    Defect(
        "a raster without a known cell",
        repaint("slope", nothing_known(255)),
        at("slope"),
        "slope: The raster has no known cell. Restore the file, or check its nodata value.",
        "slope: ราสเตอร์ไม่มีช่องที่ทราบค่า กู้คืนไฟล์ หรือตรวจสอบค่า nodata",
        layers=("slope",),
    ),
    Defect(
        "a raster in another zone than the catalog says",
        repaint("slope", lambda cells: None, crs="EPSG:32648"),
        at("slope", "    crs:"),
        "slope: The file has EPSG:32648, the catalog says EPSG:32647. Find out which is right "
        "and correct the other; a wrong one moves every feature.",
        "slope: ไฟล์เป็น EPSG:32648 แต่บัญชีระบุ EPSG:32647 ตรวจสอบว่าค่าใดถูกแล้วแก้อีกค่าหนึ่ง "
        "ระบบพิกัดที่ผิดทำให้ทุกวัตถุเลื่อนที่",
        layers=("slope",),
    ),
)
