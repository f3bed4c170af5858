; The installer for Windows, by makensis (see windows.mk). It installs for one
; person, without an administrator: everything it makes is in that person's
; folders and registry, and the uninstaller takes all of it away again.
;
;   setup.exe /S              asks nothing; starts at login only if it did before
;   setup.exe /S /LOGIN       the same, and starts at login
;   "Nine Lives uninstall.exe" /S          keeps settings, memory and history
;   "Nine Lives uninstall.exe" /S /DATA    removes them too
;
; Both end with 3 and change nothing while a program runs that does not end when
; it is asked to; one that was started with --data-dir cannot be asked, since
; nobody knows here which.
;
; /D=FOLDER may name one that holds files of others: all that is put there, and
; later deleted, has a name that is ours alone.

; The programs are for 64 bits only, and so is this: nothing here needs the
; 32-bit half of Windows.
Target amd64-unicode
SetCompressor /SOLID lzma

!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh
!include Sections.nsh
!include Win\COM.nsh
!include Win\Propkey.nsh

!define NAME      "Nine Lives"
!define STARTER   "Nine Lives.exe"
!define PROGRAM   "ninelives.exe"
!define LICENCE   "${NAME} LICENSE.txt"
!define REMOVER   "${NAME} uninstall.exe"
!define WINDOWS   "Software\Microsoft\Windows\CurrentVersion"
!define UNINSTALL "${WINDOWS}\Uninstall\${NAME}"
!define APPPATH   "${WINDOWS}\App Paths\${PROGRAM}"
!define APPID     "NineLives.NineLives" ; what the program shows its notices under
!define EXIT_RUNS 3

Name "${NAME}"
OutFile "${OUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "${UNINSTALL}" "InstallLocation"
ManifestDPIAware true
ManifestLongPathAware true
ManifestSupportedOS Win10
BrandingText "${NAME} ${VERSION}"

VIProductVersion "${NUMBER}"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${NUMBER}"
VIAddVersionKey "FileDescription" "Installs ${NAME}"
VIAddVersionKey "LegalCopyright" "MIT licence"

!define MUI_ICON "${FROM}/app.ico"
!define MUI_UNICON "${FROM}/app.ico"
!define MUI_FINISHPAGE_RUN "$INSTDIR\${STARTER}"
!define MUI_FINISHPAGE_RUN_TEXT "Start ${NAME} now"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

Var WasRunning
Var RemoveData

; InUse leaves in $0 whether a file cannot be written: Windows keeps the file of
; a program that runs.
!macro InUse FILE
	StrCpy $0 no
	${If} ${FileExists} "${FILE}"
		ClearErrors
		FileOpen $1 "${FILE}" a
		${If} ${Errors}
			StrCpy $0 yes
		${Else}
			FileClose $1
		${EndIf}
	${EndIf}
!macroend

; EndRunning asks a running program to end and waits until its files are free.
; It never ends one by force: that could be in the middle of writing.
!macro EndRunning UN
Function ${UN}EndRunning
	StrCpy $WasRunning no
	again:
	StrCpy $2 0
	${If} ${FileExists} "$INSTDIR\${PROGRAM}"
		nsExec::ExecToStack '"$INSTDIR\${PROGRAM}" quit'
		Pop $0
		Pop $1
		${If} $0 == 0
		${AndIf} $1 != ""
			StrCpy $WasRunning yes
		${ElseIf} $0 != 0
			StrCpy $2 30 ; it has waited already
		${EndIf}
	${EndIf}
	${Do}
		!insertmacro InUse "$INSTDIR\${PROGRAM}"
		${If} $0 == no
			!insertmacro InUse "$INSTDIR\${STARTER}"
		${EndIf}
		${If} $0 == no
			Return
		${EndIf}
		Sleep 250
		IntOp $2 $2 + 1
	${LoopUntil} $2 > 30 ; the starter stays for some seconds
	${If} ${Silent}
		SetErrorLevel ${EXIT_RUNS}
		Quit
	${EndIf}
	MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${NAME} is still running; one started with --data-dir is not asked to end. Quit it from its menu in the task bar first, then try again." IDRETRY again
	SetErrorLevel ${EXIT_RUNS}
	Quit
FunctionEnd
!macroend
!insertmacro EndRunning ""
!insertmacro EndRunning "un."

; Shortcut makes the entry of the start menu. It bears the id of the program's
; notices, so that Windows shows them as of the same program.
Function Shortcut
	CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\${STARTER}" "" "$INSTDIR\${STARTER}" 0 SW_SHOWNORMAL "" "Watches the backups of your iPhones and iPads"
	!insertmacro ComHlpr_CreateInProcInstance ${CLSID_ShellLink} ${IID_IShellLink} r0 ""
	${If} $0 P<> 0
		${IUnknown::QueryInterface} $0 '("${IID_IPersistFile}",.r1)'
		${If} $1 P<> 0
			${IPersistFile::Load} $1 '("$SMPROGRAMS\${NAME}.lnk",${STGM_READWRITE})'
			${IUnknown::QueryInterface} $0 '("${IID_IPropertyStore}",.r2)'
			${If} $2 P<> 0
				System::Call 'Oleaut32::SysAllocString(w "${APPID}") p.r4'
				System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_AppUserModel_ID})p.r5'
				System::Call '*${SYSSTRUCT_PROPVARIANT}(${VT_BSTR},,&i4 0,p r4)p.r6'
				${IPropertyStore::SetValue} $2 '($5,$6)'
				System::Call 'Oleaut32::SysFreeString(p r4)'
				System::Free $5
				System::Free $6
				${IPropertyStore::Commit} $2 ""
				${IPersistFile::Save} $1 '("$SMPROGRAMS\${NAME}.lnk",1)'
				${IUnknown::Release} $2 ""
			${EndIf}
			${IUnknown::Release} $1 ""
		${EndIf}
		${IUnknown::Release} $0 ""
	${EndIf}
FunctionEnd

Section "${NAME}" SecProgram
	SectionIn RO
	Call EndRunning
	SetOutPath "$INSTDIR"
	File "${FROM}/${STARTER}"
	File "${FROM}/${PROGRAM}"
	File "/oname=${LICENCE}" "${FROM}/LICENSE.txt"
	WriteUninstaller "$INSTDIR\${REMOVER}"
	Call Shortcut
	WriteRegStr HKCU "${APPPATH}" "" "$INSTDIR\${PROGRAM}"
	WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${NAME}"
	WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
	WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\${STARTER}"
	WriteRegStr HKCU "${UNINSTALL}" "Publisher" "${NAME}"
	WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
	WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\${REMOVER}"'
	WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\${REMOVER}" /S'
	WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
	WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
	SectionGetSize ${SecProgram} $0
	WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" $0
SectionEnd

Section "Start when I log in" SecLogin
	nsExec::Exec '"$INSTDIR\${PROGRAM}" login-item on'
	Pop $0
SectionEnd

Section
	; A program that an update has ended would else watch no more, and nobody
	; would see it.
	${If} ${Silent}
	${AndIf} $WasRunning == yes
		Exec '"$INSTDIR\${STARTER}" run'
	${EndIf}
SectionEnd

; .onInit leaves the start at login as it is, in an update and where nobody is
; there to be asked.
Function .onInit
	ReadRegStr $0 HKCU "${UNINSTALL}" "InstallLocation"
	${GetParameters} $1
	ClearErrors
	${GetOptions} $1 "/LOGIN" $2
	${If} ${Errors}
		${If} $0 != ""
			!insertmacro UnselectSection ${SecLogin}
			SectionSetText ${SecLogin} "" ; its place is the program's own menu
		${ElseIf} ${Silent}
			!insertmacro UnselectSection ${SecLogin}
		${EndIf}
	${EndIf}
FunctionEnd

Function un.onInit
	StrCpy $RemoveData no
	${GetParameters} $0
	ClearErrors
	${GetOptions} $0 "/DATA" $1
	${IfNot} ${Errors}
		StrCpy $RemoveData yes
	${ElseIfNot} ${Silent}
		MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "Remove the settings and the history of ${NAME} too? Your backups are not touched in any case." IDNO keep
		StrCpy $RemoveData yes
		keep:
	${EndIf}
FunctionEnd

Section "Uninstall"
	Call un.EndRunning
	; What the program has written, by its own names.
	DeleteRegValue HKCU "${WINDOWS}\Run" "${NAME}"
	DeleteRegValue HKCU "${WINDOWS}\Explorer\StartupApproved\Run" "${NAME}"
	DeleteRegKey HKCU "Software\Classes\ninelives"
	DeleteRegKey HKCU "Software\Classes\AppUserModelId\${APPID}"
	DeleteRegKey HKCU "Software\Classes\AppUserModelId\${NAME}" ; of notices without a click
	; What Windows notes of the notices of each program.
	DeleteRegKey HKCU "${WINDOWS}\Notifications\Settings\${APPID}"
	DeleteRegKey HKCU "${WINDOWS}\Notifications\Settings\${NAME}"
	; What the installer has written.
	DeleteRegKey HKCU "${APPPATH}"
	DeleteRegKey HKCU "${UNINSTALL}"
	Delete "$SMPROGRAMS\${NAME}.lnk"
	Delete "$INSTDIR\${STARTER}"
	Delete "$INSTDIR\${PROGRAM}"
	Delete "$INSTDIR\${LICENCE}"
	Delete "$INSTDIR\${REMOVER}"
	RMDir "$INSTDIR"
	RMDir "$LOCALAPPDATA\Programs" ; only if nothing else is in it
	${If} $RemoveData == yes
		RMDir /r "$APPDATA\${NAME}"
		RMDir /r "$LOCALAPPDATA\${NAME}"
	${EndIf}
SectionEnd
