"""CTCAE by hand: for every test, side, version and circumstance, a value on each bound and one just beyond it.

known: LLN, ULN, baseline (b), symptoms (s), anticoagulation (a). Then value:grade; "?" is left open by the criteria.
"""

from __future__ import annotations

from .aligned import aligned

BOUNDS = aligned("""
    test                  side  version  unit    known                 grades
    neutrophils           low   v4.03    10^9/L  LLN=1.8               1.8:0 1.79:1 1.5:1 1.49:2 1.0:2 0.99:3 0.5:3 0.497:4
    neutrophils           low   v5       10^9/L  LLN=1.8               1.8:0 1.79:1 1.5:1 1.49:2 1.0:2 0.99:3 0.5:3 0.497:4 0:4
    neutrophils           low   v5       /ul     LLN=1800              1800:0 1799:1 1500:1 1499:2 1000:2 999:3 500:3 499:4
    neutrophils           low   v6       10^9/L  .                     1.5:0 1.49:1 1.0:1 0.99:2 0.5:2 0.497:3 0.1:3 0.0995:4
    platelets             low   v4.03    10^9/L  LLN=150               150:0 149:1 75:1 74.5:2 50:2 49.7:3 25:3 24.8:4
    platelets             low   v5       10^9/L  LLN=150               150:0 149:1 75:1 74.5:2 50:2 49.7:3 25:3 24.8:4
    platelets             low   v6       10^9/L  LLN=150               150:0 149:1 75:1 74.5:2 50:2 49.7:3 10:3 9.95:4
    haemoglobin           low   v4.03    g/L     LLN=120               120:0 119:1 100:1 99.5:2 80:2 79.5:3 20:3
    haemoglobin           low   v5       g/L     LLN=120               120:0 119:1 100:1 99.5:2 80:2 79.5:3 20:3
    haemoglobin           low   v5       g/dL    LLN=12                12:0 11.9:1 10:1 9.95:2 8:2 7.95:3
    haemoglobin           low   v6       mmol/L  LLN=7.4               7.4:0 7.37:1 6.2:1 6.17:2 4.9:2 4.88:3
    white_cells           low   v5       10^9/L  LLN=4                 4:0 3.98:1 3.0:1 2.98:2 2.0:2 1.99:3 1.0:3 0.995:4
    white_cells           high  v5       10^9/L  .                     100:0 100.1:3 900:3
    lymphocytes           low   v4.03    10^9/L  LLN=1.0               1.0:0 0.995:1 0.8:1 0.797:2 0.5:2 0.497:3 0.2:3 0.199:4
    lymphocytes           low   v5       10^9/L  LLN=1.0               1.0:0 0.995:1 0.8:1 0.797:2 0.5:2 0.497:3 0.2:3 0.199:4
    lymphocytes           high  v5       10^9/L  .                     4:0 4.02:2 20:2 20.1:3
    alt                   high  v4.03    U/L     ULN=40                40:0 40.2:1 120:1 120.5:2 200:2 201:3 800:3 801:4
    alt                   high  v5       U/L     ULN=40,b=40           40:0 40.2:1 120:1 120.5:2 200:2 201:3 800:3 801:4
    alt                   high  v5       U/L     ULN=40,b=60           89.6:0 90:1 180:1 181:2 300:2 301:3 1200:3 1201:4
    alt                   high  v6       U/L     ULN=40,b=40           40:0 40.2:1 120:1 120.5:2 200:2 201:3 800:3 801:4
    alt                   high  v6       U/L     ULN=40,b=60           59.7:0 60:1 90:1 90.4:2 120:2 120.5:3 240:3 241:4
    alt                   high  v6       U/L     ULN=40,b=200          199:0 200:1 300:1 301:2 400:2 401:3 800:3 801:4
    alt                   high  v6       U/L     ULN=40,b=300          299:0 300:1 450:1 451:2 600:2 601:? 1200:? 1201:4
    ast                   high  v4.03    U/L     ULN=40                40:0 40.2:1 120:1 120.5:2 200:2 201:3 800:3 801:4
    ast                   high  v5       U/L     ULN=40,b=40           40:0 40.2:1 120:1 120.5:2 200:2 201:3 800:3 801:4
    ast                   high  v5       U/L     ULN=40,b=60           89.6:0 90:1 180:1 181:2 300:2 301:3 1200:3 1201:4
    ast                   high  v6       U/L     ULN=40,b=40           40:0 40.2:1 120:1 120.5:2 200:2 201:3 800:3 801:4
    ast                   high  v6       U/L     ULN=40,b=60           59.7:0 60:1 90:1 90.4:2 120:2 120.5:3 240:3 241:4
    ast                   high  v6       U/L     ULN=40,b=300          299:0 300:1 450:1 451:2 600:2 601:? 1200:? 1201:4
    alkaline_phosphatase  high  v4.03    U/L     ULN=100               100:0 100.5:1 250:1 251:2 500:2 501:3 2000:3 2001:4
    alkaline_phosphatase  high  v5       U/L     ULN=100,b=100         100:0 100.5:1 250:1 251:2 500:2 501:3 2000:3 2001:4
    alkaline_phosphatase  high  v5       U/L     ULN=100,b=120         239:0 240:1 300:1 301:2 600:2 601:3 2400:3 2401:4
    alkaline_phosphatase  high  v6       U/L     ULN=100,b=90          100:0 100.5:1 9999:1
    alkaline_phosphatase  high  v6       U/L     ULN=100,b=120         120:0 120.5:1 9999:1
    ggt                   high  v4.03    U/L     ULN=60                60:0 60.3:1 150:1 151:2 300:2 301:3 1200:3 1201:4
    ggt                   high  v5       U/L     ULN=60,b=60           60:0 60.3:1 150:1 151:2 300:2 301:3 1200:3 1201:4
    ggt                   high  v5       U/L     ULN=60,b=100          199:0 200:1 250:1 251:2 500:2 501:3 2000:3 2001:4
    ggt                   high  v6       U/L     ULN=60,b=60           60:0 60.3:1 150:1 151:2 300:2 301:3 1200:3 1201:4
    ggt                   high  v6       U/L     ULN=60,b=100          99.5:0 100:1 150:1 151:2 300:2 301:3 1000:3 1001:4
    bilirubin             high  v4.03    umol/L  ULN=20                20:0 20.1:1 30:1 30.2:2 60:2 60.3:3 200:3 201:4
    bilirubin             high  v5       umol/L  ULN=20,b=20           20:0 20.1:1 30:1 30.2:2 60:2 60.3:3 200:3 201:4
    bilirubin             high  v5       umol/L  ULN=20,b=40           40:0 40.2:1 60:1 60.3:2 120:2 121:3 400:3 401:4
    bilirubin             high  v6       umol/L  ULN=20,b=20           20:0 20.1:1 30:1 30.2:2 60:2 60.3:3 200:3 201:4
    bilirubin             high  v6       umol/L  ULN=20,b=40           39.8:0 40:1 60:1 60.3:2 100:2 100.5:3 400:3 401:4
    albumin               low   v5       g/L     LLN=35                35:0 34.8:1 30:1 29.8:2 20:2 19.9:3 5:3
    albumin               low   v6       g/dL    LLN=3.5               3.5:0 3.48:1 3:1 2.98:2 2:2 1.99:3
    creatinine            high  v4.03    umol/L  ULN=100,b=200         100:0 100.5:1 150:1 151:2 200:2 300:2 301:3 600:3 601:4
    creatinine            high  v4.03    umol/L  ULN=100,b=40          40:0 40.2:1 60:1 60.3:2 120:2 121:3 600:3 601:4
    creatinine            high  v5       umol/L  ULN=100,b=200         100:0 100.5:1 150:1 151:2 300:2 301:3 600:3 601:4
    creatinine            high  v5       umol/L  ULN=100,b=40          60:0 60.3:2 120:2 121:3 600:3 601:4
    creatinine            high  v6       umol/L  LLN=50,ULN=100,b=40   60:0 60.3:2 120:2 121:3 600:3 601:4
    creatinine            high  v6       umol/L  LLN=50,ULN=100,b=50   100:0 100.5:1 150:1 151:2 300:2 301:3 600:3 601:4
    cpk                   high  v4.03    U/L     ULN=200               200:0 201:1 500:1 501:2 1000:2 1001:3 2000:3 2001:4
    cpk                   high  v5       U/L     ULN=200               200:0 201:1 500:1 501:2 1000:2 1001:3 2000:3 2001:4
    amylase               high  v4.03    U/L     ULN=100               100:0 100.5:1 150:1 151:2 200:2 201:3 500:3 501:4
    amylase               high  v5       U/L     ULN=100,s=no          100:0 100.5:1 150:1 151:2 500:2 501:3 9999:3
    amylase               high  v5       U/L     ULN=100,s=yes         100:0 100.5:1 150:1 151:2 200:2 201:3 500:3 501:4
    lipase                high  v4.03    U/L     ULN=60                60:0 60.3:1 90:1 90.4:2 120:2 121:3 300:3 301:4
    lipase                high  v5       U/L     ULN=60,s=no           60:0 60.3:1 90:1 90.4:2 300:2 301:3 9999:3
    lipase                high  v5       U/L     ULN=60,s=yes          60:0 60.3:1 90:1 90.4:2 120:2 121:3 300:3 301:4
    lipase                high  v6       U/L     ULN=60,s=no           60:0 60.3:1 90:1 90.4:2 300:2 301:3 9999:3
    lipase                high  v6       U/L     ULN=60,s=yes          60:0 60.3:1 90:1 90.4:2 180:2 181:3 300:3 301:4
    uric_acid             high  v4.03    mg/dL   ULN=7,s=no            7:0 7.03:1 10:1 10.1:4
    uric_acid             high  v4.03    mg/dL   ULN=7,s=yes           7:0 7.03:3 10:3 10.1:4
    uric_acid             high  v4.03    mmol/L  ULN=0.42,s=no         0.42:0 0.422:1 0.59:1 0.592:4
    uric_acid             high  v4.03    mmol/L  ULN=0.42,s=yes        0.42:0 0.422:3 0.59:3 0.592:4
    uric_acid             high  v4.03    umol/L  ULN=420,s=no          420:0 421:1 590:1 591:4
    uric_acid             high  v4.03    umol/L  ULN=420,s=yes         420:0 421:3 590:3 591:4
    uric_acid             high  v5       umol/L  ULN=420,s=no          420:0 421:1 900:1
    uric_acid             high  v6       umol/L  ULN=420,s=yes         420:0 421:3 900:3
    aptt                  high  v5       s       ULN=40                40:0 40.2:1 60:1 60.3:2 100:2 100.5:3 300:3
    inr                   high  v4.03    .       ULN=1.2,a=no          1.2:0 1.21:1 1.8:1 1.81:2 3.0:2 3.01:3
    inr                   high  v4.03    .       ULN=1.2,a=yes,b=2     2:0 2.01:1 3:1 3.01:2 5:2 5.02:3
    inr                   high  v5       .       a=no                  1.2:0 1.21:1 1.5:1 1.51:2 2.5:2 2.51:3
    inr                   high  v6       .       a=yes,b=2             2:0 2.01:1 3:1 3.01:2 5:2 5.02:3
    fibrinogen            low   v4.03    g/L     LLN=4,b=1             4:0 3.98:1 3.0:1 2.98:2 2.0:2 1.99:3 1.0:3 0.995:4
    fibrinogen            low   v4.03    g/L     LLN=1,b=1             0.5:3 0.497:4
    fibrinogen            low   v4.03    g/L     LLN=2,b=4             4:0 3.98:1 3.02:1 3:2 2.02:2 2:3 1.02:3 1:4
    fibrinogen            low   v5       g/L     LLN=4,b=1             4:0 3.98:1 3.0:1 2.98:2 2.0:2 1.99:3 1.0:3 0.995:4
    fibrinogen            low   v5       g/L     LLN=1,b=1             0.5:3 0.497:4
    fibrinogen            low   v5       mg/dL   LLN=80,b=80           49.7:4
    fibrinogen            low   v5       g/L     LLN=2,b=2.4           2:0 1.99:1 1.81:1 1.8:2 1.21:2 1.2:3 0.61:3 0.6:4
    fibrinogen            low   v6       g/L     LLN=2,b=8             2:0 1.99:4
    calcium_corrected     low   v5       mmol/L  LLN=2.1               2.1:0 2.09:1 2.0:1 1.99:2 1.75:2 1.74:3 1.5:3 1.49:4
    calcium_corrected     low   v6       mg/dL   LLN=8.5               8.5:0 8.45:1 8.0:1 7.95:2 7.0:2 6.95:3 6.0:3 5.95:4
    calcium_corrected     high  v5       mmol/L  ULN=2.6               2.6:0 2.61:1 2.9:1 2.91:2 3.1:2 3.11:3 3.4:3 3.41:4
    calcium_corrected     high  v4.03    mg/dL   ULN=10.5              10.5:0 10.6:1 11.5:1 11.6:2 12.5:2 12.6:3 13.5:3 13.6:4
    calcium_ionised       low   v5       mmol/L  LLN=1.1               1.1:0 1.09:1 1.0:1 0.99:2 0.9:2 0.895:3 0.8:3 0.795:4
    calcium_ionised       high  v5       mmol/L  ULN=1.3               1.3:0 1.31:1 1.5:1 1.51:2 1.6:2 1.61:3 1.8:3 1.81:4
    sodium                low   v4.03    mmol/L  LLN=135               135:0 134.5:1 130:1 129.5:3 120:3 119.5:4
    sodium                low   v5       mmol/L  LLN=135,s=no          135:0 134.5:1 130:1 129.5:2 129:2 125:2 124.5:3 120:3 119.5:4
    sodium                low   v6       mmol/L  LLN=135,s=yes         135:0 134.5:1 130:1 129.5:3 120:3 119.5:4
    sodium                high  v5       mEq/L   ULN=145               145:0 145.5:1 150:1 150.5:2 155:2 155.5:3 160:3 160.5:4
    potassium             low   v5       mmol/L  LLN=3.5,s=no          3.5:0 3.48:1 3.0:1 2.98:3 2.5:3 2.48:4
    potassium             low   v6       mmol/L  LLN=3.5,s=yes         3.5:0 3.48:2 3.0:2 2.98:3 2.5:3 2.48:4
    potassium             high  v5       mmol/L  ULN=5                 5:0 5.02:1 5.5:1 5.52:2 6:2 6.02:3 7:3 7.02:4
    magnesium             low   v5       mmol/L  LLN=0.7               0.7:0 0.697:1 0.5:1 0.497:2 0.4:2 0.398:3 0.3:3 0.298:4
    magnesium             low   v5       mg/dL   LLN=1.7               1.7:0 1.69:1 1.2:1 1.19:2 0.9:2 0.895:3 0.7:3 0.697:4
    magnesium             high  v5       mmol/L  ULN=1                 1:0 1.01:1 1.23:1 1.24:3 3.3:3 3.31:4
    magnesium             high  v6       mg/dL   ULN=2.4               2.4:0 2.41:1 3.0:1 3.01:3 8.0:3 8.04:4
    phosphate             low   v4.03    mmol/L  LLN=0.9               0.9:0 0.895:1 0.8:1 0.797:2 0.6:2 0.597:3 0.3:3 0.298:4
    phosphate             low   v4.03    mg/dL   LLN=2.7               2.7:0 2.69:1 2.5:1 2.49:2 2.0:2 1.99:3 1.0:3 0.995:4
    glucose               low   v5       mmol/L  LLN=3.9               3.9:0 3.88:1 3.0:1 2.98:2 2.2:2 2.19:3 1.7:3 1.69:4
    glucose               low   v5       mg/dL   LLN=70                70:0 69.7:1 55:1 54.7:2 40:2 39.8:3 30:3 29.8:4
    glucose               high  v4.03    mmol/L  .                     13.9:0 14:3 27.8:3 27.9:4
    glucose               high  v6       mg/dL   .                     250:0 251:3 500:3 501:4
    glucose_fasting       low   v5       mmol/L  LLN=3.9               3.9:0 3.88:1 3.0:1 2.98:2 2.2:2 2.19:3 1.7:3 1.69:4
    glucose_fasting       low   v5       mg/dL   LLN=70                70:0 69.7:1 55:1 54.7:2 40:2 39.8:3 30:3 29.8:4
    glucose_fasting       high  v4.03    mmol/L  ULN=6.1               6.1:0 6.13:1 8.9:1 8.93:2 13.9:2 14:3 27.8:3 27.9:4
    glucose_fasting       high  v6       mg/dL   ULN=110               110:0 111:1 160:1 161:2 250:2 251:3 500:3 501:4
""")  # noqa: E501  (one line for each test, side, version and circumstance)
