//go:build !windows

package mobilesync

import "syscall"

func absentCodes() []syscall.Errno {
	return []syscall.Errno{
		syscall.ENODEV, syscall.ENXIO, syscall.ENOTCONN, syscall.ESTALE, syscall.ETIMEDOUT,
		syscall.EHOSTDOWN, syscall.EHOSTUNREACH, syscall.ENETDOWN, syscall.ENETUNREACH,
	}
}
