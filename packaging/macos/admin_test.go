package main

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"
	"howett.net/plist"

	"ninelives/internal/store"
)

var update = flag.Bool("update", false, "write the schema of the settings anew")

const schemaFile = "admin/jamf-schema.json"

// forceable are the settings that a profile can force.
func forceable() []store.Key {
	return slices.DeleteFunc(store.Keys(), func(k store.Key) bool { return strings.HasPrefix(k.Name, "device.") })
}

// property describes a setting in the way of JSON Schema, which Jamf draws a
// form from.
type property struct {
	Title       string         `json:"title"`
	Description string         `json:"description"`
	Type        string         `json:"type"`
	Items       map[string]any `json:"items,omitempty"`
	Default     any            `json:"default"`
	Order       int            `json:"property_order"`
}

// schema is that of all settings, made from their own description.
func schema(t *testing.T) []byte {
	t.Helper()
	properties := map[string]property{}
	for i, k := range forceable() {
		var preset struct{ V any }
		if err := toml.Unmarshal([]byte("V = "+k.Default), &preset); err != nil {
			t.Fatal(err)
		}
		p := property{Title: k.Name, Description: k.Meaning + " Allowed: " + k.Form + ".", Type: "string", Default: preset.V, Order: 5 * (i + 1)}
		switch preset.V.(type) {
		case bool:
			p.Type = "boolean"
		case []any:
			p.Type, p.Items = "array", map[string]any{"type": "string"}
		}
		properties[k.Name] = p
	}
	text, err := json.MarshalIndent(map[string]any{
		"title": "Nine Lives (" + identifier + ")", "description": "What is set here cannot be changed by the person. A limit (warn_after, critical_after) bounds every route and device: a person may set a stricter one for some, never a laxer one, and cannot ignore a device.", "type": "object", "properties": properties,
	}, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	return append(text, '\n')
}

func TestTheJamfSchemaKnowsEverySetting(t *testing.T) {
	want := schema(t)
	if *update {
		if err := os.WriteFile(schemaFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(want), strings.ReplaceAll(string(read(t, schemaFile)), "\r\n", "\n")); diff != "" {
		t.Errorf("it lags behind; run: go test ./packaging/macos -run Schema -update\n%s", diff)
	}
	if out, err := exec.Command(needTool(t, "python3"), "-m", "json.tool", schemaFile).CombinedOutput(); err != nil {
		t.Errorf("python: %v\n%s", err, out)
	}
}

// payloads reads a profile by two readers, and gives what is in it.
func payloads(t *testing.T, name string) map[string]map[string]any {
	t.Helper()
	file := filepath.Join("admin", name)
	profile := byPython(t, file)
	if profile["PayloadType"] != "Configuration" || profile["PayloadVersion"] != 1.0 || profile["PayloadScope"] != "System" {
		t.Errorf("%s is no profile: %v", name, profile)
	}
	all, seen := map[string]map[string]any{}, map[any]bool{}
	for _, one := range append([]any{profile}, profile["PayloadContent"].([]any)...) {
		p := one.(map[string]any)
		id, uuid := p["PayloadIdentifier"].(string), p["PayloadUUID"].(string)
		if seen[id] || seen[uuid] || !strings.HasPrefix(id, identifier+".") || p["PayloadDisplayName"] == "" {
			t.Errorf("%s: the payload %q, %s", name, id, uuid)
		}
		if !regexp.MustCompile(`^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$`).MatchString(uuid) {
			t.Errorf("%s: %s is no UUID", name, uuid)
		}
		seen[id], seen[uuid] = true, true
		all[p["PayloadType"].(string)] = p
	}
	again := byPlistutil(t, file)
	if n := len(again["PayloadContent"].([]any)); n != len(all)-1 || again["PayloadIdentifier"] != profile["PayloadIdentifier"] {
		t.Errorf("%s: plistutil reads %d payloads, python %d", name, n, len(all)-1)
	}
	return all
}

// The example forces every setting, and what it forces is taken.
func TestTheExampleProfileForcesEverySetting(t *testing.T) {
	forced := payloads(t, "settings.mobileconfig")[store.Domain]
	if forced == nil {
		t.Fatal("there is nothing for " + store.Domain)
	}
	text, err := plist.Marshal(forced, plist.BinaryFormat) // as macOS puts it down
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "forced.plist")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := store.ReadForced([]string{file})
	if err != nil {
		t.Fatal(err)
	}
	s := f.Over(store.Defaults())
	for _, k := range forceable() {
		if !s.Forced(k.Name) {
			t.Errorf("%s is not in the example", k.Name)
		}
	}
}

func TestTheExampleProfileGrantsWhatIsNeeded(t *testing.T) {
	all := payloads(t, "permissions.mobileconfig")
	disk := all["com.apple.TCC.configuration-profile-policy"]["Services"].(map[string]any)["SystemPolicyAllFiles"].([]any)[0].(map[string]any)
	if disk["Identifier"] != identifier || disk["IdentifierType"] != "bundleID" || disk["Authorization"] != "Allow" || !strings.Contains(disk["CodeRequirement"].(string), `identifier "`+identifier+`"`) {
		t.Errorf("Full Disk Access: %v", disk)
	}
	agent := byPlistutil(t, filepath.Join("..", "..", "internal", "desktop", "testdata", "agent.plist"))
	login := all["com.apple.servicemanagement"]["Rules"].([]any)[0].(map[string]any)
	if login["RuleType"] != "Label" || login["RuleValue"] != agent["Label"] {
		t.Errorf("login item: %v, and its label is %v", login, agent["Label"])
	}
	if agent["AssociatedBundleIdentifiers"] != identifier || store.Domain != identifier {
		t.Errorf("the app is %s, to its login item %v, and its settings %s", identifier, agent["AssociatedBundleIdentifiers"], store.Domain)
	}
	notices := all["com.apple.notificationsettings"]["NotificationSettings"].([]any)[0].(map[string]any)
	if notices["BundleIdentifier"] != identifier || notices["NotificationsEnabled"] != true {
		t.Errorf("notifications: %v", notices)
	}
	if label := agent["Label"].(string); !strings.Contains(string(uninstaller), "/LaunchAgents/"+label+".plist") || !strings.Contains(string(uninstaller), "/"+label+"\"") {
		t.Errorf("the uninstaller does not know %s", label)
	}
}
