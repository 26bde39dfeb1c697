"""Tests stand where the code stands: ``app/inkread/ROOM/x.py`` has ``tests/ROOM/test_x.py``.

``tests/ROOM/test_ROOM.py`` is about a room as a whole. What is not mirrored yet is listed here; the
lists only get shorter.
"""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).parent
CODE = TESTS.parent / "app" / "inkread"

#: Test files about more than one module: what a person does, or what the whole program promises.
#: Those directly in tests/ all are.
ACROSS_MODULES = {
    "cli/learn/test_kills.py",
    "core/page/test_params.py",
    "core/page/test_stage_figures.py",
    "core/page/test_stages.py",
    "data/models/test_disasters.py",
    "data/samples/test_disasters.py",
    "ml/datasets/test_starter.py",
    "services/test_workers.py",
    "ui/canvas/test_boxes.py",
    "ui/canvas/test_eraser.py",
    "ui/controllers/test_ink_corrections.py",
    "ui/models/test_texts.py",
    "ui/test_accessibility.py",
    "ui/test_foreign_names.py",
    "ui/test_journeys.py",
    "ui/window/test_no_model.py",
    "ui/window/test_tables.py",
}
#: Room -> its modules without a test file of their own; other tests of the room go through them.
WITHOUT_OWN_TESTS: dict[str, str] = {
    "cli/common": "interrupts load_data progress_bars save_model",
    "cli/evaluate": "arguments",
    "cli/learn": "arguments",
    "cli/read": "arguments",
    "cli/samples": "arguments",
    "cli/train": "arguments from_recipe report",
    "core": "classifier encoding layout",
    "core/batch": "result_formats",
    "core/correction": "best_split",
    "core/inkml": "drawing",
    "core/page": "straight_lines",
    "data/models": "folder kept listing usage",
    "data/samples": "changes deduplicate importing rows",
    "ml/adaptation": "collect minimum rbf_graph verdict",
    "ml/architecture": "layers presets",
    "ml/datasets": "arrays load mnist",
    "ml/gradients": (
        "activations arithmetic backward builder convolution dense normalisation pooling "
        "registry shaping windows"
    ),
    "ml/graph": "surgery",
    "ml/inference": "input_layout reading_session",
    "ml/retraining": "stages",
    "ml/synthesis": "mixture",
    "ml/training": "progress step",
    "services": "reader",
    "ui/actions": "actions reading_actions",
    "ui/canvas": "cursors drawings_bar scroll",
    "ui/controllers": "folder learning models",
    "ui/folder": "status table texts",
    "ui/glyphs": "glyph_widget label_placement overlay_colours surface_look",
    "ui/learning": "offer_bar verdict verdict_text",
    "ui/models": "facts list",
    "ui/page": "page_picture page_surface picture_bar",
    "ui/result": "probability_panel reading_view",
    "ui/samples": "grid",
    "ui/teach": "setup writing",
    "ui/training": (
        "class_table confusion_view curve_plot data_sources progress setup thumbnails verdict"
    ),
    "ui/widgets": ("busy_indicator confirm notice_bar report_dialog versions"),
    "ui/window": (
        "about_dialog correction_commands file_commands file_dialogs menus preferences_dialog "
        "status_bar workspace"
    ),
}


def modules() -> set[str]:
    """Every module but `__init__`, which a room's own test stands for."""
    return {
        path.relative_to(CODE).as_posix()
        for path in CODE.rglob("*.py")
        if path.name not in {"__init__.py", "__main__.py"}
    }


def all_test_files() -> set[str]:
    return {path.relative_to(TESTS).as_posix() for path in TESTS.rglob("test_*.py")}


def mirrored(module: str) -> str:
    path = Path(module)
    return (path.parent / f"test_{path.name}").as_posix()


def listed() -> list[str]:
    return [
        f"{room}/{name}.py" for room, names in WITHOUT_OWN_TESTS.items() for name in names.split()
    ]


def test_every_module_has_a_test_file_or_is_listed() -> None:
    without = {module for module in modules() if mirrored(module) not in all_test_files()}
    assert sorted(without) == sorted(listed())


def test_every_test_file_has_its_module() -> None:
    own = {mirrored(module) for module in modules()}
    rooms = {path.relative_to(CODE) for path in CODE.rglob("*") if path.is_dir()}
    own |= {(room / f"test_{room.name}.py").as_posix() for room in rooms}
    odd = {name for name in all_test_files() if "/" in name} - own
    assert odd == ACROSS_MODULES
