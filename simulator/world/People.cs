using NodaTime;

namespace Quartier.Simulator.World;

/// <summary>How people use a pod over the days, drawn from the seed: street workers open it at 18:00, a guest comes in the evening of
/// most days, mostly locks, sleeps, may step out at night, leaves in the morning and sometimes forgets the flap; street workers
/// look in during the morning. Rarely there is smoke or a call for help. All chances are per night, in permille.</summary>
public sealed class People
{
    private const int GuestPermille = 700;
    private const int CouplePermille = 150;
    private const int LocksPermille = 850;
    private const int StepsOutPermille = 200;
    private const int ForgetsFlapPermille = 60;
    private const int SmokePermille = 15;
    private const int SosPermille = 20;

    private readonly VirtualWorld world;
    private readonly PodScene pod;
    private readonly Chance chance;

    public People(VirtualWorld world, PodScene pod)
    {
        this.world = world;
        this.pod = pod;
        chance = world.Stream("people " + pod.Name);
    }

    /// <summary>While false nobody new comes; who is inside stays until somebody acts.</summary>
    public bool Active { get; set; } = true;

    /// <summary>Plans today's rest and each following day at its noon.</summary>
    public void Begin()
    {
        PlanNight(Today());
        world.At(MsOf(Today().PlusDays(1), 12, 0), PlanNextNoon);
    }

    private void PlanNextNoon()
    {
        PlanNight(Today());
        world.At(MsOf(Today().PlusDays(1), 12, 0), PlanNextNoon);
    }

    private void PlanNight(LocalDate evening)
    {
        var morning = evening.PlusDays(1);
        At(MsOf(evening, 18, chance.Next(0, 10)), () => pod.LookIn(Minutes(2, 5)));
        if (chance.Happens(GuestPermille))
        {
            PlanStay(evening, morning);
        }

        At(MsOf(morning, 8, chance.Next(40, 110)), () =>
        {
            if (pod.People == 0)
            {
                pod.LookIn(Minutes(3, 12));
            }
        });
    }

    private void PlanStay(LocalDate evening, LocalDate morning)
    {
        var guests = chance.Happens(CouplePermille) ? 2 : 1;
        var arrivesMs = MsOf(evening, 18, chance.Next(30, 300));
        var leavesMs = MsOf(morning, 5, chance.Next(30, 180));
        var locks = chance.Happens(LocksPermille);
        At(arrivesMs, () => pod.Enter(guests));
        if (locks)
        {
            At(arrivesMs + Minutes(0, 4) + 8_000, pod.Lock);
        }

        At(arrivesMs + Minutes(20, 70), pod.Sleep);
        if (chance.Happens(StepsOutPermille))
        {
            var outMs = MsOf(morning, 1, chance.Next(0, 180));
            At(outMs, () => pod.Leave());
            At(outMs + Minutes(4, 15), () => pod.Enter(guests));
            At(outMs + Minutes(17, 22), () =>
            {
                pod.Lock();
                pod.Sleep();
            });
        }

        if (chance.Happens(SmokePermille))
        {
            var smokeMs = MsOf(morning, 0, chance.Next(0, 180));
            At(smokeMs, () => pod.SetSmoke(true));
            At(smokeMs + Minutes(3, 20), () => pod.SetSmoke(false));
        }

        if (chance.Happens(SosPermille))
        {
            At(MsOf(morning, 2, chance.Next(0, 120)), pod.PressSos);
        }

        var forgets = chance.Happens(ForgetsFlapPermille);
        At(leavesMs, () =>
        {
            if (pod.People > 0)
            {
                pod.Leave(forgets);
            }
        });
    }

    /// <summary>Plans stay plans: they are dropped when the time is past or nobody is to act.</summary>
    private void At(long atMs, Action act)
    {
        if (atMs > world.NowMs)
        {
            world.At(atMs, () =>
            {
                if (Active)
                {
                    act();
                }
            });
        }
    }

    private long Minutes(int from, int to) => chance.Next(from * 60, to * 60) * 1000L;

    private LocalDate Today() => world.Now.InZone(WorldPlace.Zone).Date;

    /// <param name="minute">May run past the hour.</param>
    private long MsOf(LocalDate day, int hour, int minute)
    {
        var local = day.At(new LocalTime(hour, 0)).PlusMinutes(minute);
        return (long)(WorldPlace.Zone.AtLeniently(local).ToInstant() - world.Start).TotalMilliseconds;
    }
}
