using System.Diagnostics;

namespace nanoFramework.Hardware.Esp32;

/// <summary>The chip's clock since its start.</summary>
public sealed class HighResTimer
{
    public static ulong GetCurrent() => (ulong)Stopwatch.GetElapsedTime(0).TotalMicroseconds;
}
