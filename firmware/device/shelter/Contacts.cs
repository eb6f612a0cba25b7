using System.Device.Gpio;
using System.Threading;
using Quartier.Board;
using Quartier.Device;

namespace Quartier.Shelter.Esp32
{
    /// <summary>A switch on a pin. Its change wakes the step loop; latched, so that a short signal between two readings counts.</summary>
    public sealed class Contact
    {
        private readonly GpioPin pin;
        private readonly bool activeLow;
        // Set by the platform's event thread, taken by the step loop: a press in between must not be lost.
        private int latched;

        public Contact(GpioController gpio, int pinNumber, PinMode mode, bool activeLow)
        {
            this.activeLow = activeLow;
            pin = gpio.OpenPin(pinNumber, mode);
            pin.ValueChanged += Changed;
        }

        public bool Active
        {
            get { return (pin.Read() == PinValue.Low) == activeLow; }
        }

        /// <summary>True when active now or at any time since the last call.</summary>
        public bool TakeLatched()
        {
            bool was = Interlocked.Exchange(ref latched, 0) != 0;
            return was || Active;
        }

        private void Changed(object sender, PinValueChangedEventArgs e)
        {
            // The level, not the edge: the chip pulls GPIO36 and 39 down for some 80 ns whenever its converter wakes, and that is no call.
            if (Active)
            {
                Interlocked.Exchange(ref latched, 1);
            }

            StepLoop.Wake();
        }
    }

    /// <summary>Reed contact of the flap: closed while the magnet is near, so an open door is an open contact.</summary>
    public sealed class ReedDoor : IDoor
    {
        private readonly Contact contact;

        public ReedDoor(Contact contact)
        {
            this.contact = contact;
        }

        public ReadStatus Read(out bool open)
        {
            open = !contact.Active;
            return ReadStatus.Ok;
        }
    }

    /// <summary>Reed contact behind the bolt: closed when the bolt is in.</summary>
    public sealed class ReedLock : ILock
    {
        private readonly Contact contact;

        public ReedLock(Contact contact)
        {
            this.contact = contact;
        }

        public ReadStatus Read(out bool locked)
        {
            locked = contact.Active;
            return ReadStatus.Ok;
        }
    }

    public sealed class PirMotion : IMotion
    {
        // The element settles for a minute after power-on and reports motion meanwhile.
        private const long SettleMs = 60000;
        private readonly Contact contact;

        public PirMotion(Contact contact)
        {
            this.contact = contact;
        }

        public ReadStatus Read(out bool moved)
        {
            moved = contact.TakeLatched();
            return StepLoop.UptimeMs < SettleMs ? ReadStatus.NotReady : ReadStatus.Ok;
        }
    }

    /// <summary>The smoke alarm's potential-free contact, normally open.</summary>
    public sealed class SmokeRelay : ISmokeContact
    {
        private readonly Contact contact;

        public SmokeRelay(Contact contact)
        {
            this.contact = contact;
        }

        public ReadStatus Read(out bool smoke)
        {
            smoke = contact.TakeLatched();
            return ReadStatus.Ok;
        }
    }

    public sealed class HelpButton : ISosButton
    {
        private readonly Contact contact;

        public HelpButton(Contact contact)
        {
            this.contact = contact;
        }

        public ReadStatus Read(out bool pressed)
        {
            pressed = contact.TakeLatched();
            return ReadStatus.Ok;
        }
    }

    /// <summary>Micro switch under the lid, closed while the housing is shut.</summary>
    public sealed class LidSwitch : ITamperSwitch
    {
        private readonly Contact contact;

        public LidSwitch(Contact contact)
        {
            this.contact = contact;
        }

        public ReadStatus Read(out bool open)
        {
            open = !contact.Active;
            return ReadStatus.Ok;
        }
    }
}
