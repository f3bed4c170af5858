package health

import "strings"

// models gives the marketing name of every iPhone, iPad and iPod touch by
// Apple's model identifier: a line per name, what it is and its numbers.
// Editions that differ only in radio or storage share a name. As of iPhone 17e
// and iPad Air (M4), 2026.
var models = namesByType([]model{
	{"iPhone", "iPhone", "1,1"},
	{"iPhone 3G", "iPhone", "1,2"},
	{"iPhone 3GS", "iPhone", "2,1"},
	{"iPhone 4", "iPhone", "3,1 3,2 3,3"},
	{"iPhone 4s", "iPhone", "4,1"},
	{"iPhone 5", "iPhone", "5,1 5,2"},
	{"iPhone 5c", "iPhone", "5,3 5,4"},
	{"iPhone 5s", "iPhone", "6,1 6,2"},
	{"iPhone 6", "iPhone", "7,2"},
	{"iPhone 6 Plus", "iPhone", "7,1"},
	{"iPhone 6s", "iPhone", "8,1"},
	{"iPhone 6s Plus", "iPhone", "8,2"},
	{"iPhone SE (1st generation)", "iPhone", "8,4"},
	{"iPhone 7", "iPhone", "9,1 9,3"},
	{"iPhone 7 Plus", "iPhone", "9,2 9,4"},
	{"iPhone 8", "iPhone", "10,1 10,4"},
	{"iPhone 8 Plus", "iPhone", "10,2 10,5"},
	{"iPhone X", "iPhone", "10,3 10,6"},
	{"iPhone XS", "iPhone", "11,2"},
	{"iPhone XS Max", "iPhone", "11,4 11,6"},
	{"iPhone XR", "iPhone", "11,8"},
	{"iPhone 11", "iPhone", "12,1"},
	{"iPhone 11 Pro", "iPhone", "12,3"},
	{"iPhone 11 Pro Max", "iPhone", "12,5"},
	{"iPhone SE (2nd generation)", "iPhone", "12,8"},
	{"iPhone 12 mini", "iPhone", "13,1"},
	{"iPhone 12", "iPhone", "13,2"},
	{"iPhone 12 Pro", "iPhone", "13,3"},
	{"iPhone 12 Pro Max", "iPhone", "13,4"},
	{"iPhone 13 mini", "iPhone", "14,4"},
	{"iPhone 13", "iPhone", "14,5"},
	{"iPhone 13 Pro", "iPhone", "14,2"},
	{"iPhone 13 Pro Max", "iPhone", "14,3"},
	{"iPhone SE (3rd generation)", "iPhone", "14,6"},
	{"iPhone 14", "iPhone", "14,7"},
	{"iPhone 14 Plus", "iPhone", "14,8"},
	{"iPhone 14 Pro", "iPhone", "15,2"},
	{"iPhone 14 Pro Max", "iPhone", "15,3"},
	{"iPhone 15", "iPhone", "15,4"},
	{"iPhone 15 Plus", "iPhone", "15,5"},
	{"iPhone 15 Pro", "iPhone", "16,1"},
	{"iPhone 15 Pro Max", "iPhone", "16,2"},
	{"iPhone 16", "iPhone", "17,3"},
	{"iPhone 16 Plus", "iPhone", "17,4"},
	{"iPhone 16 Pro", "iPhone", "17,1"},
	{"iPhone 16 Pro Max", "iPhone", "17,2"},
	{"iPhone 16e", "iPhone", "17,5"},
	{"iPhone 17", "iPhone", "18,3"},
	{"iPhone 17 Pro", "iPhone", "18,1"},
	{"iPhone 17 Pro Max", "iPhone", "18,2"},
	{"iPhone Air", "iPhone", "18,4"},
	{"iPhone 17e", "iPhone", "18,5"},

	{"iPad", "iPad", "1,1 1,2"},
	{"iPad 2", "iPad", "2,1 2,2 2,3 2,4"},
	{"iPad (3rd generation)", "iPad", "3,1 3,2 3,3"},
	{"iPad (4th generation)", "iPad", "3,4 3,5 3,6"},
	{"iPad (5th generation)", "iPad", "6,11 6,12"},
	{"iPad (6th generation)", "iPad", "7,5 7,6"},
	{"iPad (7th generation)", "iPad", "7,11 7,12"},
	{"iPad (8th generation)", "iPad", "11,6 11,7"},
	{"iPad (9th generation)", "iPad", "12,1 12,2"},
	{"iPad (10th generation)", "iPad", "13,18 13,19"},
	{"iPad (A16)", "iPad", "15,7 15,8"},
	{"iPad mini", "iPad", "2,5 2,6 2,7"},
	{"iPad mini 2", "iPad", "4,4 4,5 4,6"},
	{"iPad mini 3", "iPad", "4,7 4,8 4,9"},
	{"iPad mini 4", "iPad", "5,1 5,2"},
	{"iPad mini (5th generation)", "iPad", "11,1 11,2"},
	{"iPad mini (6th generation)", "iPad", "14,1 14,2"},
	{"iPad mini (A17 Pro)", "iPad", "16,1 16,2"},
	{"iPad Air", "iPad", "4,1 4,2 4,3"},
	{"iPad Air 2", "iPad", "5,3 5,4"},
	{"iPad Air (3rd generation)", "iPad", "11,3 11,4"},
	{"iPad Air (4th generation)", "iPad", "13,1 13,2"},
	{"iPad Air (5th generation)", "iPad", "13,16 13,17"},
	{"iPad Air 11-inch (M2)", "iPad", "14,8 14,9"},
	{"iPad Air 13-inch (M2)", "iPad", "14,10 14,11"},
	{"iPad Air 11-inch (M3)", "iPad", "15,3 15,4"},
	{"iPad Air 13-inch (M3)", "iPad", "15,5 15,6"},
	{"iPad Air 11-inch (M4)", "iPad", "16,8 16,9"},
	{"iPad Air 13-inch (M4)", "iPad", "16,10 16,11"},
	{"iPad Pro 9.7-inch", "iPad", "6,3 6,4"},
	{"iPad Pro 10.5-inch", "iPad", "7,3 7,4"},
	{"iPad Pro 11-inch (1st generation)", "iPad", "8,1 8,2 8,3 8,4"},
	{"iPad Pro 11-inch (2nd generation)", "iPad", "8,9 8,10"},
	{"iPad Pro 11-inch (3rd generation)", "iPad", "13,4 13,5 13,6 13,7"},
	{"iPad Pro 11-inch (4th generation)", "iPad", "14,3 14,4"},
	{"iPad Pro 11-inch (M4)", "iPad", "16,3 16,4"},
	{"iPad Pro 11-inch (M5)", "iPad", "17,1 17,2"},
	{"iPad Pro 12.9-inch (1st generation)", "iPad", "6,7 6,8"},
	{"iPad Pro 12.9-inch (2nd generation)", "iPad", "7,1 7,2"},
	{"iPad Pro 12.9-inch (3rd generation)", "iPad", "8,5 8,6 8,7 8,8"},
	{"iPad Pro 12.9-inch (4th generation)", "iPad", "8,11 8,12"},
	{"iPad Pro 12.9-inch (5th generation)", "iPad", "13,8 13,9 13,10 13,11"},
	{"iPad Pro 12.9-inch (6th generation)", "iPad", "14,5 14,6"},
	{"iPad Pro 13-inch (M4)", "iPad", "16,5 16,6"},
	{"iPad Pro 13-inch (M5)", "iPad", "17,3 17,4"},

	{"iPod touch", "iPod", "1,1"},
	{"iPod touch (2nd generation)", "iPod", "2,1"},
	{"iPod touch (3rd generation)", "iPod", "3,1"},
	{"iPod touch (4th generation)", "iPod", "4,1"},
	{"iPod touch (5th generation)", "iPod", "5,1"},
	{"iPod touch (6th generation)", "iPod", "7,1"},
	{"iPod touch (7th generation)", "iPod", "9,1"},
})

type model struct{ name, family, numbers string }

func namesByType(list []model) map[string]string {
	names := make(map[string]string)
	for _, m := range list {
		for number := range strings.FieldsSeq(m.numbers) {
			names[m.family+number] = m.name
		}
	}
	return names
}

// Model gives the marketing name of a ProductType such as "iPhone14,5", or ""
// for one that is not in the table: the caller shows the raw type then.
func Model(productType string) string { return models[productType] }
