package auth

import (
	"strings"
	"testing"
	"time"
)

func TestPasswordPolicy(t *testing.T) {
	t.Parallel()
	p := policy{least: MinPassword, words: []string{"Chi bộ Văn phòng Bình Minh", "tran.thi.binh"}, now: time.Date(2018, 5, 1, 0, 0, 0, 0, time.UTC)}
	short := p
	short.least = MinPasswordWithFactor
	for password, want := range map[string]string{
		"bốn chú trâu xanh ra đồng":        "",
		"correct horse battery staple":     "",
		"mười bốn chữ ạ":                   "password_short", // 14
		strings.Repeat("aB3 đường ", 13):   "password_long",
		"đ🐃 a năm con nghé 🐃 về làng":      "",
		"                    ":             "password_common",
		"aaaaaaaaaaaaaaaaaaaa":             "password_common",
		"passwordpassword":                 "password_common",
		"12345678901234567890":             "password_common",
		"abcdefghijklmnopqrstuvw":          "password_common",
		"chibodangvienbithu":               "password_context",
		"Chi Bộ Đảng Viên 2018!":           "password_context",
		"ChiBoVanPhongBinhMinh-2018":       "password_context",
		"tran.thi.binh.2019":               "password_context",
		"chi bộ em có bảy con trâu":        "",
		"\xff\xfe invalid but long enough": "text_encoding",
	} {
		err := p.check(normalPassword(password))
		if got := codeIn(err); got != want {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
	for password, want := range map[string]string{"iloveyou": "password_common", "PassWord1": "password_common", "Trau xanh 7": ""} {
		if got := codeIn(short.check(password)); got != want {
			t.Errorf("%q with a second factor: %q, want %q", password, got, want)
		}
	}
	if n := len(commonPasswords()); n < 7000 {
		t.Errorf("%d common passwords", n)
	}
}

func codeIn(err error) string {
	if err == nil {
		return ""
	}
	_, code, _ := strings.Cut(strings.TrimSuffix(err.Error(), "]"), "/password: ")
	return code
}

func TestWaiting(t *testing.T) {
	t.Parallel()
	for failures, want := range map[int]time.Duration{
		0: 0, 4: 0, 5: 32 * time.Second, 6: 64 * time.Second, 9: 512 * time.Second, 10: 15 * time.Minute, 90: 15 * time.Minute,
	} {
		if got := waitAfter(failures); got != want {
			t.Errorf("after %d: %s, want %s", failures, got, want)
		}
	}
	for address, want := range map[string]string{
		"192.0.2.7": "192.0.2.0/24", "::ffff:192.0.2.9": "192.0.2.0/24", "2001:db8:1:2::3": "2001:db8:1::/48", "fe80::1%eth0": "fe80::/48", "": "unknown",
	} {
		if got := network(address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}

func TestVaultIsForOneUser(t *testing.T) {
	t.Parallel()
	v := vault{key: []byte("0123456789abcdef0123456789abcdef")}
	one, two := NewUserID(), NewUserID()
	sealed, err := v.seal(one, []byte("secret"))
	if err != nil || strings.Contains(string(sealed), "secret") {
		t.Fatal(err)
	}
	if plain, err := v.open(one, sealed); err != nil || string(plain) != "secret" {
		t.Errorf("%q, %v", plain, err)
	}
	if _, err := v.open(two, sealed); err == nil {
		t.Error("it opens for another user")
	}
	if _, err := (vault{}).open(one, sealed); err == nil {
		t.Error("it opens without a key")
	}
}
