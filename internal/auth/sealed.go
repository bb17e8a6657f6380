package auth

import "sochibo/internal/audit"

// SealedUser is what the log commits to of a user.
func SealedUser() audit.Kind {
	return audit.Kind{Name: "user", Parts: []audit.Part{{Model: User{}, Key: "id"}}}
}

// SealedToken is what the log commits to of a token.
func SealedToken() audit.Kind {
	return audit.Kind{Name: "token", Parts: []audit.Part{{Model: Token{}, Key: "id"}}}
}
