using System.ComponentModel;
using System.IO.Ports;

namespace Quartier.Provision;

/// <summary>The serial port that a device hangs on, at 115200 baud, 8N1, raw: /dev/ttyUSB0, /dev/cu.usbserial-1, COM3.</summary>
public sealed class DevicePort : IDisposable
{
    /// <summary>Error numbers that Linux and macOS have in common.</summary>
    public const int Busy = 16;
    private const int NoEntry = 2;
    private const int NoAccess = 13;
    private const int NoTerminal = 25;
    private const int Baud = 115_200;

    private readonly SerialPort port;
    private readonly PortLock? held;

    /// <summary>Once the line broke nothing more is asked of it: a second request after a hang-up is never answered, and closing would
    /// wait for it for good.</summary>
    private bool isGone;

    private DevicePort(SerialPort port, PortLock? held) => (this.port, this.held) = (port, held);

    /// <exception cref="ProvisionProblem">The port cannot be used; says why and what to do.</exception>
    public static DevicePort Open(string name)
    {
        PortLock? held = null;
        try
        {
            held = PortLock.Take(name);
            return new DevicePort(Opened(name), held);
        }
        catch (Exception fault) when (fault is Win32Exception or IOException or UnauthorizedAccessException or ArgumentException)
        {
            held?.Dispose();
            throw Refused(name, fault);
        }
    }

    /// <returns>Bytes read; 0 when none came in time, -1 when the cable is gone.</returns>
    public int Read(byte[] buffer, int timeoutMs)
    {
        var taken = 0;
        Ask(timeoutMs, () =>
        {
            port.ReadTimeout = timeoutMs;
            taken = port.Read(buffer, 0, buffer.Length);
            isGone = taken == 0;
        });
        return isGone ? -1 : taken;
    }

    /// <returns>False when the line did not take the bytes within the time, or the cable is gone.</returns>
    public bool Write(ReadOnlySpan<byte> bytes, int timeoutMs)
    {
        var all = bytes.ToArray();
        return Ask(timeoutMs, () =>
        {
            port.WriteTimeout = timeoutMs;
            port.Write(all, 0, all.Length);
        });
    }

    public void Dispose()
    {
        port.Dispose();
        held?.Dispose();
    }

    /// <summary>The ports that a device may hang on.</summary>
    public static IReadOnlyList<string> Names() => [.. SerialPort.GetPortNames().Where(IsForDevices).Order(StringComparer.Ordinal)];

    /// <summary>On Linux adapters on USB, not the sockets on the board; on macOS the names that do not wait for a carrier; on Windows all.</summary>
    public static bool IsForDevices(string name) =>
        name.StartsWith("/dev/ttyUSB", StringComparison.Ordinal) || name.StartsWith("/dev/ttyACM", StringComparison.Ordinal)
        || (name.StartsWith("/dev/cu.", StringComparison.Ordinal) && !name.StartsWith("/dev/cu.Bluetooth", StringComparison.Ordinal))
        || name.StartsWith("COM", StringComparison.Ordinal);

    /// <summary>What there is to choose from, in words.</summary>
    public static string Candidates(bool german) => (german, Names()) switch
    {
        (true, []) => "Kein USB-Anschluss gefunden: Kabel am Serviceanschluss einstecken; manche Kabel führen nur Strom.",
        (false, []) => "No USB port found: plug the cable into the service port; some cables carry power only.",
        (true, var found) => "Vorhanden: " + string.Join(", ", found),
        (false, var found) => "Present: " + string.Join(", ", found),
    };

    /// <returns>False when it did not happen, in time or for good.</returns>
    private bool Ask(int timeoutMs, Action what)
    {
        if (isGone || timeoutMs <= 0)
        {
            return false;
        }

        try
        {
            what();
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            isGone = true;
            return false;
        }
    }

    /// <summary>With its control lines up, as the kernel raises them at opening: a change would reset boards with an automatic reset. A
    /// pseudo-terminal has none and refuses.</summary>
    private static SerialPort Opened(string name)
    {
        var port = new SerialPort(name, Baud) { DtrEnable = true, RtsEnable = true };
        try
        {
            port.Open();
        }
        catch (IOException) when (!OperatingSystem.IsWindows())
        {
            port.DtrEnable = port.RtsEnable = false;
            port.Open();
        }

        port.DiscardInBuffer();
        return port;
    }

    private static ProvisionProblem Refused(string name, Exception fault) => CodeOf(fault) switch
    {
        NoEntry => new("port", $"{name} gibt es nicht.", $"{name} does not exist.", Candidates(true), Candidates(false)),
        NoAccess => new("port", $"{name} darf nicht geöffnet werden.", $"{name} may not be opened.",
            "In die Gruppe dialout aufnehmen lassen (sudo usermod -aG dialout $USER) und neu anmelden.",
            "Join the group dialout (sudo usermod -aG dialout $USER) and log in again."),
        Busy => new("port", $"{name} ist belegt.", $"{name} is busy.", "Das andere Programm am Anschluss beenden.", "Close the other program that uses the port."),
        NoTerminal => new("port", $"{name} ist kein serieller Anschluss.", $"{name} is not a serial port.", Candidates(true), Candidates(false)),
        _ => new("port", $"{name}: {fault.Message}", $"{name}: {fault.Message}", "Kabel ab- und wieder anstecken.", "Unplug the cable and plug it in again."),
    };

    /// <summary>On Windows a port that another program has is "denied", one that is not there "not found", and COM is a must.</summary>
    private static int CodeOf(Exception fault) => fault switch
    {
        Win32Exception no => no.NativeErrorCode,
        FileNotFoundException => NoEntry,
        ArgumentException => NoTerminal,
        UnauthorizedAccessException when OperatingSystem.IsWindows() => Busy,
        UnauthorizedAccessException { InnerException.HResult: var code } => code,
        _ => 0,
    };
}
