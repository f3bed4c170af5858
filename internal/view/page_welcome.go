package view

// Welcome leads on where there is no device to show yet.
type Welcome struct {
	Needed bool // the overview has no device to show and leads on instead
}
