@echo off
rem Double-click: installs once, makes the first map, opens it.
rem With a folder wheels beside it (requirements/pack_wheels) no network is needed.
cd /d "%~dp0"
set FROM=
if exist wheels set FROM=--no-index --find-links wheels
if exist .venv\Scripts\maemoh-gis.exe goto map
py -m venv .venv || goto failed
.venv\Scripts\python -m pip install -q --require-hashes %FROM% -r requirements\run.lock || goto failed
.venv\Scripts\python -m pip install -q --no-deps --no-build-isolation . || goto failed
:map
if exist runs\baseline\map.html goto show
.venv\Scripts\maemoh-gis run || goto failed
:show
start "" runs\baseline\map.html
exit /b 0
:failed
echo It stopped here. Keep this text and ask whoever gave you the tool.
pause
exit /b 1
