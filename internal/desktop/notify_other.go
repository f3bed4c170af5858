//go:build !linux && !windows

package desktop

import "ninelives/internal/alert"

type service = beeepService

func newService(opt NotifierOptions, _ func(alert.Message)) *service { return &beeepService{opt} }
