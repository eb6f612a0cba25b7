using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Quartier.Provision;

/// <summary>A serial port at 115200 baud, 8N1, raw, through libc. Linux; on macOS and Windows run the tool in a Linux machine
/// or container that has the port (docs/protocol.md).</summary>
public sealed class TermiosPort : IDisposable
{
    private const int ReadWrite = 2;
    private const int NoControllingTerminal = 0x100;
    private const int NonBlocking = 0x800;
    private const short PollIn = 1;
    private const short PollOut = 4;
    private const short PollGone = 0x8 | 0x10 | 0x20;
    private const int LockExclusive = 2;
    private const int LockOrFail = 4;
    private const int FlushBoth = 2;
    private const uint Baud115200 = 0x1002;
    private const int NoEntry = 2;
    private const int NoAccess = 13;
    private const int Busy = 16;

    /// <summary>More than any libc's struct termios; c_cflag is its third 32-bit word.</summary>
    private const int TermiosBytes = 256;
    private const int ControlFlagsAt = 8;
    private const uint LocalLine = 0x800;
    private const uint EnableReceiver = 0x80;

    private readonly int file;

    private TermiosPort(int file) => this.file = file;

    /// <exception cref="ProvisionProblem">The port cannot be used; says why and what to do.</exception>
    public static TermiosPort Open(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new ProvisionProblem("port", "Serielle Anschlüsse werden nur unter Linux geöffnet.", "Serial ports are opened on Linux only.",
                "Das Werkzeug auf einem Linux-Rechner starten.", "Run the tool on a Linux machine.");
        }

        var file = open(path, ReadWrite | NoControllingTerminal | NonBlocking);
        if (file < 0)
        {
            throw Refused(path, Marshal.GetLastPInvokeError());
        }

        // Two programs on one line would take each other's answers.
        if (flock(file, LockExclusive | LockOrFail) != 0)
        {
            _ = close(file);
            throw Refused(path, Busy);
        }

        var settings = new byte[TermiosBytes];
        if (tcgetattr(file, settings) != 0)
        {
            _ = close(file);
            throw new ProvisionProblem("port", $"{path} ist kein serieller Anschluss.", $"{path} is not a serial port.", Candidates(true), Candidates(false));
        }

        cfmakeraw(settings);
        _ = cfsetspeed(settings, Baud115200);
        var control = MemoryMarshal.Cast<byte, uint>(settings.AsSpan(ControlFlagsAt, sizeof(uint)));
        control[0] |= LocalLine | EnableReceiver;
        _ = tcsetattr(file, 0, settings);
        _ = tcflush(file, FlushBoth);
        return new TermiosPort(file);
    }

    /// <returns>Bytes read; 0 when none came in time, -1 when the cable is gone.</returns>
    public int Read(byte[] buffer, int timeoutMs)
    {
        var look = new PollDescriptor { File = file, Wanted = PollIn };
        if (poll(ref look, 1, Math.Max(0, timeoutMs)) <= 0)
        {
            return 0;
        }

        var taken = (int)read(file, buffer, buffer.Length);
        return taken > 0 ? taken : taken == 0 || (look.Found & PollGone) != 0 ? -1 : 0;
    }

    /// <returns>False when the line did not take the bytes within the time.</returns>
    public bool Write(ReadOnlySpan<byte> bytes, int timeoutMs)
    {
        var until = Environment.TickCount64 + timeoutMs;
        while (bytes.Length > 0)
        {
            var look = new PollDescriptor { File = file, Wanted = PollOut };
            var left = (int)(until - Environment.TickCount64);
            if (left <= 0 || poll(ref look, 1, left) <= 0 || (look.Found & PollGone) != 0)
            {
                return false;
            }

            var taken = (int)write(file, bytes.ToArray(), bytes.Length);
            bytes = bytes[Math.Max(0, taken)..];
        }

        return true;
    }

    public void Dispose() => _ = close(file);

    private static ProvisionProblem Refused(string path, int error) => error switch
    {
        NoEntry => new("port", $"{path} gibt es nicht.", $"{path} does not exist.", Candidates(true), Candidates(false)),
        NoAccess => new("port", $"{path} darf nicht geöffnet werden.", $"{path} may not be opened.",
            "In die Gruppe dialout aufnehmen lassen (sudo usermod -aG dialout $USER) und neu anmelden.",
            "Join the group dialout (sudo usermod -aG dialout $USER) and log in again."),
        Busy => new("port", $"{path} ist belegt.", $"{path} is busy.", "Das andere Programm am Anschluss beenden.", "Close the other program that uses the port."),
        _ => new("port", $"{path}: {new Win32Exception(error).Message}", $"{path}: {new Win32Exception(error).Message}",
            "Kabel ab- und wieder anstecken.", "Unplug the cable and plug it in again."),
    };

    private static string Candidates(bool german)
    {
        var found = Directory.Exists("/dev") ? Directory.GetFiles("/dev", "ttyUSB*").Concat(Directory.GetFiles("/dev", "ttyACM*")).Order().ToArray() : [];
        return (german, found.Length) switch
        {
            (true, 0) => "Kein USB-Anschluss gefunden: Kabel am Serviceanschluss einstecken; manche Kabel führen nur Strom.",
            (false, 0) => "No USB port found: plug the cable into the service port; some cables carry power only.",
            (true, _) => "Vorhanden: " + string.Join(", ", found),
            (false, _) => "Present: " + string.Join(", ", found),
        };
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int File;
        public short Wanted;
        public short Found;
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int file);

    [DllImport("libc", SetLastError = true)]
    private static extern nint read(int file, byte[] buffer, nint count);

    [DllImport("libc", SetLastError = true)]
    private static extern nint write(int file, byte[] buffer, nint count);

    [DllImport("libc", SetLastError = true)]
    private static extern int poll(ref PollDescriptor descriptors, nuint count, int timeoutMs);

    [DllImport("libc", SetLastError = true)]
    private static extern int flock(int file, int how);

    [DllImport("libc", SetLastError = true)]
    private static extern int tcgetattr(int file, byte[] settings);

    [DllImport("libc", SetLastError = true)]
    private static extern int tcsetattr(int file, int when, byte[] settings);

    [DllImport("libc", SetLastError = true)]
    private static extern int tcflush(int file, int queue);

    [DllImport("libc", SetLastError = true)]
    private static extern int cfsetspeed(byte[] settings, uint speed);

    [DllImport("libc")]
    private static extern void cfmakeraw(byte[] settings);
}
