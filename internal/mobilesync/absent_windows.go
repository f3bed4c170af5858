package mobilesync

import "syscall"

func absentCodes() []syscall.Errno {
	return []syscall.Errno{
		15,   // ERROR_INVALID_DRIVE
		21,   // ERROR_NOT_READY
		53,   // ERROR_BAD_NETPATH
		55,   // ERROR_DEV_NOT_EXIST
		64,   // ERROR_NETNAME_DELETED
		67,   // ERROR_BAD_NET_NAME
		1167, // ERROR_DEVICE_NOT_CONNECTED
		1231, // ERROR_NETWORK_UNREACHABLE
	}
}
