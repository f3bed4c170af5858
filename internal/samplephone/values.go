package samplephone

import (
	"maps"
	"slices"
	"time"
)

// open are the root keys that a phone gives without a session, as far as they
// are known by name. The presets have no DevicePublicKey, which a client asks
// for when it wants to pair.
var open = []string{
	"BuildVersion", "CPUArchitecture", "DeviceClass", "DeviceName", "DevicePublicKey", "HardwareModel", "PasswordProtected",
	"ProductName", "ProductType", "ProductVersion", "UniqueDeviceID", "WiFiAddress",
}

// value answers GetValue: the Value, or the Error.
func (l *lockdown) value(p *Phone, request map[string]any) map[string]any {
	domain, key := text(request["Domain"]), text(request["Key"])
	out := map[string]any{}
	if domain != Root {
		out["Domain"] = domain
	}
	if key != "" {
		out["Key"] = key
	}
	value, failed := p.look(domain, key, l.session != "")
	if failed != "" {
		out["Error"] = failed
	} else {
		out["Value"] = value
	}
	return out
}

// look finds a value, or all of a domain when no key is named.
func (p *Phone) look(domain, key string, inSession bool) (value any, failed string) {
	all, known := p.answers(domain)
	switch {
	case !inSession && domain != Root:
		return nil, "MissingValue"
	case p.refuses(domain, key):
		return nil, "GetProhibited"
	case !known:
		return nil, "MissingValue"
	}
	if !inSession {
		maps.DeleteFunc(all, func(k string, _ any) bool { return !slices.Contains(open, k) })
	}
	if key == "" {
		return p.whole(domain, all), ""
	}
	value, ok := all[key]
	if !ok {
		return nil, "MissingValue"
	}
	return value, ""
}

// whole is a domain asked for as a whole: without the keys that are refused.
func (p *Phone) whole(domain string, all map[string]any) map[string]any {
	if slices.Contains(p.ByName, domain) {
		return map[string]any{}
	}
	maps.DeleteFunc(all, func(key string, _ any) bool { return p.refuses(domain, key) })
	return all
}

// path names a key in Absent and Refused.
func path(domain, key string) string {
	if domain == Root {
		return key
	}
	return domain + "/" + key
}

func (p *Phone) refuses(domain, key string) bool {
	return slices.Contains(p.Refused, path(domain, key)) || domain != Root && slices.Contains(p.Refused, domain+"/")
}

// answers is a copy of all that the phone has in a domain.
func (p *Phone) answers(domain string) (all map[string]any, known bool) {
	given, known := p.Values[domain]
	all = map[string]any{}
	switch {
	case domain == Root:
		all, known = p.fields(), true
	case domain == Wireless && known:
		all["BonjourFullServiceName"] = p.serviceName()
	}
	maps.Copy(all, given)
	maps.DeleteFunc(all, func(key string, _ any) bool { return slices.Contains(p.Absent, path(domain, key)) })
	return all, known
}

// fields are the root keys that come from the fields of the phone.
func (p *Phone) fields() map[string]any {
	all := map[string]any{
		"UniqueDeviceID":        p.UDID,
		"PasswordProtected":     p.Locked || p.LockedSinceBoot,
		"TimeIntervalSince1970": p.clock(),
		"WiFiAddress":           p.wifiAddress(),
	}
	for key, v := range map[string]string{
		"DeviceName": p.Name, "ProductType": p.ProductType, "ProductVersion": p.OSVersion,
		"BuildVersion": p.BuildVersion, "BootSessionID": p.BootSession,
	} {
		if v != "" {
			all[key] = v
		}
	}
	return all
}

// clock is what the phone's clock shows, in Unix seconds.
func (p *Phone) clock() float64 {
	now := time.Now
	if p.Now != nil {
		now = p.Now
	}
	return float64(now().Add(p.Clock).UnixMicro()) / 1e6
}
