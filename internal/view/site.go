package view

// Site is what a template of a page is executed with. Which parts are needed
// depends on the page; all need Page, Token and Path.
type Site struct {
	Page     Page
	Card     *Card    // the device of the pages "device" and "fix"; nil: there is none such
	Fix      *PageFix // the fix of the page "fix"; nil: it is not one of the device's
	Settings Settings
	Welcome  Welcome // as in Page
	Token    string  // goes along with every POST
	Path     string  // of this page, such as "/device/3f2a9c01": where a POST leads back to
	Revision uint64  // of Page, as the events count them: what the browser has seen
	Notice   string  // what came of the last POST; on the page "message" all it has to say
}
