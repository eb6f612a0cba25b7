using Quartier.Board;
using Quartier.Simulator.World;

namespace Quartier.Simulator.Boards;

/// <summary>The pod's parts as its board sees them: the truth of the scene, through sensors with their resolution, noise and warm-up.</summary>
public sealed class SimulatedShelterBoard :
    IClimateSensor, ICo2Sensor, IDoor, ILock, IMotion, ISmokeContact, ISosButton, ITamperSwitch, ILamp, IBattery
{
    private const long Co2WarmUpMs = 60_000;
    private const int Co2NoisePpm = 12;

    private readonly VirtualWorld world;
    private readonly PodScene scene;
    private readonly Chance noise;
    private readonly long bootMs;

    public SimulatedShelterBoard(VirtualWorld world, PodScene scene, ILoRaModem modem, IFlash flash, ISerialLine servicePort, SimulatedMachine machine)
    {
        this.world = world;
        this.scene = scene;
        noise = world.Stream("sensors " + scene.Name);
        bootMs = world.NowMs;
        Board = new ShelterBoard
        {
            Climate = this, Co2 = this, Door = this, Lock = this, Motion = this, Smoke = this, Sos = this, Tamper = this, Lamp = this,
            Battery = this, Modem = modem, ServicePort = servicePort, Flash = flash, Clock = machine, Watchdog = machine, Power = machine,
        };
    }

    public ShelterBoard Board { get; }

    public LampSign LampShows { get; private set; }

    ReadStatus IClimateSensor.Read(out int centiCelsius, out int humidityPermille)
    {
        centiCelsius = (int)Math.Round(scene.Celsius * 100) + noise.Next(-5, 5);
        humidityPermille = Math.Clamp((int)Math.Round(scene.RelativeHumidity * 1000) + noise.Next(-4, 4), 0, 1000);
        return ReadStatus.Ok;
    }

    ReadStatus ICo2Sensor.Read(out int ppm)
    {
        ppm = Math.Clamp((int)Math.Round(scene.Ppm) + noise.Next(-Co2NoisePpm, Co2NoisePpm), 400, 5000);
        return world.NowMs - bootMs < Co2WarmUpMs ? ReadStatus.NotReady : ReadStatus.Ok;
    }

    ReadStatus IDoor.Read(out bool open)
    {
        open = scene.FlapOpen;
        return ReadStatus.Ok;
    }

    ReadStatus ILock.Read(out bool locked)
    {
        locked = scene.Bolted;
        return ReadStatus.Ok;
    }

    ReadStatus IMotion.Read(out bool moved)
    {
        moved = scene.TakeMotion();
        return ReadStatus.Ok;
    }

    ReadStatus ISmokeContact.Read(out bool smoke)
    {
        smoke = scene.Smoke;
        return ReadStatus.Ok;
    }

    ReadStatus ISosButton.Read(out bool pressed)
    {
        pressed = scene.TakeSos();
        return ReadStatus.Ok;
    }

    ReadStatus ITamperSwitch.Read(out bool open)
    {
        open = scene.HousingOpen;
        return ReadStatus.Ok;
    }

    ReadStatus IBattery.Read(out int millivolts)
    {
        millivolts = (int)scene.BatteryMillivolts + noise.Next(-5, 5);
        return ReadStatus.Ok;
    }

    void ILamp.Show(LampSign sign)
    {
        LampShows = sign;
        world.Trace.Write(scene.Name, "lamp", sign switch { LampSign.Off => "off", LampSign.Sent => "blinks: on its way", _ => "steady: confirmed" });
    }
}
