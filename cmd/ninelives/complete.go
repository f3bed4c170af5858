package main

import (
	"strings"

	"github.com/spf13/cobra"

	"ninelives/assets"
	"ninelives/internal/store"
)

// complete tells the shells what may follow, beside what the commands and
// flags say themselves. `ninelives completion SHELL` prints what a shell needs
// to ask.
func complete(root *cobra.Command) {
	root.CompletionOptions.HiddenDefaultCmd = true
	root.InitDefaultCompletionCmd() // cobra would add it later, and take every shell
	root.CompletionOptions.SetDefaultShellCompDirective(cobra.ShellCompDirectiveNoFileComp)
	for flag, directive := range map[string]cobra.ShellCompDirective{
		"config": cobra.ShellCompDirectiveDefault, "data-dir": cobra.ShellCompDirectiveFilterDirs, "backup-dir": cobra.ShellCompDirectiveFilterDirs,
	} {
		offer(root, flag, directive)
	}
	for _, c := range root.Commands() {
		switch c.Name() {
		case "check":
			offer(c, "format", cobra.ShellCompDirectiveNoFileComp, "text", "json", "nagios")
		case "completion":
			c.Args, c.RunE = cobra.NoArgs, func(c *cobra.Command, _ []string) error { return c.Help() }
		case "fixes":
			c.ValidArgsFunction = first(fixCodes)
		case "open":
			c.ValidArgsFunction = first(func() []string { return []string{"overview", "settings", "sources"} })
		case "config":
			for _, sub := range c.Commands() {
				if strings.HasSuffix(sub.Name(), "set") { // set and unset
					sub.ValidArgsFunction = first(plainKeys)
				}
			}
		}
	}
}

// offer completes the values of a flag. A flag that is not there would be a
// mistake in the lines above.
func offer(c *cobra.Command, flag string, directive cobra.ShellCompDirective, values ...string) {
	if err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, directive)); err != nil {
		panic(err)
	}
}

// first completes the first argument, and nothing after it.
func first(values func() []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return values(), cobra.ShellCompDirectiveNoFileComp
	}
}

func fixCodes() []string {
	fixes, err := assets.Fixes("en")
	if err != nil { // embedded, and read by a test: nothing is offered
		return nil
	}
	var codes []string
	for _, f := range fixes {
		codes = append(codes, f.Code+"\t"+f.Title)
	}
	return codes
}

// plainKeys are the settings whose name is not completed by a device's id.
func plainKeys() []string {
	var keys []string
	for _, k := range store.Keys() {
		if !strings.Contains(k.Name, ".ID.") {
			keys = append(keys, k.Name+"\t"+k.Meaning)
		}
	}
	return keys
}
