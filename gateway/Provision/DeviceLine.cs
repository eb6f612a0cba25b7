using System.Text;
using Quartier.Wire;

namespace Quartier.Provision;

/// <summary>One network that the device sees.</summary>
public sealed record Network(string Ssid, int RssiDbm, bool Secured);

/// <summary>Conversation with the device on the other end of the cable. Text and damaged frames between are passed over.</summary>
public sealed class DeviceLine(DevicePort port)
{
    private const int AnswerMs = 1_000;
    private const int Tries = 5;
    private const int SilenceMs = 300;

    /// <summary>Longer than the device's own limit, so that its reason arrives.</summary>
    private const int JoinMs = 40_000;
    private const int ScanMs = 20_000;

    private readonly PortFrames frames = new();
    private readonly byte[] chunk = new byte[256];
    private readonly byte[] payload = new byte[PortFrames.PayloadBytesMax];
    private readonly byte[] frame = new byte[PortFrames.FrameBytesMax];
    private int requestId = Environment.ProcessId % 60_000;

    /// <summary>Asks until an answer comes.</summary>
    /// <exception cref="ProvisionProblem">Nobody answers.</exception>
    public ProvisionAnswer Ask(ProvisionRequest request)
    {
        requestId++;
        var length = request.Encode(payload);
        if (length < 0)
        {
            throw new ProvisionProblem("identity", "Eine Angabe ist zu lang oder enthält unerlaubte Zeichen.", "A value is too long or has characters that are not allowed.",
                "Kennung: 1 bis 32 Zeichen aus a–z, 0–9 und Bindestrich; Ort bis 96 Byte.", "Id: 1 to 32 of a–z, 0–9 and hyphen; place up to 96 bytes.");
        }

        for (var attempt = 0; attempt < Tries; attempt++)
        {
            Send(PortFrames.WriteProvision(frame, 0, PortFrames.ProvisionRequestType, requestId, payload, length));
            var until = Environment.TickCount64 + AnswerMs;
            while (Next(until) is var kind and not PortFrameKind.None)
            {
                if (kind == PortFrameKind.Provision && frames.Type == PortFrames.ProvisionAnswerType && frames.RequestId == requestId
                    && ProvisionAnswer.TryDecode(frames.Payload, frames.PayloadLength, out var answer))
                {
                    if (answer.Status == ProvisionStatus.Damaged)
                    {
                        break;
                    }

                    return answer;
                }
            }
        }

        throw new ProvisionProblem("device", "Das Gerät antwortet nicht.", "The device does not answer.",
            "Ist das Kabel im Serviceanschluss (nicht im Programmieranschluss) und das Gerät eingeschaltet?",
            "Is the cable in the service port (not the programming port) and the device switched on?");
    }

    /// <summary>Gives the device its Wi-Fi and waits for the outcome.</summary>
    /// <returns>False when the device could not join.</returns>
    public bool JoinWifi(string ssid, string password)
    {
        var data = new byte[255];
        data[0] = ImprovText.SendWifi;
        var length = ImprovText.Append(data, 2, ssid);
        length = ImprovText.Append(data, length, password);
        if (length < 0 || Encoding.UTF8.GetByteCount(ssid) is < 1 or > 32)
        {
            throw NotImprov();
        }

        Send(PortFrames.WriteImprov(frame, 0, PortFrames.ImprovCommand, data, length));
        var until = Environment.TickCount64 + JoinMs;
        while (Next(until) is var kind and not PortFrameKind.None)
        {
            if (kind == PortFrameKind.Improv && frames is { Type: PortFrames.ImprovState, PayloadLength: 1 } && frames.Payload[0] == ImprovText.StateProvisioned)
            {
                return true;
            }

            if (kind == PortFrameKind.Improv && frames is { Type: PortFrames.ImprovError, PayloadLength: 1 } && frames.Payload[0] != ImprovText.ErrorNone)
            {
                return frames.Payload[0] == ImprovText.ErrorInvalidPacket ? throw NotImprov() : false;
            }
        }

        return false;
    }

    public IReadOnlyList<Network> Scan()
    {
        var networks = new List<Network>();
        Send(PortFrames.WriteImprov(frame, 0, PortFrames.ImprovCommand, [ImprovText.RequestNetworks, 0], 2));
        var until = Environment.TickCount64 + ScanMs;
        while (Next(until) is var kind and not PortFrameKind.None)
        {
            if (kind != PortFrameKind.Improv || frames.Type != PortFrames.ImprovResult || frames.Payload[0] != ImprovText.RequestNetworks)
            {
                continue;
            }

            if (frames.PayloadLength == 2)
            {
                break;
            }

            var at = 2;
            if (ImprovText.TryTake(frames.Payload, frames.PayloadLength, ref at, out var ssid)
                && ImprovText.TryTake(frames.Payload, frames.PayloadLength, ref at, out var rssi)
                && ImprovText.TryTake(frames.Payload, frames.PayloadLength, ref at, out var secured) && int.TryParse(rssi, out var dbm))
            {
                networks.Add(new Network(ssid, dbm, secured == "YES"));
            }
        }

        return networks;
    }

    private void Send(int length)
    {
        if (!port.Write(frame.AsSpan(0, length), AnswerMs))
        {
            throw Gone();
        }
    }

    /// <summary>The next frame before that tick count; None when none came.</summary>
    private PortFrameKind Next(long until)
    {
        while (true)
        {
            var kind = frames.Next();
            if (kind != PortFrameKind.None)
            {
                return kind;
            }

            var left = until - Environment.TickCount64;
            if (left <= 0)
            {
                return PortFrameKind.None;
            }

            var taken = port.Read(chunk, (int)Math.Min(left, SilenceMs));
            if (taken < 0)
            {
                throw Gone();
            }

            if (taken == 0 && frames.IsPartial)
            {
                frames.GiveUp();
                continue;
            }

            for (var at = 0; at < taken;)
            {
                var fits = frames.Append(chunk, at, taken - at);
                at += fits;
                if (fits == 0)
                {
                    frames.GiveUp();
                }
            }
        }
    }

    private static ProvisionProblem Gone() => new("device", "Die Verbindung zum Gerät ist abgerissen.", "The connection to the device broke.",
        "Kabel prüfen und noch einmal starten; was schon geschrieben ist, bleibt.", "Check the cable and start again; what was written stays.");

    private static ProvisionProblem NotImprov() => new("wifi", "WLAN-Name oder Passwort ist zu lang oder zu kurz.", "The Wi-Fi name or password is too long or too short.",
        "Name 1 bis 32 Byte, Passwort leer oder 8 bis 63 Byte.", "Name 1 to 32 bytes, password empty or 8 to 63 bytes.");
}
