using System.Device.Gpio;
using nanoFramework.Hardware.Esp32;
using nanoFramework.Runtime.Native;
using Quartier.Board;

namespace Quartier.Device
{
    /// <summary>Restarts the board when the step loop has not fed it in time: one that spins, waits or has died of an exception.
    /// The platform offers no hardware watchdog to managed code, and this timer's callback is an event for the interpreter. So it
    /// cannot fire while native code blocks that: a name look-up, a TLS handshake with a peer that stays silent.</summary>
    public sealed class TimerWatchdog : IWatchdog
    {
        private readonly HighResTimer timer = new HighResTimer();
        private readonly ulong patienceMicroseconds;

        /// <param name="patienceSeconds">Longer than the longest native call that ends by itself: a TLS handshake may take 30 s.</param>
        public TimerWatchdog(int patienceSeconds)
        {
            patienceMicroseconds = (ulong)patienceSeconds * 1000000UL;
            timer.OnHighResTimerExpired += Expired;
            timer.StartOneShot(patienceMicroseconds);
        }

        public void Feed()
        {
            timer.Stop();
            timer.StartOneShot(patienceMicroseconds);
        }

        private static void Expired(HighResTimer sender, object e)
        {
            Power.RebootDevice(RebootOption.NormalReboot);
        }
    }

    /// <summary>The timer, and a part of its own beside the chip (TPL5010) that pulls the module's EN low when a whole interval of its has
    /// passed without a pulse, whatever the chip does meanwhile. The timer comes first, so that a loop that hangs is restarted after
    /// two minutes; the part ends what the timer cannot see.</summary>
    public sealed class BoardWatchdog : IWatchdog
    {
        private readonly TimerWatchdog timer;
        private readonly BoardPin done;

        /// <param name="donePin">To the part's DONE, which takes the rising edge of any pulse over 100 ns.</param>
        /// <param name="patienceSeconds">Of the timer; less than the part's interval.</param>
        public BoardWatchdog(GpioController gpio, int donePin, int patienceSeconds)
        {
            timer = new TimerWatchdog(patienceSeconds);
            done = new BoardPin(gpio, donePin, PinMode.Output);
            done.Write(false);
        }

        public void Feed()
        {
            timer.Feed();
            done.Write(true);
            done.Write(false);
        }
    }

    /// <summary>What the chip tells of its last wake-up, and whether the firmware itself asked for the restart: that it notes on flash.
    /// Power-on, brown-out and watchdog cannot be told apart by managed code; they are unknown.</summary>
    public sealed class Esp32Power : IPower
    {
        private const string RestartNote = "restart";
        private readonly IFlash flash;
        private readonly byte[] note = new byte[1];
        private readonly ResetReason lastReset;

        public Esp32Power(IFlash flash)
        {
            this.flash = flash;
            int length;
            bool asked = flash.Read(RestartNote, note, out length) == FlashStatus.Ok;
            lastReset = Sleep.GetWakeupCause() != Sleep.WakeupCause.Undefined ? ResetReason.DeepSleep : asked ? ResetReason.Software : ResetReason.Unknown;
            if (asked)
            {
                flash.Delete(RestartNote);
            }
        }

        public ResetReason LastReset
        {
            get { return lastReset; }
        }

        /// <summary>Of the chip's own memory, from which TLS takes its buffers: it runs out before the managed heap in PSRAM.</summary>
        public bool TryGetFreeHeap(out long bytes)
        {
            uint total;
            uint free;
            uint largestBlock;
            NativeMemory.GetMemoryInfo(NativeMemory.MemoryType.Internal, out total, out free, out largestBlock);
            bytes = free;
            return total > 0;
        }

        public void Restart()
        {
            flash.Write(RestartNote, note, note.Length);
            Power.RebootDevice(RebootOption.NormalReboot);
        }
    }
}
