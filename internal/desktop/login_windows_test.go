package desktop

func testSlot(name string) slot { return slot{name} }
