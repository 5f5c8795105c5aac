"""Exports of cyclers: heads as they stand in public files, rows with numbers of our own.

Heads are those of the sample data of PyProBE (Imperial College London, BSD-3-Clause: Arbin, Basytec,
BioLogic, Maccor, Novonix), cellpy (jepegit, MIT: Maccor, Neware, PEC), battery-data-toolkit
(ROVI-org, Apache-2.0: Arbin, Maccor) and battery-data-format (Battery Data Alliance: BDF); the whole
files were read too.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from joulestack.tables.reading import Table, read
from joulestack.tables.sign import directed
from joulestack.tables.titles import KNOWN

WANTED = {name: KNOWN[name] for name in ("time", "current", "voltage", "temperature")}

ARBIN = """\ufeffData Point,Date Time,Test Time (s),Step Time (s),Cycle Index,Step Index,TC_Counter1,Current (A),Voltage (V),Power (W),Charge Capacity (Ah),Discharge Capacity (Ah),ACR (Ohm),dV/dt (V/s),Aux_Temperature_1 (C),Aux_dT/dt_1 (C/s)
1,\t01/20/2024 08:32:34.558,30.5,30.5,1,1,0,0,3.5,0,0,0,,2E-05,24.5,-0.09
2,\t01/20/2024 08:33:04.559,60.5,60.5,1,1,0,2.5,3.6,0,0.02,0,,2E-05,24.75,0.02
3,\t01/20/2024 08:33:34.559,90.5,90.5,1,1,0,-2.5,3.4,0,0.02,0.02,,1E-05,24.5,0.04
"""
ARBIN_PLAIN = """Data_Point,Test_Time,DateTime,Step_Time,Step_Index,Cycle_Index,Current,Voltage,Charge_Capacity,Discharge_Capacity,Charge_Energy,Discharge_Energy,dV/dt,Internal_Resistance,Temperature
1,30.5,1499006353,0.723,10,1,0,3.5,0,0,0,0,-5.34E-05,0.017,24.5
2,60.5,1499006383,5.0016,11,1,2.5,3.6,0.02,0,0.1,0,0.0008,0.017,24.75
3,90.5,1499006413,5.0016,11,1,-2.5,3.4,0.02,0.02,0.1,0.1,0.0008,0.017,24.5
"""
BASYTEC = """~Resultfile from Basytec Battery Test System
~Start of Test: 19.06.2023 17:56:53
~
~Time[s]\tDataSet\tt-Step[s]\tLine\tCommand\tU[V]\tI[A]\tP[W]\tAh[Ah]\tT1[\u00b0C]\tState
30.5\t1\t0\t3\tPause\t3.5\t0\t0\t0\t24.5\t3
60.5\t2\t30\t3\tCharge\t3.6\t2.5\t9\t0\t24.75\t0
90.5\t3\t30\t3\tDischarge\t3.4\t-2.5\t9\t0\t24.5\t0
"""
BIOLOGIC = """BT-Lab ASCII FILE
Nb header lines : 7

Modulo Bat
Temperature max = 70.00 \u00b0C
Ns                  0                   1

Ns changes\tNs\ttime/s\tEcell/V\tI/mA\t(Q-Qo)/mA.h\tstep time/s\tQ discharge/mA.h\tQ charge/mA.h\tP/W\tTemperature/\u00b0C\t
0\t0\t3.050E+001\t3.5E+000\t0.0E+000\t0.0E+000\t0.0E+000\t0.0E+000\t0.0E+000\t0.0E+000\t2.45E+001\t
1\t1\t6.050E+001\t3.6E+000\t2.5E+003\t0.0E+000\t0.0E+000\t0.0E+000\t2.0E+001\t0.0E+000\t2.475E+001\t
0\t1\t9.050E+001\t3.4E+000\t-2.5E+003\t0.0E+000\t0.0E+000\t2.0E+001\t2.0E+001\t0.0E+000\t2.45E+001\t
"""
MACCOR = """Today's Date 04/04/2016  Date of Test:\t03/31/2016\t Filename:\tC:\\Data\\one.001 Procedure: two.000\tComment/Barcode: three
Rec#\tCyc#\tStep\tTest (Sec)\tStep (Sec)\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\tDPt Time
1\t0\t1\t30.5\t0.0\t0.0\t0.0\t0.0\t3.5\tR\t0\t03/31/2016 16:05:31
2\t0\t1\t60.5\t0.1\t0.0\t0.0\t2.5\t3.6\tC\t1\t03/31/2016 16:06:01
3\t0\t1\t90.5\t0.1\t0.0\t0.0\t2.5\t3.4\tD\t1\t03/31/2016 16:06:31
"""
MACCOR_COMMAS = """Name:\tone
C Rate\t0,003
Ch. max. V\t6,00 V

Rec\tCycle P\tCycle C\tStep\tTestTime\tStepTime\tCap. [Ah]\tEner. [Wh]\tCurrent [A]\tVoltage [V]\tMd\tES\tDPT Time

1\t0\t1\t1\t0,508333333333\t0,0\t0,0\t0,0\t0,0\t3,5\tR\t0\t06/05/2021 11:23:46
2\t0\t1\t1\t1,008333333333\t1,0\t0,0\t0,0\t2,5\t3,6\tC\t1\t06/05/2021 11:24:16
3\t0\t1\t1\t1,508333333333\t1,0\t0,0\t0,0\t2,5\t3,4\tD\t1\t06/05/2021 11:24:46
"""
NEWARE = """DataPoint,Cycle Index,Step Index,Step Type,Time,Cumulative Time,Current(A),Voltage(V),Capacity(Ah),Chg. Cap.(Ah),DChg. Cap.(Ah),Date,Power(W),dQ/dV(mAh/V)
1,1,1,Rest,00:00:00,00:00:30.5,0.0,3.5,0,0.0,0.0,2022-05-18 16:27:52,0.0,0.0
2,1,2,CC Chg,00:00:00,00:01:00.5,2.5,3.6,0,0.02,0.0,2022-05-18 16:28:22,0.0,0.0
3,1,3,CC DChg,00:00:00,00:01:30.5,-2.5,3.4,0,0.0,0.02,2022-05-18 16:28:52,0.0,0.0
"""
NEWARE_LEVELS = """Cycle Index,Chg. Cap.(Ah),DChg. Cap.(Ah),Chg.-DChg. Eff(%),Chg. Time,DChg. Time
,Step Index,Step Number,Step Type,Step Time,Capacity(Ah),Energy(Wh),Oneset Volt.(V),End Voltage(V)
,,DataPoint,Time,Total Time,Current(A),Voltage(V),Capacity(Ah),Date,T1(?)
1,0.02256,0.33067,1465.46,00:02:51,00:41:50
,1,1,Rest,00:00:20,0.0,0.0,4.3185,4.3186
,,1,00:00:00,00:00:30.5,0.0,3.5,0.0,2026-03-06 12:37:25,24.5
,2,2,CC Chg,00:00:20,0.0,0.0,4.3185,4.3186
,,2,00:00:00,00:01:00.5,2.5,3.6,0.0,2026-03-06 12:37:55,24.75
,3,3,CC DChg,00:00:20,0.0,0.0,4.3185,4.3186
,,3,00:00:00,00:01:30.5,-2.5,3.4,0.0,2026-03-06 12:38:25,24.5
"""
NOVONIX = """[Summary]
Novonix UHPC data file
Capacity (Ah): 5
[End Summary]
[Protocol]
{"Version":"UHPC Control: 2.13.0","Charger":3,"ProtocolStepList":[{"StepType":3}]}
[End Protocol]
[Data]
Date and Time,Cycle Number,Step Type,Run Time (h),Step Time (h),Current (A),Potential (V),Capacity (Ah),Temperature (\u00b0C),Circuit Temperature (\u00b0C),Energy (Wh),dVdt (V/h),dIdt (A/h)
2025-07-19 15:26:20,1,7,0.00847222222,0.0,0.0,3.5,0.0,24.5,25.2,0.0,0.0,0.0
2025-07-19 15:26:50,1,7,0.01680555556,0.0,2.5,3.6,0.0,24.75,25.2,0.0,0.0,0.0
2025-07-19 15:27:20,1,7,0.02513888889,0.0,-2.5,3.4,0.0,24.5,25.2,0.0,0.0,0.0
"""
PEC = """Request Year:,2019
Number Of Cells:,1
#RESULTS CHECK
ReqYear,Test,CellNr,Type,Value,Reason,
2019,187,1,1,3272,3,
#END RESULTS CHECK
Test,Cell,Step,Cycle,Total Time (Seconds),Step Time (Seconds),Real Time,Voltage (mV),Current (mA),Charge Capacity (mAh),Discharge Capacity (mAh),Charge Capacity (mWh),Discharge Capacity (mWh),50% DoD (mV),
187,SBT0550,0,0,30.5,1,02/22/2019 16:23:27,3500,0,0,0,0,0,0,
187,SBT0550,0,0,60.5,5,02/22/2019 16:23:57,3600,2500,20,0,0,0,0,
187,SBT0550,0,0,90.5,5,02/22/2019 16:24:27,3400,-2500,20,20,0,0,0,
"""
LANDT = """cell model:,,,,,,,,,
Nominal capacity used to define the C rate:Ah,,,,,,,,,
channel_index,cycle_index,step_index,date_time_iso_string,test_time_s,step_time_s,current_A,voltage_V,temperature_1_C,step_name
1,1,1,04/30/2024 14:33:19,30.5,0.02,0.0,3.5,24.5,rest
1,1,2,04/30/2024 14:33:49,60.5,0.02,2.5,3.6,24.75,CC_Chg
1,1,3,04/30/2024 14:34:19,90.5,0.02,-2.5,3.4,24.5,CC_DChg
"""
BDF = """Test Time / s,Voltage / V,Current / A,Ambient Temperature / degC
30.5,3.5,0,24.5
60.5,3.6,2.5,24.75
90.5,3.4,-2.5,24.5
"""
BDF_LABELS = """test_time_second,voltage_volt,current_ampere,cycle_count,charging_capacity_ah,discharging_capacity_ah,ambient_temperature_celsius,unix_time_second
30.5,3.5,0.0,1,0.0,0.0,24.5,1766393064.885
60.5,3.6,2.5,1,0.02,0.0,24.75,1766393094.885
90.5,3.4,-2.5,1,0.02,0.02,24.5,1766393124.885
"""
BDF_TURNED = """Test Time / h,Current / A,Voltage / V,Step Type / 1,Cycle Count / 1,Charge Capacity / Ah,Discharge Capacity / Ah
0.00847222222,0,3.5,rest,1,0,0
0.01680555556,-2.5,3.6,charge,1,0.02,0
0.02513888889,2.5,3.4,discharge,1,0.02,0.02
"""
EXPORTS = {
    "Arbin": ARBIN, "Arbin without units": ARBIN_PLAIN, "Basytec": BASYTEC, "BioLogic": BIOLOGIC,
    "Maccor": MACCOR, "Maccor with commas": MACCOR_COMMAS, "Neware": NEWARE,
    "Neware in levels": NEWARE_LEVELS, "Novonix": NOVONIX, "PEC": PEC, "Landt": LANDT, "BDF": BDF,
    "BDF labels": BDF_LABELS, "BDF, discharge positive": BDF_TURNED,
}  # fmt: skip
WARM = {"Arbin", "Basytec", "BioLogic", "Neware in levels", "Novonix", "Landt", "BDF", "BDF labels"}


def loaded(folder: Path, text: str, encoding: str = "utf-8") -> Table:
    path = folder / "export.txt"
    path.write_bytes(text.encode(encoding))
    return read(path, WANTED, ("time", "current", "voltage"), lenient=("temperature",))


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16"])
def test_first_rows(tmp_path: Path, name: str, encoding: str) -> None:
    text = EXPORTS[name] if encoding != "latin-1" else EXPORTS[name].lstrip("\ufeff")
    found = loaded(tmp_path, text, encoding)
    assert found.values["time"] == pytest.approx([30.5, 60.5, 90.5], rel=1e-7)
    assert found.values["voltage"] == pytest.approx([3.5, 3.6, 3.4])
    current, told = directed(found, "current", None)
    assert current == pytest.approx([0, -2.5, 2.5])  # discharge positive
    assert told
    if name in WARM:
        assert found.values["temperature"] == pytest.approx([297.65, 297.9, 297.65])
    else:
        assert "temperature" not in found.values


def test_who_says_which_way_is_positive(tmp_path: Path) -> None:
    text = "t/s,I/A\n0,1\n60,2\n"
    path = tmp_path / "a.csv"
    path.write_text(text)
    found = read(path, WANTED, ("time", "current"))
    current, told = directed(found, "current", None)
    assert current == pytest.approx([1, 2])
    assert "taken as discharge positive" in told
    current, told = directed(found, "current", "charge positive")
    assert current == pytest.approx([-1, -2])
    assert "as stated" in told


def test_a_record_that_contradicts_itself_is_refused(tmp_path: Path) -> None:
    turned = NEWARE.replace("CC Chg", "x").replace("CC DChg", "CC Chg").replace("x", "CC DChg")
    with pytest.raises(ValueError, match='say sign = "charge positive"'):
        directed(loaded(tmp_path, turned), "current", None)
    unsigned = MACCOR.replace("\tC\t", "\tX\t")
    with pytest.raises(ValueError, match="has no sign"):
        directed(loaded(tmp_path, unsigned), "current", None)


def test_voltage_tells_the_direction_of_a_real_cell(tmp_path: Path) -> None:
    """Pulses on an open-circuit voltage that drifts: V = U - R I with I positive on discharge."""
    t = np.arange(0.0, 600.0, 10.0)
    current = np.where((t // 100) % 2 == 1, 2.0, 0.0) - np.where(t > 400, 3.0, 0.0)
    voltage = 3.7 - 0.03 * current - 1e-5 * np.cumsum(current)
    for sign in (1.0, -1.0):
        rows = "".join(f"{a},{sign * b},{c}\n" for a, b, c in zip(t, current, voltage, strict=True))
        found = loaded(tmp_path, f"Time (s),Current (A),Voltage (V)\n{rows}")
        assert directed(found, "current", None)[0] == pytest.approx(current)
