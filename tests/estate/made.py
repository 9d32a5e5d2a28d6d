"""A small estate whose figures one can work out by hand."""

from maemoh_gis.scenario.settings.estate import Estate


def rate(low, central=None, high=None):
    central = low if central is None else central
    return {"low": low, "central": central, "high": central if high is None else high,
            "confidence": "ASSUMPTION", "basis": "A test"}  # fmt: skip


def words(text):
    return {"th": text, "en": text}


def step(pairs, **more):
    return {"title": words("a step"), "needs": words("land"), "pairs_a_week": pairs, **more}


def industry(**changed):
    told = {
        "title": words("mixed"), "share": 1.0, "basis": "A test",
        "factories_per_100_rai": rate(5), "jobs_per_rai": rate(10),
        "water_m3_per_rai_day": rate(4), "mw_per_rai": rate(0.05), "teu_per_rai": rate(2, 10, 50),
        "share_in": 0.25, "boxes": {"heavy_20": 0.5, "box_40": 0.5},
    }  # fmt: skip
    return told | changed


def estate_made(**changed):
    """1,000 rai of which 600 are sold, 100 rai a year from 2580 on."""
    told = {
        "title": words("estate"), "basis": "A test", "rai": 1000,
        "place": {"title": words("here"), "lon": 99.65, "lat": 18.275},
        "sold_share": rate(0.6), "first_year": 2580, "take_up_rai": rate(50, 100, 200),
        "water_days": 300, "industries": {"mixed": industry()},
        "trains": {"teu_a_train": rate(40, 50, 60), "weeks": 50, "filled": 0.5},
        "steps": {
            "lorries": step(0),
            "reserve": step(0, on_prospect=True),
            "loading": step(1),
            "yard": step(2, years=2),
        },
    }  # fmt: skip
    return Estate.model_validate(told | changed)
