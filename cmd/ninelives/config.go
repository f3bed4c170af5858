package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"ninelives/internal/store"
)

func (p *program) configCommand(f *flags) *cobra.Command {
	c := &cobra.Command{
		Use:   "config",
		Short: "Show the settings, or change one",
		Long:  "Without a further word it shows the settings in force.\n\nKeys:\n" + keyList(),
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return p.showConfig(f) },
	}
	c.AddCommand(
		&cobra.Command{
			Use: "path", Short: "Say where the settings file is", Args: cobra.NoArgs,
			RunE: func(*cobra.Command, []string) error {
				file, err := p.configFile(f)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintln(p.out, file)
				return err
			},
		},
		&cobra.Command{
			Use: "show", Short: "Show the settings in force", Args: cobra.NoArgs,
			RunE: func(*cobra.Command, []string) error { return p.showConfig(f) },
		},
		&cobra.Command{
			Use: "set KEY VALUE", Short: "Change one setting", Args: cobra.ExactArgs(2),
			RunE: func(_ *cobra.Command, args []string) error {
				file, err := p.configFile(f)
				if err != nil {
					return err
				}
				if err := p.changeable(args[0]); err != nil {
					return err
				}
				return store.Set(file, args[0], args[1])
			},
		},
		&cobra.Command{
			Use: "unset KEY", Short: "Go back to the default of one setting", Args: cobra.ExactArgs(1),
			RunE: func(_ *cobra.Command, args []string) error {
				file, err := p.configFile(f)
				if err != nil {
					return err
				}
				if err := p.changeable(args[0]); err != nil {
					return err
				}
				return store.Unset(file, args[0])
			},
		},
	)
	return c
}

// configFile is the settings file of the flags, else the usual one. It need
// not be readable: these commands are how one finds it.
func (p *program) configFile(f *flags) (string, error) {
	if f.config != "" {
		return f.config, nil
	}
	file := settled(store.Dirs(p.goos, p.env, p.home).ConfigFile, f)
	if file == "" {
		return "", configError{errNoHome}
	}
	return file, nil
}

func (p *program) showConfig(f *flags) error {
	w, err := p.world(f)
	if err != nil {
		return err
	}
	_, err = io.WriteString(p.out, store.Show(w.settings))
	return err
}

// keyList describes every key for the help.
func keyList() string {
	var b strings.Builder
	for _, k := range store.Keys() {
		fmt.Fprintf(&b, "  %-28s %s\n", k.Name, k.Meaning)
	}
	return b.String()
}
