module ninelives

go 1.26
