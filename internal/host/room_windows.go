package host

import "golang.org/x/sys/windows"

// roomAt heeds the quota of this person, if the volume has quotas.
func roomAt(path string) (free, total int64, err error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return 0, 0, err
	}
	var available, all uint64
	if err := windows.GetDiskFreeSpaceEx(name, &available, &all, nil); err != nil {
		return 0, 0, err
	}
	return size(available, 1), size(all, 1), nil
}
