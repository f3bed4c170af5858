package health

// Model gives the marketing name of a ProductType; empty when unknown.
func Model(productType string) string { return "" }
