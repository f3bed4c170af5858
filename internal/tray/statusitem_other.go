//go:build !darwin

package tray

// The other systems name the icon by its title and read out its tooltip.

func (o *owner) nameItem() {}

func (o *owner) labelItem(string) {}
