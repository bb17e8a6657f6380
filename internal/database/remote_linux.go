package database

import "syscall"

// remoteFileSystem names the network file system that a folder lies on; nothing for a local one.
func remoteFileSystem(folder string) string {
	var found syscall.Statfs_t
	if syscall.Statfs(folder, &found) != nil {
		return ""
	}
	return remoteByMagic(uint32(found.Type)) //nolint:gosec // the numbers have 32 bits; some machines keep them in more
}

// remoteByMagic knows the numbers by which Linux tells file systems apart (statfs(2)).
func remoteByMagic(magic uint32) string {
	return map[uint32]string{
		0x00006969: "NFS", 0x0000517b: "SMB", 0xff534d42: "CIFS", 0xfe534d42: "SMB 2", 0x01021997: "9P", 0x5346414f: "AFS",
		0x00c36400: "Ceph", 0x73757245: "Coda", 0x0bd00bd0: "Lustre",
	}[magic]
}
