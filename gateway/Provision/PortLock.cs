using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Quartier.Provision;

/// <summary>Holds a port for this program alone: two tools on one line would take each other's answers. Windows gives a port to one
/// program anyway. Elsewhere System.IO.Ports asks the kernel for the same, which does not bind root, and says "denied" to everything
/// that is wrong; so the port is opened here first, locked, and the reason kept (decision 0143).</summary>
public sealed class PortLock : IDisposable
{
    private const int LockExclusive = 2;
    private const int LockOrFail = 4;

    private readonly int file;

    private PortLock(int file) => this.file = file;

    /// <returns>Null on Windows.</returns>
    /// <exception cref="Win32Exception">The port cannot be opened (its error number), or is held (<see cref="DevicePort.Busy"/>).</exception>
    public static PortLock? Take(string name)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        // Read and write, no controlling terminal, no waiting for a carrier, closed in programs that are started.
        var file = open(name, OperatingSystem.IsMacOS() ? 2 | 0x20000 | 0x4 | 0x1000000 : 2 | 0x100 | 0x800 | 0x80000);
        if (file < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        if (flock(file, LockExclusive | LockOrFail) != 0)
        {
            _ = close(file);
            throw new Win32Exception(DevicePort.Busy);
        }

        return new PortLock(file);
    }

    public void Dispose() => _ = close(file);

    [DllImport("libc", SetLastError = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int file);

    [DllImport("libc", SetLastError = true)]
    private static extern int flock(int file, int how);
}
