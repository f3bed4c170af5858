package main

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The workflow is read by another parser than GitHub's, and its scripts by a
// shell, which is what can be known of it without a Mac.
func TestTheWorkflowsOnAMacAreWellFormed(t *testing.T) {
	for file, job := range map[string]string{"macos.yml": "app", "release.yml": "macos"} {
		t.Run(file, func(t *testing.T) { wellFormed(t, filepath.Join("..", "..", ".github", "workflows", file), job) })
	}
}

func wellFormed(t *testing.T, file, job string) {
	out, err := exec.Command(needTool(t, "ruby"), "-ryaml", "-rjson", "-e", "puts JSON.generate(YAML.safe_load(File.read(ARGV[0])))", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	var workflow struct {
		Permissions map[string]string
		Jobs        map[string]struct {
			RunsOn string `json:"runs-on"`
			Steps  []struct{ Name, Uses, Run string }
		}
	}
	if err := json.Unmarshal(out, &workflow); err != nil {
		t.Fatal(err)
	}
	app := workflow.Jobs[job]
	if app.RunsOn != "macos-latest" || len(app.Steps) < 5 || workflow.Permissions["contents"] != "read" {
		t.Errorf("%s, %d steps, %v", app.RunsOn, len(app.Steps), workflow.Permissions)
	}
	for _, step := range app.Steps {
		if (step.Uses == "") == (step.Run == "") {
			t.Errorf("%q does nothing, or two things", step.Name)
		}
		if strings.Contains(step.Run, "secrets.") {
			t.Errorf("%q: a secret stands in the script, which is printed", step.Name)
		}
		check := exec.Command(needTool(t, "bash"), "-n")
		check.Stdin = strings.NewReader(step.Run)
		if out, err := check.CombinedOutput(); err != nil {
			t.Errorf("%q: %v\n%s", step.Name, err, out)
		}
	}
}
