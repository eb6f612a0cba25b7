using Quartier.Tests.Support;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Shelter;

public class NightProperties
{
    /// <summary>Goal: the promise to a sleeper. Method: random nights of coming, going, airing, locking and lying still, at three
    /// ventilations; the device may never say free for more than five minutes while somebody is inside.</summary>
    [Fact]
    public void Nobody_inside_is_called_free_for_more_than_five_minutes()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var gen = new Gen((ulong)seed);
            var pod = new PodUnderTest { KeepsSent = false, AirChangesPerHour = gen.Pick([3, 6, 12]) }.Settled();
            long wrongSinceMs = -1;
            pod.EachStep = () =>
            {
                var wrong = pod.People > 0 && pod.App.Occupancy.State == Occupancy.Free;
                wrongSinceMs = !wrong ? -1 : wrongSinceMs < 0 ? pod.NowMs : wrongSinceMs;
                Assert.False(wrong && pod.NowMs - wrongSinceMs > 5 * 60000, $"seed {seed} at {pod.NowMs / 60000} min");
            };
            for (var act = 0; act < 25; act++)
            {
                Act(pod, gen);
            }
        }
    }

    /// <summary>Free is concluded only after the flap was opened since the last sign of a person.</summary>
    [Fact]
    public void A_pod_turns_free_only_after_its_flap_was_opened()
    {
        for (var seed = 100; seed <= 130; seed++)
        {
            var gen = new Gen((ulong)seed);
            var pod = new PodUnderTest { KeepsSent = false };
            var opened = false;
            var before = Occupancy.Unknown;
            pod.EachStep = () =>
            {
                var state = pod.App.Occupancy.State;
                opened |= pod.Open;
                Assert.False(state == Occupancy.Free && before != Occupancy.Free && !opened, $"seed {seed}");
                // Confidence falls to 1 while a stay only lasts from before; above it a person has just shown.
                opened &= state != Occupancy.Occupied || pod.App.Occupancy.Confidence < 2 || pod.Open;
                before = state;
            };
            for (var act = 0; act < 25; act++)
            {
                Act(pod, gen);
            }
        }
    }

    private static void Act(PodUnderTest pod, Gen gen)
    {
        switch (gen.Next(6))
        {
            case 0:
            case 1:
                pod.Bolted = false;
                pod.GoThroughFlap(gen.Next(3), 5 + gen.Next(120));
                break;
            case 2:
                pod.Bolted = pod.People > 0;
                break;
            case 3:
                pod.Bolted = false;
                break;
            case 4:
                pod.Moving = pod.People > 0;
                pod.Pass(gen.Next(90));
                pod.Moving = false;
                break;
            default:
                pod.PassMinutes(gen.Next(120));
                break;
        }

        pod.Pass(30 + gen.Next(600));
    }
}
