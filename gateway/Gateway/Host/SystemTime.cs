using System.Runtime.InteropServices;

namespace Quartier.Gateway.Host;

/// <summary>What the operating system knows about its own clock.</summary>
public static class SystemTime
{
    private const int TimexBytesMax = 512;
    private const int Unsynchronised = 5;

    /// <summary>Asks Linux's kernel, which every time service tells. Elsewhere nobody can be asked and the answer is no, so that a
    /// person has to confirm.</summary>
    public static bool IsSynchronised()
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        // All zero asks and sets nothing. The state is the result; the rest of the structure differs between machines.
        var timex = new byte[TimexBytesMax];
        return AdjustTime(timex) is >= 0 and < Unsynchronised;
    }

    [DllImport("libc", EntryPoint = "adjtimex")]
    private static extern int AdjustTime([In, Out] byte[] timex);
}
