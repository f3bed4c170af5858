package view

// NoSuchPage is what stands in the place of a page that is not there.
const NoSuchPage = "There is no such page. The device may be gone, or no longer need a fix."
