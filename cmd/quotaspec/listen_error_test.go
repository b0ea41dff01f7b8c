package main

import (
	"fmt"
	"net"
	"os"
	"syscall"
	"testing"
)

// TestListenError checks the message for an address in use, with the error numbers of Unix and of Windows.
func TestListenError(t *testing.T) {
	const inUse = "127.0.0.1:1 is in use: choose another address with --listen"
	for _, test := range []struct {
		name   string
		number syscall.Errno
		want   string
	}{
		{name: "Unix", number: syscall.EADDRINUSE, want: inUse},
		{name: "Windows, WSAEADDRINUSE", number: 10048, want: inUse},
		{name: "another error", number: syscall.EACCES, want: "listen: " + fmt.Sprint(failedBind(syscall.EACCES))},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := listenError("127.0.0.1:1", failedBind(test.number)); got.Error() != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// failedBind returns the error of net.Listen if the system call bind fails with the number.
func failedBind(number syscall.Errno) error {
	return &net.OpError{Op: "listen", Net: "tcp", Err: os.NewSyscallError("bind", number)}
}
