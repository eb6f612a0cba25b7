using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Quartier.Board;

namespace Quartier.Simulator.Boards;

/// <summary>A board's service port as a pseudo-terminal: the tool opens <see cref="Path"/> as it would a USB cable's port.
/// Linux. Nothing blocks. This side holds the terminal open too, so that a tool may come and go.</summary>
public sealed class PtyLine : ISerialLine, IDisposable
{
    private const int ReadWrite = 2;
    private const int NoControllingTerminal = 0x100;
    private const int NonBlocking = 0x800;

    /// <summary>A program started from here must not hold the line open: a pulled cable would not show.</summary>
    private const int CloseOnExec = 0x80000;
    private const short PollIn = 1;
    private const int PathBytesMax = 128;
    /// <summary>More than any libc's struct termios.</summary>
    private const int TermiosBytes = 256;

    private readonly int master;
    private readonly int terminal;
    private bool closed;

    public PtyLine()
    {
        master = Checked(posix_openpt(ReadWrite | NoControllingTerminal | NonBlocking | CloseOnExec), "posix_openpt");
        Checked(grantpt(master), "grantpt");
        Checked(unlockpt(master), "unlockpt");
        var name = new byte[PathBytesMax];
        Checked(ptsname_r(master, name, name.Length), "ptsname_r");
        Path = Encoding.ASCII.GetString(name, 0, Array.IndexOf(name, (byte)0));
        terminal = Checked(open(Path, ReadWrite | NoControllingTerminal | NonBlocking | CloseOnExec), "open " + Path);
        var settings = new byte[TermiosBytes];
        Checked(tcgetattr(terminal, settings), "tcgetattr");
        cfmakeraw(settings);
        Checked(tcsetattr(terminal, 0, settings), "tcsetattr");
    }

    /// <summary>For example /dev/pts/7.</summary>
    public string Path { get; }

    /// <summary>Bytes wait: whoever paces the world wakes the board then.</summary>
    public bool HasInput
    {
        get
        {
            var look = new PollDescriptor { File = master, Wanted = PollIn };
            return !closed && poll(ref look, 1, 0) > 0 && (look.Found & PollIn) != 0;
        }
    }

    public int Read(byte[] buffer, int offset, int count)
    {
        if (closed)
        {
            return 0;
        }

        var bytes = new byte[count];
        var taken = (int)read(master, bytes, count);
        if (taken <= 0)
        {
            return 0;
        }

        bytes.AsSpan(0, taken).CopyTo(buffer.AsSpan(offset));
        return taken;
    }

    public int Write(byte[] buffer, int offset, int count)
    {
        if (closed)
        {
            return 0;
        }

        var taken = (int)write(master, buffer.AsSpan(offset, count).ToArray(), count);
        return Math.Max(0, taken);
    }

    public void Dispose()
    {
        if (!closed)
        {
            closed = true;
            _ = close(terminal);
            _ = close(master);
        }
    }

    private static int Checked(int result, string call) =>
        result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{call} failed; pseudo-terminals need Linux");

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int File;
        public short Wanted;
        public short Found;
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int posix_openpt(int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int grantpt(int file);

    [DllImport("libc", SetLastError = true)]
    private static extern int unlockpt(int file);

    [DllImport("libc", SetLastError = true)]
    private static extern int ptsname_r(int file, byte[] name, nint length);

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
    private static extern int tcgetattr(int file, byte[] settings);

    [DllImport("libc", SetLastError = true)]
    private static extern int tcsetattr(int file, int when, byte[] settings);

    [DllImport("libc")]
    private static extern void cfmakeraw(byte[] settings);
}
