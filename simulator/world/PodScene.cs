namespace Quartier.Simulator.World;

/// <summary>What is true in and around one pod: who is inside, what is open, bolted, burning. The board only sees parts of it.
/// Every act is something a person or fate does; each wakes the board as a pin interrupt would.</summary>
public sealed class PodScene
{
    private const long ThroughFlapMs = 4_000;
    private const long BoltMs = 500;
    private const long PressMs = 800;
    private const double FlowingColdCelsius = -12;
    private const double FullMillivolts = 3650;
    private const double FlatMillivolts = 2950;

    private readonly VirtualWorld world;
    private readonly Weather weather;
    private readonly Chance chance;
    private readonly PodPhysics air;
    private Appointment? closing;
    private Appointment? stirring;
    private bool movedLatch;
    private bool sosLatch;

    public PodScene(VirtualWorld world, Weather weather, string name)
    {
        this.world = world;
        this.weather = weather;
        Name = name;
        chance = world.Stream("pod " + name);
        var outside = weather.Celsius(world.Now);
        air = new PodPhysics(world.NowMs, outside + 1, OutdoorVapour(), weather.CarbonDioxidePpm + 10);
        Stir();
    }

    /// <summary>A contact or button changed: the board's pin interrupt.</summary>
    public event Action? InputChanged;

    /// <summary>Something a viewer can see changed.</summary>
    public event Action? Changed;

    public string Name { get; }

    public int People { get; private set; }

    public bool Asleep { get; private set; }

    public bool FlapOpen { get; private set; }

    public bool Bolted { get; private set; }

    public bool Smoke { get; private set; }

    public bool SosHeld { get; private set; }

    public bool Cold { get; private set; }

    public bool BatteryFlat { get; private set; }

    public bool HousingOpen { get; private set; }

    /// <summary>When the number of people last changed.</summary>
    public long PeopleSinceMs { get; private set; }

    public double Celsius => Air().Celsius;

    public double RelativeHumidity => Air().RelativeHumidity;

    public double Ppm => Air().Ppm;

    public double BatteryMillivolts => BatteryFlat ? FlatMillivolts : FullMillivolts;

    /// <summary>Somebody opens the flap, goes in and closes it behind them.</summary>
    public void Enter(int people = 1)
    {
        OpenFlap();
        Move();
        Happened("enters", people == 1 ? "one person" : $"{people} people");
        SetPeople(People + people);
        Asleep = false;
        CloseFlapAfter(ThroughFlapMs);
    }

    /// <summary>Bolts the flap from inside; closes it first when it stands open. Nothing happens in an empty pod.</summary>
    public void Lock()
    {
        if (People == 0 || Bolted)
        {
            return;
        }

        var wasOpen = FlapOpen;
        CloseFlap();
        world.After(wasOpen ? BoltMs : 0, () =>
        {
            if (People > 0 && !FlapOpen)
            {
                Alter(() => Bolted = true);
                Happened("bolts-flap");
            }
        });
    }

    public void Unlock()
    {
        if (Bolted)
        {
            Alter(() => Bolted = false);
            Happened("unbolts-flap");
        }
    }

    /// <summary>Lies down: from now on there is motion only once in a long while.</summary>
    public void Sleep()
    {
        if (People > 0 && !Asleep)
        {
            Asleep = true;
            Happened("sleeps");
            Changed?.Invoke();
        }
    }

    /// <summary>Everybody leaves and closes the flap, unless it is forgotten.</summary>
    public void Leave(bool forgetFlap = false)
    {
        Unlock();
        OpenFlap();
        Move();
        Happened("leaves", forgetFlap ? "and forgets the flap" : "");
        SetPeople(0);
        Asleep = false;
        if (!forgetFlap)
        {
            CloseFlapAfter(ThroughFlapMs * 2);
        }
        else
        {
            closing?.Cancel();
        }
    }

    /// <summary>Somebody opens the flap from outside, looks in, and goes.</summary>
    public void LookIn(long forMs)
    {
        OpenFlap();
        Move();
        Happened("is-visited", $"for {forMs / 60000} min");
        CloseFlapAfter(forMs);
    }

    public void OpenFlap()
    {
        closing?.Cancel();
        if (!FlapOpen)
        {
            if (Bolted)
            {
                Unlock();
            }

            Alter(() => FlapOpen = true);
        }
    }

    public void CloseFlap()
    {
        closing?.Cancel();
        if (FlapOpen)
        {
            Move();
            Alter(() => FlapOpen = false);
        }
    }

    public void SetSmoke(bool smoke) => Toggle(Smoke, smoke, "smoke", () => Smoke = smoke);

    public void SetCold(bool cold) => Toggle(Cold, cold, "cold", () => Cold = cold);

    public void SetBatteryFlat(bool flat) => Toggle(BatteryFlat, flat, "flat-battery", () => BatteryFlat = flat);

    public void SetHousingOpen(bool open) => Toggle(HousingOpen, open, "housing-open", () => HousingOpen = open);

    /// <summary>Presses the help button once.</summary>
    public void PressSos()
    {
        Alter(() => SosHeld = sosLatch = true);
        Happened("presses-sos");
        world.After(PressMs, () => Alter(() => SosHeld = false));
    }

    /// <summary>Read by the board; the line is latched between two readings.</summary>
    public bool TakeMotion()
    {
        var moved = movedLatch;
        movedLatch = false;
        return moved;
    }

    /// <summary>Read by the board; latched between two readings.</summary>
    public bool TakeSos()
    {
        var pressed = sosLatch || SosHeld;
        sosLatch = false;
        return pressed;
    }

    private PodPhysics Air()
    {
        air.Advance(world.NowMs, Load());
        return air;
    }

    private PodLoad Load() => new(
        People,
        FlapOpen,
        FanRuns: true,
        Draught: Cold,
        HeaterWatts: 0,
        Cold ? Math.Min(FlowingColdCelsius, weather.Celsius(world.Now)) : weather.Celsius(world.Now),
        OutdoorVapour(),
        weather.CarbonDioxidePpm);

    private double OutdoorVapour() =>
        weather.Humidity(world.Now) * PodPhysics.SaturationGramsPerM3(weather.Celsius(world.Now));

    /// <summary>Awake people move every minute or so, sleepers turn over now and then. The air is brought up to date on the way,
    /// because the weather changes between two acts.</summary>
    private void Stir()
    {
        var pauseMs = People > 0 && !Asleep ? chance.Next(20_000, 90_000) : chance.Next(15 * 60_000, 80 * 60_000);
        stirring?.Cancel();
        stirring = world.After(pauseMs, () =>
        {
            Air();
            if (People > 0)
            {
                Move();
            }

            Stir();
        });
    }

    private void Move()
    {
        movedLatch = true;
        InputChanged?.Invoke();
    }

    private void CloseFlapAfter(long ms)
    {
        closing?.Cancel();
        closing = world.After(ms, CloseFlap);
    }

    private void SetPeople(int people)
    {
        Air();
        People = people;
        PeopleSinceMs = world.NowMs;
        Stir();
    }

    private void Toggle(bool was, bool becomes, string what, Action change)
    {
        if (was != becomes)
        {
            Alter(change);
            Happened(what, becomes ? "begins" : "ends");
        }
    }

    /// <summary>The air is reckoned up to now under the old conditions before they change.</summary>
    private void Alter(Action change)
    {
        Air();
        change();
        InputChanged?.Invoke();
        Changed?.Invoke();
    }

    private void Happened(string what, string detail = "") => world.Trace.Write(Name, what, detail);
}
