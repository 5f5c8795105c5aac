"""Tables as people write them: titles, encodings, separators, decimals, times; what is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from joulestack.errors import CaseError
from joulestack.tables.layout import Choice
from joulestack.tables.reading import Table, read
from joulestack.tables.titles import KNOWN

WANTED = {name: KNOWN[name] for name in ("time", "current", "voltage", "temperature", "pressure")}


def table(folder: Path, text: str | bytes, *needed: str, **more: object) -> Table:
    path = folder / "a.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(path, WANTED, needed or ("time", "current"), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("titles", "scale"),
    [
        (("Time [s]", "Current [A]"), 1.0),
        (("time (s)", "I (mA)"), 1e-3),
        (("t/s", "<I>/mA"), 1e-3),
        (("time_s", "Current_mA"), 1e-3),
        (("time/s", "I / mA"), 1e-3),
        (("Test Time(s)", "Current(A)"), 1.0),
        (("test_time_second", "current_ampere"), 1.0),
        (("Test (Sec)", "Amps"), 1.0),
        (("Total Time (Seconds)", "Current (mA)"), 1e-3),
        (("Elapsed time s", "Current µA"), 1e-6),
        (("TIME (S)", "CURRENT (A)"), 1.0),
        (("Time, s", "Current, mA"), 1e-3),
        (("# time [s]", "current [kA]"), 1e3),
        (('"Time (s)"', '"Current {mA}"'), 1e-3),
        (("Zeit in s", "Strom in A"), 1.0),
        (("time", "current"), 1.0),
    ],
)
@pytest.mark.parametrize("mark", ["\t", ";", ","])
def test_titles(tmp_path: Path, titles: tuple[str, str], scale: float, mark: str) -> None:
    if mark == ",":  # which would part the titles
        titles = (titles[0].replace(",", ""), titles[1].replace(",", ""))
    text = f"{mark.join(titles)}\n0{mark}1.5\n10{mark}-2.5\n"
    found = table(tmp_path, text)
    assert found.values["time"] == pytest.approx([0, 10])
    assert found.values["current"] == pytest.approx([1.5 * scale, -2.5 * scale])


@pytest.mark.parametrize(
    ("title", "kelvin"),
    [
        ("Temp (°C)", 298.15), ("Temperature (C)", 298.15), ("T/degC", 298.15), ("T [K]", 25.0),
        ("Cell_Temperature_C", 298.15), ("temperature_t1_celsius", 298.15), ("T1(?)", 298.15),
    ],
)  # fmt: skip
def test_temperatures(tmp_path: Path, title: str, kelvin: float) -> None:
    found = table(tmp_path, f"t/s,{title}\n0,25\n1,25\n", "time", "temperature")
    assert found.values["temperature"] == pytest.approx([kelvin] * 2)


def test_t_is_a_time_and_big_t_a_temperature(tmp_path: Path) -> None:
    found = table(tmp_path, "t,T [degC],I\n0,25,1\n60,26,2\n", "time", "temperature", "current")
    assert found.values["time"] == pytest.approx([0, 60])
    assert found.values["temperature"] == pytest.approx([298.15, 299.15])


def test_the_same_letter_by_its_unit(tmp_path: Path) -> None:
    found = table(tmp_path, "t/s,p [W],p [MPa]\n0,1,2\n1,1,3\n", "time", "pressure")
    assert found.values["pressure"] == pytest.approx([2e6, 3e6])


@pytest.mark.parametrize(
    "encode",
    [
        "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252",
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings(tmp_path: Path, encode: str, end: str) -> None:
    text = end.join(("t/s;I/µA;T/°C", "0;1,5;25", "1;2,5;26", ""))
    found = table(tmp_path, text.encode(encode), "time", "current", "temperature")
    assert found.values["current"] == pytest.approx([1.5e-6, 2.5e-6])
    assert found.values["temperature"] == pytest.approx([298.15, 299.15])


@pytest.mark.parametrize(
    ("times", "seconds"),
    [
        (("00:00:00", "00:01:30", "101:00:00.5"), (0, 90, 363600.5)),
        (("0d 00:00:0", "1d 02:03:04", "2d 00:00:00"), (0, 93784, 172800)),
        (("0 days 00:00:00", "1 days 02:03:04.25", "1 days 02:03:05"), (0, 93784.25, 93785)),
        (("2024-03-01 10:00:00", "2024-03-01T10:00:01.5", "2024-03-02 10:00:00"), (0, 1.5, 86400)),
        (("12/30/2024 11:59:59 PM", "12/31/2024 12:00:01 AM", "12/31/2024 1:00:01 AM"),
         (0, 2, 3602)),
        (("31.12.2024 23:59:59", "01.01.2025 00:00:00", "01.01.2025 00:00:10"), (0, 1, 11)),
        (("05/06/2024 10:00:00", "05/06/2024 10:00:05", "05/06/2024 10:01:00"), (0, 5, 60)),
    ],
)  # fmt: skip
def test_times(tmp_path: Path, times: tuple[str, ...], seconds: tuple[float, ...]) -> None:
    text = "Time\tCurrent [A]\n" + "".join(f"{t}\t1\n" for t in times)
    assert table(tmp_path, text).values["time"] == pytest.approx(seconds)


def test_dates_with_two_meanings_are_refused(tmp_path: Path) -> None:
    """From the 5th to the 6th of a month, or from May to June."""
    text = "date,current\n05/05/2024 10:00:00,1\n06/05/2024 10:00:00,1\n"
    with pytest.raises(CaseError, match="day or the month first"):
        table(tmp_path, text)


def test_a_year_is_no_date_and_minutes_beside_dates(tmp_path: Path) -> None:
    assert table(tmp_path, "time,current\n2020,1\n2021,1\n").values["time"] == pytest.approx(
        [2020, 2021]
    )
    text = "TestTime\tI [A]\tDPT Time\n0\t1\t5/11/2021 3:40:24 PM\n30\t1\t5/11/2021 4:10:24 PM\n"
    found = table(tmp_path, text)
    assert found.values["time"] == pytest.approx([0, 1800])
    assert any("taken in min" in note for note in found.notes)


def test_the_time_of_a_step_gives_way_to_that_of_the_test(tmp_path: Path) -> None:
    text = "Time,Total Time,Current(A)\n0:00:00,0:00:00,1\n0:00:09,0:00:09,1\n0:00:00,0:00:09,2\n"
    assert table(tmp_path, text).values["time"] == pytest.approx([0, 9, 9])
    rows = ("0,2024-01-01 00:00:00,1", "9,2024-01-01 00:00:09,1", "0,2024-01-01 00:00:10,1")
    text = "\n".join(["Time [s],Date,Current(A)", *rows])
    found = table(tmp_path, text)
    assert found.values["time"] == pytest.approx([0, 9, 10])
    assert any("run back" in note for note in found.notes)


def test_above_below_and_beside_the_table(tmp_path: Path) -> None:
    text = (
        "Operator: somebody\nMass; 3 mg\n\nTime;Voltage;Current;Remark\ns;V;mA;\n"
        "0;3,7;1,5;start\n\n# a comment\n10;3,6;-1,5;\n;;;\n"
    )
    found = table(tmp_path, text)
    assert found.values["current"] == pytest.approx([1.5e-3, -1.5e-3])
    told = "; ".join(found.notes)
    assert "2 lines above the head in line 4 passed over" in told
    assert 'columns passed over: "Remark"' in told


def test_numbers_alone(tmp_path: Path) -> None:
    for text in ("0 1\n60 2\n", "0,1\n60,2\n", "0\t1,0\n60\t2,0\n", "# mine\n0;1\n60;2\n"):
        with pytest.raises(CaseError, match="no table with the columns"):
            table(tmp_path, text)
        found = table(tmp_path, text, headless=True)
        assert found.values["time"] == pytest.approx([0, 60])
        assert found.values["current"] == pytest.approx([1, 2])
        assert any("no head" in note for note in found.notes)
    choice = Choice({"time": 3, "current": 1}, {"time": "min", "current": "mA"})
    found = table(tmp_path, "7,5,0\n8,5,1\n", choice=choice)
    assert found.values["time"] == pytest.approx([0, 60])
    assert found.values["current"] == pytest.approx([7e-3, 8e-3])


def test_the_user_says_which(tmp_path: Path) -> None:
    text = "time [s],I1 [mA],I2 [mA]\n0,1,2\n1,1,2\n"
    for chosen in ("I2 [mA]", "i2", 3):
        found = table(tmp_path, text, choice=Choice({"current": chosen}))
        assert found.values["current"] == pytest.approx([2e-3] * 2)
    with pytest.raises(CaseError, match='no column "I3"'):
        table(tmp_path, text, choice=Choice({"current": "I3"}))
    found = table(tmp_path, "time,current\n0,1\n1,1\n", choice=Choice(units={"current": "mA"}))
    assert found.values["current"] == pytest.approx([1e-3] * 2)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("time,current\n0,0,5\n1,0,5\n", 2, "a row of 3 cells under a head of 2 (line 1)"),
        ("# mine\ntime [s],current [A]\n0,1\n1\n", 4, "a row of 1 cells under a head of 2"),
        ("time,current\n0,1\n1,\n2,1\n", 3, "the cell is empty"),
        ("time,current\n0,1\n1,NaN\n", 3, 'the cell is empty ("NaN")'),
        ("time,current\n0,1\n1,inf\n", 3, '"inf" is not a number'),
        ("time,current\n0,1\n2,1\n1,1\n", 4, "the time 1 s comes after 2 s"),
        ("time;current\n0;1.000,5\n1;2\n", 2, "has a comma where others have points"),
        ("time;current\n0;1,5\n1;2.5\n", 2, "has a comma where others have points"),
        ("time,current,current [mA]\n0,1,1\n1,1,1\n", 1, "stands twice"),
        ("time [s],time [min],current\n0,0,1\n1,1,1\n", 0, "stands twice"),
        ("time,current [mm]\n0,1\n1,1\n", 0, "a length"),
        ("time,curent\n0,1\n1,1\n", 1, 'did you mean "current"'),
        ("time,current\n", 0, "there are no data"),
        ("time/s\tI Range\tEwe/V\n0\t14\t3\n1\t14\t3\n", 1, 'the column "current" is missing'),
        ('time,current\n0,"1\n1,1\n', 0, "no table that can be read"),
        ("t/s,U/V\n0,3000\n1,3000\n", 2, "3000 V is impossible"),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str, line: int, what: str) -> None:
    needed = ("time", "voltage") if "U/V" in text else ("time", "current")
    with pytest.raises(CaseError) as caught:
        table(tmp_path, text, *needed)
    assert what in str(caught.value)
    assert f"line {line}" in str(caught.value) or not line
    assert all(p.remedy for p in caught.value.problems)


@pytest.mark.parametrize(
    ("content", "what", "remedy"),
    [
        (b"\x00\x01\x00\x00Standard Jet DB\x00" + b"\0" * 99, "Microsoft Access", "mdb-export"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "old form (.xls)", ".xlsx or as CSV"),
        (b"\x89HDF\r\n\x1a\n" + b"\0" * 99, "HDF5", "to_csv"),
        (b"PK\x03\x04" + b"\0" * 99, "broken archive", ".xlsx or CSV"),
        (b"NEWARE" + b"\0" * 99, "Neware", "CSV or .xlsx"),
        (bytes(range(256)) * 4, "no text", "CSV"),
        (b"", "is empty", "time [s], current [A]"),
    ],
)
def test_what_is_no_text(tmp_path: Path, content: bytes, what: str, remedy: str) -> None:
    with pytest.raises(CaseError) as caught:
        table(tmp_path, content)
    assert what in str(caught.value)
    assert remedy in str(caught.value)


def test_workbooks(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["a report", None])
    sheet = book.create_sheet("record")
    sheet.append(["Total Time", "Current(mA)", "Date"])
    sheet.append(["00:00:00", 1.5, "2024-01-01 00:00:00"])
    sheet.append(["00:00:10", -2.5, "2024-01-01 00:00:10"])
    book.save(tmp_path / "a.xlsx")
    found = read(tmp_path / "a.xlsx", WANTED, ("time", "current"))
    assert found.values["time"] == pytest.approx([0, 10])
    assert found.values["current"] == pytest.approx([1.5e-3, -2.5e-3])
    assert 'sheet "record"' in found.notes


def test_a_long_table_is_read_fast(tmp_path: Path) -> None:
    """A day at 1 Hz."""
    t = np.arange(86400)
    rows = "\n".join(f"{a};{b:.4f}".replace(".", ",") for a, b in zip(t, np.sin(t), strict=True))
    found = table(tmp_path, f"time [s];current [A]\n{rows}\n")
    assert np.abs(found.values["current"] - np.sin(t)).max() < 1e-4


def test_checking_a_case_without_tables_loads_no_pandas() -> None:
    code = (
        "import sys; from joulestack.cli.shipped import titles; "
        "from joulestack.case import Case; import joulestack.tables.reading; "
        "sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
