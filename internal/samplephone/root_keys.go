package samplephone

// rootKey is a key of the root domain, the generations that are known to tell
// it, and an invented value, or one that is the same on every phone.
type rootKey struct {
	key   string
	from  int
	value any
}

// rootKeys are the keys that three real phones told within a session, less
// blobs of the baseband and the carrier, the personal ones and those that come
// from the fields of [Phone].
var rootKeys = []rootKey{
	{"ActivationState", genAll, "Activated"},
	{"ActivationStateAcknowledged", gen12 | gen18, true},
	{"BasebandStatus", genAll, "BBInfoAvailable"},
	{"BasebandVersion", genAll, "1.02.03"},
	{"BoardId", genAll, 12},
	{"BrickState", genAll, false},
	{"ChipID", genAll, 33025},
	{"DeviceClass", genAll, "iPhone"},
	{"DeviceColor", genAll, "1"},
	{"FirmwareVersion", genAll, "iBoot-0000.00.00"},
	{"FusingStatus", genAll, 3},
	{"HardwarePlatform", genAll, "t0000"},
	{"HasSiDP", genAll, true},
	{"HostAttached", genAll, true},
	{"IsPaired", gen18, true},
	{"kCTPostponementInfoServiceProvisioningState", genAll, false},
	{"kCTPostponementStatus", genAll, "kCTPostponementStatusActivated"},
	{"ModelNumber", genAll, "NL001"},
	{"NonVolatileRAM", gen13 | gen18, map[string]any{"auto-boot": []byte("true"), "backlight-level": []byte("1024")}},
	{"PairRecordProtectionClass", gen18, 4},
	{"PartitionType", genAll, "GUID_partition_scheme"},
	{"ProductName", genAll, "iPhone OS"},
	{"ProductionSOC", genAll, true},
	{"ProtocolVersion", genAll, "2"},
	{"RegionInfo", genAll, "ZZ/A"},
	{"SBLockdownEverRegisteredKey", gen12, false},
	{"SIMStatus", genAll, "kCTSIMSupportSIMStatusNotInserted"},
	{"SIMTrayStatus", genAll, "kCTSIMSupportSIMTrayInsertedNoSIM"},
	{"SoftwareBehavior", gen12 | gen13, []byte{1, 0, 0, 0}},
	{"SoftwareBundleVersion", genAll, ""},
	{"SupportedDeviceFamilies", genAll, []int{1}},
	{"TelephonyCapability", genAll, true},
	{"TimeZone", genAll, "Europe/Berlin"},
	{"TimeZoneOffsetFromUTC", genAll, 3600},
	{"TrustedHostAttached", genAll, true},
	{"UseRaptorCerts", genAll, true},
	{"Uses24HourClock", genAll, true},
}
