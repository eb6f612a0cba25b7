using Quartier.Board;
using Quartier.Shelter;
using Quartier.Wire;

namespace Quartier.Tests.Shelter;

/// <summary>A pod whose every part a test can set, with air that breathes: 2.5 m³, one air change in ten minutes, a person 87 ppm a minute.</summary>
internal sealed class PodUnderTest :
    IClimateSensor, ICo2Sensor, IDoor, ILock, IMotion, ISmokeContact, ISosButton, ITamperSwitch, ILamp, IBattery, ILoRaModem,
    ISerialLine, IFlash, IClock, IWatchdog, IPower
{
    private readonly Dictionary<string, byte[]> files;
    private readonly Queue<(int Port, byte[] Bytes)> downlinks = new();
    private double excessPpm;
    private int noise;

    /// <param name="startMs">Uptime at the first step.</param>
    public PodUnderTest(Dictionary<string, byte[]>? files = null, ShelterSettings? settings = null, long startMs = 0)
    {
        NowMs = startMs;
        this.files = files ?? [];
        Board = new ShelterBoard
        {
            Climate = this, Co2 = this, Door = this, Lock = this, Motion = this, Smoke = this, Sos = this, Tamper = this, Lamp = this,
            Battery = this, Modem = this, ServicePort = this, Flash = this, Clock = this, Watchdog = this, Power = this,
        };
        App = new ShelterApp(Board, settings ?? new ShelterSettings());
    }

    public ShelterBoard Board { get; }
    public ShelterApp App { get; }
    public Dictionary<string, byte[]> Files => files;
    public long NowMs { get; private set; }
    public bool Open { get; set; }
    public bool Bolted { get; set; }
    public bool Moving { get; set; }
    public bool SmokeOn { get; set; }
    public bool SosOn { get; set; }
    public bool TamperOn { get; set; }
    public int People { get; set; }
    public int CentiCelsius { get; set; } = 1200;
    public int Humidity { get; set; } = 500;
    public double AirChangesPerHour { get; set; } = 6;
    public int OutdoorPpm { get; set; } = 430;
    public int? Co2Stuck { get; set; }
    public bool MotionStuck { get; set; }
    public ReadStatus Co2Status { get; set; }
    public ReadStatus DoorStatus { get; set; }
    public ReadStatus LockStatus { get; set; }
    public ReadStatus MotionStatus { get; set; }
    public ReadStatus ClimateStatus { get; set; }

    /// <summary>Of smoke contact, help button and tamper switch.</summary>
    public ReadStatus ContactStatus { get; set; }

    /// <summary>Refuses every write from now on.</summary>
    public bool FlashFull { get; set; }
    public int FlashWrites { get; private set; }
    public ModemState Modem { get; set; } = ModemState.Ready;
    public List<(long AtMs, int Port, byte[] Bytes)> Sent { get; } = [];
    public bool KeepsSent { get; set; } = true;
    public LampSign LampShows { get; private set; }
    public Action? EachStep { get; set; }

    public int Ppm => Co2Stuck ?? (int)(OutdoorPpm + excessPpm) + noise;

    /// <summary>Lets time pass in steps of five seconds at most, as a board would with its wakes.</summary>
    public void Pass(int seconds)
    {
        var until = NowMs + (seconds * 1000L);
        do
        {
            var next = Math.Min(App.Step(NowMs), NowMs + 5000);
            EachStep?.Invoke();
            next = Math.Max(next, NowMs + 1);
            Breathe((Math.Min(next, until) - NowMs) / 60000.0);
            NowMs = Math.Min(next, until);
        }
        while (NowMs < until);
    }

    public void PassMinutes(int minutes) => Pass(minutes * 60);

    /// <summary>Somebody opens the flap, moves about and closes it.</summary>
    public void GoThroughFlap(int peopleAfter, int openSeconds = 20)
    {
        Open = true;
        Moving = true;
        Pass(openSeconds);
        People = peopleAfter;
        Open = false;
        Moving = false;
        Pass(5);
    }

    /// <summary>An empty pod whose flap was opened and closed, long ago: it knows that it is free.</summary>
    public PodUnderTest Settled()
    {
        GoThroughFlap(0);
        PassMinutes(10);
        return this;
    }

    public IEnumerable<ShelterAlarmV1> AlarmsSent() => Sent.Where(s => s.Port == Ports.ShelterAlarm).Select(s =>
        ShelterAlarmV1.TryDecode(s.Bytes, s.Bytes.Length, out var alarm) ? alarm : throw new InvalidOperationException("not an alarm"));

    public IEnumerable<ShelterStatusV1> StatusesSent() => Sent.Where(s => s.Port == Ports.ShelterStatus).Select(s =>
        ShelterStatusV1.TryDecode(s.Bytes, s.Bytes.Length, out var status) ? status : throw new InvalidOperationException("not a status"));

    /// <param name="port">Another FPort than the confirmation's carries something else.</param>
    public void ConfirmAlarm(int sequence, int port = Ports.AlarmConfirmation)
    {
        var bytes = new byte[2];
        new AlarmConfirmationV1 { Sequence = sequence }.Encode(bytes);
        downlinks.Enqueue((port, bytes));
    }

    private void Breathe(double minutes)
    {
        var changesPerMinute = Open ? 0.7 : AirChangesPerHour / 60;
        excessPpm += ((People * 87) - (excessPpm * changesPerMinute)) * minutes;
        noise = (noise + 7) % 11 - 5;
    }

    ReadStatus IClimateSensor.Read(out int centiCelsius, out int humidityPermille)
    {
        (centiCelsius, humidityPermille) = (CentiCelsius, Humidity);
        return ClimateStatus;
    }

    ReadStatus ICo2Sensor.Read(out int ppm)
    {
        ppm = Ppm;
        return Co2Status;
    }

    ReadStatus IDoor.Read(out bool open)
    {
        open = Open;
        return DoorStatus;
    }

    ReadStatus ILock.Read(out bool locked)
    {
        locked = Bolted;
        return LockStatus;
    }

    ReadStatus IMotion.Read(out bool moved)
    {
        moved = Moving || MotionStuck;
        return MotionStatus;
    }

    ReadStatus ISmokeContact.Read(out bool smoke)
    {
        smoke = SmokeOn;
        return ContactStatus;
    }

    ReadStatus ISosButton.Read(out bool pressed)
    {
        pressed = SosOn;
        return ContactStatus;
    }

    ReadStatus ITamperSwitch.Read(out bool open)
    {
        open = TamperOn;
        return ContactStatus;
    }

    ReadStatus IBattery.Read(out int millivolts)
    {
        millivolts = 3600;
        return ReadStatus.Ok;
    }

    void ILamp.Show(LampSign sign) => LampShows = sign;

    ModemState ILoRaModem.Step(long uptimeMs) => Modem;

    SendStatus ILoRaModem.Send(int port, byte[] payload, int length, bool confirmed)
    {
        if (Modem != ModemState.Ready)
        {
            return SendStatus.Busy;
        }

        if (KeepsSent)
        {
            Sent.Add((NowMs, port, payload[..length]));
        }

        return SendStatus.Accepted;
    }

    bool ILoRaModem.TryReceive(byte[] into, out int port, out int length)
    {
        var any = downlinks.TryDequeue(out var first);
        (port, length) = any ? (first.Port, first.Bytes.Length) : (0, 0);
        first.Bytes?.CopyTo(into, 0);
        return any;
    }

    int ISerialLine.Read(byte[] buffer, int offset, int count) => 0;

    int ISerialLine.Write(byte[] buffer, int offset, int count) => count;

    FlashStatus IFlash.Read(string name, byte[] buffer, out int length)
    {
        length = 0;
        if (!files.TryGetValue(name, out var content))
        {
            return FlashStatus.NotFound;
        }

        length = content.Length;
        if (length > buffer.Length)
        {
            return FlashStatus.TooLong;
        }

        content.CopyTo(buffer, 0);
        return FlashStatus.Ok;
    }

    FlashStatus IFlash.Write(string name, byte[] buffer, int length)
    {
        if (FlashFull)
        {
            return FlashStatus.Full;
        }

        FlashWrites++;
        files[name] = buffer[..length];
        return FlashStatus.Ok;
    }

    int IFlash.TotalBytes => 256 * 1024;

    FlashStatus IFlash.ReadAt(string name, int offset, byte[] buffer, int length) => FlashStatus.Failed;

    FlashStatus IFlash.Append(string name, byte[] buffer, int length) => FlashStatus.Failed;

    FlashStatus IFlash.Size(string name, out int bytes)
    {
        bytes = files.TryGetValue(name, out var content) ? content.Length : 0;
        return content is null ? FlashStatus.NotFound : FlashStatus.Ok;
    }

    FlashStatus IFlash.Delete(string name) => files.Remove(name) ? FlashStatus.Ok : FlashStatus.NotFound;

    bool IFlash.TryGetName(int index, out string name)
    {
        name = index < files.Count ? files.Keys.ElementAt(index) : "";
        return index < files.Count;
    }

    bool IClock.TryGetUtc(out long unixSeconds)
    {
        unixSeconds = 0;
        return false;
    }

    void IWatchdog.Feed()
    {
    }

    ResetReason IPower.LastReset => ResetReason.PowerOn;

    bool IPower.TryGetFreeHeap(out long bytes)
    {
        bytes = 0;
        return false;
    }

    void IPower.Restart()
    {
    }
}
